"""What a worker does: reads one unit with credentials of its own, and commits the shard to the store."""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

from auditor import __version__, plugins
from auditor.distribution.storage import open_storage
from auditor.distribution.stored_run import StoredRun
from auditor.distribution.unit import WorkUnit, decoded, options_of
from auditor.engine.collect import collect, not_installed
from auditor.engine.coverage import HARMLESS
from auditor.engine.earlier_answers import EarlierAnswers
from auditor.engine.evaluate import describe
from auditor.engine.silent_progress import Silent
from auditor.enricher import Enricher
from auditor.errors import NoScopeError, StorageError, UsageError
from auditor.model.capture import Capture, Outcome
from auditor.snapshot.archive import Snapshot

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class UnitResult:
    """How a unit ended: it is committed, or nothing of it could be opened, and why."""

    committed: bool
    refusal: str = ""

    def encoded(self) -> str:
        """The text that travels back."""
        return json.dumps({"committed": self.committed, "refusal": self.refusal})

    @classmethod
    def decoded(cls, text: str) -> "UnitResult":
        """From the text that travelled."""
        told = json.loads(text)
        return cls(bool(told["committed"]), str(told["refusal"]))


class UnitError(Exception):
    """A unit could not be read, or its shard not be stored. The sentence may be shown: it quotes no answer."""


def read_unit(document: str) -> str:
    """Reads the unit of a text and says how it ended: all that a cluster ever passes to and fro.

    Raises UnitError, and nothing that an answer may have got into.
    """
    return read(decoded(document), Event()).encoded()


def read(unit: WorkUnit, stop: Event) -> UnitResult:
    """Reads a unit into the store. What it was refused is recorded; raises UnitError where it cannot be stored.

    ``stop`` ends it early: what is left becomes gaps, which a further attempt asks again.
    """
    try:
        return _read(unit, stop)
    except (StorageError, UsageError) as refused:
        raise UnitError(str(refused)) from None
    except Exception as crash:  # noqa: BLE001 - ours: it travels without what it was about
        raise UnitError(describe(crash)) from None


def _read(unit: WorkUnit, stop: Event) -> UnitResult:
    if unit.tool_version != __version__:
        return UnitResult(
            committed=False,
            refusal=f"The worker has version {__version__} of serverless-auditor, the run has {unit.tool_version}: "
            "install the same on both.",
        )
    run = StoredRun(open_storage(unit.store), unit.run)
    with TemporaryDirectory(prefix="auditor-unit-") as scratch, ExitStack() as entered:
        place = Path(scratch)
        try:
            options = replace(
                options_of(unit.asked, stop),
                earlier=_earlier(unit, run, place / "earlier"),
                enricher=_enricher(unit.asked["packages"]),
            )
            entered.callback(options.close)
            provider = plugins.provider(unit.cloud)
            collect({unit.cloud: provider}, {unit.cloud: options}, place / "read", unit.selection, Silent())
        except (NoScopeError, UsageError) as refused:
            return UnitResult(committed=False, refusal=str(refused))
        except ModuleNotFoundError as missing:
            return UnitResult(committed=False, refusal=not_installed(unit.cloud, missing))
        capture = Snapshot(place / "read")
        run.commit(
            unit.name,
            unit.attempt,
            place / "read",
            gaps=sum(1 for _ in _gaps(capture)),
            answers=sum(capture.facts.sizes),
        )
    return UnitResult(committed=True)


def _gaps(capture: Capture) -> Iterator[str]:
    """The answers that are missing and could be asked again, and whatever an error of ours cost."""
    yield from capture.facts.errors
    for key in capture.shards():
        for head in capture.heads(key):
            if head.outcome is Outcome.GAP and head.reason not in HARMLESS:
                yield head.message


def _earlier(unit: WorkUnit, run: StoredRun, scratch: Path) -> EarlierAnswers | None:
    """The answers that the unit may take over: those of its last attempt, else of an earlier run."""
    if unit.attempt:
        try:
            run.fetch(run.read(unit.name, unit.attempt - 1), scratch)
        except StorageError as damaged:
            _log.warning("%s Everything is asked again.", damaged)
            return None
        return EarlierAnswers(Snapshot(scratch), resuming=True, now=datetime.now(UTC), max_age=timedelta())
    if unit.earlier is None:
        return None
    told = unit.earlier
    return EarlierAnswers(
        Snapshot(Path(told.place)),
        resuming=told.resuming,
        now=datetime.now(UTC),
        max_age=timedelta(days=told.max_age_days),
    )


def _enricher(packages: Mapping[str, Any] | None) -> Enricher | None:
    if packages is None:
        return None
    from auditor.code.opening import package_enricher  # noqa: PLC0415 - only where packages are read

    cache = packages["cache"]
    return package_enricher(packages["advisories"], Path(cache) if cache else None)
