"""Source files that are no text: what is in them is not followed, and is said."""

import re
from collections.abc import Iterator
from typing import Final

from auditor.code.files import PackageFiles, shown
from auditor.code.own_files import JAVASCRIPT, PYTHON, SKIPPED
from auditor.code.taint.modules import LARGEST

_DECLARED: Final = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
"""How Python finds the encoding that a file declares: https://peps.python.org/pep-0263/ (read 2026-12-01)."""


def undecodable(files: PackageFiles) -> Iterator[str]:
    """A sentence for each source file that cannot be read as its language reads it."""
    for path in sorted(files):
        if path.endswith((*PYTHON, *JAVASCRIPT)) and not SKIPPED.search(path):
            why = _why(files[path], python=path.endswith(PYTHON))
            if why:
                yield f"{shown(path)}: it {why}, and was not followed"


def _why(content: bytes, *, python: bool) -> str:
    if len(content) > LARGEST or (content.isascii() and b"\0" not in content and b"coding" not in content[:300]):
        return ""
    if b"\0" in content:
        return "holds zero bytes"
    declared = _declared(content) if python else ""
    if declared:
        return _why_encoded(content, declared)
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "is not UTF-8, and declares no other encoding" if python else ""
    return ""


def _declared(content: bytes) -> str:
    for line in content.split(b"\n", 2)[:2]:
        found = _DECLARED.match(line)
        if found is not None:
            return found.group(1).decode("ascii", "replace")
    return ""


def _why_encoded(content: bytes, encoding: str) -> str:
    try:
        content.decode(encoding)
    except (LookupError, UnicodeError):
        return f"declares the encoding {shown(encoding)}, in which it cannot be read"
    return ""
