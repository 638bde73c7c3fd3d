"""``auditor checks list|show|test``: the catalogue, and what a check of one's own says."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli import options
from auditor.cli.messages import Verbs, Words
from auditor.cli.terminal import paragraphs, width, wrapped

if TYPE_CHECKING:
    from auditor.check import Check

_INDENT = "    "


@click.group(cls=Verbs)
def command() -> None:
    """List the checks, show one, or test one of your own."""


@command.command("list")
@options.config_file
@options.selection_options
@click.option("--format", "form", type=Words(("table", "json")), default="table", show_default=True)
def list_checks(form: str, **values: Any) -> int:
    """List the checks; without options all of them, opinions included."""
    from auditor.cli import configuration  # noqa: PLC0415 - keeps --help fast
    from auditor.cli.selection import CheckSelection  # noqa: PLC0415 - the same
    from auditor.engine.finding_rows import check_row  # noqa: PLC0415 - the same

    asked_level = click.get_current_context().get_parameter_source("profile_level")
    if asked_level is click.core.ParameterSource.DEFAULT:
        values["profile_level"] = "strict"
    chosen = CheckSelection(
        values["check"],
        values["exclude_check"],
        values["risk"],
        values["severity"],
        values["profile_level"],
        values["checks_dir"],
        values["framework"],
    ).choose(configuration.plugins())
    if form == "json":
        click.echo(json.dumps([check_row(check) for check in chosen], indent=1))
    else:
        _table(chosen)
    return 0


def _table(checks: "Iterable[Check]") -> None:
    rows = [
        (check.id, check.severity.value, check.profile_level.value, check.risk.value, check.title) for check in checks
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    columns = width()
    for row in rows:
        if columns is None or sum(widths) + 2 * (len(widths) - 1) <= columns:
            click.echo("  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip())
        else:
            said = f"{', '.join(row[1:4])}: {row[4]}"
            click.echo(f"{row[0]}\n{wrapped(said, _INDENT, _INDENT)}")


@command.command("show")
@click.argument("check_id", metavar="ID")
@options.config_file
@options.many("--checks-dir", metavar="DIR", help="Directory with checks of your own.")
@click.option("--format", "form", type=Words(("text", "json")), default="text", show_default=True)
def show(check_id: str, checks_dir: tuple[str, ...], form: str) -> int:
    """Show one check: what it flags, why it matters, how to mend it on each cloud."""
    from auditor import plugins  # noqa: PLC0415 - keeps --help fast
    from auditor.cli import configuration  # noqa: PLC0415 - the same
    from auditor.compliance.catalogue import controls_of  # noqa: PLC0415 - the same
    from auditor.engine.finding_rows import check_row  # noqa: PLC0415 - the same
    from auditor.errors import UsageError, suggestion  # noqa: PLC0415 - the same

    known = {name: c for c in plugins.checks(configuration.plugins(), tuple(map(Path, checks_dir))) for name in c.names}
    if check_id not in known:
        hint = suggestion(check_id, known)
        raise UsageError(f"No check is called {check_id!r}{hint} 'auditor checks list' has all.")
    check = known[check_id]
    if form == "json":
        click.echo(json.dumps(check_row(check), indent=1))
        return 0
    for prose in (f"{check.id} - {check.title}", check.summary, check.why):
        click.echo(paragraphs(prose) + "\n")
    click.echo(
        wrapped(
            f"risk {check.risk}, severity {check.severity}, confidence {check.confidence}, level {check.profile_level}"
        )
    )
    if check.aliases:
        click.echo(f"former ids {', '.join(check.aliases)}")
    if check.cwe:
        click.echo(f"CWE-{check.cwe}")
    if controls := controls_of(check):
        click.echo(wrapped(f"controls {', '.join(controls)}"))
    if check.references:
        click.echo("references\n" + "\n".join(f"  {address}" for address in check.references))
    for cloud, fix in check.fix.items():
        click.echo(f"\nFix on {cloud}:\n{paragraphs(fix.text)}")
        if fix.breaks:
            click.echo(paragraphs(f"What could break: {fix.breaks}"))
        click.echo(f"\n{fix.command or f'# {fix.no_command}'}")
        click.echo(f"\n{fix.terraform or f'# {fix.no_terraform}'}")
    return 0


@command.command("test")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.config_file
@click.option(
    "--snapshot",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Snapshot to judge (default: the bundled demo accounts, collected once and kept in the cache directory; "
    "that needs the [demo] extra).",
)
@options.as_of_option
@click.option("--format", "form", type=Words(("text", "json")), default="text", show_default=True)
def test(file: Path, form: str, **values: Any) -> int:
    """Run the checks of FILE, a Python file of your own, and show their verdicts.

    Of each check: how many subjects got which verdict, each subject that is FAIL, UNKNOWN or ERROR with the reason, and
    the fix as a report would print it. FILE's code runs with your rights.

    Exit codes: 0 every check reached its verdicts (FAIL and UNKNOWN are verdicts); 2 FILE is broken, declares no check,
    or a check crashed; 5 the snapshot holds nothing for these checks to judge.
    """
    from auditor.cli.checks_test import judge_file  # noqa: PLC0415 - keeps --help fast

    return judge_file(file, values["snapshot"], values["as_of"], form)
