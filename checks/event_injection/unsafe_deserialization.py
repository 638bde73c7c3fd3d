"""Flags functions whose code deserialises events with formats that run code."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Exchange plain data and check its form. Where the format has to stay, verify a signature of the"
    " sender first. Python: json.loads(body), or yaml.safe_load(body). JavaScript: JSON.parse(body), or"
    " yaml.load(body) of js-yaml 4."
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Senders have to change to the plain format at the same time; queued messages of the old one fail.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="unsafe-deserialization",
    title="Event data is deserialised into objects",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.HIGH,
    fix=FIX,
    while_running=True,
    references=("https://cheatsheetseries.owasp.org/cheatsheets/Deserialization_Cheat_Sheet.html",),
    cwe=502,
)
def unsafe_deserialization(function: Function, _context: Context) -> Iterator[Hit]:
    """Formats such as pickle, and YAML with all its tags, call what the data names while it is read: an attacker who
    sends the event runs code with the function's role. The deployed package is followed from the handler to the
    calls that deserialise; libraries and layers are not followed.

    Critical where anybody can send the event, high where callers sign in or may not be known, medium where it takes
    access to the source of a trigger; informational where no trigger carries the field, or the flow is uncertain.
    """
    return map(Hit.of_defect, injections(function, "unsafe-deserialization", Impact.CONTROL))
