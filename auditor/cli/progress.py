"""A progress bar on standard error while collecting, where there is a terminal to draw it on."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from auditor.provider import Progress


class Silent:
    """No display."""

    def expect(self, calls: int) -> None:
        pass

    def done(self, operation: str) -> None:
        pass


@contextmanager
def display(*, shown: bool, color: bool) -> Iterator[Progress]:
    """A bar, or silence."""
    if not (shown and sys.stderr.isatty()):
        yield Silent()
        return
    from rich.console import Console  # noqa: PLC0415 - half the cost of a start; only when drawn
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - same
    from rich.progress import Progress as Bars  # noqa: PLC0415 - the same

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("calls"),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=Console(stderr=True, no_color=not color), transient=True) as bars:
        task = bars.add_task("Collecting", total=0)
        lock = Lock()

        class Bar:
            """Adds up from many threads."""

            total = 0

            def expect(self, calls: int) -> None:
                with lock:
                    self.total += calls
                    bars.update(task, total=self.total)

            def done(self, operation: str) -> None:
                bars.update(task, advance=1, description=f"Collecting {operation}")

        yield Bar()
