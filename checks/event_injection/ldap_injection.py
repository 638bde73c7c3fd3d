"""Flags functions whose code writes values of events into LDAP filters."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    'Escape values for filters. Python: ldap.filter.filter_format("(uid=%s)", [name]). JavaScript: new'
    ' EqualityFilter({ attribute: "uid", value: name }).'
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Values with wildcards match only themselves.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="ldap-injection",
    title="Event data is part of an LDAP filter",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    references=("https://cheatsheetseries.owasp.org/cheatsheets/LDAP_Injection_Prevention_Cheat_Sheet.html",),
    cwe=90,
)
def ldap_injection(function: Function, _context: Context) -> Iterator[Hit]:
    """Brackets and stars change what a filter asks for: an attacker who sends them lists the directory, or signs in as
    somebody else. The deployed package is followed from the handler to the searches of LDAP libraries; libraries
    and layers are not followed.

    High where anybody can send the event, medium where callers sign in or may not be known, low where it takes
    access to the source of a trigger; informational where no trigger carries the field, or the flow is uncertain.
    """
    return map(Hit.of_defect, injections(function, "ldap-injection", Impact.DATA))
