"""Flags authorizers whose code allows access because of a header that any caller can write."""

from collections.abc import Iterator

from auditor.analysis.code_findings import weaknesses
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Verify something that only the caller has: a signed token or a request signature. For addresses, take the one that the"
    ' gateway saw. Python: event["requestContext"]["http"]["sourceIp"]. JavaScript: event.requestContext.http.sourceIp. Together with a'
    " token, as an address alone identifies no caller."
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    Cloud.AWS: Fix(
        text=_TEXT,
        breaks="Callers that are known only by such a header are refused.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
}


@check(
    id="authorizer-trusts-spoofable-field",
    title="Authorizer trusts a header that callers can forge",
    risk=Risk.EXPOSURE,
    severity=Severity.HIGH,
    fix=FIX,
    while_running=True,
    references=("https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html",),
    cwe=290,
)
def authorizer_trusts_spoofable_field(function: Function, _context: Context) -> Iterator[Hit]:
    """Headers such as X-Forwarded-For, User-Agent, Origin and Referer hold what the caller wrote: anyone who knows the
    value gets access. Comparisons of such headers are followed to answers that allow access, where no other header was checked
    on the way.
    """
    return map(
        Hit.of_defect,
        weaknesses(function, "authorizer-trusts-spoofable-field", "allows access by a header that the caller writes"),
    )
