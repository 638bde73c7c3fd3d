"""Which findings are waived: by an entry that matches them, or with the finding that leads their cause."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from auditor.engine.causes import Cause
from auditor.engine.evaluate import Finding
from auditor.model.function import Function
from auditor.model.inventory import Scope
from auditor.model.observed import Known
from auditor.model.waiver import Waived, Waivers, WaiverTarget


def waived(causes: Iterable[Cause], waivers: Waivers | None, today: date) -> dict[str, Waived]:
    """By fingerprint, the waiver of each finding that has one.

    A waiver of the leading check's finding covers the facets of the same cause on the same subject, and where all of
    that check's findings are waived, every facet: the decision was about the change that closes them all.
    """
    if isinstance(waivers, SettledWaivers):
        return dict(waivers.found)
    found: dict[str, Waived] = {}
    for cause in causes if waivers is not None else ():
        own = (
            {each.fingerprint: waivers.match(_target(each, cause), today) for each in cause.findings} if waivers else {}
        )
        led = {
            each.subject.id: replace(waiver, through=each.fingerprint)
            for each in cause.findings
            if each.check is cause.check and (waiver := own[each.fingerprint]) is not None
        }
        leading = [each for each in cause.findings if each.check is cause.check]
        whole = led[leading[0].subject.id] if all(own[each.fingerprint] for each in leading) else None
        for finding in cause.findings:
            waiver = own[finding.fingerprint] or led.get(finding.subject.id) or whole
            if waiver is not None:
                found[finding.fingerprint] = waiver
    return found


class SettledWaivers:
    """Implements :class:`auditor.model.waiver.Waivers`: what was decided over all accounts, for the part of one.

    A cause may reach into several accounts: what is waived is decided where all of it is seen.
    """

    def __init__(self, whole: Mapping[str, Waived], marks: Collection[str], rows: Sequence[Mapping[str, Any]]) -> None:
        self.found = {mark: whole[mark] for mark in sorted(marks) if mark in whole}
        self._rows = rows

    def match(self, target: WaiverTarget, today: date) -> Waived | None:  # noqa: ARG002 - the day was asked before
        """The waiver of a finding."""
        return self.found.get(target.fingerprint)

    def rows(self, today: date) -> list[dict[str, Any]]:  # noqa: ARG002 - the same
        """The entries that waive something here, with how much."""
        counts = Counter(waiver.entry for waiver in self.found.values())
        return [{**row, "findings": counts[row["entry"]]} for row in self._rows if counts[row["entry"]]]


def still_open(causes: Iterable[Cause], waived: Iterable[str]) -> tuple[Cause, ...]:
    """The causes with a finding that is not waived, of those findings alone."""
    closed = frozenset(waived)
    return tuple(
        replace(cause, findings=left)
        for cause in causes
        if (left := tuple(each for each in cause.findings if each.fingerprint not in closed))
    )


def _target(finding: Finding, cause: Cause) -> WaiverTarget:
    subject = finding.subject
    function = subject if isinstance(subject, Function) else None
    return WaiverTarget(
        finding.fingerprint,
        cause.id,
        (finding.check.id, *finding.check.aliases),
        subject.id if isinstance(subject, Scope) else subject.scope,
        "" if isinstance(subject, Scope) else subject.location,
        function.name if function else "",
        dict(function.tags.value) if function and isinstance(function.tags, Known) else {},
    )
