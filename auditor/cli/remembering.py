"""Compares a run with what was known before it, and adds it to the history."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from auditor.engine.report import AuditReport
from auditor.engine.report_reader import DocumentReport
from auditor.errors import AuditorError
from auditor.lifecycle.compare import compare, known_of
from auditor.lifecycle.history.connecting import writing
from auditor.lifecycle.history.questions import figures
from auditor.lifecycle.history.recording import known, record

_SHOWN: Final = 366
"""How many of the runs before this one its report holds."""


def usable(history: str | None) -> None:
    """Makes sure, before anything is collected, that the history can be written. Raises what says why not."""
    if history:
        with writing(history):
            pass


@contextmanager
def remembered(report: AuditReport, baseline: DocumentReport | None, history: str | None) -> Iterator[None]:
    """Compares the report; once the block has written it, the run is in the history, or nothing of it is.

    No other run writes to the history meanwhile. A history that fails costs no result: the report says so. What
    the block raises is raised.
    """
    if baseline is not None:
        report.compared(compare(known_of(baseline), report))
    if not history:
        yield
        return
    reached = False
    try:
        with writing(history) as database:
            comparison = compare(known(database), report)
            report.compared(comparison, figures(database, _SHOWN))
            reached = True
            try:
                yield
            except BaseException as own:
                raise _NotWrittenError(own) from own  # a result that cannot be written is no fault of the history
            record(database, report, comparison)
    except _NotWrittenError as not_written:
        raise not_written.error from None
    except AuditorError as refused:
        report.add_error(f"This run is not in the history: {refused}")
        if not reached:
            yield


class _NotWrittenError(Exception):
    """Passes the error of the block through the transaction, which takes back what it did."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error
