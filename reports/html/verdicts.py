"""Packs a report's verdicts: one character a check and subject."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from auditor.model.json_text import ascii_json
from reports.html.encode import ABSENT, FunctionColumns
from reports.html.wire import Block, numbers

VERDICT_CODES = {"PASS": "P", "FAIL": "F", "UNKNOWN": "U", "NOT_APPLICABLE": "N", "NOT_EXAMINED": "X", "ERROR": "E"}
NO_VERDICT = "-"
OTHER_CLOUD = "o"
"""The check does not look at the subject's cloud: it was not asked, and nothing is missing."""


class VerdictRows:
    """One character a check for each subject; subjects with the same verdicts share a row."""

    def __init__(self, checks: Sequence[Mapping[str, Any]], functions: FunctionColumns) -> None:
        self._checks = [(check["id"], frozenset(check.get("clouds") or ())) for check in checks]
        self._functions = functions
        self._rows: dict[str, int] = {}
        self._counts: Counter[str] = Counter()
        self._of_function = array("i")
        self._others: list[tuple[str, int]] = []

    def add(self, subject: str, verdicts: Mapping[str, str]) -> None:
        """Store the verdicts of a function, a scope or a location. A check without a verdict is marked as such."""
        position = self._functions.index.get(subject)
        cloud = subject.partition("/")[0] if position is None else self._functions.clouds[position]
        row = "".join(
            VERDICT_CODES[verdicts[check]] if check in verdicts else _unasked(cloud, clouds)
            for check, clouds in self._checks
        )
        self._counts[row] += 1
        number = self._rows.setdefault(row, len(self._rows))
        if position is None:
            self._others.append((subject, number))
            return
        if not self._of_function:
            self._of_function.extend([ABSENT] * len(self._functions.facts))
        self._of_function[position] = number

    def tally(self) -> list[Counter[str]]:
        """For each check, how many subjects got each verdict code."""
        tallies: list[Counter[str]] = [Counter() for _ in self._checks]
        for row, count in self._counts.items():
            for tally, code in zip(tallies, row, strict=True):
                tally[code] += count
        return tallies

    def close(self) -> str:
        """The rows as a data block."""
        block = Block()
        column = self._of_function or array("i", [ABSENT] * len(self._functions.facts))
        block.write(
            f'{{"rows":{ascii_json(list(self._rows))},"fn":{numbers(column)},"others":{ascii_json(self._others)}}}'
        )
        return block.close()


def _unasked(cloud: str | None, clouds: frozenset[str]) -> str:
    return OTHER_CLOUD if cloud is not None and clouds and cloud not in clouds else NO_VERDICT


def ranges(positions: Iterable[int]) -> list[list[int]]:
    """Sorted positions as [first, last] pairs: [0, 1, 2, 7] → [[0, 2], [7, 7]]."""
    pairs: list[list[int]] = []
    for position in sorted(set(positions)):
        if pairs and pairs[-1][1] == position - 1:
            pairs[-1][1] = position
        else:
            pairs.append([position, position])
    return pairs
