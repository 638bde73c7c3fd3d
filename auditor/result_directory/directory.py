"""One run's hold on an output directory: the lock, the place to write in, the swap, and what is kept aside."""

import os
import secrets
import shutil
import stat
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from auditor.errors import UsageError
from auditor.result_directory.contents import HIDDEN, MARK, OWN, SNAPSHOT, Contents, contents
from auditor.result_directory.exchange import exchange
from auditor.result_directory.leftovers import kept_in, place_beside, place_inside, put_aside, settle
from auditor.result_directory.links import cloned, show
from auditor.result_directory.lock import LOCK, HeldError, Lock
from auditor.result_directory.manifest import MANIFEST, write_manifest
from auditor.result_directory.signature import SIGNATURE
from auditor.snapshot.files import storing


class BusyError(UsageError):
    """Another run holds the directory."""


_SHOWN: Final = "%Y-%m-%dT%H:%M:%SZ"
_STAMP: Final = "%Y%m%dT%H%M%SZ"


class ResultDirectory:
    """An output directory that this run alone may write into.

    ``directory`` is as it was named; ``staging`` is where the new result is written; ``notes`` are sentences about
    what earlier runs left. Use it as a context manager: a run that ends by an exception leaves the previous result
    as it was, and what it had collected aside.
    """

    def __init__(
        self,
        directory: Path,
        writes: Collection[str],
        worth: Callable[[Path], bool],
        seal: Callable[[Path], None] | None = None,
    ) -> None:
        """Takes the directory, which is made where it is not there.

        ``writes`` are the names the result will have; ``worth`` tells of a snapshot whether there is any use in it;
        ``seal`` signs the manifest in a directory, before the result is put in place.
        Raises BusyError where another run holds the directory, where it cannot be written, and where something of
        somebody else's has a name that the result needs.
        """
        self.directory = directory
        self.notes: list[str] = []
        self._target = directory.resolve()
        self._began = datetime.now(UTC)
        self._worth = worth
        self._seal = seal
        self._collects = SNAPSHOT in writes
        self._made = _missing(self._target)
        self._run = f"{self._began.strftime(_STAMP)}-{secrets.token_hex(4)}"
        self._settled = False
        self.staging = place_beside(self._target, self._run)
        with self._writing():
            self._target.mkdir(parents=True, exist_ok=True)
            self._lock = self._locked()
        try:
            with self._writing():
                (self._target / MARK).unlink(missing_ok=True)
                self.notes += settle(self._target, worth)
                self._before = contents(self._target)
                self._refuse_foreign(self._before, {*writes, MANIFEST})
                self._make_staging()
        except BaseException:
            shutil.rmtree(self.staging, ignore_errors=True)
            self._release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Gives the directory up. What was not committed is put aside, where it is of any use."""
        try:
            if not self._settled:
                self._drop_all_but_the_snapshot()
                kept = self._put_aside()
                self.notes += [f"what was collected is not lost: {kept_in(kept)}"] if kept else []
        finally:
            self._release()

    @property
    def holds_result(self) -> bool:
        """Whether there is a previous result."""
        return bool(self._before.ours)

    def carry(self, names: Iterable[str]) -> None:
        """Takes over parts of the previous result that this run does not write anew."""
        for name in names:
            if name in self._before.ours and not (self.staging / name).exists():
                with storing(self.staging / name):
                    cloned(self._target / name, self.staging / name)

    def carry_all(self) -> None:
        """Takes over whatever the previous result has and this run did not write."""
        self.carry(sorted(self._before.ours - {MANIFEST, SIGNATURE}))

    def commit(self) -> None:
        """Replaces the previous result by the new one, in one step. Raises StorageError where that cannot be."""
        with storing(self._target):
            write_manifest(self.staging, _files(self.staging))
            if self._seal is not None:
                self._seal(self.staging)
            found = contents(self._target)
            self._refuse_foreign(found, {entry.name for entry in os.scandir(self.staging)})
            if not self._exchanged(found):
                self._linked(found)
        self._settled = True

    def keep(self) -> Path | None:
        """Leaves the previous result as it is, and puts what was collected aside; returns where it is.

        None where nothing was collected that is of any use.
        """
        self._settled = True
        return self._put_aside(listed=True)

    def _put_aside(self, *, listed: bool = False) -> Path | None:
        if not self._collects or not self._worth(self.staging / SNAPSHOT):
            shutil.rmtree(self.staging, ignore_errors=True)
            return None
        if listed:
            with storing(self.staging):
                write_manifest(self.staging, _files(self.staging))
        return put_aside(self._target, self.staging)

    def _locked(self) -> Lock:
        holder = {"pid": os.getpid(), "started": self._began.strftime(_SHOWN), "run": self._run}
        try:
            return Lock(self._target, holder)
        except HeldError as held:
            pid, started = held.holder.get("pid", "unknown"), held.holder.get("started", "an unknown time")
            raise BusyError(
                f"{self.directory} is being written by another run (process {pid}, started {started}): wait for it, "
                "or choose another --output-dir."
            ) from None

    def _refuse_foreign(self, found: Contents, writes: Collection[str]) -> None:
        """Raises UsageError where something of somebody else's has a name that the result needs."""
        for name in sorted(found.foreign & set(writes)):
            path = self.directory / name
            if name == SNAPSHOT:
                raise UsageError(f"{path} exists and is not a snapshot of ours; choose another --output-dir.")
            raise UsageError(
                f"{path} was not written by this tool, or was changed since: move it away, or choose another "
                "--output-dir."
            )

    def _make_staging(self) -> None:
        """The place to write in: beside the directory where it can be exchanged with it, else inside."""
        inside, beside = place_inside(self._target, self._run), place_beside(self._target, self._run)
        for place in (beside, inside) if _may_be_exchanged(self._target) else (inside,):
            self.staging = place
            try:
                place.mkdir(parents=place is inside)
                (place / MARK).touch()
            except OSError:
                if place is inside:
                    raise
            else:
                return

    def _exchanged(self, found: Contents) -> bool:
        """Lets staging and directory change places; says whether that could be done."""
        if self.staging.parent != self._target.parent or not _may_be_exchanged(self._target):
            return False
        second, adopted = None, []
        try:
            for name in found.foreign:
                _adopt(self._target / name, self.staging / name)
                adopted.append(name)
            _like(self._target, self.staging)
            second = Lock(self.staging, {"pid": os.getpid(), "started": self._began.strftime(_SHOWN), "run": self._run})
            exchange(self.staging, self._target)
        except OSError:
            if second is not None:
                second.release()
            for name in adopted:
                (self.staging / name).unlink(missing_ok=True)
            return False
        self._lock.release(self.staging / LOCK)
        second.path = self._target / LOCK
        self._lock = second
        (self._target / MARK).unlink(missing_ok=True)
        self.notes += settle(self._target, self._worth)
        return True

    def _linked(self, found: Contents) -> None:
        home = place_inside(self._target, self._run)
        if self.staging != home:
            home.parent.mkdir(exist_ok=True)
            shutil.move(self.staging, home)
            self.staging = home
        show(self._target, home, found.ours)
        (home / MARK).unlink(missing_ok=True)
        self.notes += settle(self._target, self._worth)

    def _drop_all_but_the_snapshot(self) -> None:
        """Reports of a run that did not end well would say another exit code than it has."""
        for entry in tuple(os.scandir(self.staging)):
            if entry.name not in (SNAPSHOT, MARK):
                path = Path(entry.path)
                shutil.rmtree(path) if entry.is_dir(follow_symlinks=False) else path.unlink()

    def _release(self) -> None:
        self._lock.release()
        with suppress(OSError):  # it is in use, as it should be
            (self._target / HIDDEN).rmdir()
        for directory in self._made:
            with suppress(OSError):  # the same
                directory.rmdir()

    def _writing(self) -> "_Writing":
        return _Writing(self.directory)


