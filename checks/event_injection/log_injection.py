"""Flags functions whose code writes values of events into log lines."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    'Log values as members of a JSON object. Python: logger.info(json.dumps({"message": "order", "name":'
    ' name})). JavaScript: console.log(JSON.stringify({ message: "order", name })).'
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Filters and alarms that match the old text of the line have to follow.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="log-injection",
    title="Event data is written to the log as it is",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.LOW,
    fix=FIX,
    while_running=True,
    references=("https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html",),
    cwe=117,
)
def log_injection(function: Function, _context: Context) -> Iterator[Hit]:
    """A line break in the value begins a log entry that the code never wrote: an attacker who sends it hides an attack
    or blames others, and misleads what reads the log. The deployed package is followed from the handler to the
    calls that log; libraries and layers are not followed.

    Medium where anybody can send the event, low where callers sign in or may not be known, informational where it
    takes access to the source of a trigger; informational where no trigger carries the field, or the flow is
    uncertain.
    """
    return map(Hit.of_defect, injections(function, "log-injection", Impact.DECEPTION))
