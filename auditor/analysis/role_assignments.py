"""Role assignments of a function's identities, as checks read them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from auditor.analysis.binding_removal import Removal, removal
from auditor.analysis.roles import identities_of
from auditor.model.function import Function
from auditor.model.identity import AssignmentLevel, Identity, RoleAssignment, RolePower
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known, Observed, Unanswered, Unknown, graver
from auditor.model.severity import Confidence, Severity
from auditor.model.storage import HostStorage

_WRITES_DATA = re.compile(
    r"\bdata (contributor|owner)\b|\bsecrets officer\b|\bkey vault administrator\b"
    r"|\bcrypto officer\b|\bsql\b.*\bcontributor\b"
)
_DATA_ROLE = re.compile(r"\bdata\b|\bkey vault\b|\bsecrets\b|\bcertificates?\b|\bstorage (blob|queue|table|file)\b")
_MANAGING = re.compile(r"key vault (contributor|data access administrator)|reader and data access")
"""Azure's roles that sound like roles on data and give access to it through the resource itself."""
_GOOGLES = re.compile(r"(roles|projects|organizations)/")
_READ_ONLY = re.compile(r"(viewer|reader)$")


class Held(NamedTuple):
    """One role, who holds it, and the answer it was read from."""

    identity: Identity
    binding: RoleAssignment
    fact: Known[tuple[RoleAssignment, ...]]

    @property
    def locus(self) -> str:
        """Stable and unique among the roles of a function."""
        return f"{self.identity.name}/{self.binding.role}@{self.binding.scope}"

    @property
    def site(self) -> str:
        """The assignment itself: every function whose identity holds it, or belongs to the group that does, has it."""
        return assignment_site(self.binding, self.binding.through or self.identity.principal)

    @property
    def sentence(self) -> str:
        """Who holds what, where, how, and under which condition."""
        through = f" through {self.binding.through}" if self.binding.through else ""
        return f"{self.identity.name} holds {self.binding.role} on {self.binding.scope}{through}{self._under}"

    @property
    def _under(self) -> str:
        if self.binding.condition is None:
            return ""
        doubt = ", which could not be evaluated" if self.binding.conditional else ""
        return f" under the condition {self.binding.condition}{doubt}"

    @property
    def confidence(self) -> Confidence | None:
        """Medium where its condition could not be evaluated; None otherwise."""
        return Confidence.MEDIUM if self.binding.conditional else None

    @property
    def removal(self) -> Removal:
        """How a role of Google Cloud is taken back, with ``{member}`` and ``{granted}`` to be filled."""
        return removal(self.binding.scope, conditional=self.binding.condition is not None)

    def placeholders(self) -> dict[str, str]:
        """Placeholders for a fix: the assignment, what it grants, to whom and on what."""
        return {
            "assignment": self.binding.id,
            "granted": self.binding.role_id if _GOOGLES.match(self.binding.role_id) else self.binding.role,
            "identity": self.identity.name,
            "principal": self.identity.principal or "<principal-id>",
            "member": self.binding.through or f"serviceAccount:{self.identity.name}",
            "on": self.binding.scope,
        }


def held_roles(function: Function) -> Iterator[Held]:
    """Every role that could be read, of every identity that could be read, each once."""
    seen: set[str] = set()
    for identity in identities_of(function):
        for group in identity.role_assignments:
            for binding in group.value if isinstance(group, Known) else ():
                held = Held(identity, binding, group)  # type: ignore[arg-type]
                if held.locus not in seen:
                    seen.add(held.locus)
                    yield held


def assignment_site(binding: RoleAssignment, principal: str) -> str:
    """What takes a role from a principal: Azure's assignments have ids, Google Cloud's bindings have members."""
    if binding.scope.startswith("/"):
        return f"assignment {binding.id}"
    return f"{binding.role} on {binding.scope} for {principal}"


