"""The body of ``auditor checks test``: what the checks of one file say of a snapshot."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from auditor import plugins
from auditor.check import Check
from auditor.cli import configuration
from auditor.cli.demo_snapshot import demo_snapshot
from auditor.cli.messages import say
from auditor.cli.selection import all_providers
from auditor.engine.audit import Verdicts, judged, reach_verdicts
from auditor.engine.causes import group
from auditor.engine.evaluate import NOT_ASKED, STATUSES, Finding
from auditor.engine.finding_rows import finding_row
from auditor.engine.remediation import PLACEHOLDER, fill, subject_values
from auditor.errors import ExitCode, NoScopeError, suggestion
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.snapshot.archive import Snapshot
from auditor.wording import inert

Rows = list[dict[str, Any]]


def judge_file(file: Path, snapshot: Path | None, as_of: datetime | None, form: str) -> int:
    """Runs the checks of a file and prints their verdicts; returns the exit code.

    Raises UsageError for a file that declares no check, NoScopeError where there is nothing for them to judge.
    """
    checks = plugins.checks_of_file(file, configuration.plugins())
    settings, prices = configuration.current().settings, configuration.current().prices.listed()
    with _judged_snapshot(checks, snapshot) as directory:
        providers = all_providers()
        capture = judged(Snapshot(directory), providers)
        verdicts = reach_verdicts(capture, providers, checks, settings, as_of.date() if as_of else None, prices=prices)
    tested = [_Tested(check, verdicts, settings.owner_tags) for check in verdicts.results.checks]
    if form == "json":
        click.echo(json.dumps([each.row() for each in tested], indent=1))
    else:
        click.echo(f"{file} on {snapshot or 'the demo accounts'}, as of {verdicts.as_of}.")
        for each in tested:
            each.print()
    _refuse_nothing(tested)
    crashed = sorted(each.check.id for each in tested if each.crashes())
    if crashed:
        say(f"{file}: {', '.join(crashed)} crashed, see ERROR above: correct the named line (exit {ExitCode.USAGE})")
    unfilled = sorted({sentence for each in tested for sentence in each.unfilled()})
    for sentence in unfilled:
        say(
            f"{file}: {sentence} auditor.check.Fix lists them; others stand in the hit's values (exit {ExitCode.USAGE})"
        )
    return ExitCode.USAGE if crashed or unfilled else ExitCode.OK


def _judged_snapshot(checks: Sequence[Check], snapshot: Path | None) -> AbstractContextManager[Path]:
    if snapshot is not None:
        return nullcontext(snapshot)
    return demo_snapshot(sorted({cloud for check in checks for cloud in check.clouds}))


def _refuse_nothing(tested: "Sequence[_Tested]") -> None:
    idle = [each.check for each in tested if not each.counts]
    if len(idle) == len(tested):
        wanted = sorted({f"{each.subject} of {cloud}" for each in idle for cloud in each.clouds})
        raise NoScopeError(
            f"Nothing was judged: the snapshot holds no {', no '.join(wanted)}. Name another with --snapshot."
        )


@dataclass(frozen=True)
class _Tested:
    """One check and its verdicts."""

    check: Check
    verdicts: Verdicts
    owner_keys: tuple[str, ...]

    @property
    def counts(self) -> Counter[Status]:
        """How many subjects got which verdict."""
        results = self.verdicts.results
        place = results.checks.index(self.check)
        codes = (row[place] for row in results.verdicts.values())
        return Counter(STATUSES[code] for code in codes if code != NOT_ASKED)

    def findings(self) -> list[Finding]:
        """Those of this check, by subject."""
        found = (finding for finding in self.verdicts.results.findings if finding.check is self.check)
        return sorted(found, key=lambda finding: (finding.subject.id, finding.hit.locus))

    def unknowns(self) -> Iterator[tuple[str, str]]:
        """Subjects without a verdict, each with what is missing."""
        results = self.verdicts.results
        for key, subjects in results.unknowns.items():
            check_id, reason, operation, permission, _ = key
            if check_id == self.check.id:
                needs = f", needs {permission}" if permission else ""
                message = f": {results.messages[key]}" if results.messages[key] else ""
                text = f"{operation or 'no call'} {reason}{needs}{message}"
                yield from ((subject, text) for subject in sorted(subjects))

    def crashes(self) -> list[tuple[str, str]]:
        """Subjects on which the check crashed or yielded what is no hit, each with how."""
        crashes = self.verdicts.results.crashes.items()
        return sorted((subject, note) for (name, note), each in crashes if name == self.check.id for subject in each)

    def _crashed(self) -> dict[str, list[str]]:
        """The subjects of each way to crash."""
        found: dict[str, list[str]] = {}
        for subject, note in self.crashes():
            found.setdefault(note, []).append(subject)
        return found

    def unfilled(self) -> Iterator[str]:
        """The placeholders of its repairs that nothing fills, each in a sentence."""
        for finding in self.findings():
            fix = self.check.fix[finding.subject.cloud]
            values = subject_values(finding.subject)
            known = {*values, "locus", *finding.hit.values, *(("of_slot",) if "slot" in values else ())}
            forms = (fix.text, finding.hit.command or fix.command, finding.hit.terraform or fix.terraform)
            asked = {name for form in forms for name in PLACEHOLDER.findall((form or "").replace("${", ""))}
            for name in sorted(asked - known):
                yield f"{{{name}}} in a repair of {self.check.id} is no placeholder{suggestion(name, sorted(known))}"

    def row(self) -> dict[str, Any]:
        """For ``--format json``."""
        causes = {each.fingerprint: cause.id for cause in group(self.findings()) for each in cause.findings}
        findings: Rows = [finding_row(each, causes[each.fingerprint], self.owner_keys) for each in self.findings()]
        unknowns = [{"subject_id": subject, "message": text} for subject, text in self.unknowns()]
        errors = [{"subject_id": subject, "message": note} for subject, note in self.crashes()]
        counts = {status.value: self.counts[status] for status in Status}
        return {
            "check_id": self.check.id,
            "verdicts": counts,
            "findings": findings,
            "unknowns": unknowns,
            "errors": errors,
        }

    def print(self) -> None:
        """The verdicts as text: those that ask for a look, the others counted."""
        told = ", ".join(f"{self.counts[status]} {status.value}" for status in Status if self.counts[status])
        total = self.counts.total()
        click.echo()
        _line(f"{self.check.id}: {self.check.title}")
        _line(f"  {total} {self.check.subject}{'' if total == 1 else 's'}: {told or 'none was judged'}")
        names = {each.id: _name(each) for each in self.verdicts.inventory.functions}
        findings = self.findings()
        for finding in findings:
            _line(f"  FAIL     {names.get(finding.subject.id, finding.subject.id)}: {finding.hit.message}")
            for item in finding.hit.evidence:
                _line(f"           {item.source}: {item.detail}")
        for subject, text in self.unknowns():
            _line(f"  UNKNOWN  {names.get(subject, subject)}: {text}")
        for text, subjects in self._crashed().items():
            others = f" and on {len(subjects) - 1} more" if len(subjects) > 1 else ""
            _line(f"  ERROR    {names.get(subjects[0], subjects[0])}{others}: {text}")
        for cloud in sorted(self.check.clouds):
            first = next((finding for finding in findings if finding.subject.cloud is cloud), None)
            if first is not None:
                fix = fill(self.check.fix[cloud], first.subject, first.hit)
                _print_fix(fix, f"{cloud}, for the first finding")


def _print_fix(remediation: dict[str, Any], where: str) -> None:
    _line(f"  Fix on {where}: {remediation['text']}")
    for form in ("command", "terraform"):
        for line in (remediation[form] or "").splitlines():
            _line(f"    {line}")


def _name(function: Function) -> str:
    return f"{function.name} ({function.scope}/{function.location})"


def _line(text: str) -> None:
    click.echo(inert(text))
