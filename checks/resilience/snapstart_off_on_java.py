"""Flags Java functions without SnapStart."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Enable SnapStart, publish a version and point an alias to it.",
    breaks="Start-up code runs once, at publishing: what must be unique per instance (seeds, connections,"
    " credentials) is shared.",
    command="aws lambda update-function-configuration --region {location} --function-name {name} --snap-start ApplyOn=PublishedVersions\n"
    "aws lambda publish-version --region {location} --function-name {name}",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  publish       = true

  snap_start {
    apply_on = "PublishedVersions"
  }
}""",
)


@check(
    id="snapstart-off-on-java",
    title="SnapStart is disabled on a Java function",
    risk=Risk.RESILIENCE,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("snapstart-config",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html",),
    profile_level=ProfileLevel.STRICT,
)
def snapstart_off_on_java(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Java has the slowest cold starts, and SnapStart costs nothing extra for it. Only a recommendation: batch functions
    do not depend on the start time, and SnapStart excludes mounted file systems and larger /tmp. Other runtimes are
    not judged.
    """
    runtime = function.runtime.need()
    if runtime is None or not runtime.startswith(("java11", "java17", "java21", "java25")):
        raise NotApplicable("the runtime is not a current Java version")
    if not function.code.snapstart.need().configured:
        yield Hit(
            message=f"Function {function.name} on runtime {runtime} does not use SnapStart",
            evidence=(cite(function.code.snapstart, "SnapStart.ApplyOn = None"),),
        )
