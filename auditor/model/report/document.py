"""The whole of ``report.json``."""

from typing import Any, Literal

from pydantic import Field

from auditor.model.finding import Status
from auditor.model.report.accounts import AccountRow, SharedDefectRow
from auditor.model.report.findings import (
    BaselineRow,
    CarriedRow,
    CauseRow,
    CheckRow,
    FindingRow,
    PlanRow,
    UnknownRow,
    WaiverRow,
)
from auditor.model.report.frameworks import FrameworkRow
from auditor.model.report.functions import FunctionRow
from auditor.model.report.graph import GraphRow
from auditor.model.report.history import ClosedRow, PastRunRow
from auditor.model.report.paths import PathRow
from auditor.model.report.row import Row
from auditor.model.report.run import CoverageRow, RunRow, ScopeRow, Tool
from auditor.model.report.spend import SpendRow
from auditor.model.report.totals import ScoreRow, SummaryRow, TotalsRow, WorstRow


class ReportDocument(Row):
    """``report.json``."""

    schema_version: Literal["1"]
    """Version of this schema."""
    tool: Tool
    """Who made the report."""
    started_at: str
    """RFC 3339 time when the collection began."""
    finished_at: str
    """RFC 3339 time when it ended."""
    data_as_of: dict[str, Any]
    """Date of each table that ships with the tool."""
    run: RunRow
    """How the audit was asked for and how it ended."""
    scopes: tuple[ScopeRow, ...]
    """Accounts, subscriptions and projects."""
    coverage: CoverageRow
    """What was asked and what answered."""
    score: ScoreRow
    """The score of everything audited."""
    summary: SummaryRow | None = None
    """The traits that matter most, counted; null in reports of before they were."""
    totals: TotalsRow
    """Counts."""
    graph: GraphRow | None = None
    """What sets functions off and where their events go; null in reports of before it was drawn."""
    plan: tuple[PlanRow, ...] = ()
    """The first changes of the fix plan, best first."""
    worst: tuple[WorstRow, ...] = ()
    """The functions with the lowest scores that have a finding, lowest first."""
    accounts: tuple[AccountRow, ...] = ()
    """The accounts beside one another, worst first; empty where there is one only."""
    shared_defects: tuple[SharedDefectRow, ...] = ()
    """What was found in several of them, gravest first."""
    spend: SpendRow | None = None
    """What abuse could cost; null in reports of before it was reckoned."""
    waivers: tuple[WaiverRow, ...] = ()
    """What became of each entry of the waiver file; empty without one."""
    functions: tuple[FunctionRow, ...]
    """Functions, by id."""
    paths: tuple[PathRow, ...] = ()
    """Ways from functions to stronger principals, from principals to functions, and from the internet through
    functions, by function; of each kind the gravest of a function."""
    verdicts: dict[str, dict[str, Status]]
    """Verdicts by function id (or scope id, or `<scope id>/<region>`) and check id."""
    causes: tuple[CauseRow, ...] = ()
    """Causes of the findings, gravest first."""
    findings: tuple[FindingRow, ...]
    """Findings, worst first."""
    unknowns: tuple[UnknownRow, ...]
    """Verdicts that could not be reached, grouped."""
    partial_verdicts: dict[str, tuple[str, ...]] = Field({})
    """By subject, the checks that fail and of which an answer is missing besides: what else they would find is not
    known."""
    baseline: BaselineRow | None = None
    """The report that this one was compared with; null: none was."""
    new: tuple[str, ...] = ()
    """Fingerprints of findings that the baseline does not have."""
    resolved: tuple[str, ...] = ()
    """Fingerprints of findings of the baseline whose check was asked again and did not find them."""
    gone: tuple[str, ...] = ()
    """Fingerprints of findings of the baseline whose function or account does not exist any more."""
    not_examined_again: tuple[str, ...] = ()
    """Fingerprints of findings of the baseline that this run did not examine: nothing is known of them."""
    carried: tuple[CarriedRow, ...] = ()
    """Those findings, for the next comparison."""
    closed: tuple[ClosedRow, ...] = ()
    """The findings that are resolved or gone, as they were."""
    history: tuple[PastRunRow, ...] = ()
    """The runs before this one that `--history` remembers, oldest first, at most a year of nights; empty without it."""
    frameworks: tuple[FrameworkRow, ...] = ()
    """The frameworks that were asked for with ``--framework``, control by control; empty without it."""
    checks: tuple[CheckRow, ...]
    """Checks that have a verdict in this report."""
