"""From a snapshot to written reports and an exit code: shared by scan, demo and evaluate."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor import plugins
from auditor.cli import configuration
from auditor.cli.gate import reasons
from auditor.cli.importing import imported, vex_documents
from auditor.cli.messages import happened, say, unread
from auditor.cli.output_directory import STANDARD_OUTPUT, Destination
from auditor.cli.remembering import remembered, usable
from auditor.cli.selection import CheckSelection, all_providers, capture_selection
from auditor.cli.signals import decided
from auditor.cli.splitting import split_by, write_accounts
from auditor.cli.summary import print_summary
from auditor.cli.telling import Telling, telling
from auditor.compliance.assess import assess
from auditor.compliance.catalogue import Framework
from auditor.engine.audit import Judging, audit, write
from auditor.engine.report import AuditReport
from auditor.engine.report_reader import DocumentReport, found_report
from auditor.errors import ExitCode, UsageError
from auditor.lifecycle import waiver_file
from auditor.lifecycle.waivers import FileWaivers, complaints
from auditor.model.severity import NEW
from auditor.reporter import AnyReporter, DirectoryReporter
from auditor.result_directory import ACCOUNTS, SNAPSHOT, kept_in
from auditor.snapshot.archive import Snapshot


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asked of the part after collection; checked before anything is collected."""

    judging: Judging
    reporters: tuple[AnyReporter, ...]
    directory: Path
    quiet: bool
    color: bool
    waivers: Path | None
    baseline: DocumentReport | None
    history: str | None
    telling: Telling
    frameworks: tuple[Framework, ...] = ()
    split: str | None = None

    @property
    def writes(self) -> set[str]:
        """The names that the reports have in the output directory."""
        return {*(reporter.filename for reporter in self.reporters), *([ACCOUNTS] if self.split else [])}


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
        values["framework"],
    )
    as_of = values.get("as_of")
    judging = Judging(
        checks=selection.choose(configuration.plugins()),
        left_out=selection.left_out(configuration.plugins()),
        settings=configured.settings,
        prices=configured.prices,
        as_of=as_of.date() if as_of else None,
        fail_on=values["fail_on"].removeprefix(NEW),
        only_new=values["fail_on"].startswith(NEW),
        fail_on_incomplete=values["fail_on_incomplete"],
        selection=selection.row(),
        narrowing=capture_selection(values),
        plugins=plugins.described(configuration.plugins(), map(Path, values["checks_dir"])),
        waivers=FileWaivers(waiver_file.read(values["waivers"])) if values["waivers"] else None,
        strict_waivers=values["strict_waivers"],
        imports=(*imported(values.get("imports") or ()), *vex_documents(values.get("vex") or ())),
    )
    if values["baseline"] and values["history"]:
        raise UsageError("--baseline and --history both say what was known before: name one of them.")
    if judging.only_new and not values["baseline"] and not values["history"]:
        raise UsageError(
            f"--fail-on {values['fail_on']} needs an earlier run to compare with: name --baseline or --history."
        )
    if judging.strict_waivers and not values["waivers"]:
        raise UsageError("--strict-waivers needs a waiver file to be strict about: name it with --waivers.")
    usable(values["history"])
    return Asked(
        judging,
        with_controls(chosen_reporters(values), values["output_dir"], assessed=bool(selection.frameworks)),
        values["output_dir"],
        values["quiet"],
        not values["no_color"],
        values["waivers"],
        found_report(values["baseline"]) if values["baseline"] else None,
        values["history"],
        telling(values),
        selection.frameworks,
        split_by(values.get("split"), values["output_dir"]),
    )


