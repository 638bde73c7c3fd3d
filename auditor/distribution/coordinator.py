"""A run in units: parts the clouds, has the units read, and gathers what was committed into one snapshot."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from auditor import __version__
from auditor.distribution.executors import Executor, ExecutorLostError
from auditor.distribution.stored_run import StoredRun
from auditor.distribution.unit import EarlierRun, WorkUnit, asked_of
from auditor.distribution.worker import UnitError, UnitResult
from auditor.engine.collect import not_installed
from auditor.engine.recorder import SnapshotRecorder
from auditor.errors import NoScopeError, StorageError
from auditor.model.capture import CaptureFacts
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.provider import CollectOptions, Progress, Provider
from auditor.snapshot.archive import Snapshot

_log = logging.getLogger(__name__)

_EVERYWHERE: Final = "global"


@dataclass(frozen=True, slots=True)
class Distribution:
    """How a run is distributed. ``place`` is how workers name the store; ``again`` what to type to go on with it.

    ``earlier`` is the run whose answers units may take over; ``packages`` the options of looking into packages.
    """

    executor: Executor
    run: StoredRun
    place: str
    again: str
    earlier: EarlierRun | None = None
    packages: Mapping[str, str | None] | None = None


@dataclass(slots=True)
class _Progressing:
    """The units of a run, and what became of them."""

    units: dict[str, WorkUnit] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def collect_in_units(
    providers: Mapping[Cloud, Provider],
    options: CollectOptions,
    root: Path,
    selection: tuple[tuple[str, str], ...],
    progress: Progress,
    how: Distribution,
    *,
    command: str = "",
    not_scanned: Mapping[Cloud, str],
) -> CaptureFacts:
    """Reads every cloud in units and writes the snapshot under ``root``; what a unit lacks are gaps of its account.

    Raises NoScopeError where nothing could be opened, with every cloud's sentence; ExecutorLostError where nobody is
    left who reads: what was committed by then stays in the store.
    """
    recorder = SnapshotRecorder(
        root, options.depth, __version__, selection, command=command, not_scanned=not_scanned.items()
    )
    state, refusals = _Progressing(), []
    for cloud, provider in providers.items():
        try:
            portions = provider.portions(options, recorder.for_cloud(cloud), progress)
        except NoScopeError as refused:
            refusals.append(recorder.redactor.text(str(refused)))
        except ImportError as missing:
            refusals.append(not_installed(cloud, missing))
        else:
            for portion in portions:
                asked = asked_of(portion, how.packages)
                unit = WorkUnit(cloud, portion.scope, asked, selection, how.place, how.run.name, earlier=how.earlier)
                state.units[unit.name] = unit
            continue
        recorder.add_error(refusals[-1])
        recorder.leave_out(cloud, refusals[-1])
    recorder.checkpoint()  # whatever ends us: the accounts that are not read yet are known to be missing
    _read(state, root, progress, how, options)
    refusals += _tell(state, providers, recorder, stopped=options.stop.is_set())
    recorder.close(interrupted=options.stop.is_set())
    # an earlier run's captures may lie beside ours until they are not needed any more: how that ended is not how we did
    facts = replace(Snapshot(root).facts, interrupted=options.stop.is_set())
    if not facts.scopes and refusals and not options.stop.is_set():
        first, *others = dict.fromkeys([*refusals, *(reason for _, reason in facts.not_scanned)])
        raise NoScopeError(first, others)
    return facts


def _read(state: _Progressing, root: Path, progress: Progress, how: Distribution, options: CollectOptions) -> None:
    """Has units read that are not in the store, or not whole, and gathers each as it is committed."""
    committed = how.run.commits()
    waiting: dict[str, WorkUnit] = {}
    for name, unit in state.units.items():
        done = committed.get(name, [])
        if done and _gathered(state, name, done[-1], root, how, only_whole=True):
            continue
        waiting[name] = replace(unit, attempt=done[-1] + 1) if done else unit
    progress.waiting(len(waiting))
    left = dict(waiting)
    try:
        for name, result in how.executor.results(waiting, options.stop):
            unit = left.pop(name)
            progress.waiting(-1)
            progress.answered(unit.scope or _EVERYWHERE, ())
            _ended(state, name, unit, result, root, how)
    except ExecutorLostError as lost:
        _log.warning("%s", lost)
        done_now = len(state.units) - len(left)
        raise ExecutorLostError(
            f"{lost} {done_now} of {len(state.units)} units were read. Go on with: {how.again}"
        ) from lost
    for name, unit in left.items():
        _without(state, name, unit, "The run was stopped before it was read.", root, how)


def _ended(
    state: _Progressing, name: str, unit: WorkUnit, result: UnitResult | UnitError, root: Path, how: Distribution
) -> None:
    if isinstance(result, UnitError):
        _without(state, name, unit, f"It could not be read: {result}", root, how)
    elif not result.committed:
        state.refused[name] = result.refusal
        _without(state, name, unit, result.refusal, root, how)
    elif not _gathered(state, name, unit.attempt, root, how):
        _without(state, name, unit, "What was read of it cannot be found in the store.", root, how)


def _gathered(
    state: _Progressing, name: str, attempt: int, root: Path, how: Distribution, *, only_whole: bool = False
) -> bool:
    """Adds a committed shard to the snapshot; says whether it did. ``only_whole``: not one that lacks an answer."""
    try:
        told = how.run.read(name, attempt)
        if only_whole and told.gaps:
            return False
        how.run.fetch(told, root)
    except StorageError as damaged:
        _log.warning("%s", damaged)
        return False
    state.lost.pop(name, None)
    return True


def _without(state: _Progressing, name: str, unit: WorkUnit, reason: str, root: Path, how: Distribution) -> None:
    """Takes what an earlier attempt had read; where there is none, notes that the unit is lost."""
    if not (unit.attempt and _gathered(state, name, unit.attempt - 1, root, how)):
        state.lost[name] = reason


def _tell(
    state: _Progressing, providers: Mapping[Cloud, Provider], recorder: SnapshotRecorder, *, stopped: bool
) -> list[str]:
    """Records what is missing of units that were not read: their functions are not known. Returns the refusals."""
    for name, reason in sorted(state.lost.items()):
        unit = state.units[name]
        if unit.scope:
            _unread(unit, reason, providers[unit.cloud], recorder, stopped=stopped)
        else:
            recorder.add_error(reason if name in state.refused else f"{unit.cloud}: {reason}")
            if not recorder.opened(unit.cloud):
                recorder.leave_out(unit.cloud, reason)
    return [*_sentences(state.refused.values())]


def _unread(unit: WorkUnit, reason: str, provider: Provider, recorder: SnapshotRecorder, *, stopped: bool) -> None:
    why = GapReason.INTERRUPTED if stopped else GapReason.NOT_COLLECTED
    of_cloud = recorder.for_cloud(unit.cloud)
    for operation in provider.operations:
        if operation.id in provider.listing:
            of_cloud.gap(operation, unit.scope, _EVERYWHERE, "", 0, why, reason)
    if not stopped:
        recorder.add_error(f"{unit.cloud}/{unit.scope}: {reason}")


def _sentences(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
