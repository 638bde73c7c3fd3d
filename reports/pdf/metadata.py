"""What a printer writes of its own into a PDF, and is taken back: the moment of printing."""

import re
from datetime import UTC
from pathlib import Path
from typing import Final

from reports.html.words import instant

_HEAD: Final = 64 * 1024
"""Bytes in which Chromium's document information is: it is the first object."""
_DATE: Final = re.compile(rb"(/(?:CreationDate|ModDate)\s*\(D:)\d{14}(\+00'00'\))")
"""ISO 32000-1, 7.9.4: ``D:20261123000000+00'00'``."""


def dated(path: Path, moment: str) -> None:
    """Sets the dates of creation and change to the report's, in as many bytes: nothing else of the file moves.

    A file without dates, or a report whose moment is no moment, stays as it is.
    """
    when = instant(moment)
    if when is None:
        return
    stamp = f"{when.astimezone(UTC):%Y%m%d%H%M%S}".encode("ascii")
    with path.open("r+b") as file:
        head = file.read(_HEAD)
        file.seek(0)
        file.write(_DATE.sub(rb"\g<1>" + stamp + rb"\g<2>", head))
