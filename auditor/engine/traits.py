"""What a report says of functions as a whole, and counts in its first sentence."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from auditor.check import Check, Trait
from auditor.engine.evaluate import NOT_ASKED, STATUSES, Results
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.severity import Severity

_DOUBTFUL = frozenset({Status.UNKNOWN, Status.ERROR, Status.NOT_EXAMINED})


_PROVED_AT = {Trait.UNAUTHENTICATED: Severity.CRITICAL, Trait.ADMINISTRATOR: Severity.HIGH}
"""The least severity of a finding that proves a trait: below it something else still stands in the way. A check that is
less severe by declaration proves it by what it declares.
"""


class Traits:
    """The traits of functions, by the checks that are declared to show them (:attr:`auditor.check.Check.trait`).

    A trait whose checks were not run, or not to an end, is unknown, and never absent. ``left_out`` are the checks that
    would show one and were not to be run.
    """

    def __init__(self, results: Results, functions: Iterable[Function], left_out: Iterable[Check] = ()) -> None:
        self._results = results
        self._clouds = {function.id: function.cloud for function in functions}
        self._left_out = {(check.trait, cloud) for check in left_out for cloud in check.clouds}
        self._proved = {
            (each.subject.id, trait)
            for each in results.findings
            if (trait := each.check.trait) is not None
            and (each.severity.at_least(_PROVED_AT[trait]) or each.severity.at_least(each.check.severity))
        }
        self._shown = {
            trait: [index for index, check in enumerate(results.checks) if check.trait is trait] for trait in Trait
        }

    def _statuses(self, function_id: str, trait: Trait) -> set[Status]:
        codes = self._results.verdicts.get(function_id, b"")
        return {STATUSES[codes[i]] for i in self._shown[trait] if codes and codes[i] != NOT_ASKED}

    def of(self, function_id: str) -> list[str]:
        """The traits that were proved."""
        return [trait.value for trait in Trait if (function_id, trait) in self._proved]

    def unknown(self, function_id: str) -> list[str]:
        """The traits that were neither proved nor excluded."""
        return [
            trait.value
            for trait in Trait
            if (function_id, trait) not in self._proved
            and (not self._asked(function_id, trait) or self._statuses(function_id, trait) & _DOUBTFUL)
        ]

    def _asked(self, function_id: str, trait: Trait) -> bool:
        """Whether every check that shows a trait of a function was to be run."""
        return bool(self._statuses(function_id, trait)) and (trait, self._clouds[function_id]) not in self._left_out

    @cached_property
    def not_asked(self) -> tuple[Trait, ...]:
        """The traits that no function was asked for, and none was proved to have; none without functions."""
        proved = {trait for _, trait in self._proved}
        return tuple(
            trait
            for trait in Trait
            if self._clouds and trait not in proved and not any(self._asked(each, trait) for each in self._clouds)
        )

    def row(self, function_id: str) -> dict[str, list[str] | None]:
        """The traits of one function as a report has them; null where none of them was asked."""
        asked = len(self.not_asked) < len(Trait)
        return {"traits": self.of(function_id) if asked else None, "unknown_traits": self.unknown(function_id)}

    def summary(self) -> dict[str, int | None]:
        """How many functions have each trait, of how many it is unknown, and how many have all; null: not asked."""
        proved = Counter(name for each in self._clouds for name in self.of(each))
        unknown = Counter(name for each in self._clouds for name in self.unknown(each))
        counted: dict[str, int | None] = {"functions": len(self._clouds)}
        for trait in Trait:
            asked = trait not in self.not_asked
            counted |= {trait.value: proved[trait] if asked else None, f"{trait.value}_unknown": unknown[trait]}
        whole = sum(len(self.of(each)) == len(Trait) for each in self._clouds)
        return {**counted, "both": None if self.not_asked else whole}
