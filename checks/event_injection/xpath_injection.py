"""Flags functions whose code writes values of events into XPath expressions."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    'Hand values over as variables of the expression. Python: tree.xpath("//order[@id=$id]", id=value).'
    ' JavaScript: xpath.parse("//order[@id=$id]").select({ node: doc, variables: { id: value } }).'
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="None for honest callers; a value with quotes is compared as it is.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="xpath-injection",
    title="Event data is part of an XPath expression",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    references=("https://owasp.org/www-community/attacks/XPATH_Injection",),
    cwe=643,
)
def xpath_injection(function: Function, _context: Context) -> Iterator[Hit]:
    """Quotes end the text that was meant and continue the expression: an attacker who sends them reads other parts of
    the document. The deployed package is followed from the handler to the calls that evaluate XPath; libraries and
    layers are not followed.

    High where anybody can send the event, medium where callers sign in or may not be known, low where it takes
    access to the source of a trigger; informational where no trigger carries the field, or the flow is uncertain.
    """
    return map(Hit.of_defect, injections(function, "xpath-injection", Impact.DATA))
