"""Who holds roles where, what runs as whom, and what is denied: on clouds that grant by roles."""

from enum import StrEnum
from typing import Final

from auditor.model.base import frozen
from auditor.model.identity import AssignmentLevel, RoleAssignment
from auditor.model.observed import Known, Observed


class HolderKind(StrEnum):
    """What kind of principal holds a role."""

    PERSON = "person"
    GROUP = "group"
    APPLICATION = "application"
    """A service principal or managed identity."""
    SERVICE_ACCOUNT = "service-account"
    SERVICE_AGENT = "service-agent"
    """An account of the cloud's own services."""
    FEDERATED = "federated"
    """Identities of another provider: a workload or workforce pool."""
    EVERYONE = "everyone"
    UNRECOGNISED = "unrecognised"


OWN: Final = Known(value=False, source="")
"""That an identity which a function names as its own is of no other organisation."""


@frozen
class RoleHolder:
    """A principal and the roles it holds where its account can be reached."""

    id: str
    """Object id, or member as the cloud writes it."""
    name: str
    """Name or address; the id where it is not known."""
    kind: HolderKind
    """Kind of principal."""
    outside: Observed[bool]
    """It belongs to another organisation; unknown where the domains of the own one could not be read."""
    roles: tuple[RoleAssignment, ...]
    """Its roles, each once."""


@frozen
class CustomRole:
    """A role that the customer wrote."""

    id: str
    """Id of the role."""
    name: str
    """Name of the role."""
    owner: bool
    """It allows everything, granting access included."""
    manages_locks: bool
    """It may create and delete resource locks."""


class WorkloadKind(StrEnum):
    """What runs as an identity, or is one."""

    IDENTITY = "identity"
    MACHINE = "machine"
    AUTOMATION = "automation"
    WORKFLOW = "workflow"
    CLUSTER = "cluster"
    CONTAINER = "container"


@frozen
class Workload:
    """An identity, or something besides functions that runs as one."""

    id: str
    """Resource id."""
    name: str
    """Name or address."""
    kind: WorkloadKind
    """What it is."""
    runs_as: tuple[str, ...]
    """Ids of the principals it is or runs as."""
    aliases: tuple[str, ...] = ()
    """Other ids that roles are assigned by."""
    attached: tuple[str, ...] = ()
    """Resource ids of the identities attached to it."""


@frozen
class Denial:
    """A deny assignment, or one rule of a deny policy."""

    id: str
    """Id of the assignment or policy."""
    principals: tuple[str, ...]
    """Ids of those it denies, or patterns of them; `*`: everyone."""
    excepted: tuple[str, ...]
    """Ids of those it leaves out, or patterns of them."""
    permissions: tuple[str, ...]
    """Patterns of what it denies, in lower case."""
    excepted_permissions: tuple[str, ...]
    """Patterns of what it leaves out, in lower case."""
    scope: str
    """Resource on which and below which it holds."""
    level: AssignmentLevel
    """How wide it holds."""
    account: str | None
    """Subscription or project on which it holds; null: above them."""
    conditional: bool
    """Whether it applies could not be evaluated."""
    groups: tuple[str, ...] = ()
    """Groups and sets whose members it denies, where the members are not known."""
    excepted_groups: tuple[str, ...] = ()
    """Groups and sets whose members it leaves out, where the members are not known."""
    below: bool = True
    """False: it holds on its scope alone, not below it."""
