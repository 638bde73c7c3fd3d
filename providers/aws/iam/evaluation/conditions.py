"""Whether the conditions of a statement hold in a request.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Set operators for multivalued context keys".
"""

import operator as op
from collections.abc import Iterable
from functools import cache
from typing import Final

from auditor.analysis.service_authorization import service
from providers.aws.iam.contradictions import SEVERAL
from providers.aws.iam.document import Condition
from providers.aws.iam.evaluation.comparisons import (
    Comparison,
    arn_like,
    equals,
    equals_ignoring_case,
    in_network,
    like,
    measured,
    moment,
    number,
)
from providers.aws.iam.evaluation.context import PRESENT, UNTRUE, RequestContext
from providers.aws.iam.evaluation.truth import FALSE, OPEN, TRUE, Truth, truth
from providers.aws.iam.evaluation.variables import Unresolved, keys_of, resolve
from providers.aws.iam.operators import read_operator
from providers.aws.iam.patterns import is_fixed, is_variable

_ORDERS: Final = {
    "equals": op.eq,
    "lessthan": op.lt,
    "lessthanequals": op.le,
    "greaterthan": op.gt,
    "greaterthanequals": op.ge,
}
_COMPARISONS: Final[dict[str, Comparison]] = {
    "stringequals": equals,
    "stringequalsignorecase": equals_ignoring_case,
    "stringlike": like,
    "arnequals": arn_like,
    "arnlike": arn_like,
    "ipaddress": in_network,
    "bool": equals_ignoring_case,
    "binaryequals": equals,
    **{f"numeric{name}": measured(number, compare) for name, compare in _ORDERS.items()},
    **{f"date{name}": measured(moment, compare) for name, compare in _ORDERS.items()},
}
_POSITIVE: Final = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "notipaddress": "ipaddress",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
}
_ID_OF_USER: Final = "AIDA"
_BOOLEANS: Final = frozenset({"true", "false"})
_EQUALITIES: Final = frozenset({"stringequals", "binaryequals"})
_PATTERNS: Final = frozenset({"stringlike", "arnlike", "arnequals"})


class CompiledCondition:
    """One condition, its operator taken apart once."""

    __slots__ = (
        *("_base", "_compare", "_everything", "_holds_when_missing", "_negated", "_null", "_set", "_values"),
        "_variables",
        *("key", "low"),
    )

    def __init__(self, condition: Condition, *, variables: bool) -> None:
        read = read_operator(condition.operator)
        positive = _POSITIVE.get(read.base, read.base)
        self.key = condition.key
        self.low = condition.key.lower()
        self._values = condition.values
        self._base = positive
        self._null = read.base == "null"
        self._negated = read.negated
        self._set = read.quantifier
        self._holds_when_missing = read.holds_when_missing
        self._compare: Comparison | None = _COMPARISONS.get(positive)
        self._everything = positive in _PATTERNS and "*" in condition.values
        self._variables = variables and any(map(is_variable, condition.values))

    def holds(self, context: RequestContext) -> Truth:
        """Whether the request meets it. An operator newer than our table leaves it open."""
        state = context.state(self.low)
        if self._null:
            known = state is not None and state is not UNTRUE
            return self._missing_as_wanted(known=known, missing=state == ())
        if self._compare is None:
            return OPEN
        if state == ():
            return truth(self._holds_when_missing)
        if state is UNTRUE:
            missing, false = truth(self._holds_when_missing), self._known(("false",), context)
            return false if missing is false else OPEN
        if not isinstance(state, tuple):
            if self._means_users(context):
                return truth(self._negated)
            return self._open(present=state is PRESENT)
        return self._known(state, context)

    def open_keys(self, context: RequestContext) -> tuple[str, ...]:
        """The keys that decide it and are not known."""
        within = (key for value in self._values for key in keys_of(value)) if self._variables else ()
        named = (self.key, *within)
        return tuple(key for key in named if not isinstance(context.state(key.lower()), tuple))

    def told_apart(self) -> frozenset[str] | None:
        """The values that it tells apart from all others; None where there is no end of them."""
        if self._null:
            return frozenset()
        if self._set or self._variables or not _has_one_value(self.low):
            return None
        if self._base == "bool":
            return _BOOLEANS
        fixed = self._base in _EQUALITIES or (self._base == "arnequals" and all(map(is_fixed, self._values)))
        return frozenset(self._values) if fixed else None

    def _missing_as_wanted(self, *, known: bool, missing: bool) -> Truth:
        wanted = {value.lower() for value in self._values}
        if {"true", "false"} <= wanted:
            return TRUE
        return truth(("true" if missing else "false") in wanted) if known else OPEN

    def _means_users(self, context: RequestContext) -> bool:
        """Whether it asks a session of a role, whose id begins with that of the role, for the ids of users alone.

        Source: IAM User Guide, "IAM identifiers": ids of users begin with AIDA, those of roles with AROA.
        """
        if self.low != "aws:userid" or self._set or context.state("aws:principaltype") != ("AssumedRole",):
            return False
        return all(value.startswith(_ID_OF_USER) for value in self._values)

    def _open(self, *, present: bool) -> Truth:
        if self._everything and self._negated and present and self._set != "forallvalues":
            return FALSE
        if self._everything and not self._negated and (present or self._holds_when_missing):
            return TRUE
        return OPEN

    def _known(self, values: tuple[str, ...], context: RequestContext) -> Truth:
        if len(values) == 1:
            return self._one(values[0], context)
        if not self._set:  # "multivalued context keys require a condition set operator": what happens is not said
            return OPEN
        results = [self._one(value, context) for value in values]
        return min(results) if self._set == "forallvalues" else max(results)

    def _one(self, value: str, context: RequestContext) -> Truth:
        """One value of the request against all of the policy's, which are alternatives."""
        compare = self._compare
        assert compare is not None  # noqa: S101 - told apart in holds()
        found, unresolved = FALSE, False
        for pattern in self._values:
            try:
                wanted, known = resolve(pattern, context) if self._variables else (pattern, True)
            except Unresolved:  # "this might cause the entire statement to be invalid"
                unresolved = True
                continue
            if not known:
                found = OPEN
            elif compare(value, wanted):
                return FALSE if self._negated else TRUE
        if found is OPEN:
            return OPEN
        return truth(self._negated and not unresolved)


@cache
def _has_one_value(key: str) -> bool:
    """Whether a key, in lower case, is known never to have several values at once."""
    prefix = key.partition(":")[0]
    if prefix == "aws":
        return key not in SEVERAL
    found = service(prefix)
    types = {name.lower(): kind for name, kind in found.condition_keys.items()} if found else {}
    return not types.get(key, "ArrayOf").startswith("ArrayOf")


def all_hold(conditions: Iterable[CompiledCondition], context: RequestContext) -> Truth:
    """The conjunction of a statement's conditions."""
    found = TRUE
    for condition in conditions:
        held = condition.holds(context)
        if held is FALSE:
            return FALSE
        found = min(found, held)
    return found
