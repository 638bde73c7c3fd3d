"""Managed identities: the app's own, and those attached to it, with the roles they hold."""

from typing import Any, NamedTuple

from auditor.model.hosting import HostingKind
from auditor.model.identity import Identity, IdentityKind
from auditor.model.observed import GapReason, Known, Observed, Unknown, not_offered
from providers.azure.normalize.answers import Part, known
from providers.azure.normalize.containers import Containers
from providers.azure.normalize.federated_credentials import federated_credentials
from providers.azure.normalize.fields import (
    UnreadableError,
    given,
    member,
    optional_member,
    optional_text,
    text,
    unrecognised,
)
from providers.azure.normalize.ids import name_of, subscription_of
from providers.azure.normalize.resource_index import ResourceIndex
from providers.azure.normalize.roles import Roles
from providers.azure.normalize.sites import Site

_LISTED = "graph:Identities"
_ASKED = "msi:GetIdentity"

_SYSTEM, _USER = "systemassigned", "userassigned"

_NO_POLICIES = not_offered("", "Azure grants by role assignments, not by policy documents")


class _Named(NamedTuple):
    """The principal of the app's own identity, and the attached identities with theirs, by id."""

    own: str | None
    attached: tuple[tuple[str, str | None], ...]


class Identities:
    """The identities of apps: one shared object an attached identity, however many apps run as it."""

    def __init__(self, world: ResourceIndex, roles: Roles, containers: Containers) -> None:
        self._world = world
        self._listed = world.index(_LISTED)
        self._roles = roles
        self._containers = containers
        self._attached: dict[tuple[str, str | None], Identity] = {}

    def of(self, site: Site) -> tuple[Observed[Identity | None], Observed[tuple[Identity, ...]]]:
        """The identity of an app, and those attached beside it; the first attached one stands in for none."""
        named = site.row.read(_named)
        if (
            isinstance(named, Known)
            and named.value == _Named(None, ())
            and site.host.kind is HostingKind.CONTAINER_APPS
        ):
            row = self._containers.row(site)
            if isinstance(row, Known):
                named = Part(site.answers, site.id, row.map(lambda found: found.body)).read(_named)
        if isinstance(named, Unknown):
            return named, named
        attached = tuple(self._user(*each, named.source) for each in named.value.attached)
        if named.value.own is not None:
            return known(self._system(site, named.value.own), named.source), known(attached, named.source)
        return known(attached[0] if attached else None, named.source), known(attached[1:], named.source)

    def _system(self, site: Site, principal: str) -> Identity:
        home = site.parts.subscription
        return Identity(
            id=f"{site.id}#system",
            name=site.name,
            kind=IdentityKind.MANAGED_IDENTITY,
            account=home,
            exists=known(True, site.source),
            policies=_NO_POLICIES,
            boundary=_NO_POLICIES,
            trust=(_NO_POLICIES,),
            statements=self._roles.grants(principal, home),
            role_assignments=self._roles.bindings(principal, home),
            enabled=known(True, site.source),
            principal=principal,
            federated=(known((), site.source),),  # only identities that stand for themselves have any
        )

    def _user(self, identifier: str, principal: str | None, source: str) -> Identity:
        found = self._attached.get((identifier, principal))
        if found is None:
            found = self._attached[identifier, principal] = self._read(identifier, principal, source)
        return found

    def _exists(self, identifier: str) -> Observed[bool]:
        """As Resource Graph says; one it does not have yet, or no more, was asked about by itself."""
        row = self._listed.find(identifier)
        if isinstance(row, Unknown) or row.value is not None:
            return row.map(lambda found: found is not None)
        answers = self._world.subscriptions[subscription_of(identifier) or ""]
        asked = answers.one(_ASKED, identifier)
        return known(False, _ASKED) if _gone(asked) else asked.map(lambda found: found is not None)

    def _read(self, identifier: str, principal: str | None, source: str) -> Identity:
        home = subscription_of(identifier) or ""
        exists = self._exists(identifier)
        bindings: Any
        grants: Any
        if principal is None:
            told = self._listed.part(identifier).read(lambda body: text(body, "principalId").lower())
            if isinstance(told, Unknown):
                bindings, grants = (told,), (told,)
                principal = None
            else:
                principal = told.value
        if principal is not None:
            bindings, grants = self._roles.bindings(principal, home), self._roles.grants(principal, home)
        return Identity(
            id=identifier,
            name=name_of(identifier),
            kind=IdentityKind.MANAGED_IDENTITY,
            account=home,
            exists=exists,
            policies=_NO_POLICIES,
            boundary=_NO_POLICIES,
            trust=(_NO_POLICIES,),
            statements=grants,
            role_assignments=bindings,
            enabled=known(True, source),
            principal=principal or "",
            federated=federated_credentials(self._world, identifier),
            tenant=self._listed.part(identifier).read(lambda body: text(body, "tenantId").lower()),
        )


def _gone(fact: Observed[Any]) -> bool:
    """Whether Azure said of one resource that there is none."""
    return isinstance(fact, Unknown) and fact.gap.reason is GapReason.NOT_FOUND


def _named(body: dict[str, Any]) -> _Named:
    identity = optional_member(body, "identity")  # absent: none was ever assigned
    if not identity:
        return _Named(None, ())
    words = {word.strip().lower() for word in text(identity, "type").split(",")}
    if not words <= {_SYSTEM, _USER, "none"}:
        raise unrecognised("identity.type", ",".join(sorted(words)))
    own = text(identity, "principalId").lower() if _SYSTEM in words else None
    attached: list[tuple[str, str | None]] = []
    if _USER in words:
        if not given(identity, "userAssignedIdentities") or not identity["userAssignedIdentities"]:
            raise UnreadableError("userAssignedIdentities is empty")
        for identifier, each in sorted(member(identity, "userAssignedIdentities").items()):
            principal = optional_text(each, "principalId") if each and given(each, "principalId") else None
            attached.append((identifier.lower().rstrip("/"), principal.lower() if principal else None))
    return _Named(own, tuple(attached))
