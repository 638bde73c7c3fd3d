"""Builds the finished report: its head at once, its rows on demand."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from auditor import __version__
from auditor.analysis.cost.prices import SHIPPED
from auditor.analysis.cost.reckoned import Ceilings
from auditor.analysis.graph.build import build as build_graph
from auditor.analysis.graph.export import rows as graph_rows
from auditor.analysis.lifecycle import data_as_of
from auditor.check import Check
from auditor.config import CheckSettings
from auditor.engine.accounts import account_rows, capture_of, parted, shared_defects, worst_rows
from auditor.engine.causes import Cause, group
from auditor.engine.coverage import Coverage
from auditor.engine.evaluate import NOT_ASKED, STATUSES, Finding, Results
from auditor.engine.finding_rows import cause_row, change_row, check_row, driver_row, finding_row
from auditor.engine.fleet_rows import organization_row
from auditor.engine.path_rows import path_rows
from auditor.engine.permission_grants import gap_help
from auditor.engine.plan import gains, plan
from auditor.engine.report_rows import function_row, rounded
from auditor.engine.score import Range, Scorer
from auditor.engine.spend import Spend
from auditor.engine.traits import Traits
from auditor.engine.waiving import SettledWaivers, still_open, waived
from auditor.errors import ExitCode
from auditor.model.capture import CaptureFacts
from auditor.model.comparison import Comparison
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.ids import Cloud, scope_id
from auditor.model.inventory import Inventory
from auditor.model.severity import Severity
from auditor.model.waiver import Waivers
from auditor.reporter import Row

SCHEMA_VERSION = "1"
_WORST = 5


@dataclass(frozen=True, slots=True)
class RunFacts:
    """How the audit was asked for: selection, gate, date; ``listing`` are the operations that list functions,
    ``owner_keys`` the tag keys that name an owner.

    ``settings`` and ``changed_prices`` are those that differ from their defaults; ``plugins`` whose code took part,
    with name, version and sha256.
    ``signalled`` is the exit code that a signal brought about. ``strict_waivers``: an entry of the waiver file that
    has expired, matches nothing or waives too much fails the run. ``only_new``: the gate looks at what an earlier
    report does not have. ``left_out`` are the checks that would show a trait and were not to be run.
    """

    selection: Mapping[str, Any]
    as_of: str
    fail_on: str
    fail_on_incomplete: bool
    listing: frozenset[str]
    owner_keys: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    ceilings: Ceilings = field(default_factory=lambda: Ceilings(SHIPPED, CheckSettings().spend_per_hour))
    changed_prices: Mapping[str, Any] = field(default_factory=dict)
    plugins: tuple[Mapping[str, Any], ...] = ()
    signalled: ExitCode | None = None
    waivers: Waivers | None = None
    strict_waivers: bool = False
    only_new: bool = False
    left_out: tuple[Check, ...] = ()


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
        self._causes = group(results.findings)
        self._cause_of = {finding.fingerprint: cause for cause in self._causes for finding in cause.findings}
        self._today = date.fromisoformat(run.as_of)
        self._waived = waived(self._causes, run.waivers, self._today)
        self._open = still_open(self._causes, self._waived)
        self._scorer = Scorer(inventory, results, self._open)
        self._scores = {function.id: self._scorer.function(function.id) for function in self._functions}
        self._findings = sorted(results.findings, key=_order)
        self.errors = _errors(capture, results)
        self.tally = _tally(results)
        self._scope_rows = _scopes(inventory, capture, coverage, run.listing)
        self.score = self._scorer.account()
        self._parts = parted(inventory, results, [row["id"] for row in self._scope_rows])
        self._account_rows = account_rows(self._parts, self._scope_rows, self._waived, run.owner_keys)
        self._directories: Mapping[str, str] = {}
        self._gains = gains(self._open, self._scorer)
        self._plan = plan(self._open, self._scorer, self._gains)
        self._traits = Traits(results, self._functions, run.left_out)
        self._graph = graph_rows(build_graph(inventory))
        self._comparison: Comparison | None = None
        self._past: Sequence[Row] = ()
        self._frameworks: list[dict[str, Any]] = []
        self._sources = (capture, coverage, run)
        self.verdict = self._judge(coverage, run)
        self._spend = Spend(inventory, run.ceilings)
        self._head = self._build_head(capture, coverage, run)

    def add_error(self, sentence: str) -> None:
        """Notes something that went wrong after the evaluation: the run is incomplete by it."""
        capture, coverage, run = self._sources
        self.errors.append(sentence)
        self.verdict = self._judge(coverage, run)
        self._head = self._build_head(capture, coverage, run)

    def compared(self, comparison: Comparison, past: Sequence[Row] = ()) -> None:
        """Takes in what became of an earlier run's findings: when each was first seen, and the gate on new ones.

        ``past`` are the figures of the runs before this one, oldest first.
        """
        self._comparison, self._past = comparison, past
        capture, coverage, run = self._sources
        self.verdict = self._judge(coverage, run)
        self._head = self._build_head(capture, coverage, run)

    def assessed(self, frameworks: list[dict[str, Any]]) -> None:
        """Takes in the rows of :func:`auditor.compliance.assess.assess` of the frameworks that were asked for."""
        self._frameworks = frameworks
        capture, coverage, run = self._sources
        self._head = self._build_head(capture, coverage, run)

    @property
    def function_clouds(self) -> dict[str, Cloud]:
        """The cloud of each function by its id."""
        return {function.id: function.cloud for function in self._functions}

    @property
    def head(self) -> Row:
        return self._head

    @property
    def digests(self) -> Mapping[str, str]:
        return {}

    def functions(self) -> Iterator[Row]:
        for function in self._functions:
            score, points = self._scores[function.id], self._scorer.points(function.id)
            row = function_row(function, score, points, self._owner_keys)
            yield {**row, **self._traits.row(function.id), "ceiling": self._spend.row(function)}

    def paths(self) -> Iterator[Row]:
        found: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in self._findings:
            if finding.hit.path is not None:
                found[finding.subject.id].append(finding)
        for function in self._functions:
            yield from path_rows(function, found.get(function.id, ()))

    def verdicts(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        names = [check.id for check in self._results.checks]
        words = [status.value for status in STATUSES]
        for subject in sorted(self._results.verdicts):
            codes = self._results.verdicts[subject]
            yield (
                subject,
                {name: words[code] for name, code in zip(names, codes, strict=True) if code != NOT_ASKED},
            )

    def causes(self) -> Iterator[Row]:
        left = {cause.id: cause for cause in self._open}
        for cause in self._causes:
            weighed = left.get(cause.id, cause)  # a cause that is waived in part is as grave as what is left of it
            row = cause_row(cause, self._gains.get(cause.id, 0.0))
            yield {
                **row,
                "severity": weighed.severity.value,
                "confidence": weighed.confidence.value,
                "waived": cause.id not in left,
            }

    def findings(self) -> Iterator[Row]:
        carried = self._sources[1].carried
        for finding in self._findings:
            row = finding_row(finding, self._cause_of[finding.fingerprint].id, self._owner_keys)
            carried.date_evidence(row)
            waiver = self._waived.get(finding.fingerprint)
            since = self._comparison.first_seen.get(finding.fingerprint) if self._comparison else None
            yield {**row, "waived": waiver.row() if waiver else None, "first_seen": since}

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
            cause.severity.at_least(Severity(run.fail_on)) for cause in self._gated(run)
        )
        if run.signalled is not None:
            code = run.signalled
        elif not self._scope_rows or all(row["status"] == "unreadable" for row in self._scope_rows):
            code = ExitCode.NO_SCOPE
        elif run.strict_waivers and self._waiver_faults(run):
            code = ExitCode.USAGE
        elif not gate_passed:
            code = ExitCode.GATE_FAILED
        elif run.fail_on_incomplete and not complete:
            code = ExitCode.INCOMPLETE
        else:
            code = ExitCode.OK
        return Verdict(gate_passed, complete, code)

    def _gated(self, run: RunFacts) -> tuple[Cause, ...]:
        """The causes that the gate looks at: where it asks for new ones, those of findings that the baseline lacks."""
        if not run.only_new or self._comparison is None:
            return self._open
        new = frozenset(self._comparison.new)
        old = (each.fingerprint for each in self._findings if each.fingerprint not in new)
        return still_open(self._open, old)

    def _waiver_faults(self, run: RunFacts) -> bool:
        """Whether an entry of the waiver file has expired, matches nothing or waives too much."""
        return run.waivers is not None and any(row["status"] != "active" for row in run.waivers.rows(self._today))

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
                "prices": dict(run.changed_prices),
                "caller": _callers(capture),
                "command": capture.command,
                "plugins": list(run.plugins),
                "clouds_not_scanned": [
                    {"cloud": cloud.value, "reason": reason} for cloud, reason in sorted(capture.not_scanned)
                ],
                "selection": dict(run.selection),
                "as_of": run.as_of,
                "gate": {
                    "fail_on": run.fail_on,
                    "only_new": run.only_new,
                    "passed": self.verdict.gate_passed,
                    "by_severity": _by_severity(cause.severity for cause in self._gated(run)),
                },
                "complete": self.verdict.complete,
                "exit_code": self.verdict.exit_code,
                "interrupted": capture.interrupted,
                **organization_row(capture.accounts, self._scope_rows),
                **coverage.carried.row(),
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
            "summary": self._traits.summary(),
            "score": self._score_row(),
            "totals": self._totals(),
            "graph": self._graph,
            "plan": [change_row(rank, change) for rank, change in enumerate(self._plan, 1)],
            "worst": worst_rows(self._functions, self._open, self._scores.__getitem__, _WORST),
            **self._accounts(),
            "spend": self._spend.head(),
            "waivers": run.waivers.rows(self._today) if run.waivers else [],
            "unknowns": _unknowns(self._results),
            "partial_verdicts": _partial(self._results),
            **(self._comparison.row() if self._comparison else {}),
            **({"history": list(self._past)} if self._past else {}),
            **({"frameworks": self._frameworks} if self._frameworks else {}),
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
        """The gaps, each with what to do, and whether a verdict, or the list of functions, waits for that operation."""
        needed = {*run.listing, *(operation for _, _, operation, _, _ in self._results.unknowns)}
        callers = _callers(self._sources[0])
        rows = []
        for row in coverage.gap_rows():
            said, command = gap_help(row, callers)
            rows.append({**row, "needed": row["operation"] in needed, "advice": said, "grant": command})
        return rows

    def _score_row(self) -> dict[str, Any]:
        drivers = self._scorer.drivers(self._open)
        return {
            "low": rounded(self.score.low),
            "high": rounded(self.score.high),
            "grade": self.score.grade,
            "grade_high": self.score.grade_high,
            "drivers": [driver_row(driver, len(self._scores)) for driver in drivers],
        }

    def _totals(self) -> dict[str, Any]:
        return {
            "functions": len(self._functions),
            "causes": len(self._open),
            "findings": len(self._findings),
            "by_severity": _by_severity(cause.severity for cause in self._open),
            "findings_by_severity": _by_severity(finding.severity for finding in self._findings),
            "waived": {"causes": len(self._causes) - len(self._open), "findings": len(self._waived)},
            "by_cloud": _by_group((cause.lead.subject.cloud.value, cause.severity) for cause in self._open),
            "by_risk": _by_group((cause.check.risk.value, cause.severity) for cause in self._open),
            "verdicts": {status.value: self.tally[status] for status in Status},
        }

    def function_score(self, function: Function) -> Range:
        """The score of one function."""
        return self._scores[function.id]

    def _accounts(self) -> dict[str, Any]:
        """The keys that put the accounts beside one another, where there are several."""
        if not self._account_rows:
            return {}
        return {
            "accounts": [{**row, "directory": self._directories.get(row["id"], "")} for row in self._account_rows],
            "shared_defects": shared_defects(self._parts, self._waived),
        }

    def split(self, directories: Mapping[str, str]) -> None:
        """Takes in where the reports of its accounts are, by account."""
        self._directories = directories
        self._head = self._build_head(*self._sources)

    def by_account(self) -> Iterator[tuple[str, "AuditReport"]]:
        """The report of each account alone, in the order of ``scopes``: what an audit of that account would say."""
        capture, coverage, run = self._sources
        coverages = coverage.by_scope()
        rows = run.waivers.rows(self._today) if run.waivers else []
        for row in self._scope_rows:
            cloud, name = Cloud(row["cloud"]), row["scope"]
            part = self._parts[row["id"]]
            marks = {finding.fingerprint for finding in part.results.findings}
            settled = SettledWaivers(self._waived, marks, rows) if run.waivers else None
            alone = AuditReport(
                capture_of(capture, cloud, name),
                part.inventory,
                part.results,
                coverages.get((cloud, name)) or Coverage({}, {}),
                replace(run, waivers=settled, strict_waivers=False),
            )
            if self._comparison is not None:
                alone.compared(self._comparison.alone(cloud, name, marks))
            yield row["id"], alone


def _by_severity(found: Iterable[Severity]) -> dict[str, int]:
    counted = Counter(found)
    return {severity.value: counted[severity] for severity in Severity}


def _by_group(found: Iterable[tuple[str, Severity]]) -> dict[str, dict[str, int]]:
    groups: defaultdict[str, list[Severity]] = defaultdict(list)
    for name, severity in found:
        groups[name].append(severity)
    return {name: _by_severity(groups[name]) for name in sorted(groups)}


def _order(finding: Finding) -> tuple[int, str, str, str, str]:
    return (-finding.severity.rank, finding.check.id, finding.subject.id, finding.hit.locus, finding.resource_id)


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


def _callers(capture: CaptureFacts) -> dict[str, str]:
    clouds = sorted({cloud for cloud, _ in capture.callers})
    return {each.value: ", ".join(caller for cloud, caller in capture.callers if cloud is each) for each in clouds}


def _scopes(
    inventory: Inventory, capture: CaptureFacts, coverage: Coverage, listing: frozenset[str]
) -> list[dict[str, Any]]:
    read = {scope.id: scope for scope in inventory.scopes}
    told = {scope_id(account.cloud, account.scope): account for account in capture.accounts}
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
                "unlisted": coverage.unlisted(cloud, name, listing),
                **coverage.carried.scope_row(cloud, name),
                **({"name": told[key].name, "unit": told[key].unit} if key in told else {}),
            }
        )
    return sorted(rows, key=lambda row: str(row["id"]))


def _partial(results: Results) -> dict[str, list[str]]:
    """By subject, the checks that fail and of which an answer is missing besides."""
    found: dict[str, list[str]] = {}
    for subject, check_id in sorted(results.beneath):
        found.setdefault(subject, []).append(check_id)
    return found


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
