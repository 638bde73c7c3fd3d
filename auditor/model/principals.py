"""The principals of an account: who there is besides the identities that functions run as."""

from enum import StrEnum

from auditor.model.base import frozen
from auditor.model.identity import PermissionPolicy, PolicyStatement
from auditor.model.observed import UNFILLED, Observed


class PrincipalKind(StrEnum):
    """What kind of principal it is."""

    ROLE = "role"
    USER = "user"
    GROUP = "group"


@frozen
class Principal:
    """A role, user or group with everything that decides what it may do."""

    id: str
    """ARN."""
    name: str
    """Name of the principal."""
    kind: PrincipalKind
    """Role, user or group."""
    policies: Observed[tuple[PermissionPolicy, ...]]
    """Permission documents of its own, inline and managed."""
    boundary: Observed[PermissionPolicy | None]
    """Permissions boundary; null: none."""
    trust: Observed[str | None]
    """Document that says who may assume it, as canonical JSON text; null: a user or group cannot be assumed."""
    groups: tuple[str, ...]
    """ARNs of the groups a user belongs to."""
    tags: Observed[tuple[tuple[str, str], ...]]
    """Its tags, sorted by key."""
    instance_profiles: Observed[tuple[str, ...]] = UNFILLED
    """ARNs of the instance profiles that hold a role; without one, no instance can run as it."""
    statements: tuple[Observed[tuple[PolicyStatement, ...]], ...] = ()
    """Statements of its own documents, one group for each document."""
