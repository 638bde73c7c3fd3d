"""Flags functions on a runtime the cloud no longer patches."""

from collections.abc import Iterator

from auditor.analysis.lifecycle import lifecycle_of, spoken, successor
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Test the code on {newest}, then move the function. The change takes effect on the next invocation of $LATEST; "
        "aliases that point at a version keep the old runtime until you publish and shift them.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --runtime {newest}",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  runtime       = "{newest}"\n}',
    )
}


@check(
    id="runtime-deprecated",
    title="Runtime is past its deprecation date",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("runtime-deprecated",),
    controls=("FSBP:Lambda.2", "CIS-Compute-1.0:4.11", "NIST-800-53:SA-22", "OWASP-SLS:S9", "CSA-SAS:SAS-11"),
    cwe=1104,
)
def runtime_deprecated(function: Function, context: Context) -> Iterator[Hit]:
    """The cloud stops patching a deprecated runtime: a flaw found in the interpreter or its libraries stays open.

    Invocations go on working, so nothing else tells you. Container images bring their own runtime and are not judged
    here; a runtime newer than our dated table is reported as unknown, never as supported.
    """
    runtime = lifecycle_of(function.cloud, function.runtime)
    if runtime is None:
        raise NotApplicable("a container image brings its own runtime")
    if runtime.deprecated_on is None or not runtime.deprecated(context.today):
        return
    yield Hit(
        message=f"Runtime {runtime.identifier} was deprecated on {spoken(runtime.deprecated_on)}",
        evidence=(cite(function.runtime, f"Runtime = {runtime.identifier}"),),
        values={"newest": successor(function.cloud, runtime)},
    )
