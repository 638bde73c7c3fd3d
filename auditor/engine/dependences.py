"""Which findings become less grave, or go, once other causes are mended, as their hits declare."""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from auditor.engine.causes import Cause
from auditor.engine.evaluate import Finding
from auditor.model.severity import Severity


class Dependences:
    """The dependences among causes. A site at which no cause is open is never mended by closing causes."""

    def __init__(self, causes: Iterable[Cause]) -> None:
        known = tuple(causes)
        at: defaultdict[str, list[Cause]] = defaultdict(list)
        if any(each.hit.depends for cause in known for each in cause.findings):
            for cause in known:
                at[cause.site].append(cause)
        self._awaited: dict[str, tuple[frozenset[str], ...]] = {}
        self._on: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._under: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for cause in known:
            for finding in cause.findings:
                self._note(cause, finding, at)

    def _note(self, cause: Cause, finding: Finding, at: dict[str, list[Cause]]) -> None:
        depends = finding.hit.depends
        if depends is None:
            return
        awaited = tuple(
            frozenset(
                each.id
                for each in at.get(site, ())
                if each is not cause and (not depends.leads or each.check.id in depends.leads)
            )
            for site in depends.sites
        )
        if awaited and all(awaited):
            self._awaited[finding.fingerprint] = awaited
            for other in sorted(frozenset().union(*awaited)):
                self._on[other][cause.id] = None
                self._under[cause.id][other] = None

    def on(self, cause_id: str) -> tuple[str, ...]:
        """The other causes of which a finding depends on this one."""
        return tuple(self._on.get(cause_id, ()))

    def under(self, cause_id: str) -> tuple[str, ...]:
        """The other causes on which a finding of this one depends."""
        return tuple(self._under.get(cause_id, ()))

    def severity(self, finding: Finding, mended: AbstractSet[str]) -> Severity | None:
        """How grave a finding is with these causes mended; None: it is gone."""
        awaited = self._awaited.get(finding.fingerprint)
        depends = finding.hit.depends
        if awaited is None or depends is None or any(mended.isdisjoint(each) for each in awaited):
            return finding.severity
        if depends.then is None:
            return None
        return min(finding.severity, depends.then, key=lambda level: level.rank)
