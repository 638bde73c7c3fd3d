"""Flags functions whose code writes values of events into headers."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    'Refuse values with line breaks, or encode them. Python: response.headers["X-Name"] ='
    ' urllib.parse.quote(name). JavaScript: response.setHeader("X-Name", encodeURIComponent(name)).'
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Values with line breaks arrive encoded.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="header-injection",
    title="Event data is part of a header",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.LOW,
    fix=FIX,
    while_running=True,
    references=("https://owasp.org/www-community/attacks/HTTP_Response_Splitting",),
    cwe=113,
)
def header_injection(function: Function, _context: Context) -> Iterator[Hit]:
    """A line break in the value begins another header: cookies, cache rules and recipients of a mail are then chosen
    by an attacker who sends the event. The deployed package is followed from the handler to the headers of its
    answers and mails; libraries and layers are not followed.

    Medium where anybody can send the event, low where callers sign in or may not be known, informational where it
    takes access to the source of a trigger; informational where no trigger carries the field, or the flow is
    uncertain.
    """
    return map(Hit.of_defect, injections(function, "header-injection", Impact.DECEPTION))
