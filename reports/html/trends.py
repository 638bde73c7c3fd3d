"""Draws score, causes and coverage over the runs that a history remembers: paths of inline SVG, and their figures."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

from reports.html.summary import SEVERITIES
from reports.html.words import figure, instant, share

Row: TypeAlias = Mapping[str, Any]
Point: TypeAlias = tuple[float, float]

WIDTH, TOP, BOTTOM = 360.0, 8.0, 92.0
_LEFT, _RIGHT = 4.0, 356.0


class Line(NamedTuple):
    """A line of a chart: its class in the style sheet, its name, its path, and what it comes to now."""

    kind: str
    name: str
    path: str
    latest: str


class Chart(NamedTuple):
    """A chart. ``band`` is the area between two lines, ``top`` the value at its upper edge."""

    key: str
    title: str
    top: str
    lines: tuple[Line, ...]
    band: str
    said: str


def trends(head: Row) -> dict[str, Any] | None:
    """The charts and the runs they show, oldest first, this one last; None without a history of earlier runs."""
    past = head.get("history") or ()
    if not past:
        return None
    runs = [_row(each) for each in (*past, _present(head, past[-1]["run"] + 1))]
    across = _across([each["started_at"] for each in runs])
    return {
        "runs": runs,
        "across": across,
        "charts": [_score(runs, across), _causes(runs, across), _coverage(runs, across)],
        "incomplete": [x for x, each in zip(across, runs, strict=True) if not each["complete"]],
    }


def _present(head: Row, number: int) -> Row:
    """This run, as the history will remember it."""
    totals, coverage, run = head["totals"], head["coverage"], head["run"]
    return {
        "run": number,
        "started_at": head["started_at"],
        "complete": run["complete"],
        **{name: head["score"][name] for name in ("low", "high", "grade")},
        "functions": totals["functions"],
        "causes": totals["causes"],
        "by_severity": totals["by_severity"],
        **{name: coverage[name] for name in ("verdicts_reached", "verdicts_total")},
    }


def _row(run: Row) -> dict[str, Any]:
    """A run with its figures in words, as the table of the charts shows them."""
    found = run.get("by_severity") or {}
    low, high = run["low"], run["high"]
    return {
        **run,
        "score": "n/a" if low is None else figure(low) if low == high else f"{figure(low)}–{figure(high)}",  # noqa: RUF001 - a range
        "grave": sum(found.get(name, 0) for name in SEVERITIES[:2]),
        "coverage": share(run["verdicts_reached"], run["verdicts_total"]),
    }


def _across(moments: Sequence[str]) -> list[float]:
    """Where each run is from left to right: by its time; evenly where a clock went back or a time cannot be read."""
    known = [each for each in map(instant, moments) if each is not None]
    whole = len(known) == len(moments) and all(first < second for first, second in pairwise(known))
    places = [(each - known[0]).total_seconds() for each in known] if whole else list(map(float, range(len(moments))))
    return [round(_LEFT + (_RIGHT - _LEFT) * place / (places[-1] or 1.0), 1) for place in places]


def _score(runs: Sequence[Row], across: Sequence[float]) -> Chart:
    low, high = ([run[end] for run in runs] for end in ("low", "high"))
    lines = (
        _line("main", "low end, unknown verdicts taken as failed", low, across, 100.0),
        _line("side", "high end, unknown verdicts taken as passed", high, across, 100.0),
    )
    said = f"Score, 0 to 100: {runs[0]['score']} in the first run shown, {runs[-1]['score']} in this one."
    return Chart("score", "Score", "100", lines, _band(low, high, across), said)


def _causes(runs: Sequence[Row], across: Sequence[float]) -> Chart:
    every, grave = ([float(run[name]) for run in runs] for name in ("causes", "grave"))
    top = max(*every, 1.0)
    lines = (
        _line("main", "in all", every, across, top),
        _line("grave", "critical and high", grave, across, top),
    )
    said = (
        f"Open causes, at most {figure(top)}: {figure(every[0])} in the first run shown, {figure(every[-1])} in this "
        f"one; critical and high {figure(grave[0])} and {figure(grave[-1])}."
    )
    return Chart("causes", "Open causes", figure(top), lines, "", said)


def _coverage(runs: Sequence[Row], across: Sequence[float]) -> Chart:
    pairs = [(run["verdicts_reached"], run["verdicts_total"]) for run in runs]
    values = [100.0 * part / whole if whole else None for part, whole in pairs]
    line = _line("main", "verdicts reached", values, across, 100.0)._replace(latest=runs[-1]["coverage"])
    first = runs[0]["coverage"]
    said = f"Coverage, 0 to 100 %: {first} of the verdicts in the first run shown, {line.latest} in this one."
    return Chart("coverage", "Coverage", "100 %", (line,), "", said)


def _line(kind: str, name: str, values: Sequence[float | None], across: Sequence[float], top: float) -> Line:
    points = [None if value is None else (x, _high(value, top)) for x, value in zip(across, values, strict=True)]
    latest = values[-1]
    return Line(kind, name, _path(points), "n/a" if latest is None else figure(latest))


def _high(value: float, top: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * min(value, top) / top, 1)


def _path(points: Sequence[Point | None]) -> str:
    """A line through the points, broken where one is missing; one that stands alone is a dot."""
    return "".join(
        "M" + "L".join(f"{x:g} {y:g}" for x, y in part) + ("h.01" if len(part) == 1 else "") for part in _parts(points)
    )


def _band(low: Sequence[float | None], high: Sequence[float | None], across: Sequence[float]) -> str:
    """The area between two lines."""
    at: Callable[[float], float] = lambda value: _high(value, 100.0)  # noqa: E731 - used twice, in one expression
    corners = [
        None if under is None or over is None else (x, at(under), at(over))
        for x, under, over in zip(across, low, high, strict=True)
    ]
    path = ""
    for part in _parts(corners):
        there = [f"{x:g} {over:g}" for x, _, over in part]
        back = [f"{x:g} {under:g}" for x, under, _ in reversed(part)]
        path += f"M{'L'.join([*there, *back])}Z"
    return path


def _parts(points: Sequence[Any]) -> list[list[Any]]:
    """The stretches without a missing point."""
    parts: list[list[Any]] = [[]]
    for point in points:
        if point is not None:
            parts[-1].append(point)
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if part]
