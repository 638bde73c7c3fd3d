"""Flags functions that do not run in a network of yours."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Attach it to private subnets in two zones if it should reach private resources or be filtered. Without NAT or endpoints it then has no way out: calls to the internet and to AWS services time out.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --vpc-config SubnetIds=<subnet-1>,<subnet-2>,SecurityGroupIds=<group>",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  vpc_config {\n    subnet_ids         = aws_subnet.private[*].id\n    security_group_ids = [aws_security_group.function.id]\n  }\n}',
    )
}


@check(
    id="vpc-none",
    title="Function is not attached to a VPC",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.INFORMATIONAL,
    fix=FIX,
    covers=("vpc-none",),
    controls=("FSBP:Lambda.3",),
    profile_level=ProfileLevel.STRICT,
)
def vpc_none(function: Function, _context: Context) -> Iterator[Hit]:
    """Outside a VPC you cannot filter or log where the function connects to.

    An opinion: a function that needs nothing private gains little from one and loses simple internet access. AWS
    itself does not put it in its default standard.
    """
    if function.network.need() is None:
        yield Hit(
            message="The function is not attached to a VPC",
            evidence=(cite(function.network, "VpcConfig.VpcId is empty"),),
        )
