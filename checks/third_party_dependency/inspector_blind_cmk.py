"""Flags functions that Inspector cannot scan because of a customer-managed key."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.code import Package
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each_of
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Decide which control matters more for this function. To have it scanned, return the variables to the"
        " AWS managed key with the command (keep secrets in a secret store, not in variables); or keep the key"
        " and scan the package in the pipeline. A package that is encrypted with a customer-managed key has to"
        " be deployed again without it.",
        breaks="Readers of the function's configuration no longer need the customer-managed key to see its variables.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --kms-key-arn ''",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  kms_key_arn   = null # the AWS managed key\n}',
    )
}


@check(
    id="inspector-blind-cmk",
    title="Customer-managed key blocks Inspector scanning",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gap-inspector-blind-cmk",),
    references=(
        "https://docs.aws.amazon.com/inspector/latest/user/scanning-lambda.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html",
    ),
)
def inspector_blind_cmk(function: Function, context: Context) -> Iterator[Hit]:
    """Inspector does not scan functions that are encrypted with a customer-managed key: the two controls exclude each
    other. Reported only where scanning is enabled, a customer-managed key encrypts the variables or the package, and
    Inspector does not cover the function. Covered functions pass, whatever their key. Scan the others in the pipeline
    instead.
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
        if not context.location(function).package_scanning.need():
            raise NotApplicable("scanning is disabled in this region")
        yield Hit(
            message=f"Function {function.name} is encrypted with {key.id}, so Inspector cannot scan it",
            evidence=(cite(fact, f"encrypted with {key.id}"), cite(scan, f"the function {state}")),
        )
        return
