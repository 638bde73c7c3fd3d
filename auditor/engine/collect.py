"""Collects: one thread a cloud, all answers into one snapshot."""

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from types import MappingProxyType
from typing import Final

from auditor import __version__
from auditor.engine.announcing_recorder import AnnouncingRecorder
from auditor.engine.evaluate import describe
from auditor.engine.recorder import SnapshotRecorder
from auditor.errors import NoScopeError, StorageError, UsageError
from auditor.model.capture import CaptureFacts
from auditor.model.ids import Cloud
from auditor.provider import CollectOptions, Progress, Provider

_log = logging.getLogger(__name__)

_OWN: Final = frozenset({"auditor", "providers"})
_LOOK: Final = 0.1
_FIRST_CHECKPOINT: Final = 0.5
_CHECKPOINT: Final = 3.0
_SHARE: Final = 20
"""Seconds until what was collected is first written, and between two writings at least; the share of time for it."""

_PATIENCE: Final = 3.0
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
        try:
            mine = AnnouncingRecorder(self._recorder, self.cloud, progress, self._provider.listing)
            self._provider.collect(self._options, mine, progress)
        except NoScopeError as refused:
            self.refusal = self._recorder.redactor.text(self._unconfigured() or str(refused))
            self._left_out(self.refusal)
        except ImportError as missing:
            if (missing.name or "").partition(".")[0] in _OWN:
                self.crash = missing
                return
            self.refusal, self.uninstalled = not_installed(self.cloud, missing), True
            self._left_out(self.refusal)
        except BaseException as crash:  # noqa: BLE001 - judged by whoever waits
            self.crash = crash
        finally:
            self.done.set()

    def _left_out(self, reason: str) -> None:
        self._recorder.add_error(reason)
        if not self._recorder.opened(self.cloud):
            self._recorder.leave_out(self.cloud, reason)

    def _unconfigured(self) -> str | None:
        """What to set up, where no credentials are configured: it says more than what the SDK tried in vain."""
        try:
            return self._provider.usable(self._options)
        except Exception:  # noqa: BLE001 - what was refused is said all the same, in the refusal's own words
            return None


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
    *,
    command: str = "",
    not_scanned: Mapping[Cloud, str] = MappingProxyType({}),
) -> CaptureFacts:
    """Runs every provider's collection side by side and writes the snapshot under ``root``.

    ``command`` is noted as the command line; ``not_scanned`` are the clouds that are left out, and why. While it
    goes on, what was collected is written every few seconds.

    A cloud that cannot be opened is a sentence in the capture, never another cloud's problem, and so is one
    whose collection of ours crashes after it was opened: the run is then incomplete and says so. Raises NoScopeError
    where no cloud could be opened at all, with every cloud's sentence; UsageError where none has its SDK.
    """
    depth = next(iter(options.values())).depth
    recorder = SnapshotRecorder(root, depth, __version__, selection, command=command, not_scanned=not_scanned.items())
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
    if len(crashes) == len(providers) and not facts.scopes:
        raise crashes[0]
    refusals = [reading.refusal for reading in readings if reading.refusal]
    if all(reading.uninstalled for reading in readings):
        raise UsageError(" ".join(refusals))
    if not facts.scopes and refusals and not stopped:
        first, *others = dict.fromkeys([*refusals, *(reason for _, reason in facts.not_scanned)])
        raise NoScopeError(first, others)
    return facts


def _wait(readings: Iterable[_Reading], recorder: SnapshotRecorder) -> None:
    """Returns when every cloud is read, or when the run is to end and nothing more is heard."""
    heard, since = -1, monotonic()
    kept = _Checkpoints(recorder)
    while pending := [reading for reading in readings if not reading.done.is_set()]:
        pending[0].done.wait(_LOOK)
        kept.write_if_due()
        if not pending[0].stop.is_set() or recorder.heard != heard:
            heard, since = recorder.heard, monotonic()
        elif monotonic() - since > _PATIENCE:
            return


class _Checkpoints:
    """Writes what was collected now and then, and never spends more than a twentieth of the time on it."""

    def __init__(self, recorder: SnapshotRecorder) -> None:
        self._recorder = recorder
        self._heard = 0
        self._due = monotonic() + _FIRST_CHECKPOINT

    def write_if_due(self) -> None:
        """Writes when it is time and something was recorded. A disk that is full may not be at the end: it is said."""
        began = monotonic()
        if began < self._due or self._recorder.heard == self._heard:
            return
        self._heard = self._recorder.heard
        try:
            self._recorder.checkpoint()
        except StorageError as refused:
            _log.warning("What was collected so far cannot be kept: %s", refused)
        self._due = monotonic() + max(_CHECKPOINT, _SHARE * (monotonic() - began))


def _crashes(readings: Iterable[_Reading], recorder: SnapshotRecorder) -> list[BaseException]:
    """The crashes of ours, each a sentence in the capture. Raises one that is the user's to mend."""
    crashed = {reading.cloud: reading.crash for reading in readings if reading.crash is not None}
    for crash in crashed.values():
        if isinstance(crash, UsageError):
            raise crash
    for cloud, crash in crashed.items():
        sentence = f"Reading {cloud} stopped by an error of ours ({describe(crash)}): the rest is missing."
        recorder.add_error(sentence)
        if not recorder.opened(cloud):
            recorder.leave_out(cloud, sentence)
    return list(crashed.values())


def _say_stopped(reading: _Reading, recorder: SnapshotRecorder) -> None:
    """What the gaps cannot say: a cloud none of whose accounts was opened, or that had to be left behind."""
    if not recorder.opened(reading.cloud):
        sentence = f"The run was stopped before any account of {reading.cloud} was opened."
        recorder.add_error(sentence)
        recorder.leave_out(reading.cloud, sentence)
    elif not reading.done.is_set():
        recorder.add_error(f"The run was stopped while {reading.cloud} was being read: what was not asked is missing.")
