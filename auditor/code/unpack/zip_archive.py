"""Zip archives: refused whole where their table of contents lies, else read entry by entry within limits."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import IO, Final

from auditor.code.unpack.contents import Contents, EntryError
from auditor.code.unpack.limits import Limits, RefusedPackageError
from auditor.code.unpack.names import normalized, why_refused

_END: Final = b"PK\5\6"
_END_SIZE: Final = 22
_END64: Final = b"PK\6\6"
_LOCATOR: Final = b"PK\6\7"
_LOCATOR_SIZE: Final = 20
_END64_SIZE: Final = 56
_LOCAL_HEADER: Final = 30
_MAX_COMMENT: Final = 65_535
_FULL16: Final = 0xFFFF
_FULL32: Final = 0xFFFFFFFF
_ENCRYPTED: Final = 0x1
_UTF8_NAME: Final = 0x800
_SPECIAL: Final = {
    stat.S_IFLNK: "it is a symbolic link, which is never followed",
    stat.S_IFIFO: "it is a named pipe",
    stat.S_IFBLK: "it is a device",
    stat.S_IFCHR: "it is a device",
    stat.S_IFSOCK: "it is a socket",
}


def open_zip(stream: IO[bytes], limits: Limits) -> Contents:
    """The files of a zip archive. Raises RefusedPackageError where it could be read in several ways."""
    size = stream.seek(0, io.SEEK_END)
    if size > limits.compressed:
        raise RefusedPackageError(f"it is larger than {limits.compressed >> 20} MiB")
    end = _end(stream, size)
    if end.entries == 0:
        raise RefusedPackageError("it is empty")
    if end.entries > limits.entries or end.size > limits.directory:
        raise RefusedPackageError(f"it has more than {limits.entries} entries")
    archive = _opened(stream, end)
    entries = archive.infolist()
    if len(entries) != end.entries:
        raise RefusedPackageError("its table of contents does not hold the number of entries that its end record says")
    _refuse_bombs(entries, size, limits)
    return _contents(archive, entries, limits)


@dataclass(frozen=True, slots=True)
class _End:
    entries: int
    size: int
    offset: int


def _end(stream: IO[bytes], size: int) -> _End:
    """The one end record. Raises RefusedPackageError where there is none, or where readers could differ over which."""
    reach = min(size, _END_SIZE + _MAX_COMMENT)
    stream.seek(size - reach)
    tail = stream.read(reach)
    found, at = [], tail.rfind(_END)
    while at >= 0:
        if at + _END_SIZE <= reach and at + _END_SIZE + struct.unpack_from("<H", tail, at + 20)[0] == reach:
            found.append(at)
        at = tail.rfind(_END, 0, at)
    if not found:
        raise RefusedPackageError("it is not a whole zip archive")
    if len(found) > 1:
        raise RefusedPackageError("it has two end records, by which two archives could be read")
    entries, length, offset = struct.unpack_from("<10xHII", tail, found[0])
    if entries == _FULL16 or _FULL32 in (length, offset):
        return _end64(stream, size - reach + found[0]) or _End(entries, length, offset)
    return _End(entries, length, offset)


def _end64(stream: IO[bytes], end_at: int) -> _End | None:
    if end_at < _LOCATOR_SIZE:
        return None
    stream.seek(end_at - _LOCATOR_SIZE)
    locator = stream.read(_LOCATOR_SIZE)
    if not locator.startswith(_LOCATOR):
        return None
    stream.seek(min(struct.unpack_from("<8xQ", locator)[0], end_at))
    record = stream.read(_END64_SIZE)
    if not record.startswith(_END64) or len(record) < _END64_SIZE:
        raise RefusedPackageError("its ZIP64 end record is not where it says")
    return _End(*struct.unpack_from("<32xQQQ", record))


def _opened(stream: IO[bytes], end: _End) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(stream)
    except UnicodeDecodeError:
        return _opened_by_code_page(stream, end)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, struct.error, NotImplementedError) as bad:
        raise RefusedPackageError("its table of contents is damaged") from bad


def _opened_by_code_page(stream: IO[bytes], end: _End) -> zipfile.ZipFile:
    """The archive with names that claim to be UTF-8 and are not read as old names are."""
    stream.seek(0)
    raw = bytearray(stream.read())
    at = raw.find(b"PK\1\2", max(len(raw) - end.size - _END_SIZE - _MAX_COMMENT, 0))
    while 0 <= at <= len(raw) - 46:
        _by_code_page(raw, at + 8)
        (local,) = struct.unpack_from("<I", raw, at + 42)
        if raw[local : local + 4] == b"PK\3\4":
            _by_code_page(raw, local + 6)
        at = raw.find(b"PK\1\2", at + 4)
    try:
        return zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError) as bad:
        raise RefusedPackageError("its table of contents is damaged") from bad


def _by_code_page(raw: bytearray, at: int) -> None:
    (flags,) = struct.unpack_from("<H", raw, at)
    struct.pack_into("<H", raw, at, flags & ~_UTF8_NAME)


def _refuse_bombs(entries: Iterable[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    total, end = 0, 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        total += entry.file_size
        if entry.header_offset < end:
            raise RefusedPackageError("entries share bytes of the archive")
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size
        if end > size and entry.compress_size <= limits.unpacked:
            raise RefusedPackageError("an entry reaches beyond the archive's end")
    if total > limits.unpacked:
        raise RefusedPackageError(f"it holds more than {limits.unpacked >> 20} MiB unpacked")
    if total > limits.ratio_from and total > size * limits.ratio:
        raise RefusedPackageError(f"it is more than {limits.ratio} times larger unpacked")


def _contents(archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo], limits: Limits) -> Contents:
    found = Contents()
    for entry in entries:
        name = entry.orig_filename
        why = why_refused(name, limits) or _why_unread(entry, limits)
        inside = _name_inside(archive, entry)
        if why is not None:
            found.skip(why, name)
        elif inside != name:
            found.skip("its own header gives it another name", name)
            found.skip("it is the name of an entry in its own header only", inside)
        elif not entry.is_dir():
            found.add(normalized(name), partial(_read, archive, entry))
    return found


def _name_inside(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    """The name that an entry's own header gives it; that of the table of contents where there is no header."""
    stream = archive.fp
    if stream is None:
        return entry.orig_filename
    stream.seek(entry.header_offset)
    header = stream.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\3\4"):
        return entry.orig_filename
    flags, length = struct.unpack_from("<6xH18xH", header)
    name = stream.read(length)
    try:
        return name.decode("utf-8" if flags & _UTF8_NAME else "cp437")
    except UnicodeDecodeError:
        return name.decode("utf-8", "replace")


def _why_unread(entry: zipfile.ZipInfo, limits: Limits) -> str | None:
    special = _SPECIAL.get(stat.S_IFMT(entry.external_attr >> 16))
    if special is not None:
        return special
    if entry.flag_bits & _ENCRYPTED:
        return "it is encrypted"
    if entry.is_dir() and entry.file_size:
        return "it is a directory with content"
    if entry.file_size > limits.file:
        return f"it is larger than {limits.file >> 20} MiB"
    return None


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(entry) as handle:
            content = handle.read(entry.file_size + 1)
    except RecursionError:
        raise  # the reader's, not the archive's
    except NotImplementedError as unsupported:
        raise EntryError("its compression is not supported") from unsupported
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, struct.error) as bad:
        raise EntryError("it is damaged, or not what the table of contents says") from bad
    if len(content) != entry.file_size:
        raise EntryError("it does not have the size that the table of contents says")
    return content
