"""The promised shape of ``report.json`` (schema version 1). Keys may be added; none named here goes away."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from auditor.model.finding import Status
from auditor.model.observed import GapReason
from auditor.model.severity import Confidence, Severity


class _Row(BaseModel):
    """Readers tolerate keys added later."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Tool(_Row):
    """Who made the report."""

    name: str
    version: str


class Gate(_Row):
    """``fail_on`` a severity or ``none``."""

    fail_on: Literal["critical", "high", "medium", "low", "none"]
    passed: bool


class RunRow(_Row):
    """How the audit was asked for and how it ended."""

    depth: Literal["quick", "standard", "full"]
    selection: dict[str, Any]
    as_of: str
    gate: Gate
    complete: bool
    exit_code: int
    errors: tuple[str, ...]


class ScopeRow(_Row):
    """An account, subscription or project."""

    id: str
    cloud: Literal["aws", "azure", "gcp"]
    scope: str
    locations: tuple[str, ...]
    status: Literal["read", "partial", "unreadable"]


class OperationRow(_Row):
    """Answers of one operation in one place."""

    operation: str
    scope: str
    location: str
    ok: int
    absent: int
    gaps: dict[GapReason, int]


class GapRow(_Row):
    """Calls that went unanswered for one reason; ``resource`` where one is meant."""

    operation: str
    scope: str
    location: str
    resource: str | None
    reason: GapReason
    permission: str | None
    message: str


class CoverageRow(_Row):
    """What was asked and what answered."""

    operations: tuple[OperationRow, ...]
    gaps: tuple[GapRow, ...]
    verdicts_reached: int
    verdicts_total: int
    complete: bool


class DriverRow(_Row):
    """What lowered the score most."""

    check_id: str
    function_id: str | None
    points: float
    text: str


class ScoreRow(_Row):
    """``low`` takes unknowns as failed, ``high`` as passed; null and "n/a" without functions."""

    low: float | None
    high: float | None
    grade: str
    drivers: tuple[DriverRow, ...]


class PointRow(_Row):
    """What one check takes from one function."""

    check_id: str
    points: float
    text: str


class FunctionScoreRow(_Row):
    """The score of one function."""

    low: float | None
    high: float | None
    grade: str
    points: tuple[PointRow, ...]


class VariableRow(_Row):
    """An environment variable: its verdict, never its value."""

    name: str
    secret_verdict: Literal["secret", "reference", "clear"]


class FunctionRow(_Row):
    """One function. A null is a fact that was not read; ``unknown_facts`` says why."""

    id: str
    name: str
    cloud: Literal["aws", "azure", "gcp"]
    kind: str
    scope: str
    location: str
    runtime: str | None
    identity: dict[str, Any] | None
    endpoints: tuple[dict[str, Any], ...] | None
    triggers: tuple[dict[str, Any], ...]
    environment: tuple[VariableRow, ...] | None
    tags: dict[str, str] | None
    score: FunctionScoreRow


class EvidenceRow(_Row):
    """Which API answer proves it, and what in it."""

    source: str
    detail: str


class RemediationRow(_Row):
    """The repair, filled in."""

    text: str
    command: str | None
    terraform: str | None


class FindingRow(_Row):
    """One proven defect."""

    fingerprint: str = Field(pattern=r"^[0-9a-f]{16}$")
    check_id: str
    risk: str
    status: Literal["FAIL"]
    severity: Severity
    confidence: Confidence
    title: str
    message: str
    function_id: str | None
    resource_id: str
    locus: str
    evidence: tuple[EvidenceRow, ...]
    remediation: RemediationRow
    controls: tuple[str, ...]
    waived: dict[str, Any] | None


class UnknownRow(_Row):
    """Verdicts that could not be reached, grouped by what was missing."""

    check_id: str
    operation: str
    permission: str | None
    reason: GapReason
    message: str
    subjects: tuple[str, ...]


class CheckRow(_Row):
    """A check that was asked."""

    id: str
    title: str
    risk: str
    severity: Severity
    clouds: tuple[str, ...]
    covers: tuple[str, ...]
    controls: tuple[str, ...]
    cwe: int | None
    profile_level: Literal["default", "strict"]


class ReportDocument(_Row):
    """``report.json``."""

    schema_version: Literal["1"]
    tool: Tool
    started_at: str
    finished_at: str
    data_as_of: dict[str, Any]
    run: RunRow
    scopes: tuple[ScopeRow, ...]
    coverage: CoverageRow
    score: ScoreRow
    functions: tuple[FunctionRow, ...]
    verdicts: dict[str, dict[str, Status]]
    findings: tuple[FindingRow, ...]
    unknowns: tuple[UnknownRow, ...]
    checks: tuple[CheckRow, ...]
