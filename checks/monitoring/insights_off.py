"""Flags functions without the Lambda Insights extension."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.code import Package
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Add the Lambda Insights layer of the region and its policy.",
    breaks="The command replaces the list of layers: without those in use, code that imports them fails; the"
    " extension uses memory and adds to cold starts.",
    command="aws lambda update-function-configuration --region {location} --function-name {name}"
    " --layers <current-layer-arns> <lambda-insights-layer-arn>\n"
    "aws iam attach-role-policy --role-name {role} --policy-arn arn:{partition}:iam::aws:policy/CloudWatchLambdaInsightsExecutionRolePolicy",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  layers        = ["<ARN of the LambdaInsightsExtension layer of the region>"]
}""",
)


@check(
    id="insights-off",
    title="Lambda Insights is not enabled",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("insights-off",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/monitoring-insights.html",),
    profile_level=ProfileLevel.STRICT,
)
def insights_off(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Lambda Insights records CPU, memory, network and /tmp use of each invocation, which shows cryptomining or bulk
    copying first. Only a recommendation, since other agents measure the same. An image contains the extension, and
    its configuration does not show it, so images are not judged.
    """
    if function.code.package is Package.IMAGE:
        raise NotApplicable("a container image contains its extensions")
    layers = function.code.layers.need()
    if not any(layer.name.startswith("LambdaInsightsExtension") for layer in layers):
        yield Hit(
            message=f"Function {function.name} has no LambdaInsightsExtension layer",
            evidence=(cite(function.code.layers, f"Layers = {', '.join(layer.id for layer in layers) or 'none'}"),),
        )
