"""Builds the finished report: its head at once, its rows on demand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor import __version__
from auditor.analysis.lifecycle import data_as_of
from auditor.analysis.ownership import owner
from auditor.check import Check
from auditor.engine.coverage import Coverage
from auditor.engine.evaluate import NOT_ASKED, STATUSES, Finding, Results
from auditor.engine.remediation import fill
from auditor.engine.report_rows import function_row, rounded
from auditor.engine.score import Driver, Range, Scorer
from auditor.errors import ExitCode
from auditor.model.capture import CaptureFacts
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.ids import Cloud, scope_id
from auditor.model.inventory import Inventory, Scope
from auditor.model.observed import Known
from auditor.model.severity import Severity
from auditor.reporter import Row

SCHEMA_VERSION = "1"
_WORST = 5


@dataclass(frozen=True, slots=True)
class RunFacts:
    """How the audit was asked for: selection, gate, date; ``listing`` are the operations that list functions,
    ``owner_keys`` the tag keys that name an owner.

    ``settings`` are those that differ from their defaults; ``plugins`` whose code took part, with name, version and
    sha256.
    ``signalled`` is the exit code that a signal brought about.
    """

    selection: Mapping[str, Any]
    as_of: str
    fail_on: str
    fail_on_incomplete: bool
    listing: frozenset[str]
    owner_keys: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    plugins: tuple[Mapping[str, Any], ...] = ()
    signalled: ExitCode | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the run ended."""

    gate_passed: bool
    complete: bool
    exit_code: ExitCode


