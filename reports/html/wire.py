"""Writes one data block of the page: JSON text, gzipped as it arrives, printed as base64.

Base64's alphabet holds no `<`, so a block can never close the element it stands in.
"""

import base64
import zlib
from collections.abc import Iterable

from auditor.model.json_text import ascii_json

_GZIP = 31
_LEVEL = 7
_FLUSH_AT = 1 << 16


def numbers(values: Iterable[int]) -> str:
    """A JSON array of integers."""
    return f"[{','.join(map(str, values))}]"


def steps(values: Iterable[int]) -> str:
    """A JSON array of each integer's distance from the one before: numbers that mostly rise by one take no room."""
    last, made = 0, []
    for value in values:
        made.append(value - last)
        last = value
    return numbers(made)


class Block:
    """A gzip stream fed with pieces of text; only its compressed bytes are kept."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
        self._pending: list[str] = []
        self._waiting = 0
        self._done: list[bytes] = []

    def write(self, text: str) -> None:
        """Add ASCII text."""
        self._pending.append(text)
        self._waiting += len(text)
        if self._waiting >= _FLUSH_AT:
            self._drain()

    def _drain(self) -> None:
        self._done.append(self._compressor.compress("".join(self._pending).encode("ascii")))
        self._pending.clear()
        self._waiting = 0

    def close(self) -> str:
        """End the stream and return it as base64. The block takes nothing after this."""
        self._drain()
        self._done.append(self._compressor.flush())
        data = b"".join(self._done)
        self._done.clear()
        return base64.b64encode(data).decode("ascii")


class StringTable:
    """Each distinct string once, written to its block when first met; `add` gives its index. Index 0 is ""."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {"": 0}
        self._block = Block()
        self._block.write('[""')

    def add(self, text: str) -> int:
        """The index of `text`, which is stored if it is new."""
        known = self._index.get(text)
        if known is None:
            known = self._index[text] = len(self._index)
            self._block.write("," + ascii_json(text))
        return known

    def __len__(self) -> int:
        return len(self._index)

    def close(self) -> str:
        """End the table and return its block as base64."""
        self._block.write("]")
        self._index.clear()
        return self._block.close()
