"""A report for each account beside the one over all: ``accounts/<cloud>-<account>/`` below the result."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from auditor import plugins
from auditor.cli.output_directory import STANDARD_OUTPUT
from auditor.compliance.assess import assess
from auditor.compliance.catalogue import Framework
from auditor.engine.audit import write
from auditor.engine.report import AuditReport
from auditor.errors import UsageError
from auditor.reporter import AnyReporter
from auditor.result_directory import ACCOUNTS
from auditor.result_directory.manifest import write_manifest


def split_by(wanted: str | None, directory: Path) -> str | None:
    """What reports are split by. Raises UsageError where they cannot be."""
    if wanted and directory == STANDARD_OUTPUT:
        raise UsageError(f"--split {wanted} writes a directory for each: name one with --output-dir.")
    return wanted


def directory_of(account: str) -> str:
    """Where the report of an account is, below the result: a name that every file system takes."""
    cloud, _, name = account.partition("/")
    return f"{ACCOUNTS}/{cloud}-{quote(name, safe='')}"


def write_accounts(
    report: AuditReport, reporters: Sequence[AnyReporter], staging: Path, frameworks: Iterable[Framework]
) -> None:
    """Writes the report of each account, and says in the one over all where they are."""
    chosen = tuple(frameworks)
    places: dict[str, str] = {}
    for account, alone in report.by_account():
        places[account] = directory_of(account)
        place = staging / places[account]
        place.mkdir(parents=True)
        if chosen:
            alone.assessed(_assessed(alone, chosen))
        write(alone, reporters, place, _told(account, alone, report))
        write_manifest(place, [path for path in place.rglob("*") if path.is_file()])
    report.split(places)


def _told(account: str, alone: AuditReport, whole: AuditReport) -> Callable[[str], None]:
    """Says in both reports that a format crashed."""

    def tell(sentence: str) -> None:
        alone.add_error(sentence)
        whole.add_error(f"{account}: {sentence}")

    return tell


def _assessed(report: AuditReport, frameworks: Sequence[Framework]) -> list[dict[str, Any]]:
    return assess(report, frameworks, plugins.checks(), report.function_clouds)
