"""Flags functions whose code switches on the debugging of a web framework."""

from collections.abc import Iterator

from auditor.analysis.code_findings import weaknesses
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Leave debug mode off in what is deployed, and let a variable switch it on where it is needed. Python:"
    " app = Flask(__name__) without debug=True; APIGatewayRestResolver() without debug=True. JavaScript: errorhandler() only"
    " within if (process.env.NODE_ENV === 'development')."
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Developers no longer see stack traces in the answers, only in the logs.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="debug-enabled",
    title="Code enables debug mode",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    references=("https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html",),
    cwe=489,
)
def debug_enabled(function: Function, _context: Context) -> Iterator[Hit]:
    """Debug mode answers errors with stack traces, variables and paths, and some debuggers run what the caller sends. The
    code that the handler reaches is searched for frameworks with debug mode on, whatever the environment.
    """
    return map(Hit.of_defect, weaknesses(function, "debug-enabled", "switches debug mode on"))
