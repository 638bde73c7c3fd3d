"""The identity a function runs as, and what it may do."""

from enum import StrEnum

from auditor.model.base import noun
from auditor.model.exposure import Effect, ResourceGrant
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


@noun
class PermissionPolicy:
    """A permission document attached to an identity; ``document`` is opaque canonical JSON text."""

    name: str
    id: str
    origin: PolicyOrigin
    document: Observed[str]


class Conditions(StrEnum):
    """What the conditions of a grant do to it. Ordered widest first."""

    VACUOUS = "vacuous"
    """There are none, or they restrict nothing: a wildcard, a key that only others carry."""
    CIRCUMSTANCE = "circumstance"
    """They restrict who, where, when or how, and leave what may be done as it is."""
    NARROWING = "narrowing"
    """They restrict what may be done, or never hold."""


@noun
class Grant:
    """One statement of an identity's permission documents, read plainly: no boundaries, nothing solved.

    Action and resource patterns are kept in the cloud's own spelling, actions lower-cased where the cloud
    ignores case. ``condition_keys`` names what its conditions ask about, ``conditions`` says what they leave of it.
    ``policy`` and ``statement`` locate the proof.
    """

    effect: Effect
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    condition_keys: tuple[str, ...]
    conditions: Conditions
    policy: str
    origin: PolicyOrigin
    statement: str
    text: str


class BindingLevel(StrEnum):
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
    PLAIN = "plain"


@noun
class RoleBinding:
    """A role assigned to an identity. ``scope`` is the resource it holds on, ``account`` the subscription or project.

    ``through`` names the group that received it (None: the identity itself). ``foreign``: it holds in an account
    other than the function's. ``condition`` the text of its condition, swept.
    """

    id: str
    role: str
    role_id: str
    custom: bool
    power: RolePower
    scope: str
    level: BindingLevel
    account: str | None
    foreign: bool
    through: str | None
    condition: str | None


@noun
class Identity:
    """The role (or managed identity, or service account) of a function.

    ``exists`` is Known(False) where the cloud has no such identity any more. ``grants`` is one observed
    group a document: an unreadable document is an unknown group, not a missing one. ``trust`` says who
    may take the identity. ``bindings`` are the roles assigned to it, one observed group a place they were read;
    ``default``: the account the platform assigns by itself; ``enabled`` False: it is switched off.
    """

    id: str
    name: str
    kind: IdentityKind
    account: str
    exists: Observed[bool]
    policies: Observed[tuple[PermissionPolicy, ...]]
    boundary: Observed[PermissionPolicy | None]
    trust: Observed[tuple[ResourceGrant, ...]]
    grants: tuple[Observed[tuple[Grant, ...]], ...]
    bindings: tuple[Observed[tuple[RoleBinding, ...]], ...] = (UNFILLED,)
    default: bool = False
    enabled: Observed[bool] = UNFILLED
