"""Flags functions whose code calls a service over plain HTTP."""

from collections.abc import Iterator

from auditor.analysis.code_findings import weaknesses
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Call the service by https://, and let the address come from configuration. Where it offers no TLS, put it behind a"
    ' private endpoint or a proxy that does. Python: requests.post("https://api.example.com/orders", json=order). JavaScript:'
    " await fetch('https://api.example.com/orders', { method: 'POST', body })."
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Calls fail where the service does not answer by https.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="cleartext-endpoint",
    title="Code calls an address without TLS",
    risk=Risk.TRANSPORT,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    references=("https://cheatsheetseries.owasp.org/cheatsheets/Transport_Layer_Security_Cheat_Sheet.html",),
    cwe=319,
)
def cleartext_endpoint(function: Function, _context: Context) -> Iterator[Hit]:
    """What the function sends, and what it is answered, can be read and changed on the way: credentials, personal data,
    and the answers it acts upon. Addresses that are written in the code and handed to a client are judged; those of
    the machine itself, of private networks and of names without a domain are not.
    """
    return map(Hit.of_defect, weaknesses(function, "cleartext-endpoint", "calls an address over plain HTTP"))
