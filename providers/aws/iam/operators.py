"""Condition operators, taken apart.

Source: "IAM JSON policy elements: Condition operators" (missing keys, IfExists, ForAllValues) in the IAM User Guide.
"""

from dataclasses import dataclass

_NEGATED = frozenset(
    {
        "stringnotequals",
        "stringnotequalsignorecase",
        "stringnotlike",
        "arnnotequals",
        "arnnotlike",
        "notipaddress",
        "numericnotequals",
        "datenotequals",
    }
)
_POSITIVE = frozenset(
    {
        "stringequals",
        "stringequalsignorecase",
        "stringlike",
        "arnequals",
        "arnlike",
        "ipaddress",
        "bool",
        "null",
        "binaryequals",
    }
)
_MEASURES = frozenset(
    f"{family}{comparison}"
    for family in ("numeric", "date")
    for comparison in ("equals", "lessthan", "lessthanequals", "greaterthan", "greaterthanequals")
)


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator taken apart. ``quantifier`` is "", "forallvalues" or "foranyvalue"."""

    base: str
    quantifier: str
    if_exists: bool

    @property
    def known(self) -> bool:
        """Whether the operator is in our table."""
        return self.base in _NEGATED or self.base in _POSITIVE or self.base in _MEASURES

    @property
    def measures(self) -> bool:
        """Whether it compares numbers or dates."""
        return self.base in _MEASURES

    @property
    def negated(self) -> bool:
        """Whether it asks for a value that is none of those listed."""
        return self.base in _NEGATED

    @property
    def holds_when_missing(self) -> bool:
        """Whether a request that lacks the key satisfies it."""
        if self.base == "null":
            return False
        if self.quantifier == "foranyvalue":
            return False
        return self.negated or self.if_exists or self.quantifier == "forallvalues"


def read_operator(text: str) -> Operator:
    """Takes an operator apart; case does not matter."""
    low = text.lower()
    quantifier, _, base = low.rpartition(":")
    if_exists = base.endswith("ifexists")
    base = base.removesuffix("ifexists")
    if quantifier not in ("", "forallvalues", "foranyvalue"):
        return Operator(low, "", if_exists)
    return Operator(base, quantifier, if_exists)
