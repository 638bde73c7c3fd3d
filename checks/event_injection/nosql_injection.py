"""Flags functions whose code passes objects of events into queries of document databases."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    'Make every value a text or a number before it is part of a query. Python: users.find_one({"name":'
    ' str(body["name"])}). JavaScript: users.findOne({ name: String(body.name) }).'
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Callers that send operators of their own, such as ranges, get no match any more.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="nosql-injection",
    title="Event data is part of a database query document",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    references=("https://cheatsheetseries.owasp.org/cheatsheets/Injection_Prevention_Cheat_Sheet.html",),
    cwe=943,
)
def nosql_injection(function: Function, _context: Context) -> Iterator[Hit]:
    """A query document may hold operators: where a caller can send an object instead of a text, a comparison becomes
    one that everything satisfies, and a login needs no password. The deployed package is followed from the handler
    to queries of MongoDB, Elasticsearch and DynamoDB; libraries and layers are not followed.

    High where anybody can send the event, medium where callers sign in or may not be known, low where it takes
    access to the source of a trigger; informational where no trigger carries the field, or the flow is uncertain.
    """
    return map(Hit.of_defect, injections(function, "nosql-injection", Impact.DATA))
