"""Compares two reports. What was not examined again is never taken for resolved.

A finding of the earlier report is resolved only where this run asked its check about its subject again, at least as
deeply and with the same settings, reached a verdict, and nothing was missing besides. It is gone where its function is
not in a list that is known to be whole. In every other case nothing is known of it: a narrowed, partial, shallower or
differently configured scan mends nothing.
"""

from collections.abc import Mapping
from typing import Any, Final

from auditor.model.capture import Depth
from auditor.model.comparison import Comparison
from auditor.model.finding import Status
from auditor.reporter import Report, Row

_CARRIED: Final = (
    *("fingerprint", "check_id", "severity", "title", "message", "subject_id", "function_name"),
    *("cloud", "account", "region"),
)
_HARMLESS: Final = frozenset({"owner_tags"})
"""Settings that change no verdict."""
_GLOBAL: Final = "global"


def compare(old: Report, new: Report) -> Comparison:
    """What became of the findings of ``old`` in ``new``."""
    known = _known(old)
    found = {str(row["fingerprint"]) for row in new.findings()}
    fate = _Fate(old, new)
    resolved, gone = [], []
    not_examined: dict[str, Mapping[str, Any]] = {}
    for mark, row in sorted(known.items()):
        if mark in found:
            continue
        why = fate.why_unknown(row)
        if why is not None:
            not_examined[mark] = {**row, "why": why}
        elif fate.is_gone(row):
            gone.append(mark)
        else:
            resolved.append(mark)
    started = str(new.head["started_at"])
    first_seen = {mark: str(known[mark]["first_seen"]) if mark in known else started for mark in sorted(found)}
    return Comparison(
        {
            "started_at": old.head["started_at"],
            "depth": old.head["run"]["depth"],
            "tool_version": old.head["tool"]["version"],
        },
        tuple(sorted(found - known.keys())),
        tuple(sorted(found & known.keys())),
        tuple(resolved),
        tuple(gone),
        not_examined,
        first_seen,
    )


def _known(old: Report) -> dict[str, dict[str, Any]]:
    """The findings that the earlier report has or carries on, with when each was first seen."""
    started = old.head["started_at"]
    carried = {str(row["fingerprint"]): dict(row) for row in old.head.get("carried", ())}
    own = {
        str(row["fingerprint"]): {**{key: row[key] for key in _CARRIED}, "first_seen": row.get("first_seen") or started}
        for row in old.findings()
    }
    return carried | own


class _Fate:
    """Why a finding of an earlier report is not in this one."""

    def __init__(self, old: Report, new: Report) -> None:
        self._run = new.head["run"]
        self._scopes = {str(row["id"]): row for row in new.head["scopes"]}
        self._verdicts = dict(new.verdicts())
        self._partial = {key: set(checks) for key, checks in new.head.get("partial_verdicts", {}).items()}
        self._renamed = {str(old_id): str(row["id"]) for row in new.head["checks"] for old_id in row.get("aliases", ())}
        self._differs = _difference(old.head["run"], self._run)

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
        return self._differs

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


def _difference(old: Row, new: Row) -> str | None:
    """What this run was asked otherwise, so that a verdict of it that passes proves nothing; None for nothing."""
    if Depth(new["depth"]).rank < Depth(old["depth"]).rank:
        return f"the depth was {new['depth']} instead of {old['depth']}"
    before, now = (
        {key: value for key, value in (run.get("settings") or {}).items() if key not in _HARMLESS} for run in (old, new)
    )
    changed = sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))
    return f"the settings differ: {', '.join(changed)}" if changed else None
