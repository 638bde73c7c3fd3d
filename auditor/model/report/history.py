"""What a report holds of the runs before it: their figures, and the findings that are no longer there."""

from typing import Literal

from pydantic import Field

from auditor.model.ids import Cloud
from auditor.model.report.row import Row
from auditor.model.severity import Severity


class PastRunRow(Row):
    """An earlier run, as the history remembers it."""

    run: int
    """Its number in the history."""
    started_at: str
    """RFC 3339 time when it began."""
    depth: str
    """How deep it asked."""
    complete: bool
    """Everything that it asked was answered, and every verdict reached."""
    low: float | None
    """Low end of its score; null where it found no function."""
    high: float | None
    """High end of its score; null where it found no function."""
    grade: str
    """Its grade."""
    functions: int
    """Functions it audited."""
    causes: int
    """Causes that were open."""
    by_severity: dict[Severity, int] = Field({})
    """Those causes by severity."""
    verdicts_reached: int
    """Verdicts that it reached."""
    verdicts_total: int
    """Verdicts that it asked for."""


class ClosedRow(Row):
    """A finding of an earlier run that is no longer there."""

    fingerprint: str
    """Its fingerprint."""
    how: Literal["resolved", "gone"]
    """`resolved`: its check was asked again and did not find it. `gone`: what it was found on does not exist."""
    check_id: str
    """Its check."""
    severity: Severity
    """How bad it was."""
    title: str
    """Title of the check."""
    message: str
    """What was wrong."""
    subject_id: str
    """The function, account or region."""
    function_name: str | None
    """Its name; null where there was no function."""
    cloud: Cloud
    """The cloud."""
    account: str
    """Account, subscription or project id."""
    region: str | None
    """Region; null where the finding was of a whole account."""
    first_seen: str
    """RFC 3339 time of the run that first had it."""
