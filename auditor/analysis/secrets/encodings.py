"""Undoes one layer of what programs wrap text in: base64, hex, gzip, percent-encoding, JSON escapes."""

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import unquote

LONGEST: Final = 65_536
"""Characters that a decoded text is read to."""

_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_RUN: Final = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_HEX_RUN: Final = re.compile(r"(?:0x)?((?:[0-9a-f]{2}){12,}|(?:[0-9A-F]{2}){12,})")
_PERCENT: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_ESCAPE: Final = re.compile(r"""\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|["'\\/bfnrt])""")
_ENTITY: Final = re.compile(
    r"&(?:amp|quot|apos|lt|gt|#0{0,4}(?:34|38|39|60|61|62|58)|#x0{0,4}(?:22|26|27|3[aAcCdDeE]));"
)
_ENTITIES: Final = {"amp": "&", "quot": '"', "apos": "'", "lt": "<", "gt": ">"}
_CONTROL: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_ALPHABET: Final = bytes.maketrans(b"-_", b"+/")
_PROBE: Final = 16
"""Characters of base64 that are decoded first: what is not text shows in the first dozen bytes."""

_Decode = Callable[[re.Match[str]], str]
Mapped = tuple[str, list[int]]
"""A decoded text, and for each of its characters (and for its end) the place in the text it came from."""


def decode_base64(value: str) -> str | None:
    """Return the text that one layer of base64 hides (gzip inside it undone too), or None when there is none."""
    if not 12 <= len(value) <= LONGEST or _BASE64.fullmatch(value) is None:
        return None
    return _text(_bytes(value.rstrip("=")))


def decode_hex(value: str) -> str | None:
    """Return the text that is written as hex digits, or None when there is none."""
    match = _HEX_RUN.fullmatch(value) if len(value) <= LONGEST else None
    return _text(bytes.fromhex(match.group(1))) if match else None


def encoded_runs(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the span of each run of base64 or hex inside `text` that hides readable text, and that text."""
    if len(text) < _PROBE + 4:
        return
    for match in _RUN.finditer(text):
        run = match.group().rstrip("=")
        if _HEX_RUN.fullmatch(run):
            inner = decode_hex(run)
            if inner is not None:
                yield match.span(), inner
        elif not run.islower():  # text in base64 has capitals: names in small letters are no such runs
            yield from _skipping(run, match)


def _skipping(run: str, match: re.Match[str]) -> Iterator[tuple[tuple[int, int], str]]:
    """Decode from each of four places: what stands before may be glued to the run."""
    for skip in range(4):
        inner = _hidden(run[skip:])
        if inner is not None:
            yield (match.start() + skip, match.end()), inner
            return


def _hidden(run: str) -> str | None:
    if len(run) < _PROBE + 4:
        return None
    if not run.startswith("H4sI") and not _bytes(run[:_PROBE]).isascii():
        return None
    return _text(_bytes(run[:LONGEST]))


def _bytes(unpadded: str) -> bytes:
    """Decode base64 of either alphabet; a last character that does not fill a byte is left out."""
    raw = unpadded.encode("ascii").translate(_ALPHABET)
    if len(raw) % 4 == 1:
        raw = raw[:-1]
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        return b""


def _text(raw: bytes) -> str | None:
    if raw[:2] == b"\x1f\x8b":
        try:
            raw = zlib.decompressobj(wbits=31).decompress(raw, LONGEST)
        except zlib.error:
            return None
    encoding = "utf-16-le" if len(raw) > 7 and not any(raw[1:8:2]) and all(raw[0:8:2]) else "utf-8"
    try:
        text = raw.decode(encoding)
    except ValueError:
        return None
    return text if text and all(char.isprintable() or char in "\r\n\t" for char in text) else None


def unpercent(text: str) -> Mapped | None:
    """Undo percent-encoding; None where there is none."""
    return _mapped(text, _PERCENT, lambda found: unquote(found.group(), errors="replace")) if "%" in text else None


def unescape(text: str) -> Mapped | None:
    """Undo the escapes of JSON strings and tracebacks; None where there are none."""
    return _mapped(text, _ESCAPE, _character) if "\\" in text else None


def unentity(text: str) -> Mapped | None:
    """Undo the entities of HTML and XML that hide quotes and separators; None where there are none."""
    return _mapped(text, _ENTITY, _entity) if "&" in text else None


def _character(found: re.Match[str]) -> str:
    code = found.group()[1:]
    if code[0] in "ux" and len(code) > 1:
        return chr(int(code[1:], 16))
    return _CONTROL.get(code, code)


def _entity(found: re.Match[str]) -> str:
    name = found.group()[1:-1]
    if name[0] != "#":
        return _ENTITIES[name]
    return chr(int(f"0{name[1:]}", 16) if name[1] in "xX" else int(name[1:]))


def _mapped(text: str, pattern: re.Pattern[str], decode: _Decode) -> Mapped | None:
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for found in pattern.finditer(text):
        start = found.start()
        parts.append(text[at:start])
        places.extend(range(at, start))
        decoded = decode(found)
        parts.append(decoded)
        places.extend([start] * len(decoded))
        at = found.end()
    if not at:
        return None
    parts.append(text[at:])
    places.extend(range(at, len(text) + 1))
    return "".join(parts), places
