"""The files of a package as its analysers see them: by path, in memory, never on a disk."""

from collections.abc import Mapping
from typing import Final, TypeAlias

PackageFiles: TypeAlias = Mapping[str, bytes]
"""Content by path within the package: ``/`` between its parts, no leading ``/``, never ``..``.

May be lazy: a file is decompressed when it is asked for, so look at the names first and ask only for what you read.
Content is bounded; a file that cannot be read is empty, and the analysis says which.
"""

SHOWN: Final = 200
"""Characters of a name that are shown."""

_TEXT_ENCODINGS: Final = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def text_of(content: bytes) -> str:
    """A file as text: UTF-8 unless a mark at its beginning says UTF-16; what is neither becomes U+FFFD."""
    for mark, encoding in _TEXT_ENCODINGS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    return content.decode("utf-8", "replace")


def shown(name: str) -> str:
    """A name out of a package as it may be printed: short, on one line, without control characters."""
    cut = name if len(name) <= SHOWN else f"{name[:SHOWN]}…"
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in cut)
