"""Whether an answer that depends on the request is the same for every value its keys can have.

Two statements may ask the same of a key: one allows what the other denies. Where conditions only compare for equality,
their values and one value that is none of them stand for all; every combination is evaluated.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import prod
from typing import Final

from providers.aws.iam.evaluation.conditions import CompiledCondition
from providers.aws.iam.evaluation.context import PRESENT, UNTRUE, State
from providers.aws.iam.evaluation.layers import Outcome, Policies, evaluate
from providers.aws.iam.evaluation.request import Request
from providers.aws.iam.evaluation.truth import OPEN, Truth

_ANOTHER: Final = "\ue010"
"""A value that no policy names."""
_MOST: Final = 64
"""Combinations beyond which the answer stays open."""


def settled(request: Request, policies: Policies, outcome: Outcome) -> Truth:
    """The truth that holds whatever the open keys are; OPEN where it differs, or there are too many to tell."""
    values = _values(request, outcome)
    if not values or prod(map(len, values.values())) > _MOST:
        return OPEN
    found: Truth | None = None
    for chosen in product(*values.values()):
        known = dict(zip(values, chosen, strict=True))
        truth = evaluate(replace(request, context=request.context.with_values(known)), policies).truth
        if truth is OPEN or (found is not None and truth is not found):
            return OPEN
        found = truth
    return OPEN if found is None else found


def _values(request: Request, outcome: Outcome) -> dict[str, tuple[State, ...]]:
    """What each open key can be; nothing where some condition tells more than single values apart."""
    named: dict[str, set[str]] = {}
    for condition in _conditions(request, outcome):
        apart = condition.told_apart() if condition is not None else None
        if condition is None or apart is None:
            return {}
        named.setdefault(condition.low, set()).update(apart)
    return {key: tuple(_states(request, key, values)) for key, values in named.items()}


def _conditions(request: Request, outcome: Outcome) -> Iterator[CompiledCondition | None]:
    for layer in outcome.weighed:
        for statement, applies in (*layer.allowing, *layer.denying):
            if applies is OPEN:
                yield from statement.open_conditions(request) or (None,)


def _states(request: Request, key: str, values: set[str]) -> Iterator[State]:
    if request.context.state(key) is UNTRUE:
        yield from (("false",), ())
        return
    yield from ((value,) for value in sorted(values))
    if values != {"true", "false"}:
        yield (_ANOTHER,)
    if request.context.state(key) is not PRESENT:
        yield ()
