"""Flags functions whose code parses XML of events and resolves its entities."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Parse without entities. Python: defusedxml.ElementTree.fromstring(body), or"
    " lxml.etree.fromstring(body, lxml.etree.XMLParser(resolve_entities=False, no_network=True))."
    " JavaScript: libxmljs.parseXml(body, { noent: false, nonet: true })."
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Documents that declare entities of their own are refused or read without them.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="xml-external-entities",
    title="Event data is parsed as XML with entities",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    references=("https://cheatsheetseries.owasp.org/cheatsheets/XML_External_Entity_Prevention_Cheat_Sheet.html",),
    cwe=611,
)
def xml_external_entities(function: Function, _context: Context) -> Iterator[Hit]:
    """An entity of the document may name a file or an address: the parser reads it and puts it into the answer, or
    expands until memory is used up. The deployed package is followed from the handler to parsers that resolve
    entities; libraries and layers are not followed.

    High where anybody can send the event, medium where callers sign in or may not be known, low where it takes
    access to the source of a trigger; informational where no trigger carries the field, or the flow is uncertain.
    """
    return map(Hit.of_defect, injections(function, "xml-external-entities", Impact.DATA))
