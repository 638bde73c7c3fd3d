"""Flags functions on a runtime for which the cloud refuses new functions or changes."""

from collections.abc import Iterator

from auditor.analysis.lifecycle import lifecycle_of, spoken, successor
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Move to {newest} in one step with the code that fits it: an update that keeps the blocked runtime "
        "is refused. Keep the last deployed package at hand, you cannot roll back to the old runtime.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --runtime {newest}",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  runtime       = "{newest}"\n}',
    )
}


@check(
    id="runtime-update-blocked",
    title="Runtime can no longer be deployed",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("runtime-update-blocked",),
    controls=("FSBP:Lambda.2", "NIST-800-53:SA-22", "OWASP-SLS:S9"),
    cwe=1104,
)
def runtime_update_blocked(function: Function, context: Context) -> Iterator[Hit]:
    """After the update block, you cannot ship a security fix or rotate a variable without changing runtime first.

    After the earlier creation block the function still deploys, but cannot be recreated: not in another region, not
    after an accidental deletion. That half is reported one grade lower. Runtimes never scheduled for a block pass.
    """
    runtime = lifecycle_of(function.cloud, function.runtime)
    if runtime is None:
        raise NotApplicable("a container image brings its own runtime")
    evidence = (cite(function.runtime, f"Runtime = {runtime.identifier}"),)
    values = {"newest": successor(function.cloud, runtime)}
    update, create = runtime.block_update_on, runtime.block_create_on
    if update is not None and update <= context.today:
        message = f"Changes to functions on {runtime.identifier} are refused since {spoken(update)}"
        yield Hit(message=message, evidence=evidence, values=values)
    elif create is not None and create <= context.today:
        message = (
            f"New functions on {runtime.identifier} are refused since {spoken(create)}: this one cannot be recreated"
        )
        yield Hit(message=message, evidence=evidence, severity=Severity.MEDIUM, values=values)
