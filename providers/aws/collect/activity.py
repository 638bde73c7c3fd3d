"""How functions ran: CloudWatch is asked about many functions in one call, and of those that ran, about more."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from providers.answers.json_paths import rows, text
from providers.aws.collect.region_context import RegionContext
from providers.aws.metrics import (
    ALWAYS,
    DEFAULT_DAYS,
    GET,
    INVOCATIONS,
    MEMORY,
    METRICS,
    WHERE_IT_RAN,
    Window,
    may_have_insights,
)
from providers.aws.operations.declaration import ACTIVITY

_QUERIES: Final = 500
_POINTS: Final = 100_800
"""What one call may ask for at most. CloudWatch API reference, GetMetricData, 2026-12-01."""


class Activity:
    """Gathers the names of functions while they stream in, and asks about them together. Fed by one thread."""

    def __init__(self, context: RegionContext) -> None:
        self._context = context
        self._wanted = ACTIVITY in context.options.tiers
        self._window = Window.of(context.options.activity_days or DEFAULT_DAYS)
        self._functions: dict[str, bool] = {}

    def function(self, arn: str, row: Mapping[str, Any]) -> None:
        """Notes a function, and whether something may measure its memory."""
        if self._wanted:
            self._functions[arn.rpartition(":")[2]] = may_have_insights(row)

    def start(self) -> None:
        """Queues the questions; none where nobody asked for them."""
        each = self._room() // len(ALWAYS)
        for number, names in enumerate(_batches(list(self._functions), each)):
            self._context.bulk(partial(self._ask, str(number), names))

    def _room(self) -> int:
        """How many queries fit into one call."""
        return min(_QUERIES, _POINTS // (self._window.days + 1))

    def _ask(self, batch: str, names: Sequence[str]) -> None:
        ran: dict[str, None] = {}

        def each(page: Any) -> None:
            for row in rows(page, "MetricDataResults"):
                if text(row, "Id").startswith(INVOCATIONS) and row.get("Values"):
                    ran[text(row, "Label")] = None

        self._call(batch, [(metric, name) for name in names for metric in ALWAYS], each)
        more = [(metric, name) for name in ran for metric in WHERE_IT_RAN if metric != MEMORY or self._measured(name)]
        for number, part in enumerate(_batches(more, self._room())):
            self._call(f"{batch}.{number}", part)

    def _measured(self, name: str) -> bool:
        return self._functions.get(name, False)

    def _call(self, batch: str, asked: Sequence[tuple[str, str]], each: Callable[[Any], None] | None = None) -> None:
        queries = [METRICS[metric].query(f"{metric}_{number}", name) for number, (metric, name) in enumerate(asked)]
        self._context.listing(
            GET,
            self._window.subject(batch),
            each=each,
            MetricDataQueries=queries,
            StartTime=self._window.starts,
            EndTime=self._window.ends,
        )


def _batches(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]
