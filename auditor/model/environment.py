"""Environment variables as verdicts, never as values; the keys that encrypt; the secrets referred to."""

from enum import StrEnum

from auditor.model.base import noun
from auditor.model.observed import Observed
from auditor.model.secret import Reference, SecretVerdict
from auditor.model.severity import Confidence


@noun
class Variable:
    """One variable: its name, and what was judged of its value when it was read.

    ``value`` holds only what the declared allow-list lets through (levels, regions, booleans);
    ``digest`` is keyed with a key that is never stored, so it compares values within one capture only.
    """

    name: str
    length: int
    verdict: SecretVerdict
    confidence: Confidence | None
    detector: str | None
    reference: Reference | None
    digest: str
    value: str | None


class KeyState(StrEnum):
    """Whether a key can still be used."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    PENDING_DELETION = "pending-deletion"
    UNAVAILABLE = "unavailable"
    MISSING = "missing"


@noun
class EncryptionKey:
    """A customer's key. ``rotation`` is Known(None) where rotation does not apply (imported, asymmetric)."""

    id: str
    account: str | None
    state: Observed[KeyState]
    rotation: Observed[bool | None]


class StoredSecretKind(StrEnum):
    """Where a referred-to value is kept."""

    PARAMETER = "parameter"
    SECRET = "secret"  # noqa: S105 - a kind, not a secret


@noun
class StoredSecret:
    """A parameter or secret that a variable refers to; never its value.

    ``exists`` Known(False): the reference points at nothing. ``encrypted`` says whether it is kept encrypted;
    ``customer_key`` whether with a customer's key; ``rotates`` Known(None) where rotation does not apply.
    ``policy`` are its resource-policy statements, ``last_used`` an ISO date.
    """

    variable: str
    id: str
    kind: StoredSecretKind
    account: str | None
    exists: Observed[bool]
    encrypted: Observed[bool]
    customer_key: Observed[bool]
    rotates: Observed[bool | None]
    last_used: Observed[str | None]
    public_policy: Observed[bool]


@noun
class Environment:
    """The variables and what they refer to."""

    variables: tuple[Variable, ...]
    stored: tuple[StoredSecret, ...]
    source: str
