"""Flags functions without the Lambda Insights extension."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.code import Package
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Add the Lambda Insights layer of the region and its policy. The command replaces the list of layers, so repeat those in use;"
    " the extension uses some memory and adds to cold starts.",
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
    controls=("CIS-Compute-1.0:4.2", "CSA-SAS:SAS-5"),
    profile_level=ProfileLevel.STRICT,
)
def insights_off(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Insights records processor, memory, network and /tmp use for each call, where mining or bulk copying shows first. An
    opinion, since other agents measure the same. An image carries the extension inside, where its configuration
    does not show it, so images are not judged.
    """
    if function.code.package is Package.IMAGE:
        raise NotApplicable("an image carries its extensions inside")
    layers = function.code.layers.need()
    if not any(layer.name.startswith("LambdaInsightsExtension") for layer in layers):
        yield Hit(
            message="No LambdaInsightsExtension layer is attached",
            evidence=(cite(function.code.layers, f"Layers = {', '.join(layer.id for layer in layers) or 'none'}"),),
        )
