"""The fix plan: which causes to mend first, each with the score after it.

Greedy: always the cause whose mending gains most points of the account's score, given what is mended already. Points
are those of the middle of the range. The score after a change is what the scorer says with those causes closed.
"""

import heapq
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.engine.causes import Cause
from auditor.engine.score import WHILE_OPEN, Range, Scorer
from auditor.model.severity import Severity

LONGEST = 100
"""Changes a report holds."""


@dataclass(frozen=True, slots=True)
class Change:
    """One step of the plan: the cause to mend, the points that gains, and the score after it and all before it.

    ``closes`` are the fingerprints of what it closes, those of the cause first; ``eases`` those of what becomes less
    grave by it.
    """

    cause: Cause
    points: float
    after: Range
    closes: tuple[str, ...]
    eases: tuple[str, ...]


def gains(causes: Sequence[Cause], scorer: Scorer) -> dict[str, float]:
    """By cause id, the points that mending it alone would gain."""
    now = _middle(scorer.account())
    return {cause.id: _middle(scorer.closed([cause])) - now for cause in causes}


def plan(causes: Sequence[Cause], scorer: Scorer, alone: dict[str, float], longest: int = LONGEST) -> list[Change]:
    """The first changes, best first. ``alone`` are the :func:`gains`. Leaves the scorer as it was."""
    queue = _Queue([cause for cause in causes if alone[cause.id] > _NOTHING], scorer, alone)
    made: list[Change] = []
    while len(made) < longest and (cause := queue.best()) is not None:
        before = _middle(scorer.account())
        had = _left(cause, scorer)
        scorer.close(cause)
        after, has = scorer.account(), _left(cause, scorer)
        closes = tuple(mark for mark in had if mark not in has)
        eases = tuple(mark for mark, severity in has.items() if severity is not had[mark])
        made.append(Change(cause, _middle(after) - before, after, closes, eases))
        queue.closed(cause)
    for change in reversed(made):
        scorer.reopen(change.cause)
    return made


_NOTHING = 1e-9
"""Points below this are what adding and taking away leave behind."""


def _left(cause: Cause, scorer: Scorer) -> dict[str, Severity]:
    """What is left of a cause and of those that depend on it, by fingerprint."""
    return {mark: severity for each in scorer.touched(cause) for mark, severity in scorer.left(each).items()}


class _Queue:
    """The open causes by what mending each would gain now.

    Mending one makes the others on its functions gain more, and only what is the last of its severity frees the whole
    account: those are asked again. What the rest gain stays, until a severity is done with and all of it changes.
    """

    def __init__(self, causes: Sequence[Cause], scorer: Scorer, alone: dict[str, float]) -> None:
        self._scorer = scorer
        self._open = {cause.id: cause for cause in causes}
        self._gain = dict(alone)
        self._heap = [(-alone[cause.id], number, cause.id) for number, cause in enumerate(causes)]
        self._number = {cause.id: number for number, cause in enumerate(causes)}
        heapq.heapify(self._heap)
        self._severity = {cause.id: cause.severity for cause in causes}
        self._left: defaultdict[Severity, set[str]] = defaultdict(set)
        self._beside: defaultdict[str, list[str]] = defaultdict(list)
        for cause in causes:
            self._left[self._severity[cause.id]].add(cause.id)
            for subject in {finding.subject.id for finding in cause.findings}:
                self._beside[subject].append(cause.id)

    def best(self) -> Cause | None:
        """The cause that gains most; of equals the graver, as causes are ordered."""
        while self._heap:
            gain, _, cause_id = self._heap[0]
            if cause_id in self._open and -gain == self._gain[cause_id]:
                return self._open[cause_id] if -gain > _NOTHING else None
            heapq.heappop(self._heap)
        return None

    def closed(self, cause: Cause) -> None:
        """The cause is mended: asks the ones that gain otherwise by it again."""
        changed = self._scorer.touched(cause)
        again = {other for each in changed for found in each.findings for other in self._beside[found.subject.id]}
        for severity in WHILE_OPEN:  # what is eased may join those of which one was the last
            again |= self._freeing(self._left[severity])
        lost: set[Severity] = set()
        for each in changed:
            if each.id not in self._open:
                continue
            was, now = self._severity[each.id], self._scorer.severity(each)
            if was is not now:
                self._left[was].discard(each.id)
                lost.add(was)
            if now is None:
                del self._open[each.id]
            elif was is not now:
                self._severity[each.id] = now
                self._left[now].add(each.id)
        for severity in WHILE_OPEN:
            left = self._left[severity]
            if not left and severity in lost:
                again = {*self._open}
            again |= self._freeing(left)
        again |= {other.id for each in changed for other in self._scorer.touching(each)}
        self._ask(again)

    def _freeing(self, left: set[str]) -> set[str]:
        """The causes that would be the last of a severity: each, with those that depend on it, is all there is."""
        if not left:
            return set()
        some = self._open[next(iter(left))]
        return {
            each.id
            for each in self._scorer.touching(some)
            if left <= {other.id for other in self._scorer.touched(each)}
        }

    def _ask(self, again: set[str]) -> None:
        now = _middle(self._scorer.account())
        for other in sorted(again & self._open.keys()):
            self._gain[other] = _middle(self._scorer.closed([self._open[other]])) - now
            heapq.heappush(self._heap, (-self._gain[other], self._number[other], other))


def _middle(score: Range) -> float:
    return ((score.low or 0.0) + (score.high or 0.0)) / 2
