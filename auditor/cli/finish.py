"""From a snapshot to written reports and an exit code: shared by scan, demo and evaluate."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor import plugins
from auditor.cli import configuration
from auditor.cli.gate import reasons
from auditor.cli.messages import say
from auditor.cli.selection import CheckSelection, all_providers
from auditor.cli.summary import print_summary
from auditor.engine.audit import Judging, audit, write
from auditor.engine.manifest import replace_manifest
from auditor.errors import ExitCode, UsageError
from auditor.reporter import Reporter
from auditor.snapshot.archive import Snapshot


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asked of the part after collection; checked before anything is collected."""

    judging: Judging
    reporters: tuple[Reporter, ...]
    directory: Path
    quiet: bool
    color: bool


def asked(values: Mapping[str, Any]) -> Asked:
    """Reads the options. Raises UsageError before a single call is made."""
    configured = configuration.current()
    selection = CheckSelection(
        values["check"],
        values["exclude_check"],
        values["risk"],
        values["severity"],
        values["profile_level"],
        values["checks_dir"],
    )
    as_of = values.get("as_of")
    judging = Judging(
        checks=selection.choose(configuration.plugins()),
        settings=configured.settings,
        as_of=as_of.date() if as_of else None,
        fail_on=values["fail_on"],
        fail_on_incomplete=values["fail_on_incomplete"],
        selection=selection.row(),
        plugins=plugins.described(configuration.plugins(), map(Path, values["checks_dir"])),
    )
    if not values["formats"]:
        raise UsageError("--format names no format, so nothing would be written: name one, such as json.")
    reporters = tuple(plugins.reporter(name, configuration.plugins()) for name in dict.fromkeys(values["formats"]))
    return Asked(judging, reporters, values["output_dir"], values["quiet"], not values["no_color"])


def finish(request: Asked, snapshot: Path, signalled: ExitCode | None = None) -> int:
    """Evaluates a snapshot, writes the reports, prints the summary; returns the exit code.

    ``signalled`` is the exit code of a collection that a signal ended: it wins over the report's own.
    """
    providers = all_providers()
    report = audit(Snapshot(snapshot), providers, request.judging, signalled)
    written = list(write(report, request.reporters, request.directory))
    replace_manifest(request.directory, [*written, *snapshot_files(request.directory)])
    if not request.quiet:
        print_summary(
            report, request.directory, [reporter.filename for reporter in request.reporters], color=request.color
        )
    listing = frozenset(name for provider in providers.values() for name in provider.listing)
    for reason in reasons(report.head, listing, fail_on_incomplete=request.judging.fail_on_incomplete):
        say(reason)
    return report.verdict.exit_code


def snapshot_files(directory: Path) -> list[Path]:
    """The files of the snapshot in an output directory, for the manifest."""
    inside = directory / "snapshot"
    return [path for path in inside.rglob("*") if path.is_file()] if inside.is_dir() else []
