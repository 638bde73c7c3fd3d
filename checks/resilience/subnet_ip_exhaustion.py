"""Flags functions whose subnets have few free IP addresses."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.attached_network import present_in
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each_of
from auditor.model.severity import Severity

_FIX = Fix(
    text="Add a larger subnet, or move the function to one: a subnet cannot be resized.",
    breaks="The command replaces the whole VPC configuration: what is not repeated is gone, and rules that name"
    " the old subnet do not admit the function.",
    command="aws lambda update-function-configuration --region {location} --function-name {name}"
    " --vpc-config SubnetIds=<larger-subnet-1>,<larger-subnet-2>,SecurityGroupIds={groups}",
    terraform="""\
resource "aws_subnet" "functions" {
  vpc_id     = "<vpc id>"
  cidr_block = "<a block of at least /24>"
}""",
)


@check(
    id="subnet-ip-exhaustion",
    title="Subnet has few free addresses",
    risk=Risk.RESILIENCE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("gap-subnet-ip-exhaustion",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",),
)
def subnet_ip_exhaustion(function: Function, context: Context) -> Iterator[Hit]:
    """When the subnet has no free address, Lambda cannot create network interfaces, and invocations fail under load,
    together with every other service in the subnet. The threshold is min_free_addresses (32 by default); Lambda
    shares interfaces among functions, so a small subnet can still be sufficient.
    """
    network = function.network.need()
    if network is None:
        raise NotApplicable("the function is not in a VPC")
    least = context.settings.min_free_addresses
    present = tuple(subnet for subnet in network.subnets if subnet.exists != Known(False, subnet.exists.source))
    for subnet, free in each_of(present, lambda subnet: subnet.free_addresses):
        if free < least:
            yield Hit(
                message=f"Subnet {subnet.id} of function {function.name} has {free} free addresses; the threshold is {least}",
                evidence=(cite(subnet.free_addresses, f"AvailableIpAddressCount = {free}"),),
                locus=subnet.id,
                site=sites.network(function),
                values=present_in(network),
            )
