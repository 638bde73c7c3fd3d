"""Flags functions whose code sets members of objects by keys that events supply."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Keep what callers name in a Map, or in an object without a prototype, and refuse keys that are not"
    " on a list. JavaScript: const settings = new Map(); if (ALLOWED.has(key)) settings.set(key, value)."
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Keys that are not on the list are refused.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="prototype-pollution",
    title="Event data chooses the members of an object",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    references=("https://cheatsheetseries.owasp.org/cheatsheets/Prototype_Pollution_Prevention_Cheat_Sheet.html",),
    cwe=1321,
)
def prototype_pollution(function: Function, _context: Context) -> Iterator[Hit]:
    """In JavaScript the keys __proto__ and constructor lead to what all objects inherit: an attacker who sends them
    changes defaults of the whole process, for later invocations too, up to running code. The deployed package is
    followed from the handler to such assignments and merges; libraries and layers are not followed.

    High where anybody can send the event, medium where callers sign in or may not be known, low where it takes
    access to the source of a trigger; informational where no trigger carries the field, or the flow is uncertain.
    """
    return map(Hit.of_defect, injections(function, "prototype-pollution", Impact.DATA))