class AuditReport:
    """Implements :class:`auditor.reporter.Report` over the results of one evaluation."""

    def __init__(
        self, capture: CaptureFacts, inventory: Inventory, results: Results, coverage: Coverage, run: RunFacts
    ) -> None:
        self._inventory = inventory
        self._owner_keys = run.owner_keys
        self._results = results
        self._functions = tuple(sorted(inventory.functions, key=lambda function: function.id))
        self._scorer = Scorer(inventory, results)
        self._scores = {function.id: self._scorer.function(function.id) for function in self._functions}
        self._findings = sorted(results.findings, key=_order)
        self.errors = _errors(capture, results)
        self.tally = _tally(results)
        self._scope_rows = _scopes(inventory, capture, coverage, run.listing)
        self.score = self._scorer.account(self._scores)
        self._sources = (capture, coverage, run)
        self.verdict = self._judge(coverage, run)
        self._head = self._build_head(capture, coverage, run)

    def add_error(self, sentence: str) -> None:
        """Notes something that went wrong after the evaluation: the run is incomplete by it."""
        capture, coverage, run = self._sources
        self.errors.append(sentence)
        self.verdict = self._judge(coverage, run)
        self._head = self._build_head(capture, coverage, run)

    @property
    def head(self) -> Row:
        return self._head

    def functions(self) -> Iterator[Row]:
        for function in self._functions:
            yield function_row(function, self._scores[function.id], self._scorer.points(function.id), self._owner_keys)

    def verdicts(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        names = [check.id for check in self._results.checks]
        words = [status.value for status in STATUSES]
        for subject in sorted(self._results.verdicts):
            codes = self._results.verdicts[subject]
            yield (
                subject,
                {name: words[code] for name, code in zip(names, codes, strict=True) if code != NOT_ASKED},
            )

    def findings(self) -> Iterator[Row]:
        for finding in self._findings:
            yield finding_row(finding, self._owner_keys)

    def _judge(self, coverage: Coverage, run: RunFacts) -> Verdict:
        complete = (
            coverage.complete
            and bool(self._scope_rows)
            and not self.errors
            and self.tally[Status.UNKNOWN] == 0
            and self.tally[Status.ERROR] == 0
            and all(row["status"] == "read" for row in self._scope_rows)
        )
        gate_passed = run.fail_on == "none" or not any(
            finding.severity.at_least(Severity(run.fail_on)) for finding in self._findings
        )
        if run.signalled is not None:
            code = run.signalled
        elif not self._scope_rows or all(row["status"] == "unreadable" for row in self._scope_rows):
            code = ExitCode.NO_SCOPE
        elif not gate_passed:
            code = ExitCode.GATE_FAILED
        elif run.fail_on_incomplete and not complete:
            code = ExitCode.INCOMPLETE
        else:
            code = ExitCode.OK
        return Verdict(gate_passed, complete, code)

    def _build_head(self, capture: CaptureFacts, coverage: Coverage, run: RunFacts) -> dict[str, Any]:
        reached = sum(self.tally[status] for status in (Status.PASS, Status.FAIL, Status.NOT_APPLICABLE))
        total = reached + self.tally[Status.UNKNOWN] + self.tally[Status.ERROR]
        return {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": "serverless-auditor", "version": __version__},
            "started_at": capture.started_at,
            "finished_at": capture.finished_at,
            "data_as_of": data_as_of(),
            "run": {
                "depth": capture.depth.value,
                "settings": dict(run.settings),
                "caller": {cloud.value: ", ".join(names) for cloud, names in _callers(capture)},
                "command": capture.command,
                "plugins": list(run.plugins),
                "clouds_not_scanned": [
                    {"cloud": cloud.value, "reason": reason} for cloud, reason in sorted(capture.not_scanned)
                ],
                "selection": dict(run.selection),
                "as_of": run.as_of,
                "gate": {"fail_on": run.fail_on, "passed": self.verdict.gate_passed},
                "complete": self.verdict.complete,
                "exit_code": self.verdict.exit_code,
                "interrupted": capture.interrupted,
                "errors": self.errors,
            },
            "scopes": self._scope_rows,
            "coverage": {
                "operations": coverage.operations(),
                "gaps": self._gap_rows(coverage, run),
                "throttles": dict(capture.throttles),
                "verdicts_reached": reached,
                "verdicts_total": total,
                "complete": self.verdict.complete,
            },
            "score": self._score_row(),
            "totals": self._totals(),
            "worst": self._worst(),
            "unknowns": _unknowns(self._results),
            "checks": self._check_rows(),
        }

    def _check_rows(self) -> list[dict[str, Any]]:
        """The checks that have a verdict here, with the texts of those that failed."""
        results = self._results
        asked = [
            any(codes[place] != NOT_ASKED for codes in results.verdicts.values())
            for place in range(len(results.checks))
        ]
        failed = {finding.check.id for finding in self._findings}
        rows = []
        for check, has_verdict in zip(results.checks, asked, strict=True):
            if has_verdict:
                row = check_row(check)
                del row["remediation"]  # each finding holds it, filled in
                if check.id not in failed:
                    del row["summary"], row["why"], row["references"]
                rows.append(row)
        return rows

    def _gap_rows(self, coverage: Coverage, run: RunFacts) -> list[dict[str, Any]]:
        """The gaps, each with whether a verdict of this report, or its list of functions, waits for that operation."""
        needed = {*run.listing, *(operation for _, _, operation, _, _ in self._results.unknowns)}
        return [{**row, "needed": row["operation"] in needed} for row in coverage.gap_rows()]

    def _score_row(self) -> dict[str, Any]:
        drivers = self._scorer.drivers(tuple(self._scores))
        return {
            "low": rounded(self.score.low),
            "high": rounded(self.score.high),
            "grade": self.score.grade,
            "grade_high": self.score.grade_high,
            "drivers": [_driver_row(driver, len(self._scores)) for driver in drivers],
        }

    def _totals(self) -> dict[str, Any]:
        severities = dict.fromkeys((severity.value for severity in Severity), 0)
        for finding in self._findings:
            severities[finding.severity.value] += 1
        return {
            "functions": len(self._functions),
            "findings": len(self._findings),
            "by_severity": severities,
            "verdicts": {status.value: self.tally[status] for status in Status},
        }

    def function_score(self, function: Function) -> Range:
        """The score of one function."""
        return self._scores[function.id]

    def _worst(self) -> list[dict[str, Any]]:
        """The functions with the lowest scores among those with a finding, and the check that took most from each.

        Of functions that stand at zero alike, the one that lost most comes first.
        """
        failing = {finding.subject.id for finding in self._findings if isinstance(finding.subject, Function)}
        named = sorted(
            (function for function in self._functions if function.id in failing),
            key=lambda function: self._scores[function.id].low or 0,
        )
        last = self._scores[named[_WORST - 1].id].low or 0 if len(named) >= _WORST else 100
        tied = [function for function in named if (self._scores[function.id].low or 0) <= last]
        tied.sort(key=lambda f: (self._scores[f.id].low or 0, -self._lost(f.id), f.id))
        return [self._worst_row(function) for function in tied[:_WORST]]

    def _lost(self, function_id: str) -> float:
        failed = (point.points for point in self._scorer.points(function_id) if point.status is Status.FAIL)
        return sum(failed)

    def _worst_row(self, function: Function) -> dict[str, Any]:
        mine = (finding for finding in self._findings if finding.subject is function)
        finding = min(mine, key=lambda found: (-found.severity.rank, found.check.id))
        score = self._scores[function.id]
        return {
            "function_id": function.id,
            "function_name": function.name,
            "location": function.location,
            "low": rounded(score.low),
            "high": rounded(score.high),
            "check_id": finding.check.id,
            "severity": finding.severity.value,
            "title": finding.check.title,
        }


def finding_row(finding: Finding, owner_keys: tuple[str, ...]) -> dict[str, Any]:
    """One row of ``findings``: complete in itself, so that a line of CSV or jq needs no join."""
    check, hit, subject = finding.check, finding.hit, finding.subject
    function = subject if isinstance(subject, Function) else None
    account = subject.id if isinstance(subject, Scope) else subject.scope
    return {
        "fingerprint": finding.fingerprint,
        "check_id": check.id,
        "risk": check.risk.value,
        "status": Status.FAIL.value,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "title": check.title,
        "message": hit.message,
        "function_id": function.id if function else None,
        "function_name": function.name if function else None,
        "cloud": subject.cloud.value,
        "account": account.partition("/")[2],
        "region": None if isinstance(subject, Scope) else subject.location,
        "owner": owner(function, owner_keys) if function else None,
        "tags": dict(function.tags.value) if function and isinstance(function.tags, Known) else {},
        "subject_id": subject.id,
        "resource_id": finding.resource_id,
        "locus": hit.locus,
        "evidence": [{"source": item.source, "detail": item.detail} for item in hit.evidence],
        "remediation": fill(check.fix[subject.cloud], subject, hit),
        "controls": list(check.controls),
        "cwe": check.cwe,
        "waived": None,
    }


def check_row(check: Check) -> dict[str, Any]:
    """One row of ``checks``, and the metadata of ``auditor checks list --format json``."""
    return {
        "id": check.id,
        "title": check.title,
        "summary": check.summary,
        "why": check.why,
        "risk": check.risk.value,
        "severity": check.severity.value,
        "confidence": check.confidence.value,
        "profile_level": check.profile_level.value,
        "subject": check.subject.value,
        "clouds": sorted(cloud.value for cloud in check.clouds),
        "cwe": check.cwe,
        "controls": list(check.controls),
        "covers": list(check.covers),
        "references": list(check.references),
        "remediation": {
            cloud.value: {
                "text": fix.text,
                "command": fix.command,
                "terraform": fix.terraform,
                "no_command": fix.no_command,
                "no_terraform": fix.no_terraform,
            }
            for cloud, fix in sorted(check.fix.items())
        },
    }


def _order(finding: Finding) -> tuple[int, str, str, str, str]:
    return (-finding.severity.rank, finding.check.id, finding.subject.id, finding.hit.locus, finding.resource_id)


def _driver_row(driver: Driver, functions: int) -> dict[str, Any]:
    alone = driver.functions[0] if len(driver.functions) == 1 else None
    share = f"1 of {functions} functions" if alone else f"{len(driver.functions)} of {functions} functions"
    return {
        "check_id": driver.check.id,
        "function_id": alone,
        "points": round(driver.points, 2),
        "text": f"{driver.check.title}: on {share}, takes {driver.points:.1f} points from the score",
    }


def _tally(results: Results) -> dict[Status, int]:
    tally = dict.fromkeys(Status, 0)
    for codes in results.verdicts.values():
        for index, status in enumerate(STATUSES):
            tally[status] += codes.count(index)
    return tally


def _errors(capture: CaptureFacts, results: Results) -> list[str]:
    crashes = [
        f"The check {check} crashed ({note}) on {len(subjects)} subject(s); their verdicts are ERROR."
        for (check, note), subjects in sorted(results.crashes.items())
    ]
    return [*capture.errors, *crashes]


def _callers(capture: CaptureFacts) -> list[tuple[Cloud, list[str]]]:
    clouds = sorted({cloud for cloud, _ in capture.callers})
    return [(each, [caller for cloud, caller in capture.callers if cloud is each]) for each in clouds]


def _scopes(
    inventory: Inventory, capture: CaptureFacts, coverage: Coverage, listing: frozenset[str]
) -> list[dict[str, Any]]:
    read = {scope.id: scope for scope in inventory.scopes}
    rows = []
    for cloud, name, locations in capture.scopes:
        key = scope_id(cloud, name)
        known = read[key].locations if key in read else locations
        rows.append(
            {
                "id": key,
                "cloud": cloud.value,
                "scope": name,
                "locations": sorted(known),
                "status": coverage.scope_status(cloud, name, listing),
            }
        )
    return sorted(rows, key=lambda row: str(row["id"]))


def _unknowns(results: Results) -> list[dict[str, Any]]:
    rows = [
        {
            "check_id": check_id,
            "operation": operation,
            "permission": permission,
            "reason": reason.value,
            "message": results.messages[key],
            "subjects": sorted(subjects),
        }
        for key, subjects in results.unknowns.items()
        for check_id, reason, operation, permission, _ in (key,)
    ]
    order = ("check_id", "operation", "reason", "permission", "message")
    return sorted(rows, key=lambda row: tuple(row[name] or "" for name in order))
