"""Flags functions whose code renders templates that events supply."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Keep the template a constant of the code and hand values over as its variables. Python:"
    ' Template("Hello {{ who }}").render(who=value). JavaScript: Handlebars.compile("Hello {{ who }}")({'
    " who: value })."
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Template syntax in what callers send is shown as text and no longer evaluated.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="template-injection",
    title="Event data is rendered as a template",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.HIGH,
    fix=FIX,
    while_running=True,
    references=(
        "https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/07-Input_Validation_Testing/18-Testing_for_Server-side_Template_Injection",
    ),
    cwe=1336,
)
def template_injection(function: Function, _context: Context) -> Iterator[Hit]:
    """A template engine evaluates what the template says: an attacker who sends it reads the function's memory and
    variables, and with most engines runs code. The deployed package is followed from the handler to the calls that
    compile templates; libraries and layers are not followed.

    Critical where anybody can send the event, high where callers sign in or may not be known, medium where it takes
    access to the source of a trigger; informational where no trigger carries the field, or the flow is uncertain.
    """
    return map(Hit.of_defect, injections(function, "template-injection", Impact.CONTROL))
