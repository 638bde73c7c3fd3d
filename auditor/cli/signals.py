"""Ctrl-C, SIGTERM and --timeout: how a command is ended, and when it is too late to end it.

While a collection is under way they set one event, and what is left becomes gaps. At any other time they unwind the
command, whose result then stays what it was. From the moment a result is swapped in they change nothing: the result
says the exit code, and the exit code is what it says.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Timer
from types import FrameType

from auditor.errors import ExitCode

_NUMBERS = (signal.SIGINT, signal.SIGTERM)
_AGAIN = "Ctrl-C again ends it at once"


class EndedError(BaseException):
    """A signal ends the command. Like KeyboardInterrupt it is nobody's to catch but ours."""

    def __init__(self, code: ExitCode) -> None:
        super().__init__(code)
        self.code = code


class Stop:
    """Why a collection is to end. ``exit_code`` is None unless a signal asked for it."""

    def __init__(self) -> None:
        self.event = Event()
        self.exit_code: ExitCode | None = None

    def on_signal(self, code: ExitCode) -> None:
        """Finish tidily, and say so."""
        self.exit_code = code
        self.event.set()
        _say("terminated" if code is ExitCode.TERMINATED else "interrupted")

    def on_timeout(self) -> None:
        """The time of ``--timeout`` is over."""
        self.event.set()
        _say("the time of --timeout is over")


class Signals:
    """How one command answers signals."""

    def __init__(self) -> None:
        self.stop: Stop | None = None
        self.decided = False
        """Whether the exit code is settled: signals change nothing any more."""
        self.deferring = False
        self.deferred: ExitCode | None = None
        self._ending = False

    def answer(self, number: int, _frame: FrameType | None) -> None:
        """The handler. Raises EndedError once; a further signal does not disturb the unwinding."""
        if self.decided or self._ending:
            return
        code = ExitCode.TERMINATED if number == signal.SIGTERM else ExitCode.INTERRUPTED
        if self.stop is not None and self.stop.exit_code is None:
            self.stop.on_signal(code)
            return
        if self.deferring:
            self.deferred = self.deferred or code
            return
        self.end(self.stop.exit_code if self.stop and self.stop.exit_code else code)

    def end(self, code: ExitCode) -> None:
        """Unwinds the command. Raises EndedError."""
        self._ending = True
        raise EndedError(code)


_current: list[Signals] = []
"""The commands under way in the main thread, the innermost last (a command may run another)."""


def _say(why: str) -> None:
    """One line, past any buffer: a signal may have interrupted somebody who was just writing to one."""
    with suppress(OSError):  # nobody is listening any more
        os.write(2, f"\nauditor: {why}: stopping, and keeping what was collected ({_AGAIN}).\n".encode())


@contextmanager
def answered(*, restored: bool = True) -> Iterator[Signals]:
    """Answers signals for the length of a command, in the main thread (others get none).

    ``restored`` False leaves the handlers in place: the process ends next, and must not end otherwise than the command.
    """
    signals = Signals()
    if threading.current_thread() is not threading.main_thread():
        yield signals
        return
    before = {number: signal.signal(number, signals.answer) for number in _NUMBERS}
    _current.append(signals)
    try:
        yield signals
    finally:
        _current.remove(signals)
        for number, handler in before.items() if restored else ():
            signal.signal(number, handler)


@contextmanager
def stoppable(timeout: float | None) -> Iterator[Stop]:
    """Lets signals, and a timeout in seconds, set one event for the length of a collection.

    Read ``exit_code`` after the block: a signal may come in its last moment.
    """
    stop = Stop()
    timer = Timer(timeout, stop.on_timeout) if timeout else None
    if timer:
        timer.daemon = True
        timer.start()
    try:
        if _current:
            _current[-1].stop = stop
        yield stop
    finally:
        if _current:
            _current[-1].stop = None
        if timer:
            timer.cancel()


@contextmanager
def deferred() -> Iterator[None]:
    """A few steps that belong together: a signal that comes meanwhile is answered after them."""
    signals = _current[-1] if _current else Signals()
    signals.deferring = True
    try:
        yield
    finally:
        signals.deferring = False
        if signals.deferred is not None and not signals.decided:
            signals.end(signals.deferred)


@contextmanager
def decided() -> Iterator[None]:
    """From here on a signal changes nothing, unless the block fails."""
    signals = _current[-1] if _current else Signals()
    signals.decided = True
    try:
        yield
    except BaseException:
        signals.decided = False
        raise


def ignore() -> None:
    """For the last moments of a process whose exit code is settled."""
    for number in _NUMBERS:
        signal.signal(number, signal.SIG_IGN)
