"""Compares two reports. What was not examined again is never taken for resolved.

A finding of the earlier report is resolved only where this run asked its check about its subject again, at least as
deeply and with the same settings, reached a verdict, and nothing was missing besides. It is gone where its function is
not in a list that is known to be whole. In every other case nothing is known of it: a narrowed, partial, shallower or
differently configured scan mends nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from auditor.model.capture import Depth
from auditor.model.comparison import Comparison
from auditor.model.finding import Status
from auditor.model.severity import Severity
from auditor.reporter import Report, Row

CARRIED: Final = (
    *("fingerprint", "check_id", "severity", "title", "message", "subject_id", "function_name"),
    *("cloud", "account", "region"),
)
"""The keys of a finding's row that are kept of it."""
_CAUSE: Final = "cause"
_HARMLESS: Final = frozenset({"owner_tags"})
"""Settings that change no verdict."""
_GLOBAL: Final = "global"
_WORST_ALONE: Final = frozenset({"escalation-path"})
"""Checks that report no weaker target while a graver one can be reached by the same grant: what shows once the graver
one is closed could be reached before.
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What was known before a run: the ``baseline`` it was read from, and by fingerprint a row of each finding.

    A row says besides what the finding is: ``first_seen``, and ``depth``, ``settings`` and ``as_of`` of the run that
    had it last. A run that asks less, or otherwise, than that one did proves nothing about it.
    """

    baseline: Mapping[str, Any]
    findings: Mapping[str, Mapping[str, Any]]


def known_of(old: Report) -> Known:
    """What an earlier report knew: the findings it has, and those it carried on."""
    started, run = old.head["started_at"], old.head["run"]
    carried = {str(row["fingerprint"]): dict(row) for row in old.head.get("carried", ())}
    own = {
        str(row["fingerprint"]): {**seen(row, row.get("first_seen") or started, run), _CAUSE: row.get("cause")}
        for row in old.findings()
    }
    baseline = {"started_at": started, "depth": run["depth"], "tool_version": old.head["tool"]["version"]}
    return Known(baseline, carried | own)


def seen(row: Row, first_seen: str, run: Row) -> dict[str, Any]:
    """What the next comparison needs of a finding that a run has."""
    own = {key: row[key] for key in CARRIED}
    return {
        **own,
        "first_seen": first_seen,
        "depth": run["depth"],
        "settings": dict(run.get("settings") or {}),
        "as_of": run["as_of"],
    }


def compare(known: Known, new: Report) -> Comparison:
    """What became of the known findings in a report."""
    rows = {str(row["fingerprint"]): row for row in new.findings()}
    found = rows.keys()
    fate = _Fate(new)
    resolved, gone = [], []
    not_examined: dict[str, Mapping[str, Any]] = {}
    for mark, row in sorted(known.findings.items()):
        if mark in found:
            continue
        why = fate.why_unknown(row)
        if why is not None:
            not_examined[mark] = {**{key: value for key, value in row.items() if key != _CAUSE}, "why": why}
        elif fate.is_gone(row):
            gone.append(mark)
        else:
            resolved.append(mark)
    started = str(new.head["started_at"])
    before = dict(known.findings)
    for mark in found - before.keys():
        former = _hidden_by(rows[mark], (before[each] for each in resolved))
        if former is not None:
            before[mark] = former
    return Comparison(
        known.baseline,
        tuple(sorted(found - before.keys())),
        tuple(sorted(found & before.keys())),
        tuple(resolved),
        tuple(gone),
        not_examined,
        {mark: str(before[mark]["first_seen"]) if mark in before else started for mark in sorted(found)},
        _closed(before, resolved, gone),
    )


def _hidden_by(row: Row, resolved: Iterable[Row]) -> Row | None:
    """The graver finding of the same check, subject and cause, now resolved, that kept this one from being told."""
    if row["check_id"] not in _WORST_ALONE or not row.get("cause"):
        return None
    place = tuple(row[key] for key in ("check_id", "subject_id", "cause"))
    rank = Severity(row["severity"]).rank
    return next(
        (
            each
            for each in resolved
            if (each["check_id"], each["subject_id"], each.get(_CAUSE)) == place
            and Severity(each["severity"]).rank > rank
        ),
        None,
    )


def _closed(before: Mapping[str, Row], resolved: Iterable[str], gone: Iterable[str]) -> dict[str, Row]:
    """What a reader is shown of the findings that are no longer there."""
    fates = dict.fromkeys(resolved, "resolved") | dict.fromkeys(gone, "gone")
    return {
        mark: {**{key: before[mark][key] for key in (*CARRIED, "first_seen")}, "how": how}
        for mark, how in fates.items()
    }


class _Fate:
    """Why a known finding is not in a report."""

    def __init__(self, new: Report) -> None:
        self._run = new.head["run"]
        self._scopes = {str(row["id"]): row for row in new.head["scopes"]}
        self._verdicts = dict(new.verdicts())
        self._partial = {key: set(checks) for key, checks in new.head.get("partial_verdicts", {}).items()}
        self._renamed = {str(old_id): str(row["id"]) for row in new.head["checks"] for old_id in row.get("aliases", ())}

    def why_unknown(self, row: Row) -> str | None:
        """Why nothing is known of it; None where this run says what became of it."""
        subject, name = str(row["subject_id"]), str(row["check_id"])
        check = self._renamed.get(name, name)
        if subject not in self._verdicts:
            return self._why_unlisted(row)
        status = self._verdicts[subject].get(check)
        if status is None:
            return "its check was not run"
        if status in (Status.UNKNOWN, Status.NOT_EXAMINED, Status.ERROR):
            return f"the verdict is {status}"
        if check in self._partial.get(subject, ()):
            return "an answer was missing"
        return _difference(row, self._run)

    def _why_unlisted(self, row: Row) -> str | None:
        narrowed = [name for name in ("function", "tag") if self._run["selection"].get(name)]
        scope = self._scopes.get(f"{row['cloud']}/{row['account']}")
        if narrowed and row["function_name"] is not None:
            return f"the run was narrowed with --{narrowed[0]}"
        if self._run["interrupted"]:
            return "the run was interrupted"
        if scope is None:
            return "its account was not scanned"
        if scope["status"] == "unreadable":
            return "its account could not be read"
        region, unlisted = row["region"], scope.get("unlisted", ())
        if region is not None and (region in unlisted or _GLOBAL in unlisted):
            return "the list of functions is not whole"
        if region is not None and row["cloud"] == "aws" and region not in scope["locations"]:
            return "its region was not scanned"
        return None

    def is_gone(self, row: Row) -> bool:
        """Whether what it was found on is not there any more."""
        return str(row["subject_id"]) not in self._verdicts


def _difference(row: Row, run: Row) -> str | None:
    """What a run was asked otherwise than the one that had a finding: then a pass proves nothing. None: nothing."""
    if Depth(run["depth"]).rank < Depth(row["depth"]).rank:
        return f"the depth was {run['depth']} instead of {row['depth']}"
    if run["as_of"] < row.get("as_of", ""):
        return f"dates were judged as of {run['as_of']}, before {row['as_of']}"
    before, now = (
        {key: value for key, value in (each or {}).items() if key not in _HARMLESS}
        for each in (row["settings"], run.get("settings"))
    )
    changed = sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
    return f"the settings differ: {', '.join(changed)}" if changed else None
