"""The keys by which people and programs outside the cloud sign in as a function's service account."""

from collections.abc import Iterator
from datetime import date

from auditor.analysis.role_assignments import administers, assignment_site
from auditor.model.finding import Dependence
from auditor.model.identity import Identity, IdentityKey, RoleAssignment, RolePower
from auditor.model.observed import Known, each_of
from auditor.model.severity import Severity

MAX_AGE_DAYS = 90
"""How old a key may become, by the CIS Google Cloud Foundations benchmark (5.0: 1.7)."""


def usable_keys(identity: Identity, today: date) -> Iterator[tuple[Known[tuple[IdentityKey, ...]], IdentityKey]]:
    """The keys that are neither switched off nor over, each with its answer; then Unanswered where some are unread."""
    for fact, keys in each_of(identity.keys, lambda group: group):
        for key in keys:
            if key.enabled and (key.expires is None or date.fromisoformat(key.expires) >= today):
                yield fact, key  # type: ignore[misc]  # one that gave keys is Known


def age_in_days(key: IdentityKey, today: date) -> int:
    """Days since a key became valid."""
    return (today - date.fromisoformat(key.created)).days


def short_name(key: IdentityKey) -> str:
    """The id by which gcloud and the console name a key."""
    return key.id.rpartition("/")[2]


def is_privileged(identity: Identity) -> bool:
    """Whether a role that could be read administers something, or leads to other identities, code or secrets."""
    return any(_strong(identity))


def until_ordinary(identity: Identity, then: Severity) -> tuple[Dependence, ...]:
    """How grave a defect of a privileged identity is once every role that makes it one is taken back."""
    found = [assignment_site(role, role.through or identity.principal) for role in _strong(identity)]
    return (Dependence(sites=tuple(dict.fromkeys(found)), then=then),) if found else ()


def _strong(identity: Identity) -> Iterator[RoleAssignment]:
    held = (group.value for group in identity.role_assignments if isinstance(group, Known))
    return (role for roles in held for role in roles if administers(role) or role.power is RolePower.TAKEOVER)
