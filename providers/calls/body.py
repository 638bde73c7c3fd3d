"""Reads the body of a response within limits: so many bytes, decompressed while they come in, and no longer than so."""

import io
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol

from providers.calls import limits
from providers.calls.attempt import attempting, current
from providers.calls.reply import AnswerError

_CHUNK: Final = 65_536
_EITHER: Final = 47
"""What makes zlib take the header of gzip or its own."""

ENCODINGS: Final = "gzip"
"""What requests may offer in Accept-Encoding: nothing but this (and zlib's own format) is decompressed here."""


class Raw(Protocol):
    """A response of urllib3 whose body was not read yet."""

    def read1(self, amt: int, decode_content: bool) -> bytes:
        """What one receive brings, as it came; b"" at the end. Raises what urllib3 raises."""

    def close(self) -> None:
        """Drops the connection, so that nothing else of the body arrives."""


class Received(io.BytesIO):
    """A body that was read already, for an SDK that wants to read it from the connection."""

    enforce_content_length = True

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        """The whole body, at once."""
        yield self.read()

    def release_conn(self) -> None:
        """The connection went back when the body was read."""


def read_body(raw: Raw, headers: Mapping[str, Any]) -> bytes:
    """The body of a response, decompressed.

    Raises AnswerError for one that is too large or cannot be decompressed, DeadlineError for one that takes too long,
    and what urllib3 raises for one that breaks off.
    """
    if current() is None:
        with attempting(limits.DEADLINE_SECONDS):
            return read_body(raw, headers)
    try:
        return _read(raw, _decompressor(str(headers.get("Content-Encoding") or "")))
    except BaseException:
        raw.close()
        raise


def _read(raw: Raw, decompressor: "_Decompressor | None") -> bytes:
    attempt = current()
    parts: list[bytes] = []
    received = size = 0
    while piece := raw.read1(_CHUNK, decode_content=False):
        if attempt is not None:
            attempt.check()
        received += len(piece)
        _check_length(received)
        for part in decompressor.parts(piece) if decompressor else (piece,):
            size += len(part)
            _check_length(size)
            if size > limits.LARGE_BYTES and attempt is not None:
                attempt.claim()
            parts.append(part)
    if decompressor:
        decompressor.finish()
    return b"".join(parts)


def _check_length(length: int) -> None:
    if length > limits.MAX_BYTES:
        raise AnswerError(f"The answer is longer than {limits.MAX_BYTES // 2**20} MiB.", final=True)


def _decompressor(encoding: str) -> "_Decompressor | None":
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return None
    if name in ("gzip", "x-gzip", "deflate"):
        return _Decompressor()
    raise AnswerError("The answer is compressed in a way that was not asked for.")


class _Decompressor:
    """Gzip (of several members, too) or zlib, in pieces of bounded size."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=_EITHER)
        self._empty = True

    def parts(self, piece: bytes) -> Iterator[bytes]:
        """What a piece of the compressed body holds."""
        self._empty = False
        try:
            while True:
                if self._inner.eof:  # zeros may pad a member, and another member may follow
                    piece = piece.lstrip(b"\0")
                    if not piece:
                        return
                    self._inner = zlib.decompressobj(wbits=_EITHER)
                part = self._inner.decompress(piece, _CHUNK)
                if part:
                    yield part
                piece = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail
                if not piece and len(part) < _CHUNK:
                    return
        except zlib.error:
            raise AnswerError("The answer cannot be decompressed.") from None

    def finish(self) -> None:
        """Raises AnswerError where the compressed body broke off."""
        if not self._inner.eof and not self._empty:
            raise AnswerError("The answer broke off before its end.")
