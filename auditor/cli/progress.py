"""A progress bar on standard error while collecting, where there is a terminal to draw it on."""

import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from auditor.engine.silent_progress import Silent
from auditor.provider import Progress

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bars


@contextmanager
def display(*, shown: bool, color: bool) -> Iterator[Progress]:
    """A bar, or silence."""
    if not (shown and sys.stderr.isatty()):
        yield Silent()
        return
    from rich.console import Console  # noqa: PLC0415 - half the cost of a start; only when drawn

    with drawn(Console(stderr=True, no_color=not color)) as bar:
        yield bar


@contextmanager
def drawn(console: "Console") -> Iterator[Progress]:
    """A bar that is taken away again at the end: region, calls done of those expected, functions, time left."""
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415 - as above
    from rich.progress import Progress as Bars  # noqa: PLC0415 - the same

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[counts]}", markup=False),
        TextColumn("left:"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console, transient=True) as bars:
        yield _Bar(bars)


class _Bar:
    """Adds up from many threads. It is never full: what an answer will make us ask next, nobody knows."""

    def __init__(self, bars: "Bars") -> None:
        self._bars = bars
        self._task = bars.add_task("Opening accounts", total=1, counts="no call yet")
        self._lock = Lock()
        self._expected = self._done = self._waiting = 0
        self._functions: set[str] = set()
        self._region = "Opening accounts"

    def expect(self, calls: int) -> None:
        with self._lock:
            self._expected += calls
            self._draw()

    def done(self, operation: str) -> None:  # noqa: ARG002 - the region says more than the SDK's name of a call
        with self._lock:
            self._done += 1
            self._draw()

    def waiting(self, jobs: int) -> None:
        with self._lock:
            self._waiting += jobs
            self._draw()

    def answered(self, location: str, functions: Collection[str]) -> None:
        with self._lock:
            self._region = f"Reading {location}" if location != _EVERYWHERE else self._region
            self._functions.update(functions)
            self._draw()

    def _draw(self) -> None:
        expected = max(self._expected + self._waiting, self._done)
        calls = f"{self._done:,} of {expected:,} calls, {len(self._functions):,} functions"
        total = max(expected, self._done + 1)
        self._bars.update(self._task, total=total, completed=self._done, description=self._region, counts=calls)


_EVERYWHERE = "global"
