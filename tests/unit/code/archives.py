"""Zip archives that no archiver writes, for tests of what reads them."""

import io
import struct
import tarfile
import zipfile
import zlib
from dataclasses import dataclass

HANDLER = b"def handler(event, context):\n    return 1\n"


@dataclass(frozen=True)
class Entry:
    """One entry; what is None follows from its content."""

    name: bytes
    data: bytes = b""
    packed: bytes | None = None
    method: int = 8
    size: int | None = None
    crc: int | None = None
    flags: int = 0x800
    mode: int = 0o100644
    local_name: bytes | None = None
    at: int | None = None
    """Offset of another entry's local header to point at."""


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def zip_of(*entries: Entry, comment: bytes = b"", count: int | None = None) -> bytes:
    out, directory = bytearray(), bytearray()
    for entry in entries:
        packed = entry.packed if entry.packed is not None else deflated(entry.data) if entry.method == 8 else entry.data
        crc = zlib.crc32(entry.data) if entry.crc is None else entry.crc
        size = len(entry.data) if entry.size is None else entry.size
        sizes = (crc, len(packed), size & 0xFFFFFFFF)
        local = entry.name if entry.local_name is None else entry.local_name
        at = len(out) if entry.at is None else entry.at
        if entry.at is None:
            head = (b"PK\3\4", 20, entry.flags, entry.method, 0, 33, *sizes, len(local), 0)
            out += struct.pack("<4s5H3I2H", *head) + local + packed
        row = (b"PK\1\2", 788, 20, entry.flags, entry.method, 0, 33, *sizes, len(entry.name), 0, 0, 0, 0)
        directory += struct.pack("<4s6H3I5H2I", *row, entry.mode << 16, at) + entry.name
    number = len(entries) if count is None else count
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, number, number, len(directory), len(out), len(comment))
    return bytes(out + directory + end + comment)


def plain_zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_handler(**files: bytes | str) -> bytes:
    return plain_zip({"handler.py": HANDLER, **{k: v.encode() if isinstance(v, str) else v for k, v in files.items()}})


def tar_of(*members: tuple[str, bytes, str], **headers: str) -> bytes:
    """Members of name, kind and link or content."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.PAX_FORMAT) as archive:
        for name, kind, link in members:
            member = tarfile.TarInfo(name)
            member.type, member.linkname, member.pax_headers = kind, link, dict(headers)
            archive.addfile(member)
    return out.getvalue()


def tar_that_lies(size: int) -> bytes:
    head = bytearray(tarfile.TarInfo("huge").tobuf(tarfile.GNU_FORMAT))
    head[124:136] = b"\x80" + size.to_bytes(11, "big")
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + bytes(1024)
