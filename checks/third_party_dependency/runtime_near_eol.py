"""Flags functions whose runtime will soon be deprecated."""

from collections.abc import Iterator

from auditor.analysis.lifecycle import lifecycle_of, spoken, successor
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Plan the move to {newest}: test the code on it, publish a version, shift the alias. The command changes "
        "$LATEST at once.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --runtime {newest}",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  runtime       = "{newest}"\n}',
    )
}


@check(
    id="runtime-near-eol",
    title="Runtime will be deprecated soon",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.LOW,
    fix=FIX,
    covers=("runtime-near-eol",),
    controls=("NIST-800-53:SA-22", "CSA-SAS:SAS-11"),
    cwe=1104,
)
def runtime_near_eol(function: Function, context: Context) -> Iterator[Hit]:
    """A runtime about to be deprecated turns into unpatched code on a known date; moving takes a test cycle.

    Reported within runtime_notice_days (120 unless set) of the date the cloud has announced, compared with the date
    of the capture. What is deprecated already belongs to runtime-deprecated and passes here.
    """
    runtime = lifecycle_of(function.cloud, function.runtime)
    if runtime is None:
        raise NotApplicable("a container image brings its own runtime")
    if runtime.deprecated_on is None or runtime.deprecated(context.today):
        return
    left = (runtime.deprecated_on - context.today).days
    if left > context.settings.runtime_notice_days:
        return
    yield Hit(
        message=f"Runtime {runtime.identifier} will be deprecated on {spoken(runtime.deprecated_on)}, in {left} days",
        evidence=(cite(function.runtime, f"Runtime = {runtime.identifier}"),),
        values={"newest": successor(function.cloud, runtime)},
    )
