"""Flags functions tagged as handling sensitive data that are not attached to a VPC."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Attach the function to private subnets with a security group that allows only the egress it needs,"
        " and VPC endpoints for the services it calls.",
        breaks="Without NAT or endpoints, calls to the internet and to AWS services fail by timeout.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --vpc-config SubnetIds=<subnet-1>,<subnet-2>,SecurityGroupIds=<group>",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  vpc_config {\n    subnet_ids         = aws_subnet.private[*].id\n    security_group_ids = [aws_security_group.function.id]\n  }\n}',
    )
}


@check(
    id="vpc-none-sensitive",
    title="Function with sensitive data is not attached to a VPC",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("vpc-none-sensitive",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",),
)
def vpc_none_sensitive(function: Function, context: Context) -> Iterator[Hit]:
    """Code that handles sensitive data with unrestricted egress can send it to any address, and nothing filters or logs
    it.

    The configured sensitive_tags decide what is sensitive (keys and values compared case-insensitively). Functions
    without such a tag are not judged.
    """
    if isinstance(function.network, Known) and function.network.value is not None:
        return
    sensitive = {tag.lower() for tag in context.settings.sensitive_tags}
    marks = [f"{key}={value}" for key, value in function.tags.need().items() if f"{key}={value}".lower() in sensitive]
    if not marks:
        raise NotApplicable("no tag marks the function as sensitive")
    function.network.need()
    yield Hit(
        message=f"Function {function.name} is tagged {', '.join(marks)} and is not attached to a VPC",
        evidence=(cite(function.tags, ", ".join(marks)), cite(function.network, "VpcConfig.VpcId is empty")),
    )
