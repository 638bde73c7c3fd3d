"""The ten worst paths of a report: from a function's identity to an administrator or a stronger principal."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

SHOWN: Final = 10
_SEVERITIES: Final = ("critical", "high", "medium", "low", "informational")
_LAST: Final = ("/", ":")


class WorstPaths:
    """Keeps the ten worst of all that are added: the gravest first, an administrator before others, what the
    internet reaches before what it does not, the short before the long; then by the name of the function.
    """

    def __init__(self) -> None:
        self._kept: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
        self.total = 0

    def add(self, row: Mapping[str, Any], paths: Sequence[Mapping[str, Any]]) -> None:
        """Looks at one function row of report.json and at its rows of ``paths``."""
        for place, path in enumerate(each for each in paths if each["kind"] == "escalation"):
            self.total += 1
            public = "unauthenticated" in (row.get("traits") or ())
            grave = _SEVERITIES.index(path["severity"])
            key = (grave, not path["administrator"], not public, len(path["steps"]), row["name"], row["id"], place)
            self._kept.append((key, _shown(row, path, public=public)))
        if len(self._kept) > SHOWN * 8:
            self._kept = heapq.nsmallest(SHOWN, self._kept, key=lambda kept: kept[0])

    def rows(self) -> list[dict[str, Any]]:
        """The worst, worst first."""
        return [shown for _, shown in heapq.nsmallest(SHOWN, self._kept, key=lambda kept: kept[0])]


def _shown(row: Mapping[str, Any], path: Mapping[str, Any], *, public: bool) -> dict[str, Any]:
    return {
        "function": row["name"],
        "id": row["id"],
        "scope": row.get("scope") or "",
        "severity": path["severity"],
        "stops": [*(("Internet", ""),) * public, (row["name"], ""), *_stops(path, row["name"])],
        "ends": "; ".join(path["gains"]) or ("administrator of the account" if path["administrator"] else ""),
        "conditions": "; ".join(path["conditions"]),
    }


def _stops(path: Mapping[str, Any], function: str) -> Iterator[tuple[str, str]]:
    """Each principal with how it is reached: the identity, where its name is another, then what every step leads to."""
    first = _short(path["steps"][0]["from"])
    if first != function:
        yield first, "runs as"
    for step in path["steps"]:
        yield _short(step["to"]), step["by"]


def _short(identifier: str) -> str:
    """The name at the end of an ARN or of a resource's id."""
    if not identifier.startswith(("arn:", "/")):
        return identifier
    for separator in _LAST:
        identifier = identifier.rpartition(separator)[2]
    return identifier
