"""Parts an evaluation by account, and puts the accounts beside one another."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from auditor.analysis.ownership import owner
from auditor.engine.causes import Cause, group
from auditor.engine.evaluate import NOT_ASKED, STATUSES, Finding, Results
from auditor.engine.report_rows import rounded
from auditor.engine.score import Range, Scorer
from auditor.engine.waiving import still_open
from auditor.model.capture import CaptureFacts
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Inventory, Location, Scope
from auditor.model.severity import Severity

_OWNERS: Final = 5
_SEVERAL: Final = 2
_REACHED: Final = (Status.PASS, Status.FAIL, Status.NOT_APPLICABLE)
_MISSED: Final = (Status.UNKNOWN, Status.ERROR)


@dataclass(slots=True)
class Part:
    """What an evaluation says of one account: the same as an evaluation of that account alone."""

    results: Results
    functions: list[Function] = field(default_factory=list)
    locations: list[Location] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)

    @property
    def inventory(self) -> Inventory:
        """Its scope, its regions and its functions."""
        return Inventory(scopes=tuple(self.scopes), locations=tuple(self.locations), functions=tuple(self.functions))


def parted(inventory: Inventory, results: Results, accounts: Iterable[str]) -> dict[str, Part]:
    """The part of each account, by its id; one that holds nothing has an empty part."""
    parts: defaultdict[str, Part] = defaultdict(lambda: Part(Results(results.checks)))
    for account in accounts:
        parts[account]
    home: dict[str, str] = {}
    for function in inventory.functions:
        parts[function.scope].functions.append(function)
        home[function.id] = function.scope
    for location in inventory.locations:
        parts[location.scope].locations.append(location)
        home[location.id] = location.scope
    for scope in inventory.scopes:
        parts[scope.id].scopes.append(scope)
        home[scope.id] = scope.id
    _part_results(results, parts, home)
    return dict(parts)


def _part_results(results: Results, parts: Mapping[str, Part], home: Mapping[str, str]) -> None:
    for subject, codes in results.verdicts.items():
        parts[home[subject]].results.verdicts[subject] = codes
    for finding in results.findings:
        parts[home[finding.subject.id]].results.findings.append(finding)
    for key, subjects in results.unknowns.items():
        for subject in subjects:
            own = parts[home[subject]].results
            own.unknowns[key].append(subject)
            own.messages[key] = results.messages[key]
    for crash, subjects in results.crashes.items():
        for subject in subjects:
            parts[home[subject]].results.crashes[crash].append(subject)
    for subject, check in results.beneath:
        parts[home[subject]].results.beneath.add((subject, check))


def account_rows(
    parts: Mapping[str, Part], scopes: Sequence[Mapping[str, Any]], waived: Iterable[str], owner_keys: tuple[str, ...]
) -> list[dict[str, Any]]:
    """The rows of ``accounts``, worst first: by the high end of the score, for that is proved. Of one account: none."""
    if len(scopes) < _SEVERAL:
        return []
    closed = frozenset(waived)
    rows = [_account_row(parts[scope["id"]], scope, closed, owner_keys) for scope in scopes]
    return sorted(rows, key=_standing)


def _standing(row: Mapping[str, Any]) -> tuple[bool, float, float, str]:
    high, low = row["score"]["high"], row["score"]["low"]
    return (high is None, high or 0.0, low or 0.0, row["id"])


def _account_row(
    part: Part, scope: Mapping[str, Any], waived: frozenset[str], owner_keys: tuple[str, ...]
) -> dict[str, Any]:
    causes = still_open(group(part.results.findings), waived)
    scorer = Scorer(part.inventory, part.results, causes)
    score = scorer.account()
    named = Counter(filter(None, (owner(function, owner_keys) for function in part.functions)))
    counted = Counter(cause.severity for cause in causes)
    tally = _tally(part.results)
    reached = sum(tally[status] for status in _REACHED)
    return {
        **{key: scope[key] for key in ("id", "cloud", "scope")},
        "name": scope.get("name", ""),
        "unit": scope.get("unit", ""),
        "owners": [name for name, _ in sorted(named.items(), key=lambda each: (-each[1], each[0]))[:_OWNERS]],
        "status": scope["status"],
        "functions": len(part.functions),
        "score": {"low": rounded(score.low), "high": rounded(score.high), "grade": score.grade},
        "causes": len(causes),
        "by_severity": {severity.value: counted[severity] for severity in Severity},
        "verdicts_reached": reached,
        "verdicts_total": reached + sum(tally[status] for status in _MISSED),
        "worst": next(iter(worst_rows(part.functions, causes, scorer.function, 1)), None),
    }


def _tally(results: Results) -> Counter[Status]:
    return Counter(STATUSES[code] for codes in results.verdicts.values() for code in codes if code != NOT_ASKED)


def worst_rows(
    functions: Iterable[Function], causes: Iterable[Cause], scored: Callable[[str], Range], most: int
) -> list[dict[str, Any]]:
    """The functions with the lowest scores among those with a cause of their own, and the gravest of each.

    What is proved ranks them: what could not be read does not name the worst.
    """
    worst: dict[str, Cause] = {}
    for cause in sorted(causes, key=lambda cause: -cause.severity.rank):
        for function_id in cause.functions if not cause.of_surroundings else ():
            worst.setdefault(function_id, cause)
    named = [(function, scored(function.id)) for function in functions if function.id in worst]
    named.sort(key=lambda each: (each[1].high or 0.0, each[1].low or 0.0, -worst[each[0].id].severity.rank, each[0].id))
    return [_worst_row(function, score, worst[function.id]) for function, score in named[:most]]


def _worst_row(function: Function, score: Range, cause: Cause) -> dict[str, Any]:
    return {
        "function_id": function.id,
        "function_name": function.name,
        "cloud": function.cloud.value,
        "location": function.location,
        "low": rounded(score.low),
        "high": rounded(score.high),
        "cause": cause.id,
        "check_id": cause.check.id,
        "severity": cause.severity.value,
        "title": cause.check.title,
    }


def shared_defects(parts: Mapping[str, Part], waived: Iterable[str]) -> list[dict[str, Any]]:
    """The rows of ``shared_defects``: what was found in several accounts, gravest first, then by how many have it."""
    closed = frozenset(waived)
    found: defaultdict[str, dict[str, list[Finding]]] = defaultdict(dict)
    for account, part in parts.items():
        for finding in part.results.findings:
            if finding.fingerprint not in closed:
                found[finding.check.id].setdefault(account, []).append(finding)
    rows = [_shared_row(check, by_account) for check, by_account in found.items() if len(by_account) >= _SEVERAL]
    return sorted(rows, key=lambda row: (-Severity(row["severity"]).rank, -len(row["accounts"]), row["check_id"]))


def _shared_row(check: str, by_account: Mapping[str, list[Finding]]) -> dict[str, Any]:
    findings = [finding for part in by_account.values() for finding in part]
    accounts = sorted(by_account, key=lambda account: (-len(by_account[account]), account))
    return {
        "check_id": check,
        "title": findings[0].check.title,
        "severity": max((each.severity for each in findings), key=lambda severity: severity.rank).value,
        "accounts": accounts,
        "findings": len(findings),
        "functions": len({each.subject.id for each in findings if isinstance(each.subject, Function)}),
    }


def capture_of(capture: CaptureFacts, cloud: Cloud, scope: str) -> CaptureFacts:
    """What a capture says of one account. An error that names another account is left out, and no other error."""
    others = [name for _, name, _ in capture.scopes if name != scope]
    return replace(
        capture,
        scopes=tuple(each for each in capture.scopes if each[:2] == (cloud, scope)),
        callers=tuple(each for each in capture.callers if each[0] is cloud),
        accounts=tuple(each for each in capture.accounts if (each.cloud, each.scope) == (cloud, scope)),
        errors=tuple(text for text in capture.errors if scope in text or not any(name in text for name in others)),
        throttles=(),
        shards=(),
        sizes=(),
        not_scanned=(),
    )
