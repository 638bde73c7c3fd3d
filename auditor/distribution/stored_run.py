"""One run in a store: a shard for each unit that was read, and a commit marker that says so.

``<run>/shards/<unit>.<attempt>.<capture>.tar`` is the unit's snapshot, and ``<run>/commits/<unit>.<attempt>.json`` is
created, once, when the shard is there whole. A unit without a marker was not read. Runs are named by when they began.
"""

import json
import re
import secrets
import tarfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from auditor.distribution.storage import Storage
from auditor.errors import StorageError, UsageError
from auditor.model.ids import Cloud
from auditor.result_directory.manifest import digest
from auditor.snapshot.files import atomic

_RUN: Final = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
_COMMIT: Final = re.compile(r"(?P<unit>[a-z]+-[0-9A-Za-z_%-]+-[0-9a-f]{16})\.(?P<attempt>\d{1,6})\.json")
_SHARD: Final = re.compile(r"[a-z]+-[0-9A-Za-z_%-]+-[0-9a-f]{16}\.\d{1,6}\.[0-9a-f]{16}\.tar")
_PART: Final = r"[0-9A-Za-z_@~ %-]{1,250}"
_MEMBER: Final = re.compile(
    rf"captures/[0-9a-f]{{16}}\.json|({'|'.join(Cloud)})/{_PART}/{_PART}/{_PART}\.[0-9a-f]{{16}}\.jsonl\.gz"
)
"""The files of a snapshot, and so the only ones that a shard may bring."""


@dataclass(frozen=True, slots=True)
class Commit:
    """That a unit was read: ``shard`` holds it, ``gaps`` counts the missing answers that could be asked again."""

    unit: str
    attempt: int
    shard: str
    sha256: str
    size: int
    gaps: int = 0
    answers: int = 0


class StoredRun:
    """One run in a store."""

    def __init__(self, storage: Storage, name: str) -> None:
        self.name = name
        self._storage = storage

    @classmethod
    def new(cls, storage: Storage) -> "StoredRun":
        """A run that begins now. Raises UsageError where the store cannot be written: the wrong one was named."""
        run = cls(storage, f"{datetime.now(UTC).strftime('%Y%m%dT%H%M%SZ')}-{secrets.token_hex(4)}")
        try:
            run._storage.create(f"{run.name}/run.json", b'{"format": 1}\n')
        except StorageError as refused:
            raise UsageError(f"{refused} Name another with --store.") from refused
        return run

    @classmethod
    def newest(cls, storage: Storage, place: str) -> "StoredRun":
        """The run that began last. Raises UsageError where there is none."""
        found = [name for name in storage.names("") if _RUN.fullmatch(name)]
        if not found:
            raise UsageError(
                f"No run left anything in the store {place}: start without --resume, with --store {place}."
            )
        return cls(storage, found[-1])

    def commits(self) -> dict[str, list[int]]:
        """The attempts that were committed, by unit, the first first."""
        found: dict[str, list[int]] = {}
        for name in self._storage.names(f"{self.name}/commits"):
            if committed := _COMMIT.fullmatch(name):
                found.setdefault(committed["unit"], []).append(int(committed["attempt"]))
        return {unit: sorted(attempts) for unit, attempts in found.items()}

    def commit(self, unit: str, attempt: int, snapshot: Path, *, gaps: int, answers: int) -> bool:
        """Writes a unit's shard, then its marker; False where another worker was first, whose shard counts."""
        with TemporaryDirectory(prefix="auditor-shard-") as scratch:
            packed = Path(scratch) / "shard.tar"
            pack(snapshot, packed)
            shard = f"{unit}.{attempt}.{secrets.token_hex(8)}.tar"
            told = Commit(unit, attempt, shard, digest(packed), packed.stat().st_size, gaps, answers)
            self._storage.put(f"{self.name}/shards/{shard}", packed)
        content = json.dumps(asdict(told), sort_keys=True).encode()
        return self._storage.create(f"{self.name}/commits/{unit}.{attempt}.json", content)

    def read(self, unit: str, attempt: int) -> Commit:
        """The marker of a unit. Raises StorageError where there is none that can be read."""
        name = f"{unit}.{attempt}.json"
        with TemporaryDirectory(prefix="auditor-shard-") as scratch:
            place = Path(scratch) / "commit.json"
            self._storage.get(f"{self.name}/commits/{name}", place)
            try:
                told = _commit(json.loads(place.read_bytes()))
            except (ValueError, TypeError, KeyError, RecursionError) as damaged:
                raise StorageError(f"The commit marker {name} of run {self.name} is damaged.") from damaged
        if (told.unit, told.attempt) != (unit, attempt):
            raise StorageError(f"The commit marker {name} of run {self.name} is another unit's.")
        return told

    def fetch(self, told: Commit, snapshot: Path) -> None:
        """Adds a unit's shard to a snapshot. Raises StorageError where it is not the one that was committed."""
        with TemporaryDirectory(prefix="auditor-shard-") as scratch:
            packed = Path(scratch) / "shard.tar"
            self._storage.get(f"{self.name}/shards/{told.shard}", packed)
            if packed.stat().st_size != told.size or digest(packed) != told.sha256:
                raise StorageError(f"The shard {told.shard} of run {self.name} is not the one that was committed.")
            unpack(packed, snapshot)


def _commit(document: Any) -> Commit:
    told = Commit(**document)
    numbers = (told.attempt, told.size, told.gaps, told.answers)
    if not all(isinstance(number, int) for number in numbers) or not _SHARD.fullmatch(told.shard):
        raise ValueError(told.shard)
    return told


def pack(snapshot: Path, target: Path) -> None:
    """One file of a snapshot's files, in order of their names; the same for the same files."""
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as packed:
        for path in _files(snapshot):
            member = tarfile.TarInfo(path.relative_to(snapshot).as_posix())
            member.size = path.stat().st_size
            with path.open("rb") as stream:
                packed.addfile(member, stream)


def unpack(source: Path, snapshot: Path) -> None:
    """Adds the files of a shard to a snapshot. Raises StorageError for a shard that holds anything else."""
    try:
        with tarfile.open(source, "r:") as packed:
            for member in packed:
                stream = packed.extractfile(member) if member.isreg() and _MEMBER.fullmatch(member.name) else None
                if stream is None:
                    raise StorageError(f"The shard holds {member.name!r}, which belongs to no snapshot.")
                with stream, atomic(snapshot / member.name) as target:
                    while block := stream.read(1 << 20):
                        target.write(block)
    except (tarfile.TarError, EOFError) as damaged:
        raise StorageError(f"The shard is damaged ({type(damaged).__name__}).") from damaged


def _files(snapshot: Path) -> Iterable[Path]:
    return sorted(path for path in snapshot.rglob("*") if path.is_file() and not path.name.startswith("."))
