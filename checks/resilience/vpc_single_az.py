"""Flags functions in a VPC with subnets in a single availability zone."""

from collections.abc import Iterator

from auditor.analysis.attached_network import present_in
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each
from auditor.model.severity import Severity

_FIX = Fix(
    text="Add a subnet in a second availability zone.",
    breaks="The command replaces the whole VPC configuration, so repeat the subnets and groups in use; the new"
    " subnet needs the same routes.",
    command="aws lambda update-function-configuration --region {location} --function-name {name}"
    " --vpc-config SubnetIds={subnets},<subnet-in-another-zone>,SecurityGroupIds={groups}",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"

  vpc_config {
    subnet_ids         = ["<subnet in one zone>", "<subnet in another>"]
    security_group_ids = ["<security group>"]
  }
}""",
)


@check(
    id="vpc-single-az",
    title="Function uses a single availability zone",
    risk=Risk.RESILIENCE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("vpc-single-az",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",),
)
def vpc_single_az(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Outside a VPC Lambda distributes a function over availability zones; in a VPC it can only use the configured
    subnets. An outage of the zone then stops the function. Two subnets in the same zone count as one, and deleted
    subnets do not count.
    """
    network = function.network.need()
    if network is None:
        raise NotApplicable("the function is not in a VPC")
    present = tuple(subnet for subnet in network.subnets if subnet.exists != Known(False, subnet.exists.source))
    zones = {subnet.zone.value for subnet in present if isinstance(subnet.zone, Known)}
    if len(zones) >= 2:
        return
    tuple(each(subnet.zone for subnet in present))  # one we cannot read may be in a second zone
    for zone in zones:
        yield Hit(
            message=f"All subnets of function {function.name} are in availability zone {zone}",
            evidence=tuple(cite(subnet.zone, f"{subnet.id}: AvailabilityZone = {zone}") for subnet in present),
            values=present_in(network),
        )
