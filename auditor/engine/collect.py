"""Collects: one thread a cloud, all answers into one snapshot."""

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Final

from auditor import __version__
from auditor.engine.evaluate import describe
from auditor.engine.recorder import SnapshotRecorder
from auditor.errors import NoScopeError, UsageError
from auditor.model.capture import CaptureFacts
from auditor.model.ids import Cloud
from auditor.provider import CollectOptions, Progress, Provider

_log = logging.getLogger(__name__)

_OWN: Final = frozenset({"auditor", "providers"})
_LOOK: Final = 0.1
_PATIENCE: Final = 1.0
"""Seconds a cloud may go on without a word once the run is to end; while it records its gaps, it is waited for."""


class _Reading:
    """One cloud being read, in a thread that may be left behind."""

    def __init__(self, cloud: Cloud, provider: Provider, options: CollectOptions, recorder: SnapshotRecorder) -> None:
        self.cloud = cloud
        self.stop = options.stop
        self.refusal: str | None = None
        self.uninstalled = False
        self.crash: BaseException | None = None
        self.done = Event()
        self._provider = provider
        self._options = options
        self._recorder = recorder

    def start(self, progress: Progress) -> None:
        """Begins, unless the run is to end already."""
        if self.stop.is_set():
            self.done.set()
            return
        Thread(target=self._read, args=(progress,), name=f"cloud-{self.cloud}", daemon=True).start()

    def _read(self, progress: Progress) -> None:
        mine = self._recorder.for_cloud(self.cloud)
        try:
            self._provider.collect(self._options, mine, progress)
        except NoScopeError as refused:
            self.refusal = self._recorder.redactor.text(str(refused))
            mine.error(self.refusal)
        except ImportError as missing:
            if (missing.name or "").partition(".")[0] in _OWN:
                self.crash = missing
                return
            self.refusal, self.uninstalled = not_installed(self.cloud, missing), True
            mine.error(self.refusal)
        except BaseException as crash:  # noqa: BLE001 - judged by whoever waits
            self.crash = crash
        finally:
            self.done.set()


def not_installed(cloud: Cloud, missing: ImportError) -> str:
    """Says which package of a cloud's SDK is not there."""
    return (
        f"Auditing {cloud} needs the Python package {missing.name or missing}, which cannot be imported: "
        "'pip install serverless-auditor' brings it."
    )


def collect(
    providers: Mapping[Cloud, Provider],
    options: Mapping[Cloud, CollectOptions],
    root: Path,
    selection: tuple[tuple[str, str], ...],
    progress: Progress,
) -> CaptureFacts:
    """Runs every provider's collection side by side and writes the snapshot under ``root``.

    A cloud that cannot be opened is a sentence in the capture, never another cloud's problem, and so is one
    whose collection of ours crashes beside others: the run is then incomplete and says so. Raises NoScopeError
    where no cloud could be opened at all, with every cloud's sentence; UsageError where none has its SDK.
    """
    depth = next(iter(options.values())).depth
    recorder = SnapshotRecorder(root, depth, __version__, selection)
    readings = [_Reading(cloud, provider, options[cloud], recorder) for cloud, provider in providers.items()]
    for reading in readings:
        _log.debug("reading %s at depth %s", reading.cloud, depth)
        reading.start(progress)
    _wait(readings, recorder)
    stopped = any(reading.stop.is_set() for reading in readings)
    crashes = _crashes(readings, recorder)
    for reading in readings if stopped else ():
        _say_stopped(reading, recorder)
    facts = recorder.close(interrupted=stopped)
    if len(crashes) == len(providers):
        raise crashes[0]
    refusals = [reading.refusal for reading in readings if reading.refusal]
    if all(reading.uninstalled for reading in readings):
        raise UsageError(" ".join(refusals))
    if not facts.scopes and refusals and not stopped:
        raise NoScopeError(" ".join(refusals))
    return facts


def _wait(readings: Iterable[_Reading], recorder: SnapshotRecorder) -> None:
    """Returns when every cloud is read, or when the run is to end and nothing more is heard."""
    heard, since = -1, monotonic()
    while pending := [reading for reading in readings if not reading.done.is_set()]:
        pending[0].done.wait(_LOOK)
        if not pending[0].stop.is_set() or recorder.heard != heard:
            heard, since = recorder.heard, monotonic()
        elif monotonic() - since > _PATIENCE:
            return


def _crashes(readings: Iterable[_Reading], recorder: SnapshotRecorder) -> list[BaseException]:
    """The crashes of ours, each a sentence in the capture. Raises one that is the user's to mend."""
    crashed = {reading.cloud: reading.crash for reading in readings if reading.crash is not None}
    for crash in crashed.values():
        if isinstance(crash, UsageError):
            raise crash
    for cloud, crash in crashed.items():
        recorder.add_error(f"Reading {cloud} stopped by an error of ours ({describe(crash)}): the rest is missing.")
    return list(crashed.values())


def _say_stopped(reading: _Reading, recorder: SnapshotRecorder) -> None:
    """What the gaps cannot say: a cloud none of whose accounts was opened, or that had to be left behind."""
    if not recorder.opened(reading.cloud):
        recorder.add_error(f"The run was stopped before any account of {reading.cloud} was opened.")
    elif not reading.done.is_set():
        recorder.add_error(f"The run was stopped while {reading.cloud} was being read: what was not asked is missing.")
