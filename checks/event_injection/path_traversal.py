"""Flags functions whose code opens files by paths that events supply."""

from collections.abc import Iterator

from auditor.analysis.code_findings import Impact, injections
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Resolve the path and refuse what does not lie below the directory that is meant. Python: if not"
    ' (path := (ROOT / name).resolve()).is_relative_to(ROOT): raise ValueError("refused"). JavaScript:'
    " const file = path.resolve(ROOT, name); if (!file.startsWith(ROOT + path.sep)) throw new"
    ' Error("refused").'
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Paths that lead out of the directory are refused, also through links.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="path-traversal",
    title="Event data chooses a file path",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.MEDIUM,
    fix=FIX,
    while_running=True,
    references=("https://owasp.org/www-community/attacks/Path_Traversal",),
    cwe=22,
)
def path_traversal(function: Function, _context: Context) -> Iterator[Hit]:
    """A path with two dots leaves the directory that was meant: an attacker who sends the event reads the code and
    what else lies on the disk, or overwrites files in /tmp that the next invocation uses. The deployed package is
    followed from the handler to the calls that open, move or unpack files; libraries and layers are not followed.

    High where anybody can send the event, medium where callers sign in or may not be known, low where it takes
    access to the source of a trigger; informational where no trigger carries the field, or the flow is uncertain.
    """
    return map(Hit.of_defect, injections(function, "path-traversal", Impact.DATA))
