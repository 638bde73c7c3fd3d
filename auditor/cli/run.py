"""The body of ``scan``, ``demo`` and ``collect``."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, TypedDict

import click

from auditor.cli import command_line, log_setup
from auditor.cli.distributing import distribution, is_distributed
from auditor.cli.earlier_run import earlier_run, kept_until_done
from auditor.cli.finish import asked, finish
from auditor.cli.messages import happened, say, unread
from auditor.cli.output_directory import STANDARD_OUTPUT, destination, placing, worth
from auditor.cli.progress import display
from auditor.cli.selection import capture_selection, choose, collect_options
from auditor.cli.signals import decided, stoppable
from auditor.distribution.coordinator import collect_in_units
from auditor.engine.collect import collect
from auditor.errors import ExitCode, NoScopeError, UsageError
from auditor.model.capture import CaptureFacts
from auditor.model.ids import Cloud
from auditor.result_directory import SNAPSHOT, kept_in


class _Noted(TypedDict):
    command: str
    not_scanned: Mapping[Cloud, str]


def scan(values: Mapping[str, Any]) -> int:
    """Collects and evaluates."""
    log_setup.configure(values)
    request = asked(values)
    with destination(request.directory, {SNAPSHOT, *request.writes}, placing(values)) as result:
        snapshot = result.staging / SNAPSHOT
        try:
            _, signalled = capture(values, snapshot)
        except NoScopeError as unreadable:
            for failure in request.telling.tell_failure(str(unreadable)):
                say(failure)
            raise
        return finish(request, result, snapshot, signalled)


def collect_only(values: Mapping[str, Any]) -> int:
    """Collects and says what was written."""
    log_setup.configure(values)
    directory: Path = values["output_dir"]
    if directory == STANDARD_OUTPUT:
        raise UsageError("A snapshot is a directory, which cannot go to standard output: name one with --output-dir.")
    with destination(directory, {SNAPSHOT}, placing(values)) as result:
        facts, signalled = capture(values, result.staging / SNAPSHOT)
        read = worth(result.staging / SNAPSHOT)
        code = signalled or (ExitCode.OK if read else ExitCode.NO_SCOPE)
        with decided():
            place = directory
            if code is ExitCode.OK or not result.holds_result:
                result.commit()
            else:
                kept = result.keep()
                said = f"what was collected is not lost: {kept_in(kept)}" if kept else "nothing was collected."
                say(f"{directory} still holds the previous result; {said}")
                place = kept or directory
            if code is ExitCode.NO_SCOPE:
                say(f"nothing could be read: no list of functions was answered (exit {code})")
            elif not values["quiet"]:
                with unread():
                    _say_what(facts, place / SNAPSHOT)
            return code


def _say_what(facts: CaptureFacts, snapshot: Path) -> None:
    from auditor.wording import inert  # noqa: PLC0415 - keeps --help fast

    scopes = ", ".join(f"{cloud}/{scope}" for cloud, scope, _ in facts.scopes)
    click.echo(f"Captured {scopes or 'nothing'} at depth {facts.depth} into {snapshot}.")
    for cloud, reason in facts.not_scanned:
        click.echo(inert(f"{cloud} was not scanned. {reason}"))
    click.echo(f"Judge it, offline, with: auditor evaluate {snapshot}")


def capture(values: Mapping[str, Any], snapshot: Path) -> tuple[CaptureFacts, ExitCode | None]:
    """Collects into ``snapshot``; what it holds, and the exit code of a signal that ended it early."""
    happened("started", "started to collect", command=command_line.shown())
    distributed = is_distributed(values)
    with stoppable(values["timeout"]) as stop, ExitStack() as entered:
        options = collect_options(values, stop.event)
        options = options if distributed else replace(options, earlier=earlier_run(values))
        entered.callback(options.close)
        providers, left_out = choose(values["provider"], options)
        shown = not (values["quiet"] or values["no_progress"])
        with (
            display(shown=shown, color=not values["no_color"]) as progress,
            kept_until_done(values.get("resume"), snapshot) as done,
        ):
            told = (snapshot, capture_selection(values), progress)
            noted: _Noted = {"command": command_line.shown(), "not_scanned": left_out}
            if distributed:
                how = entered.enter_context(distribution(values, options, snapshot.parent))
                facts = collect_in_units(providers, options, *told, how, **noted)
            else:
                facts = collect(providers, dict.fromkeys(providers, options), *told, **noted)
            if not facts.interrupted:
                done.append(True)
    for cloud, scope, locations in facts.scopes:
        happened("read", f"read {cloud}/{scope}", cloud=cloud.value, scope=scope, locations=list(locations))
    for cloud, reason in facts.not_scanned:
        happened("left_out", reason, cloud=cloud.value)
    return facts, stop.exit_code
