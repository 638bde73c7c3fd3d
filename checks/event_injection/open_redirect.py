"""Flags functions whose code redirects browsers to addresses that events name."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    'Redirect to paths of a fixed list. Python: return {"statusCode": 302, "headers": {"Location":'
    ' PAGES.get(name, "/")}}. JavaScript: return { statusCode: 302, headers: { Location: PAGES.get(name)'
    ' ?? "/" } }, with PAGES a Map.'
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Links to addresses that are not on the list lead to the start page.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="open-redirect",
    title="Event data chooses where a redirect leads",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.LOW,
    fix=FIX,
    while_running=True,
    references=("https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html",),
    cwe=601,
)
def open_redirect(function: Function, _context: Context) -> Iterator[Hit]:
    """A link that begins with the address of this site leads to another one: what users type in there goes to the
    attacker who made the link, and tokens in the address leave with it. The deployed package is followed from the
    handler to the redirects it answers with; libraries and layers are not followed.

    Medium where anybody can send the event, low where callers sign in or may not be known, informational where it
    takes access to the source of a trigger; informational where no trigger carries the field, or the flow is
    uncertain.
    """
    return map(Hit.of_defect, injections(function, "open-redirect", Impact.DECEPTION))
