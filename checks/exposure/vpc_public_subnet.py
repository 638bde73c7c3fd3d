"""Flags functions placed in subnets that route to an internet gateway."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each_of
from auditor.model.severity import Severity

_FIX = Fix(
    text="Move the function to private subnets; for internet access route those through a NAT gateway, and use VPC endpoints for"
    " AWS services. The command replaces the function's whole VPC configuration, so list every subnet and group; the"
    " function is briefly in state Pending while its interfaces move.",
    command="aws lambda update-function-configuration --region {location} --function-name {name}"
    " --vpc-config SubnetIds=<private-subnet-1>,<private-subnet-2>,SecurityGroupIds=<security-group>",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  # ...
  vpc_config {
    subnet_ids         = ["<private subnet 1>", "<private subnet 2>"]
    security_group_ids = ["<security group>"]
  }
}""",
)


@check(
    id="vpc-public-subnet",
    title="Function is attached to a public subnet",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("vpc-public-subnet",),
    controls=("NIST-800-53:SC-7",),
    cwe=668,
)
def vpc_public_subnet(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A function's network interface never gets a public address, so a public subnet neither exposes it nor gives it
    internet access: calls out hang until the time-out. What it does is put the function on the network
    segment meant for load balancers and bastions. Low for that reason, whatever other tools say.
    """
    network = function.network.need()
    if network is None:
        raise NotApplicable("the function is not in a VPC")
    present = tuple(subnet for subnet in network.subnets if subnet.exists != Known(False, subnet.exists.source))
    for subnet, public in each_of(present, lambda subnet: subnet.public):
        if public:
            yield Hit(
                message=f"Subnet {subnet.id} routes to an internet gateway",
                evidence=(cite(subnet.public, f"a route of {subnet.id} targets an internet gateway"),),
                locus=subnet.id,
            )
