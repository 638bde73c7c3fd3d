"""Flags functions whose code returns values of events in HTML."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    'Escape values for HTML, or return JSON. Python: return {"statusCode": 200, "headers":'
    ' {"Content-Type": "text/html"}, "body": page.format(html.escape(name))}. JavaScript: return {'
    ' statusCode: 200, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ name }) }.'
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Markup in values is shown as text.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="cross-site-scripting",
    title="Event data is returned in a page",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.LOW,
    fix=FIX,
    while_running=True,
    references=("https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html",),
    cwe=79,
)
def cross_site_scripting(function: Function, _context: Context) -> Iterator[Hit]:
    """A script in the value runs in the browser of the user who opens the address, with their session at this site.
    Reported where the answer is HTML and the value is not escaped. The deployed package is followed from the
    handler to what it returns; libraries and layers are not followed.

    Medium where anybody can send the event, low where callers sign in or may not be known, informational where it
    takes access to the source of a trigger; informational where no trigger carries the field, or the flow is
    uncertain.
    """
    return map(Hit.of_defect, injections(function, "cross-site-scripting", Impact.DECEPTION))
