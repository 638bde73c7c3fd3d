"""Calls that may be left behind: whoever waits for an answer goes on once the run is to end, or the call takes long.

An SDK cannot be told to give a call up, and a cloud may hold one open for half a minute, or for ever by sending a byte
now and then. So each call is made by a thread of its own kind, which may be abandoned: it ends when its connection
does, and what it brings is dropped.
"""

import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import Any, Final, TypeVar

T = TypeVar("T")

_LOOK: Final = 0.25
"""Seconds between two looks at ``stop`` and at the clock; an answer is noticed at once."""

_IDLE: Final = 5.0
"""Seconds after which a thread without an errand ends."""


class AbandonedCallError(Exception):
    """The run is to end: the call was not made, or is not waited for any longer."""


class CallTimeoutError(Exception):
    """The call is not waited for any longer: its time is over."""


class InterruptibleCalls:
    """Makes calls in daemon threads, used again and again, for callers who stop waiting once ``stop`` is set."""

    def __init__(self, stop: Event, clock: Callable[[], float] = time.monotonic) -> None:
        self._stop = stop
        self._clock = clock
        self._lock = Lock()
        self._idle: list[_Hand] = []

    def run(self, call: Callable[[], T], seconds: float = float("inf")) -> T:
        """What ``call`` returns or raises.

        Raises AbandonedCallError when the run is to end first, CallTimeoutError when ``seconds`` have passed.
        """
        if self._stop.is_set():
            raise AbandonedCallError
        began = self._clock()
        errand = _Errand(call)
        with self._lock:
            hand = self._idle.pop() if self._idle else _Hand(self._finish, self._retire)
        hand.given.put(errand)
        while not errand.done.wait(_LOOK):
            if self._stop.is_set():
                raise AbandonedCallError
            if self._clock() - began > seconds:
                raise CallTimeoutError
        if errand.error is None:
            result: T = errand.result
            return result
        try:
            raise errand.error
        finally:
            del errand  # the error holds this frame: were it held by the frame, neither would go away soon

    def _finish(self, hand: "_Hand") -> None:
        with self._lock:
            self._idle.append(hand)

    def _retire(self, hand: "_Hand") -> bool:
        """Whether a thread that was idle for long may end; not if it was given something just now."""
        with self._lock:
            if hand not in self._idle:
                return False
            self._idle.remove(hand)
            return True


class _Errand:
    __slots__ = ("call", "done", "error", "result")

    def __init__(self, call: Callable[[], Any]) -> None:
        self.call = call
        self.done = Event()
        self.result: Any = None
        self.error: BaseException | None = None


class _Hand:
    """One thread and what it is given to do."""

    def __init__(self, finish: Callable[["_Hand"], None], retire: Callable[["_Hand"], bool]) -> None:
        self.given: SimpleQueue[_Errand] = SimpleQueue()
        self._finish = finish
        self._retire = retire
        Thread(target=self._serve, name="errand", daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                errand = self.given.get(timeout=_IDLE)
            except Empty:
                if self._retire(self):
                    return
                continue
            try:
                errand.result = errand.call()
            except BaseException as error:  # noqa: BLE001 - raised again where the answer is waited for
                errand.error = error
            self._finish(self)
            errand.done.set()
            del errand  # what it brought is not kept alive by an idle thread
