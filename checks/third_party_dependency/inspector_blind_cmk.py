"""Flags functions that their own encryption hides from the vulnerability scanner."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.code import Package
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each_of
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Decide which protection matters more here. To be scanned, return the variables to the service's own key with the command (keep secrets in a secret store, not in variables); or keep the key and scan the package in the pipeline. A package encrypted with a customer key has to be deployed anew without it.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --kms-key-arn ''",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  kms_key_arn   = null # the service\'s own key\n}',
    )
}


@check(
    id="inspector-blind-cmk",
    title="Customer-managed key blocks Inspector scanning",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gap-inspector-blind-cmk",),
    controls=("NIST-800-53:RA-5",),
)
def inspector_blind_cmk(function: Function, context: Context) -> Iterator[Hit]:
    """Inspector does not scan functions encrypted with a customer's key: two good intentions that exclude each other.

    Reported only where scanning is on, a customer's key encrypts the variables or the package, and Inspector does
    not cover the function. Covered functions pass, whatever their key. Scan them in the pipeline instead.
    """
    if function.code.package is Package.IMAGE:
        raise NotApplicable("images are scanned in their registry")
    scan = function.code.scan
    if isinstance(scan, Known) and scan.value is not None and scan.value.active:
        return
    keys = (function.environment_key, function.code.source_key)
    for fact, key in each_of(keys, lambda fact: fact):
        if key is None:
            continue
        state = "is not listed" if scan.need() is None else "is not scanned"
        if not context.place(function).package_scanning.need():
            raise NotApplicable("scanning is off in this region")
        yield Hit(
            message=f"Key {key.id} encrypts the function, so Inspector cannot scan it",
            evidence=(cite(fact, f"encrypted with {key.id}"), cite(scan, f"the function {state}")),
        )
        return
