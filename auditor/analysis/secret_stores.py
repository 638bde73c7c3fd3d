"""The parameters and secrets that a function's variables refer to."""

from auditor.model.environment import Environment, StoredSecret, StoredSecretKind
from auditor.model.observed import Known


def referred(environment: Environment, kind: StoredSecretKind) -> tuple[StoredSecret, ...]:
    """Each parameter or secret of a kind once, whichever variables refer to it; none that no longer exists."""
    unique = {stored.id: stored for stored in reversed(environment.stored) if stored.kind is kind}
    return tuple(stored for stored in reversed(unique.values()) if not _gone(stored))


def _gone(stored: StoredSecret) -> bool:
    return isinstance(stored.exists, Known) and not stored.exists.value
