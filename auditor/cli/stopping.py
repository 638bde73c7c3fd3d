"""Ctrl-C, SIGTERM and --timeout: all set one event, and what is left becomes gaps."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Timer
from types import FrameType

from auditor.cli.exit_codes import INTERRUPTED, TERMINATED


class Stop:
    """Why a run is to end. ``exit_code`` is None unless a signal asked for it."""

    def __init__(self) -> None:
        self.event = Event()
        self.exit_code: int | None = None

    def on_signal(self, number: int, _frame: FrameType | None) -> None:
        """First signal: finish tidily. Second: at once."""
        if self.exit_code is not None:
            raise KeyboardInterrupt
        self.exit_code = TERMINATED if number == signal.SIGTERM else INTERRUPTED
        self.event.set()


@contextmanager
def stoppable(timeout: float | None) -> Iterator[Stop]:
    """Installs the handlers for the length of a collection."""
    stop = Stop()
    before = {number: signal.signal(number, stop.on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    timer = Timer(timeout, stop.event.set) if timeout else None
    if timer:
        timer.daemon = True
        timer.start()
    try:
        yield stop
    finally:
        if timer:
            timer.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)
