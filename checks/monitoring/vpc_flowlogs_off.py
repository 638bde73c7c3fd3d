"""Flags functions in a VPC whose traffic is not recorded."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Create flow logs for the VPC (or for each subnet the function uses), delivered to a bucket or log group. They are billed by"
    " volume; rejected traffic alone is cheaper and already useful.",
    command="aws ec2 create-flow-logs --region {location} --resource-type VPC --resource-ids {vpc} --traffic-type ALL"
    " --log-destination-type s3 --log-destination <bucket-arn>",
    terraform="""\
resource "aws_flow_log" "vpc" {
  vpc_id               = "{vpc}"
  traffic_type         = "ALL"
  log_destination_type = "s3"
  log_destination      = "<bucket ARN>"
}""",
)


@check(
    id="vpc-flowlogs-off",
    title="VPC flow logs are disabled",
    risk=Risk.MONITORING,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("vpc-flowlogs-off",),
    controls=("NIST-800-53:AU-12", "CSA-SAS:SAS-5"),
    cwe=778,
)
def vpc_flowlogs_off(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """When a function is abused to scan the network or to carry data out, flow logs are the only record of where it
    connected. Flow logs of the VPC count, and so do flow logs of every subnet the function uses; functions outside
    a VPC have no such record to keep.
    """
    network = function.network.need()
    if network is None:
        raise NotApplicable("the function is not in a VPC")
    if not network.flow_logs.need():
        yield Hit(
            message=f"Neither {network.id} nor every subnet the function uses has flow logs",
            evidence=(cite(network.flow_logs, f"no active flow log covers {network.id}"),),
            locus=network.id,
            values={"vpc": network.id},
        )
