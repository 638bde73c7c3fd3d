"""The contract of a reporter: it gets a finished, immutable report and decides nothing."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Protocol, runtime_checkable

Row = Mapping[str, Any]
"""One JSON-shaped row, as in ``report.json``."""


class Report(Protocol):
    """A finished report. Rows are made on demand and may be iterated more than once; keep none you do not need."""

    @property
    def head(self) -> Row:
        """Everything of ``report.json`` but ``functions``, ``paths``, ``verdicts``, ``causes`` and ``findings``."""

    @property
    def digests(self) -> Mapping[str, str]:
        """The sha256 of the report.json it was read from, and of the manifest.json beside it, by name.

        Empty for a report that was just made: its manifest is written after it.
        """

    def functions(self) -> Iterator[Row]:
        """The rows of ``functions``, sorted by id."""

    def paths(self) -> Iterator[Row]:
        """The rows of ``paths``, by function."""

    def verdicts(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Subject id and its verdict by check id, sorted."""

    def causes(self) -> Iterator[Row]:
        """The rows of ``causes``, gravest first."""

    def findings(self) -> Iterator[Row]:
        """The rows of ``findings``, worst first."""


class Reporter(Protocol):
    """One format. ``filename`` is the file it makes in the output directory."""

    format: str
    filename: str

    def write(self, report: Report, stream: BinaryIO) -> None:
        """Writes the report, streaming."""


@runtime_checkable
class DirectoryReporter(Protocol):
    """One format that makes a directory of files. ``filename`` is its name in the output directory."""

    format: str
    filename: str

    def write_into(self, report: Report, directory: Path) -> None:
        """Writes the report into a directory that is there and empty, streaming."""


AnyReporter = Reporter | DirectoryReporter
