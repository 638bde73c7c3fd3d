"""Environment variables as verdicts, never as values; the keys that encrypt; the secrets referred to."""

from enum import StrEnum

from auditor.model.base import frozen
from auditor.model.observed import Observed
from auditor.model.secret import Reference, SecretVerdict
from auditor.model.severity import Confidence


@frozen
class Variable:
    """An environment variable: its verdict, never its value."""

    name: str
    """Name of the variable."""
    length: int
    """Characters of the value."""
    verdict: SecretVerdict
    """Whether the value is a credential, a reference to one, or neither."""
    confidence: Confidence | None
    """How sure the verdict is; null unless it is a credential."""
    detector: str | None
    """What recognised the credential; null unless it is one."""
    reference: Reference | None
    """Where the value points; null unless it is a reference."""
    digest: str
    """Keyed digest of the value; comparable within one capture only."""
    value: str | None
    """The value, only where the declared allow-list lets it through (log levels, regions, booleans); else null."""


class KeyState(StrEnum):
    """Whether a key can still be used."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    PENDING_DELETION = "pending-deletion"
    UNAVAILABLE = "unavailable"
    MISSING = "missing"


@frozen
class EncryptionKey:
    """A customer-managed key."""

    id: str
    """Resource id of the key."""
    account: str | None
    """Account that owns it; null where its id names none."""
    state: Observed[KeyState]
    """Whether it can be used."""
    rotation: Observed[bool | None]
    """It rotates; null where rotation does not apply (imported, asymmetric)."""


class StoredSecretKind(StrEnum):
    """Where a referred-to value is kept."""

    PARAMETER = "parameter"
    SECRET = "secret"  # noqa: S105 - a kind, not a secret


@frozen
class StoredSecret:
    """A parameter or secret that a variable refers to; never its value."""

    variable: str
    """Name of the variable that refers to it."""
    id: str
    """Name or resource id as the variable gives it."""
    kind: StoredSecretKind
    """Kind of store."""
    account: str | None
    """Account that owns it; null: the function's own."""
    exists: Observed[bool]
    """False: the reference points at nothing."""
    encrypted: Observed[bool]
    """It is kept encrypted."""
    customer_key: Observed[bool]
    """Encrypted with a customer-managed key."""
    rotates: Observed[bool | None]
    """It rotates; null where rotation does not apply."""
    last_used: Observed[str | None]
    """ISO date of the last read; null: never read."""
    public_policy: Observed[bool]
    """Its resource policy grants public access."""


@frozen
class Environment:
    """The variables and what they refer to."""

    variables: tuple[Variable, ...]
    """One entry for each variable."""
    stored: tuple[StoredSecret, ...]
    """Parameters and secrets that variables refer to."""
    source: str
    """Operation whose answer held the variables."""
