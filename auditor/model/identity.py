"""The identity a function runs as, and what it may do."""

from enum import StrEnum

from auditor.model.base import frozen
from auditor.model.exposure import AccessGrant, Effect
from auditor.model.observed import UNFILLED, Observed


class IdentityKind(StrEnum):
    """What kind of principal a function runs as."""

    ROLE = "role"
    MANAGED_IDENTITY = "managed-identity"
    SERVICE_ACCOUNT = "service-account"


class PolicyOrigin(StrEnum):
    """Who wrote a permission document and where it lives."""

    INLINE = "inline"
    CUSTOMER = "customer-managed"
    PROVIDER = "provider-managed"


@frozen
class PermissionPolicy:
    """A permission document attached to an identity."""

    name: str
    """Name of the policy."""
    id: str
    """ARN of a managed policy; for an inline policy, its name."""
    origin: PolicyOrigin
    """Who wrote it and where it lives."""
    document: Observed[str]
    """The document as canonical JSON text."""
    version: str | None = None
    """Id of the version in force (v3); null: an inline policy has no versions, or the answer named none."""
    stored: Observed[tuple[str, ...]] | None = None
    """Documents of its versions that are stored and not in force; null: an inline policy has none, and those of a
    provider can be put into force by it alone."""


class Conditions(StrEnum):
    """What the conditions of a grant do to it. Ordered widest first."""

    VACUOUS = "vacuous"
    """There are none, or they restrict nothing: a wildcard, a key that only others carry."""
    CIRCUMSTANCE = "circumstance"
    """They restrict who, where, when or how, and leave what may be done as it is."""
    NARROWING = "narrowing"
    """They restrict what may be done."""
    NEVER = "never"
    """They cannot all hold: the statement grants nothing."""


@frozen
class PolicyStatement:
    """One statement of an identity's permission documents."""

    effect: Effect
    """What the statement does when it matches."""
    actions: tuple[str, ...]
    """Action patterns."""
    not_actions: tuple[str, ...]
    """Action patterns it leaves out."""
    resources: tuple[str, ...]
    """Resource patterns."""
    not_resources: tuple[str, ...]
    """Resource patterns it leaves out."""
    condition_keys: tuple[str, ...]
    """Condition keys it tests."""
    conditions: Conditions
    """What its conditions leave of it."""
    policy: str
    """Name of the policy that holds it."""
    origin: PolicyOrigin
    """Who wrote that policy."""
    statement: str
    """Statement id or position."""
    text: str
    """The statement as canonical JSON, secrets swept."""


class AssignmentLevel(StrEnum):
    """How wide a role assignment holds. Ordered widest first."""

    ORGANISATION = "organisation"
    """A management group, folder or organisation: above the account audited."""
    ACCOUNT = "account"
    """The whole subscription or project."""
    GROUP = "group"
    """A resource group."""
    RESOURCE = "resource"


class RolePower(StrEnum):
    """What a role amounts to, read plainly from the cloud's list of dangerous roles."""

    OWNER = "owner"
    """Everything, granting access included."""
    ADMIN = "admin"
    """Everything of the account or of a service that leads to everything, or granting access."""
    BASIC = "basic"
    """A basic role that reads or changes nearly everything."""
    TAKEOVER = "takeover"
    """Running as, or minting tokens of, other identities; publishing code of others; reading every secret."""
    SERVICE = "service"
    """Everything of one service, or the content of all its resources, and no other identity."""
    PLAIN = "plain"


