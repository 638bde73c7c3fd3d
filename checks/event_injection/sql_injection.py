"""Flags functions whose code writes values of events into SQL statements."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Bind values as parameters; choose names of tables and columns from a fixed list. Python:"
    ' cursor.execute("SELECT total FROM orders WHERE id = %s", (order_id,)). JavaScript:'
    ' client.query("SELECT total FROM orders WHERE id = $1", [orderId]).'
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="None for honest callers; a value with quotes or wildcards of SQL is compared as it is.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="sql-injection",
    title="Event data is part of an SQL statement",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.HIGH,
    fix=FIX,
    while_running=True,
    references=("https://cheatsheetseries.owasp.org/cheatsheets/SQL_Injection_Prevention_Cheat_Sheet.html",),
    cwe=89,
)
def sql_injection(function: Function, _context: Context) -> Iterator[Hit]:
    """An attacker who sends the event reads and changes every row that the function's database user may. The deployed
    package is followed from the handler to the calls that run statements (drivers, ORMs with raw statements, the
    Data API, Athena, PartiQL); libraries and layers are not followed.

    Critical where anybody can send the event, high where callers sign in or may not be known, medium where it takes
    access to the source of a trigger; informational where no trigger carries the field, or the flow is uncertain.
    """
    return map(Hit.of_defect, injections(function, "sql-injection", Impact.CONTROL))