def chosen_reporters(values: Mapping[str, Any]) -> tuple[AnyReporter, ...]:
    """The reporters of ``--format``. Raises UsageError for formats that cannot be written together."""
    names = tuple(dict.fromkeys(values["formats"]))
    if not names:
        raise UsageError("--format names no format, so nothing would be written: name one, such as json.")
    if values["output_dir"] == STANDARD_OUTPUT and len(names) > 1:
        raise UsageError("--output-dir - writes one format to standard output: name it with --format, such as json.")
    reporters = tuple(plugins.reporter(name, configuration.plugins()) for name in names)
    if values["output_dir"] == STANDARD_OUTPUT and isinstance(reporters[0], DirectoryReporter):
        raise UsageError(
            f"--format {names[0]} writes a directory, which cannot go to standard output: name one with --output-dir."
        )
    files = [reporter.filename for reporter in reporters]
    for file in files:
        if files.count(file) > 1:
            raise UsageError(f"--format {', '.join(names)}: two of these formats write {file}; name one of them.")
    return reporters


def with_controls(reporters: tuple[AnyReporter, ...], directory: Path, *, assessed: bool) -> tuple[AnyReporter, ...]:
    """The reporters, and beside the CSV of findings that of controls where frameworks are ``assessed``.

    Standard output takes one document, so there it is named. Raises UsageError where it is named and none is assessed.
    """
    names = {reporter.format for reporter in reporters}
    if _CONTROLS in names and not assessed:
        raise UsageError(f"--format {_CONTROLS} has a line for each control of a framework: name one with --framework.")
    if not assessed or "csv" not in names or _CONTROLS in names or directory == STANDARD_OUTPUT:
        return reporters
    return (*reporters, plugins.reporter(_CONTROLS))


_CONTROLS = "csv-controls"


def finish(request: Asked, result: Destination, snapshot: Path, signalled: ExitCode | None = None) -> int:
    """Evaluates a snapshot, writes the reports, replaces the previous result, sums up; returns the exit code.

    ``signalled`` is the exit code of a collection that a signal ended: it wins over the report's own.
    """
    providers = all_providers()
    report = audit(Snapshot(snapshot), providers, request.judging, signalled)
    if request.frameworks:
        report.assessed(assess(report, request.frameworks, plugins.checks(), report.function_clouds))
    with remembered(report, request.baseline, request.history):
        if request.split:
            write_accounts(report, request.reporters, result.staging, request.frameworks)
        write(report, request.reporters, result.staging, report.add_error)
    result.carry([SNAPSHOT])
    with decided():  # the result says the exit code: from here on no signal changes it
        place = _placed(request, result, report, collected=snapshot.is_relative_to(result.staging))
        with unread():
            if not request.quiet and place != STANDARD_OUTPUT:
                files = [reporter.filename for reporter in request.reporters]
                print_summary(report, place, [name for name in files if (place / name).exists()], color=request.color)
        listing = frozenset(name for provider in providers.values() for name in provider.listing)
        known = [name for check in plugins.checks() for name in check.names] if report.head["waivers"] else []
        for complaint in complaints(report.head["waivers"], str(request.waivers), known):
            say(complaint)
        for failure in request.telling.tell(report):
            say(failure)
        for reason in reasons(report.head, listing, fail_on_incomplete=request.judging.fail_on_incomplete):
            say(reason)
        _log(report)
        return report.verdict.exit_code


def _log(report: AuditReport) -> None:
    head = report.head
    happened(
        "finished",
        f"finished with exit code {int(report.verdict.exit_code)}",
        exit_code=int(report.verdict.exit_code),
        complete=head["run"]["complete"],
        functions=head["totals"]["functions"],
        causes=head["totals"]["by_severity"],
        score={end: head["score"][end] for end in ("low", "high")},
    )


def _placed(request: Asked, result: Destination, report: AuditReport, *, collected: bool) -> Path:
    """Replaces the previous result, or leaves it where this one is not to replace it; returns where this one is."""
    unfinished = report.verdict.exit_code in (ExitCode.NO_SCOPE, ExitCode.INTERRUPTED, ExitCode.TERMINATED)
    if not (collected and unfinished and result.holds_result):
        result.commit()
        return request.directory
    kept = result.keep()
    said = (
        f"what was collected is not lost: {kept_in(kept)}" if kept else "nothing was collected that is worth keeping."
    )
    say(f"{request.directory} still holds the previous result; {said}")
    return kept or request.directory
