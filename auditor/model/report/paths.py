"""What the identities of functions can do, whom they can become, and who can take functions over."""

from typing import Literal

from pydantic import Field

from auditor.model.access import CapabilityKind, CapabilityScope
from auditor.model.report.row import Row
from auditor.model.severity import Severity


class StatementProofRow(Row):
    """One statement that a decision rests on."""

    layer: str
    """Kind of policy: identity policy, trust policy, permissions boundary, resource policy, role assignment."""
    policy: str
    """Name or ARN of the policy; the role that is assigned."""
    statement: str
    """Statement id or position in it; id of the assignment."""
    text: str
    """The statement as canonical JSON."""


class CapabilityRow(Row):
    """Something that the identity of a function can do, on how much, and why."""

    capability: CapabilityKind
    """What permissions amount to."""
    scope: CapabilityScope
    """On how much."""
    conditional: bool
    """It depends on `conditions`, which could not be decided."""
    conditions: tuple[str, ...]
    """Condition keys that it depends on; none: it holds always."""
    resources: tuple[str, ...]
    """Resource patterns that are allowed."""
    actions: tuple[str, ...]
    """Some of the actions, as the cloud spells them."""
    proof: tuple[StatementProofRow, ...]
    """Statements that allow it."""


class PathProofRow(Row):
    """Which API answer proves a step, and what in it."""

    source: str
    """The operation that answered."""
    detail: str
    """The value or statement in its answer."""


class PathStepRow(Row):
    """One step of a path."""

    source: str = Field(alias="from")
    """Who takes it: id of a principal (on Azure and Google Cloud its name, where one is known), the function, or
    `internet`."""
    to: str
    """The same of what it reaches."""
    by: str
    """What is done, continuing the name of who does it."""
    proof: tuple[PathProofRow, ...]
    """Answers that prove it, in order; empty where the function's own row does."""
    technique: str
    """Id of the technique; "" for calling a function, running as an identity and using its permissions."""
    object: str
    """Id of what it is done to: a role, a user, a function, a policy; "" where that is `to`."""
    actions: tuple[str, ...]
    """Actions it takes."""
    conditions: tuple[str, ...]
    """What it depends on and could not be decided; none: it works as it is."""


class PathRow(Row):
    """Steps by which somebody gets more than they were given."""

    id: str = Field(pattern=r"^[0-9a-f]{16}$")
    """Hash of the function and the steps: the same path has the same one in every report."""
    function_id: str
    """The function."""
    kind: Literal["escalation", "takeover", "exposure"]
    """`escalation`: from the function's identity to a stronger principal. `takeover`: from another principal to the
    function. `exposure`: from the internet through the function to what its identity can do."""
    severity: Severity
    """How grave it is; of an exposure, that of its finding."""
    reaches: str
    """What is reached at its end."""
    administrator: bool
    """What is reached has every permission of the account."""
    gains: tuple[str, ...]
    """What the reached principal can do that the first cannot; of an administrator, its role, where that is known."""
    conditions: tuple[str, ...]
    """What it depends on and could not be decided; none: it works as it is."""
    steps: tuple[PathStepRow, ...]
    """The steps in order."""
