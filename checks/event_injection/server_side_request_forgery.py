"""Flags functions whose code sends requests to hosts that events name."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Choose the host from a fixed list and put only the path or the parameters together from what was"
    ' sent. Python: requests.get(HOSTS[name], params={"q": value}, timeout=5, allow_redirects=False).'
    ' JavaScript: fetch(new URL(HOSTS.get(name)), { redirect: "error" }), with HOSTS a Map.'
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Hosts that are not on the list are refused, also those that honest callers used so far.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="server-side-request-forgery",
    title="Event data chooses the host of a request",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    references=(
        "https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html",
    ),
    cwe=918,
)
def server_side_request_forgery(function: Function, _context: Context) -> Iterator[Hit]:
    """An attacker who sends the event makes the function call systems inside its network and services that trust its
    address, and reads their answers. Reported where the host itself can be chosen, not merely the path. The
    deployed package is followed from the handler to the calls that send requests; libraries and layers are not
    followed.

    High where anybody can send the event, medium where callers sign in or may not be known, low where it takes
    access to the source of a trigger; informational where no trigger carries the field, or the flow is uncertain.
    """
    return map(Hit.of_defect, injections(function, "server-side-request-forgery", Impact.DATA))
