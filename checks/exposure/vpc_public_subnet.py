"""Flags functions attached to subnets that route to an internet gateway."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.attached_network import present_in
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each_of
from auditor.model.severity import Severity

_FIX = Fix(
    text="Move the function to private subnets; for internet access route those through a NAT gateway, and use VPC"
    " endpoints for AWS services.",
    breaks="Calls to the internet fail without a NAT gateway and those to AWS services without one or an endpoint;"
    " the command replaces the whole VPC configuration, so list every subnet and security group.",
    command="aws lambda update-function-configuration --region {location} --function-name {name}"
    " --vpc-config SubnetIds=<private-subnet-1>,<private-subnet-2>,SecurityGroupIds={groups}",
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
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    ),
    cwe=668,
)
def vpc_public_subnet(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A function's network interface never gets a public IP address, so a public subnet neither exposes the function
    nor gives it internet access: outbound calls hang until the timeout. It does place the function in the network
    segment meant for load balancers and bastion hosts. Therefore low.
    """
    network = function.network.need()
    if network is None:
        raise NotApplicable("the function is not in a VPC")
    present = tuple(subnet for subnet in network.subnets if subnet.exists != Known(False, subnet.exists.source))
    for subnet, public in each_of(present, lambda subnet: subnet.public):
        if public:
            yield Hit(
                message=f"Subnet {subnet.id} of {function.name} routes to an internet gateway",
                evidence=(cite(subnet.public, f"a route of {subnet.id} targets an internet gateway"),),
                locus=subnet.id,
                site=sites.network(function),
                values=present_in(network),
            )
