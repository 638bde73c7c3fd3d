"""Tar archives, compressed or not: streamed once, within limits; links and devices are never made nor followed."""

import gzip
import io
import tarfile
import zlib
from typing import IO, Final, cast

from auditor.code.unpack.contents import Contents
from auditor.code.unpack.limits import Limits, RefusedPackageError
from auditor.code.unpack.names import normalized, why_refused

_GZIP: Final = b"\x1f\x8b"


class _BoundedReader(io.RawIOBase):
    """A stream that ends its reader once more was unpacked than is allowed."""

    def __init__(self, source: IO[bytes], most: int) -> None:
        self._source = source
        self._left = most

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        taken = self._source.read(self._left + 1 if size < 0 else min(size, self._left + 1))
        self._left -= len(taken)
        if self._left < 0:
            raise RefusedPackageError("it holds more than is read, unpacked")
        return taken


def open_tar(stream: IO[bytes], limits: Limits) -> Contents:
    """The files of a tar archive. Raises RefusedPackageError where nothing of it can be trusted."""
    size = stream.seek(0, io.SEEK_END)
    if size > limits.compressed:
        raise RefusedPackageError(f"it is larger than {limits.compressed >> 20} MiB")
    stream.seek(0)
    packed = stream.read(2) == _GZIP
    stream.seek(0)
    source = cast("IO[bytes]", gzip.GzipFile(fileobj=stream) if packed else stream)
    found = Contents()
    try:
        with tarfile.open(fileobj=cast("IO[bytes]", _BoundedReader(source, limits.unpacked)), mode="r|") as archive:
            for number, member in enumerate(archive):
                if number >= limits.entries:
                    raise RefusedPackageError(f"it has more than {limits.entries} entries")
                _take(found, archive, member, limits)
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, OverflowError) as bad:
        raise RefusedPackageError("it is not a whole tar archive") from bad
    if not found and not found.notes:
        raise RefusedPackageError("it is empty")
    return found


def _take(found: Contents, archive: tarfile.TarFile, member: tarfile.TarInfo, limits: Limits) -> None:
    if member.size > limits.unpacked:  # skipping what is not there would read on for as long as it says
        raise RefusedPackageError("an entry says that it is larger than a package may be")
    why = why_refused(member.name, limits)
    if why is None and not (member.isreg() or member.isdir()):
        why = "it is a link or a device, which is never made nor followed"
    if why is None and member.size > limits.file:
        why = f"it is larger than {limits.file >> 20} MiB"
    if why is not None:
        found.skip(why, member.name)
        return
    handle = archive.extractfile(member) if member.isreg() else None
    if handle is not None:
        content = handle.read()
        found.add(normalized(member.name), lambda: content)