@frozen
class RoleAssignment:
    """A role assigned to an identity."""

    id: str
    """Id of the assignment or binding."""
    role: str
    """Name of the role."""
    role_id: str
    """Id of the role definition."""
    custom: bool
    """It is a custom role."""
    power: RolePower
    """What the role amounts to."""
    scope: str
    """Resource on which it holds."""
    level: AssignmentLevel
    """How wide it holds."""
    account: str | None
    """Subscription or project on which it holds; null: above them."""
    foreign: bool
    """It holds in an account other than the function's."""
    through: str | None
    """Group that received it; null: the identity itself."""
    condition: str | None
    """Text of its condition, swept; null: none."""
    conditional: bool = False
    """Whether the condition holds could not be evaluated, or it holds later only."""
    reaches: tuple[str, ...] = ()
    """What it lets its holder become or change, gravest first, each continuing "may"."""
    permissions: tuple[str, ...] = ()
    """Those of the permissions that lead to other identities, secrets, code, data or logs that it allows."""
    limited_permissions: tuple[str, ...] = ()
    """Those of them that it allows only under a condition of the role itself."""


@frozen
class ServiceUse:
    """A service that an identity used."""

    service: str
    """Prefix of its actions."""
    last_used: str
    """Day on which it was last used."""
    idle_actions: tuple[str, ...]
    """Actions that the cloud tracks and the identity did not use."""


@frozen
class ServiceUsage:
    """What an identity used of the services that its policies allow, in the time that the cloud keeps track of."""

    used: tuple[ServiceUse, ...]
    """Services it used."""
    unused: tuple[str, ...]
    """Prefixes of services it may use and did not."""


@frozen
class IdentityKey:
    """A private key outside the cloud, whose holder signs in as the identity."""

    id: str
    """Name of the key."""
    created: str
    """Day from which it is valid."""
    expires: str | None
    """Day on which it ends; null: never."""
    enabled: bool
    """False: it is switched off."""
    uploaded: bool
    """Its public half was uploaded, so the cloud never had the private one."""


@frozen
class FederatedCredential:
    """A rule by which tokens of another issuer are exchanged for those of the identity."""

    id: str
    """Resource id."""
    name: str
    """Name of the credential."""
    issuer: str
    """URL of the issuer whose tokens are accepted."""
    subject: str | None
    """Subject that the token must name, compared letter by letter; null: an expression decides instead."""
    expression: str | None
    """Expression on the claims of the token, in which `*` and `?` are wildcards; null: the subject decides."""
    audiences: tuple[str, ...]
    """Audiences of accepted tokens."""


@frozen
class Identity:
    """The role, managed identity or service account of a function."""

    id: str
    """ARN, resource id or e-mail address."""
    name: str
    """Name of the identity."""
    kind: IdentityKind
    """Kind of principal."""
    account: str
    """Account, subscription or project that owns it."""
    exists: Observed[bool]
    """False: the cloud has no such identity any more."""
    policies: Observed[tuple[PermissionPolicy, ...]]
    """Permission documents attached to it."""
    boundary: Observed[PermissionPolicy | None]
    """Permissions boundary; null: none."""
    trust: tuple[Observed[tuple[AccessGrant, ...]], ...]
    """Who may assume it, one group for each policy that says so."""
    statements: tuple[Observed[tuple[PolicyStatement, ...]], ...]
    """Statements of its documents, one group for each document."""
    role_assignments: tuple[Observed[tuple[RoleAssignment, ...]], ...] = (UNFILLED,)
    """Roles assigned to it, one group for each answer they were read from."""
    default: bool = False
    """The platform's default account."""
    enabled: Observed[bool] = UNFILLED
    """False: it is switched off."""
    principal: str = ""
    """Id by which roles are assigned to it; empty: not told, or a cloud that assigns none."""
    usage: Observed[ServiceUsage] = UNFILLED
    """What it used of the services that its policies allow."""
    keys: tuple[Observed[tuple[IdentityKey, ...]], ...] = (UNFILLED,)
    """Keys that its users created or uploaded, not those that the cloud rotates: what was read, and why there may be
    more."""
    federated: tuple[Observed[tuple[FederatedCredential, ...]], ...] = (UNFILLED,)
    """Other issuers whose tokens are exchanged for its own: what was read, and why there may be more."""
    tenant: Observed[str] = UNFILLED
    """Directory that issues its tokens."""
