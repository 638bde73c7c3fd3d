"""Flags functions whose code lets events name the resource that a call of the cloud's API is about."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Choose the resource from a fixed list, or from a variable of the function. Python:"
    ' client.invoke(FunctionName=os.environ["WORKER"], Payload=payload). JavaScript: client.send(new'
    " InvokeCommand({ FunctionName: process.env.WORKER, Payload: payload }))."
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Names that are not on the list are refused.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="cloud-resource-injection",
    title="Event data chooses a cloud resource",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    references=("https://cwe.mitre.org/data/definitions/610.html",),
    cwe=610,
)
def cloud_resource_injection(function: Function, _context: Context) -> Iterator[Hit]:
    """The function's role decides what such a call may reach, not the caller's: an attacker who sends the name of
    another function, queue, role or bucket acts with the rights of the role. The deployed package is followed from
    the handler to these calls of the SDK; libraries and layers are not followed.

    High where anybody can send the event, medium where callers sign in or may not be known, low where it takes
    access to the source of a trigger; informational where no trigger carries the field, or the flow is uncertain.
    """
    return map(Hit.of_defect, injections(function, "cloud-resource-injection", Impact.DATA))