class _Writing:
    """Turns what the operating system says into a sentence about the output directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, OSError):
            raise UsageError(
                f"{self._directory} cannot be written: {error.strerror or error}. Choose another --output-dir."
            ) from error


def _missing(directory: Path) -> list[Path]:
    """The directories that have to be made, the innermost first."""
    return [each for each in (directory, *directory.parents) if not each.exists()]


def _may_be_exchanged(directory: Path) -> bool:
    """Whether somebody would lose sight of the directory: a mount point, or where the command was started."""
    return not os.path.ismount(directory) and not directory.samefile(Path.cwd())


def _files(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file() and path.name not in OWN]


def _adopt(source: Path, target: Path) -> None:
    """A second name for a file of somebody else's, in the directory that takes the place of its own.

    Raises OSError for what can have no second name, such as a directory.
    """
    kind = source.lstat().st_mode
    if stat.S_ISLNK(kind):
        target.symlink_to(source.readlink())
        return
    os.link(source, target, follow_symlinks=False)


def _like(source: Path, target: Path) -> None:
    """Owner and rights of a directory for the one that takes its place. Raises OSError where they cannot be had."""
    about = source.stat()
    if (about.st_uid, about.st_gid) != (target.stat().st_uid, target.stat().st_gid):
        os.chown(target, about.st_uid, about.st_gid)
    target.chmod(stat.S_IMODE(about.st_mode))
