"""Flags functions without active X-Ray tracing."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Enable active tracing and let the role write to X-Ray. Traces are sampled and billed.",
    command="aws lambda update-function-configuration --region {location} --function-name {name} --tracing-config Mode=Active\n"
    "aws iam attach-role-policy --role-name {role} --policy-arn arn:{partition}:iam::aws:policy/AWSXRayDaemonWriteAccess",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"

  tracing_config {
    mode = "Active"
  }
}""",
)


@check(
    id="tracing-off",
    title="Active tracing is disabled",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("tracing-off",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html",),
    profile_level=ProfileLevel.STRICT,
)
def tracing_off(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A trace shows which services a request used and how long each took: useful in an outage, and in an incident to
    follow one malicious request through the system. Only a recommendation: other tracing tools do the same, and a
    function that only passes traces on needs it less.
    """
    if not function.tracing.need():
        yield Hit(
            message=f"TracingConfig.Mode of function {function.name} is not Active",
            evidence=(cite(function.tracing, "TracingConfig.Mode = PassThrough"),),
        )
