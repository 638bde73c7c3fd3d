"""Flags functions that do not run on arm64."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="If every native dependency exists for arm64, rebuild and deploy for it; test first.",
    breaks="An x86 binary in the package or in a layer fails at start.",
    command="aws lambda update-function-code --region {location} --function-name {name} --architectures arm64 --zip-file fileb://<package-built-for-arm64>.zip",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  architectures = ["arm64"]
}""",
)


@check(
    id="arch-not-arm64",
    title="Function does not use arm64",
    risk=Risk.RESILIENCE,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("arch-not-arm64",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html",),
    profile_level=ProfileLevel.STRICT,
)
def arch_not_arm64(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Lambda bills arm64 at a lower price per millisecond, and interpreted code usually runs on it unchanged. Only a
    recommendation: it is about cost, not about security, and native dependencies can be a good reason for x86_64.
    """
    architectures = function.architectures.need()
    if "arm64" not in architectures:
        yield Hit(
            message=f"Architecture of function {function.name} is {', '.join(architectures)}",
            evidence=(cite(function.architectures, f"Architectures = {', '.join(architectures)}"),),
        )
