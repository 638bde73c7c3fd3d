"""Flags functions whose code compiles regular expressions that events supply."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Compare texts as they are, or escape what was sent. Python: re.search(re.escape(value), text)."
    " JavaScript: text.includes(value)."
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Wildcards that callers could use so far are compared as they are.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="regular-expression-injection",
    title="Event data is used as a regular expression",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.LOW,
    fix=FIX,
    while_running=True,
    references=("https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS",),
    cwe=1333,
)
def regular_expression_injection(function: Function, _context: Context) -> Iterator[Hit]:
    """An expression can be written so that matching takes until the timeout: each such event costs a full run and
    blocks one unit of concurrency. The deployed package is followed from the handler to the calls that compile
    expressions; libraries and layers are not followed.

    Medium where anybody can send the event, low where callers sign in or may not be known, informational where it
    takes access to the source of a trigger; informational where no trigger carries the field, or the flow is
    uncertain.
    """
    return map(Hit.of_defect, injections(function, "regular-expression-injection", Impact.DECEPTION))
