"""Go: the build information that the linker writes into every binary."""

import re
from collections.abc import Iterator
from typing import Final

from auditor.code.components.found import BINARY, Found, UnreadableManifestError, several

ECOSYSTEM: Final = "Go"
MAGIC: Final = b"\xff Go buildinf:"
_INLINE: Final = 0x2
_HEADER: Final = 32
_MAX_VARINT: Final = 10
_MARKS: Final = 16
"""Bytes of the marks that stand before and after the module information."""

_MAX_TEXT: Final = 4 << 20
_SEARCHED: Final = 64 << 20
_VERSION: Final = re.compile(r"(?:devel )?go(\d+(?:\.\d+)*)((?:rc|beta)\d+)?")


def is_binary(content: bytes) -> bool:
    """Whether the first bytes are those of an ELF, Mach-O or PE binary."""
    return content.startswith((b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"))


def binary(path: str, content: bytes, complaints: list[str]) -> Iterator[Found]:
    """The modules of a Go binary, and the standard library by the version of Go; nothing for another binary."""
    at = content.find(MAGIC, 0, _SEARCHED)
    if at < 0:
        return
    if at + _HEADER > len(content) or not content[at + len(MAGIC) + 1] & _INLINE:
        raise UnreadableManifestError("its Go build information is damaged, or of a version before Go 1.18")
    version, after = _text(content, at + _HEADER)
    modules, _ = _text(content, after)
    text = modules[_MARKS:-_MARKS].decode("utf-8", "replace") if len(modules) > 2 * _MARKS else ""
    pairs = [*_standard(version.decode("utf-8", "replace")), *_dependencies(text)]
    if not pairs:
        raise UnreadableManifestError("its Go build information names no module")
    yield from several(ECOSYSTEM, iter(pairs), BINARY, path, complaints)


def _text(content: bytes, at: int) -> tuple[bytes, int]:
    """A string with its length before it, and where it ends."""
    length = shift = 0
    for _ in range(_MAX_VARINT):
        if at >= len(content):
            break
        length |= (content[at] & 0x7F) << shift
        shift += 7
        at += 1
        if not content[at - 1] & 0x80:
            if length > min(_MAX_TEXT, len(content) - at):
                break
            return content[at : at + length], at + length
    raise UnreadableManifestError("its Go build information is damaged")


def _standard(said: str) -> Iterator[tuple[str, str]]:
    match = _VERSION.match(said)
    if match:
        pre = re.sub(r"(rc|beta)", r"-\1.", match[2]) if match[2] else ""
        steps = [*match[1].split("."), "0", "0"][:3]
        yield "stdlib", "v" + ".".join(steps) + pre


def _dependencies(text: str) -> Iterator[tuple[str, str]]:
    """``dep`` lines; one that was replaced is followed by what stands in its stead."""
    held: tuple[str, str] | None = None
    for line in text.splitlines():
        kind, *rest = line.split("\t")
        if kind == "=>" and len(rest) >= 2 and held is not None:
            held = (rest[0], rest[1])
            continue
        if held is not None:
            yield held
        held = (rest[0], rest[1]) if kind == "dep" and len(rest) >= 2 else None
    if held is not None:
        yield held
