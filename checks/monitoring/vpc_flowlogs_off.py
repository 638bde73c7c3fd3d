"""Flags functions in a VPC without flow logs."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Create flow logs for the VPC (or for each subnet the function uses), delivered to a bucket or log"
    " group. They are billed by volume; rejected traffic alone costs less and is already useful.",
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
    references=("https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html",),
    cwe=778,
)
def vpc_flowlogs_off(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """When a function is used to scan the network or to exfiltrate data, flow logs are the only record of its
    connections. Flow logs of the VPC count, and so do flow logs of every subnet the function uses; the check does not
    apply to functions outside a VPC.
    """
    network = function.network.need()
    if network is None:
        raise NotApplicable("the function is not in a VPC")
    if not network.flow_logs.need():
        yield Hit(
            message=f"Neither {network.id} nor every subnet of function {function.name} has flow logs",
            evidence=(cite(network.flow_logs, f"no active flow log covers {network.id}"),),
            locus=network.id,
            site=network.id,
            values={"vpc": network.id},
        )
