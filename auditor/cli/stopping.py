"""Ctrl-C, SIGTERM and --timeout: all set one event, and what is left becomes gaps."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Timer
from types import FrameType

from auditor.cli.exit_codes import INTERRUPTED, TERMINATED

_AGAIN = "Ctrl-C again ends it at once"


class TerminatedError(BaseException):
    """SIGTERM, where nothing tidier was arranged. Like KeyboardInterrupt it is nobody's to catch but ours."""


class Stop:
    """Why a run is to end. ``exit_code`` is None unless a signal asked for it."""

    def __init__(self) -> None:
        self.event = Event()
        self.exit_code: int | None = None

    def on_signal(self, number: int, _frame: FrameType | None) -> None:
        """First signal: finish tidily, and say so. Second: at once."""
        if self.exit_code is not None:
            raise KeyboardInterrupt
        self.exit_code = TERMINATED if number == signal.SIGTERM else INTERRUPTED
        self.event.set()
        _say("terminated" if number == signal.SIGTERM else "interrupted")

    def on_timeout(self) -> None:
        """The time of ``--timeout`` is over."""
        self.event.set()
        _say("the time of --timeout is over")


def _say(why: str) -> None:
    """One line, past any buffer: a signal may have interrupted somebody who was just writing to one."""
    with suppress(OSError):  # nobody is listening any more
        os.write(2, f"\nauditor: {why}: stopping, and writing what was collected ({_AGAIN}).\n".encode())


@contextmanager
def stoppable(timeout: float | None) -> Iterator[Stop]:
    """Installs the handlers for the length of a collection."""
    stop = Stop()
    before = {number: signal.signal(number, stop.on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    timer = Timer(timeout, stop.on_timeout) if timeout else None
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


@contextmanager
def terminable() -> Iterator[None]:
    """Lets SIGTERM unwind the program as Ctrl-C does, so that no half-written file stays behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _unwind)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _unwind(_number: int, _frame: FrameType | None) -> None:
    raise TerminatedError
