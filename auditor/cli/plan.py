"""``auditor plan``: the fix plan of a finished report."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli import options
from auditor.cli.messages import Words

if TYPE_CHECKING:
    from auditor.engine.report_reader import DocumentReport

_REPORT = "report.json"
_SHOWN = 10


@click.command()
@click.argument("report", required=False, type=click.Path(path_type=Path))
@options.config_file
@click.option(
    "--top",
    type=click.IntRange(min=1),
    default=_SHOWN,
    show_default=True,
    help="How many changes; at most those that the report holds.",
)
@click.option("--format", "form", type=Words(("text", "md", "json")), default="text", show_default=True)
def command(report: Path | None, top: int, form: str) -> int:
    """Print the fix plan of REPORT: which changes to make first.

    REPORT is a report.json or a result directory (default: the output directory of a scan). Of each change: what to
    change, what could break, the command, the findings that it closes, the points that it gains and the score after it.
    """
    from auditor.cli.plan_text import text  # noqa: PLC0415 - keeps --help fast
    from auditor.engine.report_reader import read_report  # noqa: PLC0415 - the same
    from auditor.plan_words import markdown  # noqa: PLC0415 - the same

    path = found_report(report or usual())
    document = read_report(path)
    changes = _changes(document, path, top)
    if form == "json":
        click.echo(json.dumps(changes, indent=1, ensure_ascii=False))
        return 0
    names = {row["id"]: row["name"] for row in document.functions()}
    click.echo((markdown if form == "md" else text)(document.head, changes, names))
    return 0


def usual() -> Path:
    """Where a scan writes unless told otherwise on its command line; of several results the newest."""
    from auditor.cli import configuration  # noqa: PLC0415 - keeps --help fast

    named = os.environ.get("AUDITOR_OUTPUT_DIR") or configuration.current().output_dir or options.USUAL_DIRECTORY
    return Path(named.replace("{date}", "latest"))


def found_report(place: Path) -> Path:
    """The report.json that is meant. Raises UsageError where there is none."""
    from auditor.errors import UsageError  # noqa: PLC0415 - keeps --help fast

    path = place / _REPORT if place.is_dir() else place
    if not path.is_file():
        where = f"in {place}" if place.is_dir() else f"at {place}"
        raise UsageError(f"There is no report {where}: run 'auditor scan' first, or name a {_REPORT} or its directory.")
    return path


def _changes(document: "DocumentReport", path: Path, top: int) -> list[dict[str, Any]]:
    """The first changes. Raises UsageError for a report without a plan, or for more than it holds."""
    from auditor.errors import UsageError  # noqa: PLC0415 - keeps --help fast

    if "plan" not in document.head:
        raise UsageError(
            f"{path} holds no fix plan, it was written by an older version: judge its snapshot again with "
            "'auditor evaluate'."
        )
    changes = list(document.head["plan"])
    source = click.get_current_context().get_parameter_source("top")
    if len(changes) < top and source is not click.core.ParameterSource.DEFAULT:
        held = "1 change" if len(changes) == 1 else f"{len(changes)} changes"
        raise UsageError(f"--top {top}: the plan of {path} holds {held}.")
    return changes[:top]
