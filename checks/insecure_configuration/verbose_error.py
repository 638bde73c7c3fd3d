"""Flags functions whose code returns stack traces or exceptions to the caller."""

from collections.abc import Iterator

from auditor.analysis.code_findings import verbose_errors
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    'Log the exception and answer with a fixed text and the id of the request. Python: logger.exception("failed"), then'
    ' return {"statusCode": 500, "body": json.dumps({"message": "internal error", "id": context.aws_request_id})}. JavaScript:'
    " console.error(error), then return { statusCode: 500, body: JSON.stringify({ message: 'internal error' }) }."
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Clients that parse the text of errors no longer find it.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="verbose-error",
    title="Error details are returned to the caller",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    while_running=True,
    references=("https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html",),
    cwe=209,
)
def verbose_error(function: Function, _context: Context) -> Iterator[Hit]:
    """Stack traces and messages of exceptions name files, libraries, queries, hosts and sometimes data: what an attacker
    needs to aim. Values of exceptions are followed to what the handler returns or a framework sends.

    Medium where anybody can call the function, informational where no HTTP trigger does or the flow is uncertain.
    """
    return map(Hit.of_defect, verbose_errors(function, "verbose-error"))
