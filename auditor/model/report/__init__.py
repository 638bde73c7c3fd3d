"""The promised shape of ``report.json`` (schema version 1). Keys may be added; none named here goes away.

The facts of a function are not declared here: they are the fields of :class:`auditor.model.function.Function`, and the
published schema is derived from it. :class:`FunctionRow` declares what a row holds besides them.
"""

from auditor.model.report.accounts import AccountRow, AccountScoreRow, SharedDefectRow
from auditor.model.report.code import CodeCallRow, CodeComponentRow
from auditor.model.report.document import ReportDocument
from auditor.model.report.findings import (
    BaselineRow,
    CarriedRow,
    CauseRow,
    CheckRow,
    EvidenceRow,
    FindingRow,
    PlanRow,
    RemediationRow,
    ScoreAfterRow,
    UnknownRow,
    WaivedRow,
    WaiverRow,
)
from auditor.model.report.frameworks import (
    ControlEvidenceRow,
    ControlOnCloudRow,
    ControlRow,
    ControlWaivedRow,
    FrameworkRow,
)
from auditor.model.report.functions import FunctionRow, FunctionScoreRow, InvokeReachRow, PointRow, UnknownFactRow
from auditor.model.report.graph import GraphEdgeRow, GraphNodeRow, GraphRow, GraphUnreadRow
from auditor.model.report.history import ClosedRow, PastRunRow
from auditor.model.report.paths import CapabilityRow, PathProofRow, PathRow, PathStepRow, StatementProofRow
from auditor.model.report.row import Row
from auditor.model.report.run import (
    CarriedOverRow,
    CloudNotScannedRow,
    CoverageRow,
    GapRow,
    Gate,
    LeftOutRow,
    OperationRow,
    OrganizationRow,
    PluginRow,
    RunRow,
    ScopeRow,
    Tool,
)
from auditor.model.report.spend import (
    CapRow,
    CeilingRow,
    DearestRow,
    MoneyRow,
    SpendAfterRow,
    SpendLegRow,
    SpendRow,
    SpendTriggerRow,
    UnreadLimitRow,
)
from auditor.model.report.totals import DriverRow, ScoreRow, SummaryRow, TotalsRow, WaivedTotalsRow, WorstRow

__all__ = [
    "AccountRow",
    "AccountScoreRow",
    "BaselineRow",
    "CapRow",
    "CapabilityRow",
    "CarriedOverRow",
    "CarriedRow",
    "CauseRow",
    "CeilingRow",
    "CheckRow",
    "ClosedRow",
    "CloudNotScannedRow",
    "CodeCallRow",
    "CodeComponentRow",
    "ControlEvidenceRow",
    "ControlOnCloudRow",
    "ControlRow",
    "ControlWaivedRow",
    "CoverageRow",
    "DearestRow",
    "DriverRow",
    "EvidenceRow",
    "FindingRow",
    "FrameworkRow",
    "FunctionRow",
    "FunctionScoreRow",
    "GapRow",
    "Gate",
    "GraphEdgeRow",
    "GraphNodeRow",
    "GraphRow",
    "GraphUnreadRow",
    "InvokeReachRow",
    "LeftOutRow",
    "MoneyRow",
    "OperationRow",
    "OrganizationRow",
    "PastRunRow",
    "PathProofRow",
    "PathRow",
    "PathStepRow",
    "PlanRow",
    "PluginRow",
    "PointRow",
    "RemediationRow",
    "ReportDocument",
    "Row",
    "RunRow",
    "ScopeRow",
    "ScoreAfterRow",
    "ScoreRow",
    "SharedDefectRow",
    "SpendAfterRow",
    "SpendLegRow",
    "SpendRow",
    "SpendTriggerRow",
    "StatementProofRow",
    "SummaryRow",
    "Tool",
    "TotalsRow",
    "UnknownFactRow",
    "UnknownRow",
    "UnreadLimitRow",
    "WaivedRow",
    "WaivedTotalsRow",
    "WaiverRow",
    "WorstRow",
]
