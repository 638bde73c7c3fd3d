"""Who reads units: threads of this process. See :mod:`auditor.distribution.cluster` for processes and clusters."""

from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event
from typing import Final, Protocol

from auditor.distribution.unit import WorkUnit
from auditor.distribution.worker import UnitError, UnitResult, read
from auditor.errors import AuditorError

LOOK: Final = 0.1
"""Seconds between two looks at whether the run is to end."""

_SIDE_BY_SIDE: Final = 8
"""Units read at once by threads. Each has quotas of its own, so more are limited by this machine alone."""


class ExecutorLostError(AuditorError):
    """Nobody is left who reads units: the run can be gone on with from its store."""


class Executor(Protocol):
    """Reads units somewhere. ``remote`` says that what is read by a path is read on another machine."""

    remote: bool

    def results(self, units: Mapping[str, WorkUnit], stop: Event) -> Iterator[tuple[str, UnitResult | UnitError]]:
        """How each unit ended, by its name, as they end; those that ``stop`` left unread are not told.

        Raises ExecutorLostError where nobody is left who reads.
        """


class ThreadExecutor:
    """Implements :class:`Executor` with threads, which end by themselves when the run is to end."""

    remote = False

    def results(self, units: Mapping[str, WorkUnit], stop: Event) -> Iterator[tuple[str, UnitResult | UnitError]]:
        with ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="unit") as pool:
            pending: dict[Future[UnitResult], str] = {
                pool.submit(read, unit, stop): name for name, unit in units.items()
            }
            while pending:
                for future in wait(pending, LOOK, FIRST_COMPLETED).done:
                    yield pending.pop(future), _told(future)
                if stop.is_set():
                    for future in [future for future in pending if future.cancel()]:
                        del pending[future]


def _told(future: Future[UnitResult]) -> UnitResult | UnitError:
    try:
        return future.result()
    except UnitError as failed:
        return failed
