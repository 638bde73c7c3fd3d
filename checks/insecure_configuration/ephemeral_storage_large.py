"""Flags functions with more scratch space than the platform gives by default."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_DEFAULT_MB = 512

FIX = {
    Cloud.AWS: Fix(
        text="Return to 512 MB if the code does not need more (too little space makes it fail), and delete temporary files before the handler returns.",
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
    controls=("CSA-SAS:SAS-12",),
    cwe=459,
    profile_level=ProfileLevel.STRICT,
)
def ephemeral_storage_large(function: Function, _context: Context) -> Iterator[Hit]:
    """What a function writes to /tmp outlives the invocation: the next caller's run can find it there.

    More room invites more leftovers, and is billed. Worth a look at what is kept, not a defect by itself, so asked
    only at the strict level.
    """
    size = function.limits.ephemeral_mb.need()
    if size > _DEFAULT_MB:
        yield Hit(
            message=f"Scratch space is {size} MB instead of {_DEFAULT_MB}",
            evidence=(cite(function.limits.ephemeral_mb, f"EphemeralStorage.Size = {size}"),),
        )
