"""Flags functions on a supported runtime that is not the newest of its family."""

from collections.abc import Iterator

from auditor.analysis.lifecycle import lifecycle_of, newest_of_family
from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Test the code on {newest} and move when it suits you; nothing is broken today. The command changes $LATEST at once.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --runtime {newest}",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  runtime       = "{newest}"\n}',
    )
}


@check(
    id="runtime-not-latest",
    title="Runtime is not the newest of its family",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.INFORMATIONAL,
    fix=FIX,
    covers=("runtime-not-latest",),
    controls=("NIST-800-53:SI-2",),
    profile_level=ProfileLevel.STRICT,
)
def runtime_not_latest(function: Function, context: Context) -> Iterator[Hit]:
    """The newest runtime has the longest support ahead and the fewest migrations behind it: an opinion, not a defect.

    Versions are compared as numbers (3.9 is older than 3.13) from the dated table; runtimes announced without a
    support date do not count as newest. Deprecated ones belong to runtime-deprecated and pass here.
    """
    runtime = lifecycle_of(function.cloud, function.runtime)
    if runtime is None:
        raise NotApplicable("a container image brings its own runtime")
    newest = newest_of_family(function.cloud, runtime.family)
    if newest is None or runtime.deprecated(context.today) or runtime.order >= newest.order:
        return
    yield Hit(
        message=f"Runtime {runtime.identifier} is supported, but {newest.identifier} is newer",
        evidence=(cite(function.runtime, f"Runtime = {runtime.identifier}"),),
        values={"newest": newest.identifier},
    )
