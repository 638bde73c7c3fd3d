"""The body of ``scan``, ``demo`` and ``collect``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from auditor.cli import command_line, logs
from auditor.cli.directory import empty, prepare
from auditor.cli.finish import asked, finish, snapshot_files
from auditor.cli.progress import display
from auditor.cli.selection import capture_selection, choose, collect_options
from auditor.cli.signals import stoppable
from auditor.engine.collect import collect
from auditor.engine.manifest import replace_manifest
from auditor.errors import ExitCode
from auditor.model.capture import CaptureFacts


def scan(values: Mapping[str, Any]) -> int:
    """Collects and evaluates."""
    logs.configure(values["log_level"])
    request = asked(values)
    snapshot = prepare(request.directory)
    _, signalled = _collect(values, snapshot)
    return finish(request, snapshot, signalled)


def collect_only(values: Mapping[str, Any]) -> int:
    """Collects and says what was written."""
    logs.configure(values["log_level"])
    snapshot = prepare(values["output_dir"])
    facts, signalled = _collect(values, snapshot)
    replace_manifest(values["output_dir"], snapshot_files(values["output_dir"]))
    if not values["quiet"]:
        scopes = ", ".join(f"{cloud}/{scope}" for cloud, scope, _ in facts.scopes)
        click.echo(f"Captured {scopes or 'nothing'} at depth {facts.depth} into {snapshot}.")
        click.echo(f"Judge it, offline, with: auditor evaluate {snapshot}")
    return signalled or (ExitCode.OK if facts.scopes else ExitCode.NO_SCOPE)


def _collect(values: Mapping[str, Any], snapshot: Path) -> tuple[CaptureFacts, ExitCode | None]:
    with stoppable(values["timeout"]) as stop:
        options = collect_options(values, stop.event)
        providers, left_out = choose(values["provider"], options)
        empty(snapshot)
        shown = not (values["quiet"] or values["no_progress"])
        with display(shown=shown, color=not values["no_color"]) as progress:
            facts = collect(
                providers,
                dict.fromkeys(providers, options),
                snapshot,
                capture_selection(values),
                progress,
                command=command_line.shown(),
                not_scanned=left_out,
            )
    return facts, stop.exit_code
