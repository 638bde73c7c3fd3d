"""Where shards are kept: a directory, or what fsspec opens. Objects appear whole, and some are created only once."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from auditor.errors import AuditorError, StorageError, UsageError, suggestion

SCHEMES: Final = {"s3": "s3fs", "abfs": "adlfs", "gs": "gcsfs"}
"""The schemes of a store's URL, and the package by which fsspec opens each."""

_WITHOUT_ASKING: Final = {"GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false"}
"""Else gcsfs asks for the kind of each bucket, by another API and permission: whole objects need neither."""


class Storage(Protocol):
    """Names are relative, with slashes. Every method raises StorageError where the store does not allow it."""

    def put(self, name: str, source: Path) -> None:
        """Writes an object from a file, whole."""

    def create(self, name: str, content: bytes) -> bool:
        """Writes an object unless there is one of that name; says whether it did."""

    def get(self, name: str, target: Path) -> None:
        """Reads an object into a file. Raises StorageError for one that is not there, too."""

    def names(self, folder: str) -> tuple[str, ...]:
        """The last parts of the names in a folder, sorted; nothing where there is no such folder."""


def is_url(place: str) -> bool:
    """Whether a store is named by a URL."""
    return "://" in place


def open_storage(place: str) -> Storage:
    """Opens a store. Raises UsageError for a URL of another scheme, or whose package is not installed."""
    if not is_url(place):
        return DirectoryStorage(Path(place).absolute())
    scheme, location = place.partition("://")[::2]
    if scheme not in SCHEMES:
        near = suggestion(scheme, SCHEMES)
        raise UsageError(f"A store is a directory, or a URL of {', '.join(SCHEMES)}; not {scheme}://{near}")
    _check_url(place, location)
    for name, value in _WITHOUT_ASKING.items():
        os.environ.setdefault(name, value)
    try:
        import fsspec  # noqa: PLC0415 - heavy, and only for a store that needs it

        opened, root = fsspec.url_to_fs(place, use_listings_cache=False, skip_instance_cache=True)
    except ImportError as missing:
        raise UsageError(
            f"A store at {scheme}:// needs the Python packages fsspec and {SCHEMES[scheme]}, which cannot be imported: "
            "pip install 'serverless-auditor[store]'."
        ) from missing
    except Exception as refused:
        raise StorageError(f"The store {place} cannot be opened: {described(refused)}.") from refused
    return FsspecStorage(opened, root, place)


def _check_url(place: str, location: str) -> None:
    """Raises UsageError for a URL without a bucket, or with credentials or parameters in it."""
    parts = urlsplit(place)
    if not location.strip("/"):
        raise UsageError(f"The store {place} names no bucket or container.")
    if parts.query or parts.fragment or parts.password is not None:
        raise UsageError(
            "The URL of a store holds no credentials and no parameters: they come from the SDK's default chain."
        )


class DirectoryStorage:
    """A directory that every worker sees under the same name."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, name: str, source: Path) -> None:
        with self._complete(name) as temporary:
            shutil.copyfile(source, temporary)
            temporary.replace(self._root / name)

    def create(self, name: str, content: bytes) -> bool:
        with self._complete(name) as temporary:
            temporary.write_bytes(content)
            try:
                os.link(temporary, self._root / name)  # a name for a whole file, refused where it is taken
            except FileExistsError:
                return False
            except OSError:  # a file system without such links: here a reader may see the file while it is written
                return _created(self._root / name, content)
        return True

    def get(self, name: str, target: Path) -> None:
        with _telling(str(self._root)):
            shutil.copyfile(self._root / name, target)

    def names(self, folder: str) -> tuple[str, ...]:
        with _telling(str(self._root)):
            try:
                found = sorted(path.name for path in (self._root / folder).iterdir())
            except (FileNotFoundError, NotADirectoryError):
                return ()
            return tuple(name for name in found if not name.startswith("."))

    @contextmanager
    def _complete(self, name: str) -> Iterator[Path]:
        with _telling(str(self._root)):
            path = self._root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
            os.close(handle)
            try:
                yield Path(temporary)
            finally:
                Path(temporary).unlink(missing_ok=True)


def _created(path: Path, content: bytes) -> bool:
    try:
        with path.open("xb") as stream:
            stream.write(content)
    except FileExistsError:
        return False
    return True


class FsspecStorage:
    """A bucket or container. One call an object, which appears whole, and is refused where it is to be new and is not.

    s3fs sends If-None-Match, gcsfs ifGenerationMatch=0 and adlfs overwrite=False for ``mode="create"``.
    """

    def __init__(self, filesystem: Any, root: str, place: str) -> None:
        self._filesystem = filesystem
        self._root = root.rstrip("/")
        self._place = place

    def put(self, name: str, source: Path) -> None:
        with _telling(self._place):
            self._filesystem.put_file(str(source), f"{self._root}/{name}")

    def create(self, name: str, content: bytes) -> bool:
        with _telling(self._place):
            try:
                self._filesystem.pipe_file(f"{self._root}/{name}", content, mode="create")
            except FileExistsError:
                return False
            except Exception as refused:
                if _is_taken(refused):
                    return False
                raise
            return True

    def get(self, name: str, target: Path) -> None:
        with _telling(self._place):
            self._filesystem.get_file(f"{self._root}/{name}", str(target))

    def names(self, folder: str) -> tuple[str, ...]:
        with _telling(self._place):
            with suppress(FileNotFoundError):
                found = self._filesystem.ls(f"{self._root}/{folder}".rstrip("/"), detail=False)
                return tuple(sorted({str(path).rstrip("/").rpartition("/")[2] for path in found}))
            return ()


_TAKEN: Final = ("PreconditionFailed", "ConditionalRequestConflict", "412")


def _is_taken(refused: BaseException) -> bool:
    """Whether a store's own words say that an object of that name is there."""
    chain = (refused, refused.__cause__, refused.__context__)
    return any(word in str(each) for each in chain if each is not None for word in _TAKEN)


@contextmanager
def _telling(place: str) -> Iterator[None]:
    """Turns what a store says into a sentence, whichever SDK is behind it."""
    try:
        yield
    except AuditorError:
        raise
    except Exception as refused:
        raise StorageError(f"The store {place} does not allow it: {described(refused)}.") from refused


def described(refused: BaseException) -> str:
    """An SDK's words on one line, without a stop at the end."""
    if isinstance(refused, OSError) and refused.strerror:
        return refused.strerror
    said = " ".join(str(refused).split()).rstrip(".")
    return f"{type(refused).__name__}: {said}" if said else type(refused).__name__
