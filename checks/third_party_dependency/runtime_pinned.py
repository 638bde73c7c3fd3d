"""Flags functions that do not get runtime patches by themselves."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.code import Patching
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Return to automatic patching; test first if it was pinned because a patch broke something. It takes effect on new execution environments.",
        command="aws lambda put-runtime-management-config --function-name {name} --region {location} --update-runtime-on Auto",
        terraform='resource "aws_lambda_runtime_management_config" "this" {\n  function_name     = "{name}"\n  update_runtime_on = "Auto"\n}',
    )
}


@check(
    id="runtime-pinned",
    title="Runtime patches are not applied automatically",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gap-runtime-pinned",),
    controls=("NIST-800-53:SI-2", "OWASP-SLS:S9"),
)
def runtime_pinned(function: Function, _context: Context) -> Iterator[Hit]:
    """In manual mode the function stays on one build of the runtime, known flaws included, and nothing reminds you.

    Patching on function update is reported one grade lower: code that is deployed often is patched often. Manual
    mode is meant for rolling back a bad patch, for days.
    """
    patching = function.code.patching.need()
    if patching is None:
        raise NotApplicable("a container image brings its own runtime")
    if patching is Patching.MANUAL:
        yield Hit(
            message="The runtime is pinned to one build and gets no patches",
            evidence=(cite(function.code.patching, "UpdateRuntimeOn = Manual"),),
        )
    elif patching is Patching.ON_UPDATE:
        yield Hit(
            message="The runtime is patched only when the function is deployed",
            evidence=(cite(function.code.patching, "UpdateRuntimeOn = FunctionUpdate"),),
            severity=Severity.LOW,
        )
