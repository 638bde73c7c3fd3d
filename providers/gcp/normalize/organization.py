"""The organisation a project is in: which domains are its own."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from auditor.model.observed import Known, Observed, Unknown
from providers.gcp.iam.grants import PolicyMalformedError, bindings
from providers.gcp.iam.members import MemberKind, parse
from providers.gcp.normalize.answers import Answers, known
from providers.gcp.normalize.fields import UnreadableError, text
from providers.gcp.normalize.hierarchy import Level

GET: Final = "resourcemanager:GetOrganization"
_ADMINISTER: Final = frozenset(
    f"roles/{name}"
    for name in ("owner", "resourcemanager.organizationAdmin", "iam.securityAdmin", "iam.organizationRoleAdmin")
)


def domains(answers: Answers, levels: Iterable[Level]) -> Observed[frozenset[str]]:
    """The organisation's domains: the one it is named after, and those of the people who administer it; none for a
    project without an organisation.
    """
    above = next((level for level in levels if level.name.startswith("organizations/")), None)
    if above is None:
        return known(frozenset(), GET)
    told = answers.one(GET, above.name)
    if isinstance(told, Unknown):
        return told
    body = told.value or {}
    policy = above.policy
    administrators = tuple(_administrators(policy.value.body)) if isinstance(policy, Known) else ()
    return answers.fact(GET, lambda: frozenset((_domain(body), *administrators)), above.name)


def _domain(body: dict[str, Any]) -> str:
    """An organisation is named after the domain it was made with."""
    name = text(body, "displayName").lower()
    if "." not in name:
        raise UnreadableError("displayName is no domain")
    return name


def _administrators(policy: dict[str, Any]) -> Iterator[str]:
    """The domains of people and groups who hold the organisation itself: an organisation has several domains."""
    try:
        found = bindings(policy)
    except PolicyMalformedError:
        return
    for binding in found:
        for member in map(parse, binding.members if binding.role in _ADMINISTER else ()):
            if member.kind in (MemberKind.USER, MemberKind.GROUP):
                yield member.identity.rpartition("@")[2].lower()
