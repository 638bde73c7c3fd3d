"""Flags functions whose code keeps event data in module variables and reads it in later invocations."""

from collections.abc import Iterator

from auditor.analysis.code_findings import weaknesses
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Keep what belongs to one invocation in local variables, and hand it on as arguments. Python: user ="
    ' event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] inside the handler, without global. JavaScript: const user ='
    " event.requestContext.authorizer.jwt.claims.sub inside the handler."
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Code that relies on what an earlier invocation left must read it from a store.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="event-data-in-module-variable",
    title="Event data is kept between invocations",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    references=("https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",),
    cwe=488,
)
def event_data_in_module_variable(function: Function, _context: Context) -> Iterator[Hit]:
    """An instance serves many invocations, one after the other or at once: what one caller sent is then taken for the next
    caller's, or shown to it. Module variables are judged that event data goes into, where what was there before is read;
    clients, constants and results that are kept under the caller's own key are not.
    """
    return map(
        Hit.of_defect, weaknesses(function, "event-data-in-module-variable", "keeps event data for later invocations")
    )