def unread_roles(function: Function) -> Gap | None:
    """Why the list of roles may be incomplete: an identity or a place of assignments that could not be read."""
    gap: Gap | None = None
    facts: list[Observed[object]] = [function.identity]
    if function.cloud is Cloud.AZURE:
        facts.append(function.attached)
    facts += [group for identity in identities_of(function) for group in identity.role_assignments]
    for fact in facts:
        if not isinstance(fact, Known):
            gap = graver(gap, fact.gap)
    return gap


def all_read(function: Function) -> None:
    """Raises Unanswered where a role may have been missed."""
    gap = unread_roles(function)
    if gap is not None:
        raise Unanswered(gap)


def without_identity(function: Function) -> bool:
    """Whether it is known to run without any identity."""
    own = isinstance(function.identity, Known) and function.identity.value is None
    attached = function.attached.value if isinstance(function.attached, Known) else None
    return own and (attached == () if function.cloud is Cloud.AZURE else not attached)


def administers(binding: RoleAssignment) -> bool:
    """Owner, administrator, or a basic role that changes things."""
    if binding.power is RolePower.BASIC:
        return not _READ_ONLY.search(binding.role.lower())
    return binding.power in (RolePower.OWNER, RolePower.ADMIN)


def granted_by_default(held: Held) -> bool:
    """Whether it is the Editor role that a default service account is given when its API is switched on."""
    return held.identity.default and held.binding.power is RolePower.BASIC and administers(held.binding)


def sensitive(function: Function, binding: RoleAssignment) -> bool:
    """A role whose misuse hurts: administering, taking over, writing data or secrets.

    What the host needs on its own storage account does not count.
    """
    if administers(binding):
        return True
    if _of_host(function, binding):
        return False
    if binding.power in (RolePower.TAKEOVER, RolePower.SERVICE):
        return True
    return function.cloud is Cloud.AZURE and _WRITES_DATA.search(binding.role.lower()) is not None


def of_data(binding: RoleAssignment) -> bool:
    """A role on the content of resources rather than on the resources."""
    return not administers(binding) and _DATA_ROLE.search(binding.role.lower()) is not None


def of_wide_data(binding: RoleAssignment) -> bool:
    """A role on the content of every resource of a subscription or above, and no more than that.

    A role that the customer wrote is judged by what it allows, not by its name.
    """
    wide = binding.level in (AssignmentLevel.ORGANISATION, AssignmentLevel.ACCOUNT)
    takes_over = binding.power is RolePower.TAKEOVER and (binding.custom or _MANAGING.fullmatch(binding.role.lower()))
    return wide and of_data(binding) and not takes_over


def weight(binding: RoleAssignment) -> Severity:
    """How bad an administrator's role is, by how far it holds; less where its condition was not evaluated."""
    if binding.level in (AssignmentLevel.ORGANISATION, AssignmentLevel.ACCOUNT):
        return Severity.HIGH if binding.conditional else Severity.CRITICAL
    return Severity.HIGH if binding.level is AssignmentLevel.GROUP else Severity.MEDIUM


def may_be_of_host(function: Function, binding: RoleAssignment) -> Gap | None:
    """Why it is not known whether a role on one storage account is what the host needs there; None where it is."""
    host = _host(function)
    on_account = binding.level is AssignmentLevel.RESOURCE and "/storageaccounts/" in binding.scope.lower()
    return host.gap if isinstance(host, Unknown) and on_account and not administers(binding) else None


def _host(function: Function) -> Observed[HostStorage | None]:
    return function.storage.value.host if isinstance(function.storage, Known) else function.storage


def _of_host(function: Function, binding: RoleAssignment) -> bool:
    host = _host(function)
    if not isinstance(host, Known) or host.value is None or binding.level is not AssignmentLevel.RESOURCE:
        return False
    account = host.value.id.lower()
    return binding.scope.lower().startswith(account) or binding.scope.lower().endswith(f"/storageaccounts/{account}")
