"""``auditor waive``: writes a correct entry of a waiver file."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli import options
from auditor.errors import UsageError, suggestion
from auditor.reporter import Report, Row

if TYPE_CHECKING:
    from auditor.model.waiver import WaiverEntry


@click.command()
@click.argument("fingerprint")
@click.argument("report", type=click.Path(exists=True, path_type=Path), default=Path("auditor-report"))
@click.option("--reason", required=True, help="Why it is accepted.")
@click.option(
    "--expires",
    required=True,
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The last day on which it is.",
)
@click.option("--owner", help="Who answers for it.")
@click.option("--ticket", help="Where it was decided.")
@options.option(
    "--waivers",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    default=Path("waivers.toml"),
    show_default=True,
    help="The file to append it to; - prints it.",
)
def command(fingerprint: str, report: Path, reason: str, expires: datetime, waivers: Path, **said: str | None) -> int:
    """Accept a finding until a day: append an entry to a waiver file, for scan --waivers.

    FINGERPRINT is that of a finding, or the id of a cause, in REPORT: a report.json or the directory it is in. Waiving
    the finding that leads a cause waives its facets too.
    """
    from pydantic import ValidationError  # noqa: PLC0415 - keeps --help fast

    from auditor.engine.report_reader import found_report  # noqa: PLC0415 - the same
    from auditor.input_faults import expected  # noqa: PLC0415 - the same
    from auditor.lifecycle import waiver_file  # noqa: PLC0415 - the same
    from auditor.model.waiver import WaiverEntry  # noqa: PLC0415 - the same

    found = found_report(report)
    key, comment = _about(found, fingerprint)
    if expires.date().isoformat() < found.head["run"]["as_of"]:
        raise UsageError(f"--expires {expires.date()} is before the day of the report, {found.head['run']['as_of']}.")
    try:
        entry = WaiverEntry.model_validate({key: fingerprint, "reason": reason, "expires": expires.date(), **said})
    except ValidationError as invalid:
        first = invalid.errors()[0]
        raise UsageError(f"--{first['loc'][0]}: {expected(first)}") from invalid
    if str(waivers) == "-":
        click.echo(waiver_file.rendered(entry, Path("waivers.toml"), comment), nl=False)
        return 0
    _append(waivers, entry, comment)
    click.echo(f"{waivers}: {comment.splitlines()[0].rstrip('.')}. Accepted until {entry.expires}.")
    for line in comment.splitlines()[1:]:
        click.echo(line)
    return 0


def _append(path: Path, entry: "WaiverEntry", comment: str) -> None:
    from auditor.lifecycle import waiver_file  # noqa: PLC0415 - keeps --help fast
    from auditor.snapshot.files import atomic  # noqa: PLC0415 - the same

    text = waiver_file.content(path) if path.exists() else ""
    for number, other in enumerate(waiver_file.parse(text, path), 1):
        if other.matching == entry.matching:
            raise UsageError(
                f"{path}: waiver {number} is about the same already, until {other.expires}: change it there."
            )
    whole = waiver_file.added(text, entry, path, comment)
    mode = path.stat().st_mode if path.exists() else None
    with atomic(path) as stream:
        stream.write(whole.encode())
    if mode is not None:  # the file stays as readable as it was
        path.chmod(mode)


def _about(report: Report, mark: str) -> tuple[str, str]:
    """The key the mark belongs under, and what a reader of the file should know of it."""
    findings = {row["fingerprint"]: row for row in report.findings()}
    causes = {row["id"]: row for row in report.causes()}
    if mark in findings:
        return "fingerprint", _of_finding(findings[mark], causes)
    if mark in causes:
        row = causes[mark]
        count = len(row["findings"])
        return "cause", f"{_told(row)}\nAll {count} findings of this cause are waived by it."
    raise UsageError(
        f"The report has no finding and no cause {mark!r}{suggestion(mark, [*findings, *causes])}"
        " Fingerprints stand in report.json and beside each finding in report.html."
    )


def _told(row: Row) -> str:
    """A finding or a cause on one line."""
    from auditor.wording import inert  # noqa: PLC0415 - keeps --help fast

    return inert(f"{row['check_id']}: {row['message']}")


def _of_finding(row: Row, causes: dict[str, Row]) -> str:
    comment = _told(row)
    cause = causes.get(row["cause"])
    if cause is None or len(cause["findings"]) == 1:
        return comment
    if cause["check_id"] == row["check_id"]:
        return f"{comment}\nThe facets of its cause on the same resource are waived with it."
    return f"{comment}\nIts cause {cause['id']} ({cause['check_id']}) stays open: waive that to accept all of it."
