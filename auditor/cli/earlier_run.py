"""The earlier run whose answers a collection may take over: one that was cut off, or one that ended."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from auditor.cli.messages import say
from auditor.engine.earlier_answers import EarlierAnswers
from auditor.errors import UsageError
from auditor.result_directory import SNAPSHOT
from auditor.snapshot.archive import Snapshot
from auditor.snapshot.files import storing


@dataclass(frozen=True, slots=True)
class NamedRun:
    """An earlier run that the options name: where its capture is, and how old an answer of it may be."""

    place: Path
    resuming: bool
    max_age: timedelta

    def answers(self) -> EarlierAnswers:
        """Its answers. Raises UsageError where there are none that can be read."""
        now = datetime.now(UTC)
        return EarlierAnswers(Snapshot(self.place), resuming=self.resuming, now=now, max_age=self.max_age)


def earlier_run(values: Mapping[str, Any]) -> EarlierAnswers | None:
    """The answers of the run that the options name. Raises UsageError for one that is none."""
    named = named_run(values)
    return named.answers() if named else None


def stored(resumed: Path | str) -> bool:
    """Whether what is to be resumed is a store of units."""
    return isinstance(resumed, str) or any(resumed.glob("*/run.json"))


def named_run(values: Mapping[str, Any]) -> NamedRun | None:
    """The run that the options name, or that ``--history`` implies. Raises UsageError for one that is none."""
    resumed, since = values.get("resume"), values.get("since")
    if values.get("full"):
        if resumed or since:
            raise UsageError("--full asks everything: it goes with neither --resume nor --since.")
        return None
    if resumed and since:
        raise UsageError("--resume and --since both name an earlier run: name one of them.")
    if resumed and stored(resumed):
        return None  # units take over what is theirs
    if resumed:
        return _named(cut_off(resumed), values, resuming=True)
    if since:
        return _named(since, values, resuming=False)
    remembers = values.get("history") and values.get("max_age") is not None
    previous = _previous(values.get("output_dir")) if remembers else None
    if previous is None:
        return None
    try:
        return _named(previous, values, resuming=False)
    except UsageError as unreadable:
        say(f"everything is asked: the previous result cannot be taken over. {unreadable}")
        return None


def _named(place: Path, values: Mapping[str, Any], *, resuming: bool) -> NamedRun:
    Snapshot(place)  # said at once where it is none
    return NamedRun(place, resuming, timedelta(days=values["max_age"]))


def cut_off(named: Path) -> Path:
    """Where the answers of a run are that was cut off: what it left beside the directory, or the directory itself.

    Raises UsageError where there is nothing.
    """
    target = named.resolve()
    beside = target.parent.glob(f"{target.name}.incomplete-*")
    left = sorted((*beside, *target.glob("incomplete-*")), key=lambda path: path.name)
    for place in (*reversed(left), target):
        if (place / SNAPSHOT / "captures").is_dir() or (place / "captures").is_dir():
            return place
    raise UsageError(f"No run that was cut off left anything in {named}, nor beside it: start without --resume.")


def _previous(directory: Path | None) -> Path | None:
    """The previous result of an output directory, or the newest of those that are one a day."""
    if directory is None:
        return None
    parts = ["latest" if "{date}" in part else part for part in directory.parts]
    place = Path(*parts) / SNAPSHOT
    return place if (place / "captures").is_dir() else None


@contextmanager
def kept_until_done(resumed: Path | str | None, snapshot: Path) -> Iterator[list[bool]]:
    """Keeps the answers of the run that is resumed beside the new ones, lest a further end loses them.

    They go once the block has put True into the list it is given: all that counts was carried over.
    """
    done: list[bool] = []
    if resumed is None or isinstance(resumed, str) or stored(resumed):
        yield done
        return
    source = Snapshot(cut_off(resumed)).root
    adopted = [path.relative_to(source) for path in source.rglob("*") if path.is_file()]
    for name in adopted:
        with storing(snapshot / name):
            (snapshot / name).parent.mkdir(parents=True, exist_ok=True)
            _link(source / name, snapshot / name)
    yield done
    for name in adopted if done else ():
        (snapshot / name).unlink(missing_ok=True)


def _link(source: Path, target: Path) -> None:
    """A second name for a file that is never written again; a copy where the file system has no such names."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
