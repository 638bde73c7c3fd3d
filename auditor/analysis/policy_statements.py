"""Resource-policy statements as checks read them: allowing ones, each with a stable place in its policy."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from auditor.analysis.endpoints import qualified
from auditor.analysis.service_authorization import spelled
from auditor.model.exposure import AccessGrant, AuthMode, Effect, Endpoint, QualifiedPolicy, Reach
from auditor.model.observed import Gap, GapReason, Known, Observed, Unanswered, graver


class Stated(NamedTuple):
    """One allowing statement, the answer it was read from, and its locus: stable and unique among its siblings."""

    fact: Known[tuple[AccessGrant, ...]]
    grant: AccessGrant
    locus: str

    @property
    def label(self) -> str:
        """How a sentence names it: ``Statement “AllowAll” of “live”``."""
        name = f"Statement “{self.grant.sid}”" if self.grant.sid else f"Statement {self.grant.index + 1}"
        qualifier = self.grant.qualifier
        if not qualifier:
            return name
        return f"{name} of version {qualifier}" if qualifier.isdecimal() else f"{name} of “{qualifier}”"

    @property
    def who(self) -> str:
        """The principals as the statement names them."""
        named = (*self.grant.principals, *(s for s in self.grant.services if s not in self.grant.principals))
        listed = ", ".join(named) or "*"
        return f"everyone but {listed}" if self.grant.not_principal else listed

    @property
    def told(self) -> str:
        """Why it reaches as far as it does, as a sentence."""
        return self.grant.reason if self.grant.reason.endswith(".") else f"{self.grant.reason}."

    @property
    def _member(self) -> str:
        """The widest member of a binding: everyone, if everyone is among them."""
        named = sorted(self.grant.principals, key=lambda member: member not in ("allUsers", "allAuthenticatedUsers"))
        return named[0] if named else "<member>"

    @property
    def _role(self) -> str:
        """The role a binding grants, as its statement id names it: ``project:shop/roles/run.invoker``."""
        level, _, role = self.grant.sid.partition("/")
        return role if ":" in level else self.grant.sid

    @property
    def _caller(self) -> str:
        """The one service or account it admits, as lambda:AddPermission names a principal."""
        named = self.grant.services or self.grant.principals
        fixed = len(named) == 1 and not self.grant.not_principal and "*" not in named[0]
        return named[0] if fixed or self.grant.services else "<service or account that calls>"

    def target(self, name: str) -> str:
        """The function's name, with the qualifier whose policy this is."""
        return qualified(name, self.grant.qualifier)

    def values(self, name: str) -> dict[str, str]:
        """Placeholders for a fix: ``{target} {sid} {service}``; of a binding also ``{member}`` and ``{granted}``."""
        return {
            "target": self.target(name),
            "sid": self.grant.sid or "<statement-id>",
            "service": self._caller,
            "member": self._member,
            "granted": self._role or "<role>",
        }


def allowing(groups: Iterable[Observed[tuple[AccessGrant, ...]]]) -> Iterator[Stated]:
    """Every Allow statement of every policy that could be read, then Unanswered for the first that could not."""
    seen: dict[str, int] = {}
    gap: Gap | None = None
    for group in groups:
        if not isinstance(group, Known):
            gap = graver(gap, group.gap)
            continue
        for grant in group.value:
            if grant.effect is Effect.ALLOW:
                yield Stated(group, grant, _locus(grant, seen))
    if gap is not None:
        raise Unanswered(gap)


def judged(groups: Iterable[Observed[tuple[AccessGrant, ...]]]) -> Iterator[Stated]:
    """The same without statements whose reach we could not tell; those end in Unanswered, never in silence."""
    unrecognised: Stated | None = None
    for stated in allowing(groups):
        if stated.grant.reach is Reach.UNRECOGNISED:
            unrecognised = unrecognised or stated
        else:
            yield stated
    if unrecognised is not None:
        reason = f"{unrecognised.label}: {unrecognised.grant.reason}"
        raise Unanswered(Gap(GapReason.UNRECOGNISED, unrecognised.fact.source, None, reason))


def of_policies(policies: Iterable[QualifiedPolicy]) -> Iterator[Observed[tuple[AccessGrant, ...]]]:
    """The statements of each qualifier's policy."""
    return (policy.statements for policy in policies)


def deed(grant: AccessGrant) -> str:
    """What the statement lets the caller do, as a verb phrase."""
    if grant.modifies and grant.invokes:
        return "invoke the function and change its code, configuration or policy"
    if grant.modifies:
        return "change the function's code, configuration or policy"
    if grant.invokes:
        return "invoke the function"
    return f"call {', '.join(map(spelled, grant.actions))}"


def opens(grant: AccessGrant, endpoint: Endpoint) -> bool:
    """Whether a grant that counts only through an endpoint counts through this one."""
    if grant.qualifier != endpoint.qualifier:
        return False
    return grant.through_endpoint is None or endpoint.auth in (grant.through_endpoint, AuthMode.UNRECOGNISED)


def _locus(grant: AccessGrant, seen: dict[str, int]) -> str:
    name = grant.sid or f"statement-{grant.index + 1}"
    locus = f"{grant.qualifier}/{name}" if grant.qualifier else name
    seen[locus] = seen.get(locus, 0) + 1
    return locus if seen[locus] == 1 else f"{locus} ({seen[locus]})"
