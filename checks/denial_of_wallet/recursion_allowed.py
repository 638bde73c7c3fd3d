"""Flags functions for which the platform's loop breaker has been switched off."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_FIX = Fix(
    text="Set the loop breaker back to Terminate: Lambda then stops a chain of invocations that keeps calling itself through SQS, SNS"
    " or S3. If the loop is meant, give it an end in code, reserve concurrency and waive this finding.",
    command="aws lambda put-function-recursion-config --region {location} --function-name {name} --recursive-loop Terminate",
    terraform="""\
resource "aws_lambda_function_recursion_config" "this" {
  function_name  = "{name}"
  recursive_loop = "Terminate"
}""",
)


@check(
    id="recursion-allowed",
    title="Recursive-loop protection is switched off",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("gap-recursion-allowed",),
    controls=("NIST-800-53:SC-5", "CSA-SAS:SAS-8"),
    cwe=674,
)
def recursion_allowed(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A function that writes where its own events come from calls itself for ever, at full concurrency, until somebody reads the
    bill. Lambda breaks such loops unless told not to, and here it was told not to. High where nothing else caps the
    function, because then only the region's pool does.
    """
    if function.limits.recursion_allowed.need():
        reserved = function.limits.reserved_concurrency
        uncapped = isinstance(reserved, Known) and reserved.value is None
        yield Hit(
            message="RecursiveLoop is Allow" + (" and no reserved concurrency caps the loop" if uncapped else ""),
            evidence=(cite(function.limits.recursion_allowed, "RecursiveLoop = Allow"),),
            severity=Severity.HIGH if uncapped else None,
        )
