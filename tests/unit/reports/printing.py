"""What the tests of formats need to know of printing a PDF: whether anything here can."""

from collections.abc import Iterable
from typing import Any

import pytest

from auditor.errors import UsageError
from reports.pdf.printers import installed


def printable() -> bool:
    """Whether Chromium or WeasyPrint is here."""
    try:
        installed()
    except UsageError:
        return False
    return True


def formats(names: Iterable[str]) -> list[Any]:
    """Names of formats as parameters of a test; that of the PDF is skipped where nothing prints it."""
    mark = pytest.mark.skipif(not printable(), reason="Nothing here prints a PDF: apt-get install -y chromium")
    return [pytest.param(name, marks=mark) if name == "pdf" else name for name in names]
