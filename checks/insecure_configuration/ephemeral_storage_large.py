"""Flags functions with more ephemeral storage than the default 512 MB."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_DEFAULT_MB = 512

FIX = {
    Cloud.AWS: Fix(
        text="Return to 512 MB if the code does not need more, and delete temporary files before the handler returns.",
        breaks="Runs that write more than 512 MB to /tmp fail.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --ephemeral-storage Size=512",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  ephemeral_storage {\n    size = 512\n  }\n}',
    )
}


@check(
    id="ephemeral-storage-large",
    title="Ephemeral storage exceeds 512 MB",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("ephemeral-storage-large",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html",),
    cwe=459,
    profile_level=ProfileLevel.STRICT,
)
def ephemeral_storage_large(function: Function, _context: Context) -> Iterator[Hit]:
    """Files that a function writes to /tmp outlive the invocation: a later invocation in the same execution environment
    can read them.

    More space allows more leftover data, and is billed. This is a prompt to review what is stored, not a defect by
    itself, so it is checked only at the strict level.
    """
    size = function.limits.ephemeral_mb.need()
    if size > _DEFAULT_MB:
        yield Hit(
            message=f"Function {function.name} has {size} MB of ephemeral storage, more than the default {_DEFAULT_MB} MB",
            evidence=(cite(function.limits.ephemeral_mb, f"EphemeralStorage.Size = {size}"),),
        )
