"""Principals that stand for a question: what a member of a group may do, what an administrator within a boundary may,
what a principal may once its boundary is gone. They are asked about like any other, and shown nowhere.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from auditor.model.identity import PermissionPolicy, PolicyOrigin
from auditor.model.observed import Known
from auditor.model.principals import Principal, PrincipalKind

_EVERYTHING: Final = '{"Statement":[{"Action":"*","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}'
_NONE: Final = Known(None, "")


def member_of(group: str) -> str:
    """The id of a user that is in a group and has nothing else."""
    return f"{_account(group)}:user/group-member#{group.rpartition('/')[2]}"


def bounded_by(principal: str, policy: str) -> str:
    """The id of an administrator, in the account of a principal, whose boundary is a policy."""
    return f"{_account(principal)}:user/bounded-administrator#{policy.rpartition('/')[2]}"


def unbounded(principal: str) -> str:
    """The id of a principal without its boundary."""
    return f"{principal}#unbounded"


def with_version(policy: str, place: int) -> str:
    """The id of a user that has one stored version of a policy, by its place among those not in force."""
    return f"{_account(policy)}:user/policy-version#{policy.rpartition(':')[2]}#{place}"


def with_stand_ins(principals: Iterable[Principal]) -> tuple[Principal, ...]:
    """The principals and those that stand for a question about them."""
    listed = tuple(principals)
    made = {stand_in.id: stand_in for principal in listed for stand_in in _stand_ins(principal)}
    made |= {stand_in.id: stand_in for stand_in in _versions(listed)}
    return (*listed, *made.values())


def _versions(principals: Iterable[Principal]) -> Iterator[Principal]:
    """A user for each version that could be put into force in place of another."""
    known = (principal.policies.value for principal in principals if isinstance(principal.policies, Known))
    held = {policy.id: policy for policies in known for policy in policies}
    for policy in held.values():
        stored = policy.stored.value if isinstance(policy.stored, Known) else ()
        for place, text in enumerate(stored):
            version = replace(policy, id=f"{policy.id}#{place}", document=Known(text, ""), stored=None)
            yield replace(_user(with_version(policy.id, place)), policies=Known((version,), ""))


def _stand_ins(principal: Principal) -> Iterator[Principal]:
    if principal.kind is PrincipalKind.GROUP:
        yield _user(member_of(principal.id), groups=(principal.id,))
    boundary = principal.boundary.value if isinstance(principal.boundary, Known) else None
    if boundary is not None:
        everything = PermissionPolicy(
            name="everything", id="everything", origin=PolicyOrigin.INLINE, document=Known(_EVERYTHING, "")
        )
        user = _user(bounded_by(principal.id, boundary.id))
        yield replace(user, policies=Known((everything,), ""), boundary=principal.boundary)
        yield replace(principal, id=unbounded(principal.id), boundary=_NONE)


def _user(name: str, groups: tuple[str, ...] = ()) -> Principal:
    return Principal(
        id=name,
        name=name.rpartition("/")[2],
        kind=PrincipalKind.USER,
        policies=Known((), ""),
        boundary=_NONE,
        trust=_NONE,
        groups=groups,
        tags=Known((), ""),
    )


def _account(arn: str) -> str:
    return ":".join(arn.split(":", 5)[:5])
