"""A function, besides its facts, which are the fields of :class:`auditor.model.function.Function`."""

from typing import Any

from auditor.model.finding import Status
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.model.report.paths import CapabilityRow
from auditor.model.report.row import Row
from auditor.model.report.spend import CeilingRow


class PointRow(Row):
    """What one cause, or one verdict that could not be reached, takes from one function."""

    check_id: str
    """The check of its gravest finding on this function."""
    points: float
    """Points, 0 to 100. Those of FAIL add up to what the high end lacks of 100, all to what the low end lacks."""
    status: Status = Status.FAIL
    """FAIL: lost. UNKNOWN: lost in the low end only."""
    cause: str | None = None
    """The cause; null where the verdict is unknown."""


class FunctionScoreRow(Row):
    """The score of one function."""

    low: float | None
    """0 to 100, unknown verdicts taken as failed; null where nothing was judged."""
    high: float | None
    """0 to 100, unknown verdicts taken as passed; null where nothing was judged."""
    grade: str
    """A to F, of the low end."""
    points: tuple[PointRow, ...]
    """What each check took, most first."""


class InvokeReachRow(Row):
    """Who may invoke the function, by its resource policies and endpoints."""

    worst: str | None
    """The widest reach of any statement or endpoint; null: no statement admits a caller, or none was read."""
    proved_for: tuple[str, ...]
    """Qualifiers whose policy was read; `endpoints` where there are no resource policies."""
    statements: tuple[dict[str, Any], ...]
    """Every statement of the policies that were read."""


class UnknownFactRow(Row):
    """Facts of a function that could not be read for one reason."""

    fields: tuple[str, ...]
    """Paths in the row."""
    reason: GapReason
    """Why."""
    operation: str
    """The operation that should have answered."""
    permission: str | None
    """Permission that it needs; null where none would help."""
    message: str
    """What the cloud said, redacted."""


class FunctionRow(Row):
    """One function. A null is a fact that was not read; `unknown_facts` says why."""

    id: str
    name: str
    cloud: Cloud
    kind: str
    """How the cloud runs it, where the cloud says; else how its code is delivered."""
    scope: str
    location: str
    owner: str | None = None
    """The first of the owner tags (`settings.owner_tags`); null: no such tag, or tags were not read."""
    runtime: str | None = None
    runtime_end_of_life: str | None = None
    """ISO date when the runtime's support ends; null: not announced, not known, or a container image's own."""
    invoke_reach: InvokeReachRow
    """Who may invoke it."""
    score: FunctionScoreRow
    """Its score."""
    traits: tuple[str, ...] | None = ()
    """`unauthenticated`: reachable from the internet without authentication; `administrator`: its identity has
    administrator permissions. Null: the checks that look were left out (`run.selection`)."""
    unknown_traits: tuple[str, ...] = ()
    """Traits of which neither could be proved, those left out among them."""
    capabilities: tuple[CapabilityRow, ...] | None = None
    """What its identity can do, gravest first. Null where it could not be read: `unknown_facts` says why. Absent where
    it runs without an identity."""
    ceiling: CeilingRow | None = None
    """What an attacker could spend on it; null: how it is hosted is not known, or not priced."""
    unknown_facts: tuple[UnknownFactRow, ...] = ()
    """The facts that could not be read."""
