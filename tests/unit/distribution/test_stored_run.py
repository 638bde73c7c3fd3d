"""Shards are committed whole, once, and only what was committed is ever read."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from auditor.distribution.storage import DirectoryStorage
from auditor.distribution.stored_run import StoredRun, pack, unpack
from auditor.errors import StorageError, UsageError

UNIT = "aws-111122223333-0123456789abcdef"
CAPTURE = "0123456789abcdef"
SHARD = f"aws/111122223333/us-east-1/lambda%3AListFunctions.{CAPTURE}.jsonl.gz"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def run(store: Path) -> StoredRun:
    return StoredRun.new(DirectoryStorage(store))


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    root = tmp_path / "snapshot"
    for name in (f"captures/{CAPTURE}.json", SHARD):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(name.encode())
    (root / "captures" / ".half-written").write_bytes(b"not yet")
    return root


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_committed_unit_is_read_back_whole(run: StoredRun, snapshot: Path, tmp_path: Path) -> None:
    assert run.commits() == {}
    assert run.commit(UNIT, 0, snapshot, gaps=2, answers=7)
    assert run.commits() == {UNIT: [0]}
    told = run.read(UNIT, 0)
    assert (told.unit, told.attempt, told.gaps, told.answers) == (UNIT, 0, 2, 7)
    run.fetch(told, tmp_path / "gathered")
    assert files(tmp_path / "gathered") == {name: name.encode() for name in (f"captures/{CAPTURE}.json", SHARD)}


def test_of_two_workers_the_first_ones_shard_counts(run: StoredRun, snapshot: Path, tmp_path: Path) -> None:
    assert run.commit(UNIT, 0, snapshot, gaps=0, answers=1)
    (snapshot / SHARD).write_bytes(b"another answer")
    assert not run.commit(UNIT, 0, snapshot, gaps=0, answers=1)
    run.fetch(run.read(UNIT, 0), tmp_path / "gathered")
    assert (tmp_path / "gathered" / SHARD).read_bytes() == SHARD.encode()


def test_a_shard_without_its_marker_was_not_read(run: StoredRun, store: Path, snapshot: Path) -> None:
    run.commit(UNIT, 0, snapshot, gaps=0, answers=1)
    (marker,) = (store / run.name / "commits").iterdir()
    marker.unlink()
    assert run.commits() == {}
    with pytest.raises(StorageError):
        run.read(UNIT, 0)


def test_attempts_are_counted_by_number(run: StoredRun, snapshot: Path) -> None:
    for attempt in (0, 10, 9):
        run.commit(UNIT, attempt, snapshot, gaps=1, answers=1)
    assert run.commits() == {UNIT: [0, 9, 10]}


@pytest.mark.parametrize("damage", ["changed", "shorter", "gone"])
def test_a_shard_that_is_not_the_one_committed_is_refused(
    damage: str, run: StoredRun, store: Path, snapshot: Path, tmp_path: Path
) -> None:
    run.commit(UNIT, 0, snapshot, gaps=0, answers=1)
    (shard,) = (store / run.name / "shards").iterdir()
    content = shard.read_bytes()
    if damage == "gone":
        shard.unlink()
    else:
        shard.write_bytes(content[:-512] if damage == "shorter" else content[:-1] + b"\x01")
    with pytest.raises(StorageError):
        run.fetch(run.read(UNIT, 0), tmp_path / "gathered")
    assert not (tmp_path / "gathered").exists()


@pytest.mark.parametrize("content", [
    b"", b"[]", b"{", b"null", b"{}", b"[" * 10_000,
    json.dumps({"unit": "other", "attempt": 0, "shard": f"{UNIT}.0.{CAPTURE}.tar", "sha256": "", "size": 1}).encode(),
    json.dumps({"unit": UNIT, "attempt": 0, "shard": "../../../etc/passwd", "sha256": "", "size": 1}).encode(),
    json.dumps({"unit": UNIT, "attempt": 0, "shard": f"{UNIT}.0.{CAPTURE}.tar", "sha256": "", "size": "1"}).encode(),
    json.dumps({"unit": UNIT, "attempt": 0, "shard": None, "sha256": "", "size": 1}).encode(),
    json.dumps({"unit": UNIT, "attempt": 0, "surprise": 1}).encode(),
])  # fmt: skip
def test_a_damaged_marker_is_said(content: bytes, run: StoredRun, store: Path) -> None:
    DirectoryStorage(store).create(f"{run.name}/commits/{UNIT}.0.json", content)
    with pytest.raises(StorageError, match="marker"):
        run.read(UNIT, 0)


@pytest.mark.parametrize("name", [
    "../escape.json", "/etc/passwd", "captures/../../x.json", "report.json", f"aws/../{CAPTURE}.jsonl.gz",
    f"aws/a/b/../c.{CAPTURE}.jsonl.gz", f"ibm/a/b/c.{CAPTURE}.jsonl.gz", f"captures/{CAPTURE}.json.exe", f"captures/{CAPTURE}.json\n",
])  # fmt: skip
def test_a_shard_brings_nothing_but_files_of_a_snapshot(name: str, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "shard.tar", "w") as packed:
        member = tarfile.TarInfo(name)
        member.size = 1
        packed.addfile(member, io.BytesIO(b"x"))
    with pytest.raises(StorageError, match="belongs to no snapshot"):
        unpack(tmp_path / "shard.tar", tmp_path / "into" / "snapshot")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "shard.tar"]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_a_shard_brings_no_links_and_no_devices(kind: bytes, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "shard.tar", "w") as packed:
        member = tarfile.TarInfo(f"captures/{CAPTURE}.json")
        member.type, member.linkname = kind, "/etc/passwd"
        packed.addfile(member)
    with pytest.raises(StorageError, match="belongs to no snapshot"):
        unpack(tmp_path / "shard.tar", tmp_path / "snapshot")


def test_a_shard_that_is_no_archive_is_said(tmp_path: Path) -> None:
    (tmp_path / "shard.tar").write_bytes(b"x" * 2000)
    with pytest.raises(StorageError, match="damaged"):
        unpack(tmp_path / "shard.tar", tmp_path / "snapshot")


def test_the_same_files_make_the_same_shard(snapshot: Path, tmp_path: Path) -> None:
    pack(snapshot, tmp_path / "once.tar")
    for path in snapshot.rglob("*.gz"):
        path.write_bytes(path.read_bytes())  # another time on the file
    pack(snapshot, tmp_path / "again.tar")
    assert (tmp_path / "once.tar").read_bytes() == (tmp_path / "again.tar").read_bytes()


def test_the_newest_run_is_gone_on_with(store: Path) -> None:
    storage = DirectoryStorage(store)
    with pytest.raises(UsageError, match="No run left anything in the store HERE: start without --resume"):
        StoredRun.newest(storage, "HERE")
    for name in ("20260101T000000Z-00000000", "20261231T235959Z-00000000", "20260601T000000Z-ffffffff", "zzz"):
        storage.create(f"{name}/run.json", b"{}")
    assert StoredRun.newest(storage, "HERE").name == "20261231T235959Z-00000000"


def test_a_store_that_cannot_be_written_was_named_wrongly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    with pytest.raises(UsageError, match=r"does not allow it: Not a directory\. Name another with --store\."):
        StoredRun.new(DirectoryStorage(tmp_path / "file" / "store"))
