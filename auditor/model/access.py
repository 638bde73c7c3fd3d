"""What an identity can do with its permissions, whom it can become, and who can take a function over."""

from enum import StrEnum

from auditor.model.base import frozen
from auditor.model.observed import Observed


class CapabilityKind(StrEnum):
    """What permissions amount to. Ordered gravest first."""

    ADMINISTER = "administer"
    """Every permission of the account."""
    ESCALATE = "escalate"
    """Give itself permissions, or take other identities."""
    READ_SECRETS = "read-secrets"
    """Read secrets and credentials, or decrypt with keys."""
    WRITE_CODE = "write-code"
    """Change what runs, or start something that runs under another identity."""
    READ_DATA = "read-data"
    """Read stored data."""
    WRITE_DATA = "write-data"
    """Change or delete stored data."""
    DISRUPT_LOGGING = "disrupt-logging"
    """Stop, change or delete audit trails, logs, alarms and detection."""
    LATERAL_MOVEMENT = "lateral-movement"
    """Reach other machines, functions and accounts."""
    SPEND = "spend"
    """Start what costs much."""


class CapabilityScope(StrEnum):
    """On how much. Ordered widest first."""

    EVERYTHING = "everything"
    """Every resource of its type."""
    SET = "set"
    """Those that a pattern means."""
    RESOURCE = "resource"
    """Single resources that are named."""


@frozen
class PermissionProof:
    """One statement that a decision rests on."""

    layer: str
    """Kind of policy: identity policy, trust policy, permissions boundary, resource policy."""
    policy: str
    """Name or ARN of the policy."""
    statement: str
    """Statement id or position in it."""
    text: str
    """The statement as canonical JSON."""


@frozen
class Capability:
    """Something that an identity can do, on how much, and why."""

    kind: CapabilityKind
    """What it amounts to."""
    scope: CapabilityScope
    """On how much."""
    resources: tuple[str, ...]
    """Resource patterns that are allowed."""
    actions: tuple[str, ...]
    """Some of the actions, as the cloud spells them."""
    conditions: tuple[str, ...]
    """Condition keys that it depends on; none: it holds always."""
    proof: tuple[PermissionProof, ...]
    """Statements that allow it."""


@frozen
class PathStep:
    """One step from a principal to the next."""

    source: str
    """Id of the principal that takes it; on Azure and Google Cloud its name, where one is known."""
    target: str
    """The same of the principal that it reaches."""
    object: str
    """Id of what it is done to: a role, a user, a function, a policy."""
    technique: str
    """Id of the technique."""
    sentence: str
    """What is done, as a sentence."""
    actions: tuple[str, ...]
    """Actions it takes."""
    conditions: tuple[str, ...]
    """What it depends on and could not be decided; none: it works as it is."""
    proof: tuple[PermissionProof, ...]
    """Statements that allow it, in order."""


@frozen
class FirstStep:
    """An action with which paths begin."""

    action: str
    """The action."""
    resources: tuple[str, ...]
    """On what it is taken: ARNs; ``*`` for what takes no resource."""


@frozen
class AccessPath:
    """Steps by which one principal reaches another."""

    source: str
    """Id of the principal it begins with; on Azure and Google Cloud its name, where one is known."""
    target: str
    """The same of what it reaches: a principal, or the function."""
    administrator: bool
    """What it reaches has every permission of the account."""
    gains: tuple[str, ...]
    """What the reached principal can do that the first cannot: capability and scope; of an administrator, its role."""
    steps: tuple[PathStep, ...]
    """The steps in order."""
    conditions: tuple[str, ...]
    """What it depends on and could not be decided; none: it works as it is."""
    first_steps: tuple[FirstStep, ...] = ()
    """Of a takeover on AWS: the actions with which every path of its principal to the function begins, and what the
    statements that allow them name."""


@frozen
class EffectivePermissions:
    """What the identity of a function can do, and who can take the function over."""

    capabilities: tuple[Capability, ...]
    """What its identity can do, gravest first."""
    escalation: tuple[AccessPath, ...]
    """Shortest path to each stronger principal, administrators first."""
    takeover: tuple[AccessPath, ...]
    """Shortest path of each of the first principals, other than administrators, that can run code as the function's
    identity."""
    takers: int
    """How many such principals there are."""
    takers_complete: Observed[bool]
    """True: of every principal of the account it could be decided whether it can."""
    administrator: bool
    """Its identity has every permission of the account."""
    administrators: tuple[str, ...]
    """Ids of the first administrators of the account, who can take every function over."""
    before: tuple[str, ...]
    """Kinds of policies that were not read and could still deny."""
    further: tuple[str, ...]
    """Other single steps by which its identity becomes an administrator; empty: there is no other."""
    first_steps: tuple[FirstStep, ...]
    """What a Deny has to name so that no certain way leads from its identity to an administrator."""
    complete: Observed[bool]
    """True: everything that was asked could be decided."""
