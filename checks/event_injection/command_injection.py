"""Flags functions whose code builds operating-system commands from events."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Start the program without a shell, its arguments as a list, and end its options before the first"
    ' value. Python: subprocess.run(["convert", "--", value, "out.png"], check=True). JavaScript:'
    ' execFile("convert", ["--", value, "out.png"]).'
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Values that relied on the shell (wildcards, pipes, variables) reach the program as they are.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="command-injection",
    title="Event data reaches an operating-system command",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.HIGH,
    fix=FIX,
    while_running=True,
    references=("https://cheatsheetseries.owasp.org/cheatsheets/OS_Command_Injection_Defense_Cheat_Sheet.html",),
    cwe=78,
)
def command_injection(function: Function, _context: Context) -> Iterator[Hit]:
    """An attacker who sends the event runs any command with the function's role, its variables and its network. The
    deployed package is followed from the handler to the calls that start commands, through its own modules;
    libraries and layers are not followed.

    Critical where anybody can send the event, high where callers sign in or may not be known, medium where it takes
    access to the source of a trigger; informational where no trigger carries the field, or the flow is uncertain.
    """
    return map(Hit.of_defect, injections(function, "command-injection", Impact.CONTROL))
