"""What a check needs of a role before it can judge permissions: is there one, and which documents were readable."""

from collections.abc import Iterable

from auditor.analysis.broad_statements import BroadStatement, broad_statements
from auditor.analysis.resource_patterns import Owner
from auditor.model.function import Function
from auditor.model.identity import Identity, PolicyOrigin, PolicyStatement
from auditor.model.observed import Known, each


def acting_role(identity: Identity | None) -> Identity | str:
    """The identity, or in a few words why there is none to judge (none configured, or deleted)."""
    if identity is None:
        return "it runs without an identity"
    if isinstance(identity.exists, Known) and not identity.exists.value:
        return "the role no longer exists"
    return identity


def identities_of(function: Function) -> tuple[Identity, ...]:
    """Every identity the function is known to act as: its own, and those attached to it."""
    own = function.identity.value if isinstance(function.identity, Known) else None
    attached = function.attached.value if isinstance(function.attached, Known) else ()
    return tuple({identity.id: identity for identity in (own, *attached) if identity is not None}.values())


def readable_grants(identity: Identity) -> tuple[PolicyStatement, ...]:
    """The grants of every document that could be read. Defects among them are proved, their absence is not."""
    return tuple(grant for group in identity.statements if isinstance(group, Known) for grant in group.value)


def all_grants(identity: Identity) -> tuple[PolicyStatement, ...]:
    """Every grant; Unanswered where a document could not be read."""
    return tuple(grant for group in each(identity.statements) for grant in group)


def owner_of(identity: Identity) -> Owner:
    """Whose resources the patterns of a role's policies mean: its account and partition."""
    parts = identity.id.split(":")
    return Owner(identity.account, parts[1] if parts[0] == "arn" else "aws")


def broad_of(identity: Identity, *origins: PolicyOrigin) -> tuple[BroadStatement, ...]:
    """The broad statements of the documents that could be read, of the origins given (none: all)."""
    found = broad_statements(readable_grants(identity), owner_of(identity))
    return tuple(broad for broad in found if not origins or broad.grant.origin in origins)


def grant_source(identity: Identity, grant: PolicyStatement) -> str:
    """The answer a grant was read from."""
    for group in identity.statements:
        if isinstance(group, Known) and grant in group.value:
            return group.source
    return ""


OWN_POLICIES = (PolicyOrigin.INLINE, PolicyOrigin.CUSTOMER)
"""Policies whose statements their owner can change. One that the provider wrote is attached or detached as a whole."""


def grant_loci(grants: Iterable[PolicyStatement]) -> tuple[str, ...]:
    """``policy/statement`` of each grant, numbered where two policies share a name."""
    seen: dict[str, int] = {}
    loci = []
    for grant in grants:
        locus = f"{grant.policy}/{grant.statement}"
        seen[locus] = seen.get(locus, 0) + 1
        loci.append(locus if seen[locus] == 1 else f"{locus} ({seen[locus]})")
    return tuple(loci)
