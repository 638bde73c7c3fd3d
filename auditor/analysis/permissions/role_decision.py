"""A decision by roles: what each scope grants on the way down to a resource, on clouds that grant by roles."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from auditor.analysis.permissions.decision import Answer, Decision, ProofStep
from auditor.analysis.roles import identities_of
from auditor.model.exposure import Effect
from auditor.model.function import Function
from auditor.model.identity import Identity
from auditor.model.observed import Gap, GapReason, Known, Unknown, graver

PART: Final = "resource"
"""The condition of a grant that covers a part of what was asked about."""
_STRONGEST: Final = (Answer.YES, Answer.UNKNOWN, Answer.CONDITIONAL, Answer.NO)


def decided_by_roles(steps: Iterable[ProofStep], gaps: Iterable[Gap], before: tuple[str, ...]) -> Decision:
    """The decision of what denies, and of the grants that apply, widest scope first; a scope without any is silent.

    A denial without a condition decides, whatever is granted. Else one unconditional grant is enough, whatever else is
    unread; what is unread outranks a condition and a no.
    """
    proof = tuple(steps)
    denying = [step for step in proof if step.effect is Effect.DENY]
    allowing = [step for step in proof if step.effect is Effect.ALLOW]
    denied = next((step for step in denying if not step.conditions), None)
    if denied is not None:
        return Decision(Answer.NO, f"{denied.statement} on {denied.source} denies it.", proof, before=before)
    certain = next((step for step in allowing if not step.conditions), None)
    if certain is not None and denying:
        why = (
            f"{certain.statement} on {certain.source} allows it, but {denying[0].statement} on {denying[0].source}"
            " denies it under a condition."
        )
        keys = tuple(dict.fromkeys(key for step in denying for key in step.conditions))
        return Decision(Answer.CONDITIONAL, why, proof, keys, before=before)
    if certain is not None:
        return Decision(Answer.YES, f"{certain.statement} on {certain.source} allows it.", proof, before=before)
    gap: Gap | None = None
    for each in gaps:
        gap = graver(gap, each)
    conditions = tuple(dict.fromkeys(key for step in (*allowing, *denying) for key in step.conditions))
    if gap is not None:
        why = "It may be allowed by what could not be read."
        return Decision(Answer.UNKNOWN, why, proof, conditions, gap, before)
    if allowing:
        first = allowing[0]
        part = f"{first.statement} on {first.source} allows it on a part of what was asked about."
        depends = f"{first.statement} on {first.source} allows it under a condition."
        why = part if PART in first.conditions else depends
        return Decision(Answer.CONDITIONAL, why, proof, conditions, before=before)
    return Decision(Answer.NO, "No role allows it.", proof, before=before)


def decided_for(function: Function, decide: Callable[[Identity], Decision]) -> Decision:
    """The best of what the identities of a function may do: its code chooses which of them it acts as."""
    found = [replace(decide(identity), principal=identity.id) for identity in identities_of(function)]
    gap = _identities_unread(function)
    best = min(found, key=lambda each: _STRONGEST.index(each.answer), default=None)
    if gap is not None and (best is None or best.answer is not Answer.YES):
        why = "Not every identity of the function could be read."
        return (
            replace(best, answer=Answer.UNKNOWN, why=why, gap=gap) if best else Decision(Answer.UNKNOWN, why, gap=gap)
        )
    if best is None:
        return Decision(Answer.NO, "The function runs without an identity.")
    if len(found) == 1:
        return best
    others = f" The function has {len(found)} identities; this one may do the most."
    return replace(best, why=f"{best.why}{others if best.answer is not Answer.NO else ' So it is for all of them.'}")


def gone(identity: Identity) -> Decision | None:
    """The decision for an identity that no longer exists or is switched off; None for one that works."""
    for fact, why in ((identity.exists, "no longer exists"), (identity.enabled, "is switched off")):
        if isinstance(fact, Known) and not fact.value:
            return Decision(Answer.NO, f"The identity {identity.name} {why}.")
    return None


def silent(layer: str) -> ProofStep:
    """A scope whose roles say nothing of it."""
    return ProofStep(layer, None)


def _identities_unread(function: Function) -> Gap | None:
    facts: Sequence[object] = (function.identity, function.attached)
    gaps = (fact.gap for fact in facts if isinstance(fact, Unknown))
    return next((gap for gap in gaps if gap.reason is not GapReason.NOT_OFFERED), None)
