"""Where a result goes: a directory, one a day, or standard output."""

import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

from auditor.cli.messages import say, unread
from auditor.cli.selection import all_providers
from auditor.cli.signals import deferred
from auditor.errors import StorageError, UsageError, suggestion
from auditor.model.capture import Outcome
from auditor.result_directory import BusyError, ResultDirectory
from auditor.result_directory.retention import dated, prune
from auditor.result_directory.signature import Signer
from auditor.snapshot.archive import Snapshot

STANDARD_OUTPUT: Final = Path("-")
_PLACEHOLDER: Final = re.compile(r"\{([^{}/]*)\}")
_DATE: Final = "{date}"
_LATEST: Final = "latest"


@dataclass(frozen=True, slots=True)
class Placing:
    """How a result is put in place: how many of the dated ones stay (None: all), and what signs its manifest."""

    keep: int | None
    signer: Signer | None

    @property
    def seal(self) -> Callable[[Path], None] | None:
        """Signs the manifest in a directory."""
        return self.signer.sign if self.signer else None


def placing(values: Mapping[str, Any]) -> Placing:
    """As the options say. Raises UsageError for a command that cannot sign."""
    command = values["sign_command"]
    return Placing(values["keep"], Signer(command, "--sign-command") if command else None)


class Destination(Protocol):
    """Where a result is written first, and what becomes of it; see :class:`ResultDirectory`."""

    staging: Path

    @property
    def holds_result(self) -> bool:
        """Whether there is a previous result, which a run that did not finish leaves alone."""

    def carry(self, names: Iterable[str]) -> None:
        """Takes over parts of the previous result."""

    def carry_all(self) -> None:
        """Takes over what this run did not write."""

    def commit(self) -> None:
        """Replaces the previous result."""

    def keep(self) -> Path | None:
        """Leaves the previous result and puts what was collected aside."""


@contextmanager
def destination(directory: Path, writes: Collection[str], placing: Placing) -> Iterator[Destination]:
    """Opens where a result goes; ``writes`` are the names it will have. Says what earlier runs left.


    Raises UsageError where it cannot be used; see :class:`ResultDirectory`.
    """
    if placing.keep is not None and _DATE not in str(directory):
        raise UsageError(f"--keep {placing.keep} needs one result a day: name the directory with {_DATE} in it.")
    if directory == STANDARD_OUTPUT and placing.signer:
        raise UsageError("--sign-command signs a manifest, which standard output has none of: name a directory.")
    if directory == STANDARD_OUTPUT:
        with tempfile.TemporaryDirectory(prefix="auditor-") as scratch:
            yield _StandardOutput(Path(scratch), writes)
        return
    held: ResultDirectory | None = None
    try:
        with deferred():
            held = _held(directory, writes, placing)
        _say_notes(held)
        yield held
    except StorageError as refused:
        if held is None:
            raise
        raise StorageError(str(refused).replace(str(held.staging), str(directory))) from refused  # a name that tells
    finally:
        if held is not None:
            with deferred():
                held.close()
            _say_notes(held)


def _say_notes(held: ResultDirectory) -> None:
    while held.notes:
        say(held.notes.pop(0))


def _held(directory: Path, writes: Collection[str], placing: Placing) -> ResultDirectory:
    """The directory, or the first of those that are to be one a day which is free."""
    places = _places(directory)
    if places == [directory]:
        return ResultDirectory(directory, writes, worth, placing.seal)
    for place in places[:-1]:
        with suppress(BusyError):
            return _Dated(place, writes, directory, placing)
    return _Dated(places[-1], writes, directory, placing)


def _places(directory: Path) -> list[Path]:
    """The directory with the date in it; where there is a result of that day already, with the time too."""
    for name in _PLACEHOLDER.findall(str(directory)):
        if name != "date":
            raise UsageError(f"There is no {{{name}}} for --output-dir{suggestion(name, ['date'])} {_DATE} is the day.")
    if _DATE not in str(directory):
        return [directory]
    places = [Path(name) for name in dated(str(directory), datetime.now(UTC))]
    free = [place for place in places if not place.exists() or not any(place.iterdir())]
    return [*free, places[-1]]


class _Dated(ResultDirectory):
    """One of several results, beside which ``latest`` names the newest."""

    def __init__(self, place: Path, writes: Collection[str], pattern: Path, placing: Placing) -> None:
        self._keep = placing.keep
        depth = next(index for index, part in enumerate(pattern.parts) if _DATE in part)
        self._run_directory = Path(*place.parts[: depth + 1])
        self._named = pattern.parts[depth]
        if self._keep is not None and depth != len(pattern.parts) - 1:
            raise UsageError(f"--keep {self._keep} needs {_DATE} in the last part of --output-dir.")
        self._latest = self._run_directory.with_name(_LATEST)
        super().__init__(place, writes, worth, placing.seal)

    @property
    def holds_result(self) -> bool:
        return super().holds_result or self._latest.exists()

    def commit(self) -> None:
        super().commit()
        self._point()
        if self._keep is not None:
            self.notes += prune(self._run_directory.resolve().parent, self._named, self._keep)

    def _point(self) -> None:
        if self._latest.exists() and not self._latest.is_symlink():
            self.notes.append(f"{self._latest} is no link, so it was left as it is.")
            return
        new = self._latest.with_name(f".{_LATEST}.auditor")
        new.unlink(missing_ok=True)
        new.symlink_to(self._run_directory.name, target_is_directory=True)
        new.replace(self._latest)


class _StandardOutput:
    """Standard output: one report, whole, and nothing of it where the run fails."""

    holds_result = False

    def __init__(self, scratch: Path, writes: Collection[str]) -> None:
        self.staging = scratch
        self._writes = writes

    def carry(self, names: Iterable[str]) -> None:
        """There is nothing before it."""

    def carry_all(self) -> None:
        """There is nothing before it."""

    def commit(self) -> None:
        """Writes the report."""
        for path in (self.staging / name for name in self._writes):
            if path.is_file():
                with unread(), path.open("rb") as stream:
                    shutil.copyfileobj(stream, sys.stdout.buffer)
                    sys.stdout.buffer.flush()

    def keep(self) -> None:
        """Keeps nothing."""


def worth(snapshot: Path) -> bool:
    """Whether there is any use in a snapshot: some list of functions in it was answered."""
    listing = {name for provider in all_providers().values() for name in provider.listing}
    try:
        capture = Snapshot(snapshot)
    except UsageError:
        return False
    heads = (head for key in capture.shards() if key.operation in listing for head in capture.heads(key))
    return any(head.outcome is Outcome.OK for head in heads)
