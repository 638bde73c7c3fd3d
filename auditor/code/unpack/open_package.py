"""Opens what a package is delivered as: a zip, a jar, a tar or, on this machine, a directory."""

import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Final

from auditor.code.unpack.contents import Contents, EntryError
from auditor.code.unpack.limits import LIMITS, Limits, RefusedPackageError
from auditor.code.unpack.names import normalized, why_refused
from auditor.code.unpack.tar_archive import open_tar
from auditor.code.unpack.zip_archive import open_zip

_TAR_MAGIC_AT: Final = 257
_LEFT_OUT: Final = frozenset({".git", ".hg", ".svn"})


def open_archive(stream: IO[bytes], limits: Limits = LIMITS) -> Contents:
    """The files of an archive, by its first bytes. Raises RefusedPackageError where it is none."""
    stream.seek(0)
    head = stream.read(_TAR_MAGIC_AT + 5)
    if head.startswith(b"\x1f\x8b") or head[_TAR_MAGIC_AT:] == b"ustar":
        return open_tar(stream, limits)
    if b"PK" in head or _has_end_record(stream):
        return open_zip(stream, limits)
    raise RefusedPackageError("it is neither a zip nor a tar archive")


def _has_end_record(stream: IO[bytes]) -> bool:
    stream.seek(max(stream.seek(0, os.SEEK_END) - 65_557, 0))
    return b"PK\5\6" in stream.read()


def open_directory(root: Path, limits: Limits = LIMITS) -> Contents:
    """The files below a directory; links are not followed."""
    found = Contents()
    total = 0
    for number, path in enumerate(_files(root)):
        name = path.relative_to(root).as_posix()
        facts = path.lstat()
        why = why_refused(name, limits)
        if not stat.S_ISREG(facts.st_mode):
            why = "it is a link or a special file, which is not followed"
        elif facts.st_size > limits.file:
            why = f"it is larger than {limits.file >> 20} MiB"
        if why is not None:
            found.skip(why, name)
            continue
        total += facts.st_size
        if number >= limits.entries or total > limits.unpacked:
            raise RefusedPackageError(f"it has more than {limits.entries} files or {limits.unpacked >> 20} MiB")
        found.add(normalized(name), partial(_content, path))
    return found


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(set(folders) - _LEFT_OUT)
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        yield from (Path(folder) / name for name in sorted([*files, *links]))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as unreadable:
        raise EntryError("it cannot be read") from unreadable
