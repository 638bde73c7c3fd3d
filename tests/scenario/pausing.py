"""Runs that are ended at a known point: at a call, never after a time."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

HOME: Final = Path(__file__).parents[2]
PATIENCE: Final = 600.0
"""Seconds until a test gives up: far more than any machine needs."""

_ENDLESS = """
import sys
from importlib import import_module
from providers.calls import limits
limits.DEADLINE_SECONDS = 10.0**6
for cloud in ("aws", "azure", "gcp"):
    try:
        import_module(f"providers.{cloud}.session").READ_SECONDS = 10**6
    except ImportError:
        pass
import_module("providers.gcp.gateway").READ_SECONDS = 10**6
from auditor.cli.main import main
main(sys.argv[1:])
"""
"""The command line, but no call ever gives up by itself: a run that waits for one that hangs would not end."""


def started(*arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """The command line as a process."""
    return _process([sys.executable, "-m", "auditor", *arguments], environment)


def started_with_endless_calls(*arguments: str, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """The command line as a process whose calls never give up by themselves."""
    return _process([sys.executable, "-c", _ENDLESS, *arguments], environment)


def _process(command: list[str], environment: Mapping[str, str] | None) -> subprocess.Popen[str]:
    given = {**os.environ, **(environment or {})}
    return subprocess.Popen(command, cwd=HOME, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Paused:
    """Holds the answers of a server back from a chosen call on, until it is let go."""

    def __init__(self, server: Any, chosen: Callable[[Any], bool]) -> None:
        self.reached, self.let_go = Event(), Event()
        answer = server.answer

        def pausing(call: Any) -> Any:
            if chosen(call):
                self.reached.set()
                self.let_go.wait(PATIENCE)
            return answer(call)

        server.answer = pausing

    @classmethod
    def at(cls, server: Any, operation: str) -> "Paused":
        """At every call of one operation; all others are answered."""
        return cls(server, lambda call: call.operation.startswith(operation))

    @classmethod
    def after(cls, server: Any, calls: int) -> "Paused":
        """At every call after the first so many."""
        seen: list[None] = []
        return cls(server, lambda _: (seen.append(None), len(seen) > calls)[1])  # type: ignore[func-returns-value]


def timer_that_waits_for(reached: Event) -> type:
    """A timer whose time is over when something has happened."""

    class Timer:
        def __init__(self, _seconds: float, call: Callable[[], None]) -> None:
            self._thread = Thread(target=lambda: (reached.wait(PATIENCE), call()), daemon=True)  # type: ignore[func-returns-value]

        def start(self) -> None:
            self._thread.start()

        def cancel(self) -> None:
            """It has rung already."""

    return Timer


def wait_until(happened: Callable[[], bool]) -> None:
    """Waits for something to be true."""
    for _ in range(int(PATIENCE / 0.05)):
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError("it never happened")
