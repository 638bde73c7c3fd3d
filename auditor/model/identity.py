"""The identity a function runs as, and what it may do."""

from enum import StrEnum

from auditor.model.base import noun
from auditor.model.exposure import Effect, ResourceGrant
from auditor.model.observed import Observed


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


@noun
class Grant:
    """One statement of an identity's permission documents, read plainly: no boundaries, no conditions solved.

    Action and resource patterns are kept in the cloud's own spelling, actions lower-cased where the cloud
    ignores case. ``condition_keys`` names what narrows it. ``policy`` and ``statement`` locate the proof.
    """

    effect: Effect
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    condition_keys: tuple[str, ...]
    policy: str
    origin: PolicyOrigin
    statement: str
    text: str


@noun
class Identity:
    """The role (or managed identity, or service account) of a function.

    ``exists`` is Known(False) where the cloud has no such identity any more. ``grants`` is one observed
    group a document: an unreadable document is an unknown group, not a missing one. ``trust`` says who
    may take the identity.
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
