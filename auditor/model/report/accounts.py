"""Accounts beside one another, and what several of them have in common."""

from auditor.model.ids import Cloud
from auditor.model.report.row import Row
from auditor.model.report.totals import WorstRow
from auditor.model.severity import Severity


class AccountScoreRow(Row):
    """The score of one account, as a report of it alone has it."""

    low: float | None
    """0 to 100, unknown verdicts taken as failed; null without functions."""
    high: float | None
    """0 to 100, unknown verdicts taken as passed; null without functions."""
    grade: str
    """A to F, of the low end; `n/a` without functions."""


class AccountRow(Row):
    """One account, subscription or project of a report that has several."""

    id: str
    """`<cloud>/<scope>`."""
    cloud: Cloud
    """The cloud."""
    scope: str
    """Account, subscription or project id."""
    name: str
    """Its name, where an organization or an accounts file says it; else ""."""
    unit: str
    """The organizational unit it is in; "" where that is not known."""
    owners: tuple[str, ...]
    """Owners of its functions as their tags say, those with most functions first; at most five."""
    status: str
    """`read`, `partial` or `unreadable`, as in `scopes`."""
    functions: int
    """Functions audited."""
    score: AccountScoreRow
    """Its own score."""
    causes: int
    """Causes with a finding in it that is not waived."""
    by_severity: dict[Severity, int]
    """Those causes by their gravest finding in it."""
    verdicts_reached: int
    """Verdicts reached."""
    verdicts_total: int
    """Verdicts asked for."""
    worst: WorstRow | None
    """Its function with the lowest score and a cause of its own; null: there is none."""
    directory: str = ""
    """Where its own report is, below the directory of this one; "" without `--split account`."""


class SharedDefectRow(Row):
    """A defect that several accounts have: one change of a template, or of a guardrail, may close all."""

    check_id: str
    """The check."""
    title: str
    """Its title."""
    severity: Severity
    """The gravest finding of it."""
    accounts: tuple[str, ...]
    """The accounts that have it (`<cloud>/<scope>`), those with most findings first."""
    findings: int
    """Findings that are not waived."""
    functions: int
    """Functions concerned."""
