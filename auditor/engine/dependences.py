"""Which findings become less grave, or go, once other causes are mended, as their hits declare."""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from auditor.engine.causes import Cause
from auditor.engine.evaluate import Finding
from auditor.model.severity import Severity

_Awaited = tuple[tuple[frozenset[str], ...], Severity | None]
"""Causes of which one of each set has to be mended, and how grave a finding is from then on; None: it is gone."""


class Dependences:
    """The dependences among causes. A site at which no cause is open is never mended by closing causes."""

    def __init__(self, causes: Iterable[Cause]) -> None:
        known = tuple(causes)
        at: defaultdict[str, list[Cause]] = defaultdict(list)
        if any(each.hit.depends for cause in known for each in cause.findings):
            for cause in known:
                at[cause.site].append(cause)
        self._awaited: dict[str, tuple[_Awaited, ...]] = {}
        self._on: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._under: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for cause in known:
            for finding in cause.findings:
                self._note(cause, finding, at)

    def _note(self, cause: Cause, finding: Finding, at: dict[str, list[Cause]]) -> None:
        known: list[_Awaited] = []
        for depends in finding.hit.depends:
            awaited = tuple(
                frozenset(
                    each.id
                    for each in at.get(site, ())
                    if each is not cause and (not depends.leads or each.check.id in depends.leads)
                )
                for site in depends.sites
            )
            if awaited and all(awaited):
                known.append((awaited, depends.then))
                for other in sorted(frozenset().union(*awaited)):
                    self._on[other][cause.id] = None
                    self._under[cause.id][other] = None
        if known:
            self._awaited[finding.fingerprint] = tuple(known)

    def on(self, cause_id: str) -> tuple[str, ...]:
        """The other causes of which a finding depends on this one."""
        return tuple(self._on.get(cause_id, ()))

    def under(self, cause_id: str) -> tuple[str, ...]:
        """The other causes on which a finding of this one depends."""
        return tuple(self._under.get(cause_id, ()))

    def severity(self, finding: Finding, mended: AbstractSet[str]) -> Severity | None:
        """How grave a finding is with these causes mended; None: it is gone."""
        severity = finding.severity
        for awaited, then in self._awaited.get(finding.fingerprint, ()):
            if any(mended.isdisjoint(each) for each in awaited):
                continue
            if then is None:
                return None
            severity = min(severity, then, key=lambda level: level.rank)
        return severity
