"""Flags authorizers whose code allows access where verification raises an error."""

from collections.abc import Iterator

from auditor.analysis.code_findings import weaknesses
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    'Deny wherever verification does not succeed. Python: except Exception: logger.exception("refused"); return'
    ' {"isAuthorized": False}. JavaScript: catch (error) { console.error(error); return { isAuthorized: false }; }.'
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    Cloud.AWS: Fix(
        text=_TEXT,
        breaks="Callers are refused while the service that verifies them is down.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
}


@check(
    id="authorizer-allows-on-error",
    title="Authorizer allows access when it fails",
    risk=Risk.EXPOSURE,
    severity=Severity.HIGH,
    fix=FIX,
    while_running=True,
    references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html",),
    cwe=636,
)
def authorizer_allows_on_error(function: Function, _context: Context) -> Iterator[Hit]:
    """A caller who makes the verification fail, by a token that cannot be parsed or a service that does not answer, gets
    access. Handlers of exceptions are searched for answers that allow, a policy with the effect Allow or isAuthorized, and for
    going on to one after what verifies raised.
    """
    return map(
        Hit.of_defect, weaknesses(function, "authorizer-allows-on-error", "allows access where verification fails")
    )
