"""Flags functions whose code evaluates events, or loads modules that events name."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Parse data as data, and choose what runs from a fixed table by the name that was sent. Python:"
    ' ACTIONS[json.loads(body)["action"]](order), with ACTIONS a dict of functions. JavaScript:'
    " actions.get(JSON.parse(body).action)(order), with actions a Map of functions."
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Expressions that callers could send so far are refused: a name that is not in the table raises an error.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="code-injection",
    title="Event data is evaluated as code",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.HIGH,
    fix=FIX,
    while_running=True,
    references=("https://cheatsheetseries.owasp.org/cheatsheets/Injection_Prevention_Cheat_Sheet.html",),
    cwe=95,
)
def code_injection(function: Function, _context: Context) -> Iterator[Hit]:
    """An attacker who sends the event runs code inside the function, with its role and everything in its memory. The
    deployed package is followed from the handler to the calls that evaluate text or load a module by a name;
    libraries and layers are not followed.

    Critical where anybody can send the event, high where callers sign in or may not be known, medium where it takes
    access to the source of a trigger; informational where no trigger carries the field, or the flow is uncertain.
    """
    return map(Hit.of_defect, injections(function, "code-injection", Impact.CONTROL))
