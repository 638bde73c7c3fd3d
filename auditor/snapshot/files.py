"""Files that appear whole or not at all."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from auditor.errors import StorageError


@contextmanager
def atomic(path: Path) -> Iterator[BinaryIO]:
    """A file opened for writing that takes its name only when the block ends well.

    Raises StorageError where the disk or its rights do not allow it.
    """
    with storing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


@contextmanager
def atomic_directory(path: Path) -> Iterator[Path]:
    """An empty directory that takes its name, which must be free, only when the block ends well."""
    place = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    place.mkdir(mode=0o700, parents=True)  # as private as the files of the others
    try:
        yield place
        place.replace(path)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


@contextmanager
def storing(path: Path) -> Iterator[None]:
    """Turns what the operating system says about a file into a sentence."""
    try:
        yield
    except OSError as refused:
        raise StorageError(
            f"{path} cannot be written: {refused.strerror or refused}. Nothing is wrong with the audit itself: see to "
            "the disk or its permissions, or write to another place."
        ) from refused
