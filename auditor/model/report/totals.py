"""What a run comes to: score, numbers, the worst."""

from pydantic import Field

from auditor.model.finding import Status
from auditor.model.ids import Cloud
from auditor.model.report.row import Row
from auditor.model.severity import Severity


class DriverRow(Row):
    """What lowered the score most."""

    check_id: str
    """The check."""
    function_id: str | None
    """The one function it failed on; null where there are several."""
    points: float
    """Points of the account's score."""
    text: str
    """The same in a sentence."""


class ScoreRow(Row):
    """The score of everything audited."""

    low: float | None
    """0 to 100, unknown verdicts taken as failed; null without functions."""
    high: float | None
    """0 to 100, unknown verdicts taken as passed; null without functions."""
    grade: str
    """A to F, of the low end; `n/a` without functions."""
    grade_high: str = ""
    """A to F, of the high end."""
    drivers: tuple[DriverRow, ...]
    """What lowered it most, worst first."""


class SummaryRow(Row):
    """How many functions have each of the traits that matter most, in numbers that add up to all functions."""

    functions: int
    """Functions audited."""
    unauthenticated: int | None
    """Functions that can be reached from the internet without authentication; null: the checks that look were left out
    (`run.selection`)."""
    unauthenticated_unknown: int
    """Functions of which that could not be judged."""
    administrator: int | None
    """Functions whose identity has administrator permissions; null: the same."""
    administrator_unknown: int
    """Functions of which that could not be judged."""
    both: int | None
    """Functions that are both; null: one of the two was not asked."""


class WaivedTotalsRow(Row):
    """What is waived: it counts in no gate, no score and no plan."""

    causes: int
    """Causes all of whose findings are waived."""
    findings: int
    """Findings that are waived."""


class TotalsRow(Row):
    """Counts. A cause is what one change closes; it may show as several findings."""

    functions: int
    """Functions audited."""
    causes: int = 0
    """Causes with a finding that is not waived."""
    findings: int
    """Findings, also waived ones."""
    by_severity: dict[Severity, int]
    """Those causes by their gravest finding."""
    findings_by_severity: dict[Severity, int] = Field({})
    """Findings by severity."""
    waived: WaivedTotalsRow | None = None
    """What is waived besides; null in reports of before there were waivers."""
    by_cloud: dict[Cloud, dict[Severity, int]] = Field({})
    """Causes by severity, of each cloud that has one."""
    by_risk: dict[str, dict[Severity, int]] = Field({})
    """Causes by severity, of each risk that has one."""
    verdicts: dict[Status, int]
    """Verdicts by status."""


class WorstRow(Row):
    """One of the functions with the lowest scores."""

    function_id: str
    """The function."""
    function_name: str
    """Its name."""
    cloud: Cloud | None = None
    """Its cloud; null in reports of before it was told."""
    location: str
    """Region."""
    low: float | None
    """Low end of its score; null where nothing was judged."""
    high: float | None
    """High end of its score; null where nothing was judged."""
    cause: str = ""
    """Its gravest cause."""
    check_id: str
    """Check that leads it."""
    severity: Severity
    """Severity of that cause."""
    title: str
    """Title of that check."""
