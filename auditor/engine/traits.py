"""What a report says of functions as a whole, and counts in its first sentence."""

from collections.abc import Iterable

from auditor.check import Trait
from auditor.engine.evaluate import NOT_ASKED, STATUSES, Results
from auditor.model.finding import Status
from auditor.model.severity import Severity

_DOUBTFUL = frozenset({Status.UNKNOWN, Status.ERROR, Status.NOT_EXAMINED})


_PROVED_AT = {Trait.UNAUTHENTICATED: Severity.CRITICAL, Trait.ADMINISTRATOR: Severity.HIGH}
"""The least severity of a finding that proves a trait: below it something else still stands in the way."""


class Traits:
    """The traits of functions, by the checks that are declared to show them (:attr:`auditor.check.Check.trait`).

    A trait whose checks were not run, or not to an end, is unknown, and never absent.
    """

    def __init__(self, results: Results) -> None:
        self._results = results
        self._proved = {
            (each.subject.id, trait)
            for each in results.findings
            if (trait := each.check.trait) is not None and each.severity.at_least(_PROVED_AT[trait])
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
            and (not (statuses := self._statuses(function_id, trait)) or statuses & _DOUBTFUL)
        ]

    def summary(self, functions: Iterable[str]) -> dict[str, int]:
        """How many functions have each trait, of how many it is unknown, and how many have all."""
        counted = {"functions": 0}
        for trait in Trait:
            counted |= {trait.value: 0, f"{trait.value}_unknown": 0}
        counted["both"] = 0
        for function_id in functions:
            counted["functions"] += 1
            proved = self.of(function_id)
            for name in proved:
                counted[name] += 1
            for name in self.unknown(function_id):
                counted[f"{name}_unknown"] += 1
            counted["both"] += len(proved) == len(Trait)
        return counted
