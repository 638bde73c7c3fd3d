"""Matches findings with the entries of a waiver file, and says what became of each entry."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any

from auditor.errors import suggestion
from auditor.model.waiver import Waived, WaiverEntry, WaiverTarget


class EntryStatus(StrEnum):
    """What became of an entry. All but ACTIVE want somebody to look at the file."""

    ACTIVE = "active"
    EXPIRED = "expired"
    UNMATCHED = "unmatched"
    OVER_BROAD = "over-broad"


class FileWaivers:
    """Implements :class:`auditor.model.waiver.Waivers` over the entries of a file.

    Of several entries that match, the first that has not expired counts. An expired entry still says what it would
    match, so that its expiry is told and not taken for an entry nobody needs. An entry is over-broad where it names
    neither a finding, nor a cause, nor one check, and waives what several checks found.
    """

    def __init__(self, entries: Sequence[WaiverEntry]) -> None:
        self._entries = tuple(enumerate(entries, 1))
        self._counts: Counter[int] = Counter()
        self._checks: defaultdict[int, set[str]] = defaultdict(set)
        self._shadowed: set[int] = set()

    def match(self, target: WaiverTarget, today: date) -> Waived | None:
        """The waiver of a finding on a day; None where there is none that counts."""
        found = None
        for number, entry in self._entries:
            if not matches(entry, target):
                continue
            counts = entry.expires >= today
            if counts and found is not None:  # an entry before it waives the finding already
                self._shadowed.add(number)
                continue
            if counts:
                found = Waived(number, entry.reason, entry.expires, entry.owner, entry.ticket)
            self._counts[number] += 1
            self._checks[number].add(target.checks[0])
        return found

    def rows(self, today: date) -> list[dict[str, Any]]:
        """What became of each entry, in the order of the file."""
        return [
            {
                "entry": number,
                "match": entry.matching,
                "reason": entry.reason,
                "expires": entry.expires.isoformat(),
                "owner": entry.owner,
                "ticket": entry.ticket,
                "status": self._status(number, entry, today).value,
                "findings": self._counts[number],
                "shadowed": number in self._shadowed and not self._counts[number],
            }
            for number, entry in self._entries
        ]

    def _status(self, number: int, entry: WaiverEntry, today: date) -> EntryStatus:
        if entry.expires < today:
            return EntryStatus.EXPIRED
        if not self._counts[number]:
            return EntryStatus.UNMATCHED
        named = entry.fingerprint or entry.cause or (entry.check and not _is_glob(entry.check))
        return EntryStatus.ACTIVE if named or len(self._checks[number]) < _SEVERAL else EntryStatus.OVER_BROAD


_SEVERAL = 2


def matches(entry: WaiverEntry, target: WaiverTarget) -> bool:
    """Whether an entry is about a finding: everything it names has to match."""
    return all(_answers(entry, target))


def _answers(entry: WaiverEntry, target: WaiverTarget) -> Iterator[bool]:
    if entry.fingerprint is not None:
        yield entry.fingerprint == target.fingerprint
    if entry.cause is not None:
        yield entry.cause == target.cause
    if entry.check is not None:
        yield any(fnmatchcase(name, entry.check) for name in target.checks)
    if entry.scope is not None:
        yield any(fnmatchcase(name, entry.scope) for name in (target.scope, target.scope.partition("/")[2]))
    if entry.location is not None:
        yield bool(target.location) and fnmatchcase(target.location, entry.location)
    if entry.function is not None:
        yield bool(target.function) and fnmatchcase(target.function, entry.function)
    if entry.tag is not None:
        key, equals, value = entry.tag.partition("=")
        yield key in target.tags and (not equals or target.tags[key] == value)


def _is_glob(name: str) -> bool:
    return not {*"*?["}.isdisjoint(name)


def complaints(rows: Sequence[dict[str, Any]], file: str, checks: Collection[str] = ()) -> Iterator[str]:
    """The entries that want somebody to look at the file, one sentence each; ``checks`` are the ids that there are."""
    for row in rows:
        about = ", ".join(f"{key} {value}" for key, value in row["match"].items())
        entry, count = f"{file}: waiver {row['entry']} ({about})", row["findings"]
        if row["status"] == EntryStatus.EXPIRED:
            yield f"{entry} expired on {row['expires']}: {_stale(count)}"
        elif row["status"] == EntryStatus.UNMATCHED and _misspelt(row["match"].get("check", ""), checks):
            hint = suggestion(row["match"]["check"], checks)
            yield f"{entry}: there is no check {row['match']['check']!r}{hint} 'auditor checks list' has all."
        elif row["status"] == EntryStatus.UNMATCHED:
            yield f"{entry} matches no finding {_WHY_UNMATCHED[row['shadowed']]}"
        elif row["status"] == EntryStatus.OVER_BROAD:
            yield f"{entry} waives findings of several checks ({count} in all). Name the check it is for."


def _misspelt(name: str, checks: Collection[str]) -> bool:
    return bool(name and checks) and not any(fnmatchcase(check, name) for check in checks)


_WHY_UNMATCHED = {
    False: "of this run. Remove it if the finding is gone.",
    True: "that an entry before it does not waive. Remove one of them.",
}


def _stale(count: int) -> str:
    if not count:
        return "it matches no finding any more. Remove it."
    open_again = "1 finding that it was for is" if count == 1 else f"{count} findings that it was for are"
    return f"{open_again} open again. Renew it, or remove it."
