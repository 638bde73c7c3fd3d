"""A store is a directory, or what fsspec opens: its memory, S3 (moto's server), Azure (Azurite), Google Cloud. One contract."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread
from uuid import uuid4

import boto3
import fsspec
import pytest
from moto.server import ThreadedMotoServer

from auditor.distribution.storage import DirectoryStorage, FsspecStorage, Storage, open_storage
from auditor.errors import StorageError, UsageError
from tests.unit.distribution.store_emulators import GoogleStorage, azurite, google_storage, missing_azurite

REGION = "us-east-1"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The endpoint of an emulated S3 with a bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    boto3.client("s3", REGION, endpoint_url=endpoint, **keys).create_bucket(Bucket="audits")
    yield endpoint
    server.stop()


def at_s3(endpoint: str, patch: pytest.MonkeyPatch) -> str:
    """The URL of a folder of its own there, with credentials where the SDK's default chain finds them."""
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
    }.items():
        patch.setenv(name, value)
    return f"s3://audits/{uuid4().hex}"


@pytest.fixture(scope="module")
def blobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The connection string of an emulated account of Azure with a container."""
    pytest.importorskip("adlfs", reason="No adlfs: stores at abfs:// are NOT tested here. Install it with: make stores")
    if why := missing_azurite():
        pytest.skip(why)
    with azurite("audits", tmp_path_factory.mktemp("azurite")) as connection:
        yield connection


@pytest.fixture(scope="module")
def google() -> Iterator[tuple[str, GoogleStorage]]:
    """The endpoint of an emulated Google Cloud Storage with a bucket."""
    pytest.importorskip("gcsfs", reason="No gcsfs: stores at gs:// are NOT tested here. Install it with: make stores")
    with google_storage("audits") as started:
        yield started


def at_azure(connection: str, patch: pytest.MonkeyPatch) -> str:
    """The URL of a folder of its own there."""
    patch.setenv("AZURE_STORAGE_CONNECTION_STRING", connection)
    return f"abfs://audits@devstoreaccount1.dfs.core.windows.net/{uuid4().hex}"


def at_google(endpoint: str, patch: pytest.MonkeyPatch) -> str:
    """The URL of a folder of its own there."""
    patch.setenv("STORAGE_EMULATOR_HOST", endpoint)
    return f"gs://audits/{uuid4().hex}"


@pytest.fixture(params=["directory", "memory", "s3", "abfs", "gs"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
    if request.param == "directory":
        return open_storage(str(tmp_path / "store"))
    if request.param == "memory":
        return FsspecStorage(fsspec.filesystem("memory"), f"/{uuid4().hex}", "memory")
    if request.param == "abfs":
        return open_storage(at_azure(request.getfixturevalue("blobs"), monkeypatch))
    if request.param == "gs":
        return open_storage(at_google(request.getfixturevalue("google")[0], monkeypatch))
    return open_storage(at_s3(request.getfixturevalue("s3"), monkeypatch))


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / uuid4().hex
        path.write_bytes(content)
        return path

    return write


def content(store: Storage, name: str, into: Path) -> bytes:
    store.get(name, into)
    return into.read_bytes()


def test_what_is_put_is_read_back(store: Storage, file: Callable[[bytes], Path], tmp_path: Path) -> None:
    store.put("run/shards/a.tar", file(b"\x00" * 70_000 + b"end"))
    store.put("run/shards/b.tar", file(b""))
    assert content(store, "run/shards/a.tar", tmp_path / "read") == b"\x00" * 70_000 + b"end"
    assert content(store, "run/shards/b.tar", tmp_path / "read") == b""
    assert store.names("run/shards") == ("a.tar", "b.tar")
    assert store.names("") == ("run",)


def test_a_marker_is_created_once(store: Storage, tmp_path: Path) -> None:
    assert store.create("run/commits/u.json", b"first")
    assert not store.create("run/commits/u.json", b"second")
    assert content(store, "run/commits/u.json", tmp_path / "read") == b"first"


def test_of_many_who_create_at_once_one_does(store: Storage, tmp_path: Path) -> None:
    barrier, created = Barrier(6), []

    def create(number: int) -> None:
        barrier.wait()
        if store.create("run/commits/u.json", str(number).encode() * 100):
            created.append(number)

    threads = [Thread(target=create, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if isinstance(store, FsspecStorage) and "memory" in type(store._filesystem).__name__.lower():
        return  # a dictionary of this process promises nothing to threads
    assert len(created) == 1
    assert content(store, "run/commits/u.json", tmp_path / "read") == str(created[0]).encode() * 100


def test_what_is_not_there_is_said(store: Storage, tmp_path: Path) -> None:
    assert store.names("nothing/here") == ()
    with pytest.raises(StorageError, match="does not allow it"):
        store.get("nothing/here.tar", tmp_path / "read")


def test_names_that_appear_later_are_seen(store: Storage) -> None:
    assert store.names("run/commits") == ()
    store.create("run/commits/a.json", b"1")
    assert store.names("run/commits") == ("a.json",)
    store.create("run/commits/b.json", b"1")
    assert store.names("run/commits") == ("a.json", "b.json")


def test_a_bucket_that_is_not_there_is_said(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at_s3(s3, monkeypatch)
    with pytest.raises(StorageError, match="s3://no-such-bucket/x does not allow it"):
        open_storage("s3://no-such-bucket/x").create("run/run.json", b"1")


def test_a_container_that_is_not_there_is_said(blobs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place = at_azure(blobs, monkeypatch).replace("audits@", "no-such-container@")
    with pytest.raises(StorageError, match="does not allow it"):
        open_storage(place).get("run/run.json", Path(os.devnull))


def test_google_is_asked_for_a_bucket_once_with_its_precondition(
    google: tuple[str, GoogleStorage], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint, storage = google
    place = at_google(endpoint, monkeypatch)
    storage.requests.clear()
    assert open_storage(place).create("run/run.json", b"1")
    (asked,) = storage.requests
    assert asked.startswith("POST /upload/storage/v1/b/audits/o?")
    assert "ifGenerationMatch=0" in asked
    assert not [said for said in caplog.messages if "bucket type" in said], "nothing is asked of the bucket's kind"
    with pytest.raises(StorageError, match="gs://no-such-bucket/x does not allow it"):
        open_storage("gs://no-such-bucket/x").create("run/run.json", b"1")


def test_a_directory_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="does not allow it"):
        open_storage(str(tmp_path / "file" / "store")).create("run/run.json", b"1")


def test_a_file_system_without_hard_links_creates_once_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    store = DirectoryStorage(tmp_path)
    assert store.create("a.json", b"first")
    assert not store.create("a.json", b"second")
    assert (tmp_path / "a.json").read_bytes() == b"first"
    assert store.names("") == ("a.json",)


@pytest.mark.parametrize(("url", "said"), [
    ("ftp://host/place", "not ftp://"),
    ("s4://bucket", "not s4://"),
    ("file:///etc", "not file://"),
    ("s3://", "names no bucket"),
    ("gs:///", "names no bucket"),
    (f"s3://key:{'sec'}ret@bucket/place", "holds no credentials"),
    ("s3://bucket/place?endpoint=x", "no parameters"),
    ("abfs://container@account.dfs.core.windows.net/x#y", "no parameters"),
])  # fmt: skip
def test_a_url_that_is_no_store_is_refused(url: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        open_storage(url)


@pytest.mark.parametrize("missing", ["fsspec", "s3fs"])
def test_without_its_package_one_sentence_says_what_to_install(missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; from auditor.distribution.storage import open_storage; open_storage('s3://b/p')"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    last = told.stderr.splitlines()[-1]
    assert last.startswith("auditor.errors.UsageError: A store at s3:// needs the Python packages fsspec and s3fs")
    assert last.endswith("pip install 'serverless-auditor[store]'.")


def test_a_directory_needs_no_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    assert open_storage(str(tmp_path)).create("a.json", b"1")
