"""A report over three clouds whose names, tags and reasons attack every format, with each status a verdict can have.

Every row is made by the engine, so it has the shape of a real one.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from auditor.check import Check, Context, Evidence, Fix, Hit, Risk, check
from auditor.engine.evaluate import evaluate
from auditor.engine.report import AuditReport
from auditor.lifecycle.waivers import FileWaivers
from auditor.model.comparison import Comparison
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory
from auditor.model.observed import Gap, GapReason, Known, Unanswered
from auditor.model.severity import Severity
from auditor.model.tags import Tags
from auditor.model.waiver import WaiverEntry
from auditor.reporter import AnyReporter, DirectoryReporter
from tests.unit.checks.build import ACCOUNT, LISTED, REGION, Surroundings, location, make, scope
from tests.unit.cli.finished import COVERAGE, RUN, captured

ATTACKS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "quotes \" and ' and `ticks` and ```` fence",
    "two\nlines\r\nand\u2028more",
    "]]><!-- <script>alert(1)</script> &amp; --> <![CDATA[",
    "right \u202e to left \u2066 and \u200b",
    "emoji 🧨 and 👩\u200d💻",
    "pipes | and \\| and # * _ [x](https://evil.example) ![y](z)",
    "nul \x00 bell \x07 escape \x1b[31m delete \x7f",
    "  spaces at both ends  ",
    "../../etc/passwd",
    "percent %2e%2e/ ? # ; , / \\ :",
    "x" * 400,
)
LATE = "2099-12-31"
EARLY = "2026-01-01T00:00:00Z"
AZURE = "a1f4c7e0-52b3-4d68-8e91-0c3b6d9f2a75"
PROJECT = "fernhollow-shop"
_FIX = Fix(
    text="Require authentication of {name}.",
    command="aws lambda update-function-url-config --function-name {name} --auth-type AWS_IAM",
    no_terraform="none",
    breaks="callers that send no signature are refused",
)
_FIXES = dict.fromkeys(Cloud, _FIX)


def _open(function: Function, _context: Context) -> Iterator[Hit]:
    """Why it matters."""
    if function.name == "unread":
        raise Unanswered(Gap(GapReason.DENIED, "lambda:GetPolicy", "lambda:GetPolicy", f"no: {ATTACKS[8]}"))
    if function.name == "crashing":
        raise RuntimeError(function.name)
    if function.name != "sound":
        yield Hit(f"{function.name} lets everyone in", (Evidence(LISTED, f"AuthType = {function.name}"),))


def _slow(function: Function, _context: Context) -> Iterator[Hit]:
    """Why it matters."""
    if function.name not in ("sound", "unread", "crashing"):
        for locus in ("first", "second"):
            yield Hit(f"{function.name} is slow", (Evidence(LISTED, "Timeout = 900"),), locus=locus)


CHECKS: tuple[Check, ...] = (
    check(
        id="open-url", title="Function URL is public", risk=Risk.EXPOSURE, severity=Severity.CRITICAL, fix=_FIXES,
        cwe=306, controls=("nist-800-53-r5:AC-3", "csa-serverless-12:SAS-2"), references=("https://docs.example/open",),
    )(_open),
    check(id="slow", title="Timeout is the longest", risk=Risk.DENIAL_OF_WALLET, severity=Severity.LOW, fix=_FIXES)(_slow),
)  # fmt: skip
"""Two checks: one that fails, cannot tell or crashes by a function's name; one that fails twice on a function."""


def functions() -> Iterator[Function]:
    """A function for each attack and verdict on AWS, and one each on the other clouds."""
    for attack in (*ATTACKS, "sound", "unread", "crashing"):
        yield make(attack, tags=Known(Tags({"owner": f"{attack} \ud83d", attack[:60]: "=1"}), LISTED))
    name = ATTACKS[8]
    yield make(
        name, cloud=Cloud.AZURE, scope=f"azure/{AZURE}", location="westeurope",
        id=f"/subscriptions/{AZURE}/resourcegroups/rg/providers/microsoft.web/sites/{name}",
    )  # fmt: skip
    yield make(
        name, cloud=Cloud.GCP, scope=f"gcp/{PROJECT}", location="europe-west1",
        id=f"//run.googleapis.com/projects/{PROJECT}/locations/europe-west1/services/{name}",
    )  # fmt: skip


def report(*, waived: bool = True, made: tuple[Function, ...] = ()) -> AuditReport:
    """The report. The function whose name is a formula is waived, with a reason that attacks too."""
    entries = [WaiverEntry(function="=cmd*", reason=f"accepted {ATTACKS[8]} {ATTACKS[9]}", expires=date(2099, 12, 31))]
    places = (
        (Cloud.AWS, ACCOUNT, (REGION,)),
        (Cloud.AZURE, AZURE, ("westeurope",)),
        (Cloud.GCP, PROJECT, ("europe-west1",)),
    )
    scopes = tuple(
        replace(scope(), id=f"{cloud}/{name}", cloud=cloud, locations=locations) for cloud, name, locations in places
    )
    inventory = Inventory(
        scopes=scopes, locations=(location(functions=Known(20, LISTED)),), functions=made or tuple(functions())
    )
    results = evaluate(inventory, CHECKS, Surroundings())
    run = replace(RUN, waivers=FileWaivers(entries) if waived else None)
    built = AuditReport(captured(scopes=places), inventory, results, COVERAGE, run)
    marks = sorted(str(row["fingerprint"]) for row in built.findings())
    base = {"started_at": EARLY, "depth": "standard", "tool_version": "0.1.0"}
    built.compared(Comparison(base, new=tuple(marks[1:]), unchanged=(marks[0],), first_seen={marks[0]: EARLY}))
    return built


@dataclass
class Picked:
    """A report of chosen rows of findings."""

    head: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]] = ()

    def findings(self) -> Iterator[Mapping[str, Any]]:
        yield from self.rows


def written(reporter: AnyReporter, source: Any = None) -> bytes:
    """What a reporter writes of the report, twice the same; of a directory, each path and its file."""
    source = source or report()
    if isinstance(reporter, DirectoryReporter):
        first, second = (_tree(reporter, source) for _ in range(2))
        assert first == second
        return first
    once, again = io.BytesIO(), io.BytesIO()
    reporter.write(source, once)
    reporter.write(source, again)
    assert once.getvalue() == again.getvalue()
    return once.getvalue()


def _tree(reporter: DirectoryReporter, source: Any) -> bytes:
    with TemporaryDirectory() as place:
        reporter.write_into(source, Path(place))
        files = sorted(path for path in Path(place).rglob("*") if path.is_file())
        return b"".join(path.relative_to(place).as_posix().encode() + path.read_bytes() for path in files)
