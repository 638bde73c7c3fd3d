"""A report whose rows are made once, however many formats ask for them."""

import json
import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import IO, Any, Final

from pydantic_core import from_json

from auditor.model.json_text import ascii_json
from auditor.reporter import Report, Row

_log = logging.getLogger(__name__)
_IN_MEMORY: Final = 8 << 20
"""Bytes of rows that are kept without a file."""


class SpooledReport(ExitStack):
    """Implements :class:`auditor.reporter.Report` over another, whose findings and functions a temporary file keeps.

    Making a row takes ten times as long as reading it again. They are kept while the first format reads them to the
    end; where the disk holds no temporary file, each format has them made again.
    """

    def __init__(self, report: Report) -> None:
        super().__init__()
        self._report = report
        self._functions = self.enter_context(_Spool(report.functions))
        self._findings = self.enter_context(_Spool(report.findings))

    @property
    def head(self) -> Row:
        return self._report.head

    @property
    def digests(self) -> Mapping[str, str]:
        return self._report.digests

    def functions(self) -> Iterator[Row]:
        return self._functions.rows()

    def paths(self) -> Iterator[Row]:
        return self._report.paths()

    def verdicts(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        return self._report.verdicts()

    def causes(self) -> Iterator[Row]:
        return self._report.causes()

    def findings(self) -> Iterator[Row]:
        return self._findings.rows()


class _Spool(ExitStack):
    """Rows as lines of JSON, which hold no text that the report itself will not hold."""

    def __init__(self, make: Callable[[], Iterator[Row]]) -> None:
        super().__init__()
        self._make = make
        self._kept: IO[bytes] | None = None

    def rows(self) -> Iterator[Row]:
        if self._kept is None:
            yield from self._keeping()
            return
        place = 0  # of this reader: two formats may read by turns
        while True:
            self._kept.seek(place)
            line = self._kept.readline()
            place = self._kept.tell()
            if not line:
                return
            yield _row(line)

    def _keeping(self) -> Iterator[Row]:
        """The rows as they are made; a reader that stops half-way leaves nothing behind."""
        stream: Any = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed with this spool
        self.callback(stream.close)
        whole = True
        for row in self._make():
            if whole:
                try:
                    stream.write(ascii_json(row).encode("ascii") + b"\n")
                except OSError as full:
                    _log.debug("rows are made again for each format: %s", full.strerror)
                    stream.close()
                    whole = False
            yield row
        if whole:
            self._kept = stream


def _row(line: bytes) -> Row:
    try:
        row: Row = from_json(line)
    except ValueError:  # a lone surrogate, which pydantic's reader does not take
        row = json.loads(line)
    return row
