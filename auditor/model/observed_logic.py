"""Logic over facts that may be unknown: one that decides is enough, and one that is missing never decides."""

from auditor.model.observed import Gap, GapReason, Known, Observed, Unanswered, Unknown, graver


def negated(fact: Observed[bool]) -> Observed[bool]:
    """The opposite of a switch; unknown stays unknown."""
    return fact.map(lambda value: not value)


def all_hold(*facts: Observed[bool]) -> bool:
    """False as soon as one is known not to hold, else True. Raises Unanswered where an unknown one decides."""
    gap: Gap | None = None
    for fact in facts:
        if isinstance(fact, Known):
            if not fact.value:
                return False
        else:
            gap = graver(gap, fact.gap)
    if gap is not None:
        raise Unanswered(gap)
    return True


def any_holds(*facts: Observed[bool]) -> bool:
    """True as soon as one is known to hold, else False. Raises Unanswered where an unknown one decides."""
    return not all_hold(*(negated(fact) for fact in facts))


def none_if_not_offered(fact: Observed[bool]) -> Observed[bool]:
    """False where this kind of hosting does not offer it: a control that cannot exist controls nothing."""
    if isinstance(fact, Unknown) and fact.gap.reason is GapReason.NOT_OFFERED:
        return Known(False, fact.gap.operation)
    return fact
