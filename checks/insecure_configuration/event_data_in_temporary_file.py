"""Flags functions whose code writes event data below /tmp and does not remove it."""

from collections.abc import Iterator

from auditor.analysis.code_findings import weaknesses
from auditor.check import Context, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_TEXT = (
    "Write to a temporary directory that is removed at the end. Python: with tempfile.TemporaryDirectory() as folder: work in"
    " folder. JavaScript: const folder = await fs.mkdtemp('/tmp/x-'); try { await work(folder); } finally"
    " { await fs.rm(folder, { recursive: true }); }."
)
_WHY_NOT = "the package is built from sources that the cloud does not hold"

FIX = {
    cloud: Fix(
        text=_TEXT,
        breaks="Code that relies on files of an earlier invocation no longer finds them.",
        no_command=_WHY_NOT,
        no_terraform=_WHY_NOT,
    )
    for cloud in (Cloud.AWS, Cloud.AZURE, Cloud.GCP)
}


@check(
    id="event-data-in-temporary-file",
    title="Event data is left in temporary files",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    while_running=True,
    references=("https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",),
    cwe=459,
)
def event_data_in_temporary_file(function: Function, _context: Context) -> Iterator[Hit]:
    """Files below /tmp outlive the invocation: later ones, and attackers who can make the function read a file, find what earlier
    callers sent, and the disk fills up. Writes of event data to paths below /tmp are judged, where no code that is
    reached removes the file; informational where the name is made at run time.
    """
    return map(Hit.of_defect, weaknesses(function, "event-data-in-temporary-file", "leaves event data in a file"))
