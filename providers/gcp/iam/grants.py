"""An allow policy judged: one AccessGrant for each binding that lets somebody do something we ask about."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from auditor.model.exposure import AccessGrant, Effect, Reach
from auditor.model.observed import Gap, Known, Unknown
from providers.gcp.iam.conditions import ConditionState, state
from providers.gcp.iam.members import Home, Member, MemberKind, foreign_account, parse, reach_of
from providers.gcp.iam.roles import Roles, is_custom

_HOME = (Reach.SCOPED, Reach.NONE)
_PEOPLE = (MemberKind.USER, MemberKind.GROUP, MemberKind.DOMAIN)


class PolicyMalformedError(Exception):
    """A policy is not what the API documents."""


@dataclass(frozen=True, slots=True)
class Binding:
    """One binding of a policy. ``condition`` is the expression (None: none)."""

    index: int
    role: str
    members: tuple[str, ...]
    condition: str | None

    def held(self, home: Home) -> ConditionState:
        """What its condition comes to at the time of the audit."""
        return state(self.condition, home.now)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a policy: the permissions that invoke, that modify, and that are merely worth telling."""

    invokes: tuple[str, ...] = ()
    modifies: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every permission asked about."""
        return (*self.invokes, *self.modifies, *self.reads)


def bindings(policy: dict[str, Any]) -> tuple[Binding, ...]:
    """The bindings of a policy, none for an empty one. Raises PolicyMalformedError."""
    given = policy.get("bindings", [])
    if not isinstance(given, list):
        raise PolicyMalformedError("bindings is not a list")
    return tuple(_binding(index, body) for index, body in enumerate(given))


def _binding(index: int, body: Any) -> Binding:
    if not isinstance(body, dict):
        raise PolicyMalformedError("a binding is not an object")
    role, members, condition = body.get("role"), body.get("members", []), body.get("condition")
    if not isinstance(role, str) or not role:
        raise PolicyMalformedError("a binding names no role")
    if not isinstance(members, list) or not all(isinstance(member, str) for member in members):
        raise PolicyMalformedError("members is not a list of texts")
    if "members" not in body:
        raise PolicyMalformedError("members is missing")
    if not all(text.isascii() or _writable(text) for text in (role, *members)):
        raise PolicyMalformedError("a binding is not well-formed text")
    return Binding(index, role, tuple(members), _expression(condition, "condition" in body))


def _expression(condition: Any, given: bool) -> str | None:
    if not given:
        return None
    expression = condition.get("expression") if isinstance(condition, dict) else None
    if not isinstance(expression, str) or not _writable(expression):
        raise PolicyMalformedError("a condition has no expression")
    return expression


def _writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def judge(
    policy: dict[str, Any], question: Question, roles: Roles, home: Home, *, level: str = ""
) -> tuple[AccessGrant, ...]:
    """The bindings that answer the question with yes, or whose role cannot be told. Raises PolicyMalformedError.

    ``level`` names where an inherited policy lies ("project:shop", "folder:12"). A custom role that strangers hold
    and that could not be read is no statement: :func:`unread` says why.
    """
    given = (binding for binding in bindings(policy) if not _unread(binding, question, roles, home))
    found = (_judged(binding, question, roles, home, level) for binding in given)
    return tuple(grant for grant in found if grant is not None)


def unread(policy: dict[str, Any], question: Question, roles: Roles, home: Home) -> Gap | None:
    """Why a policy may say more than :func:`judge` tells. Raises PolicyMalformedError."""
    found = bindings(policy)
    gaps = (_unread(binding, question, roles, home) or _unplaced(binding, question, roles, home) for binding in found)
    return next((gap for gap in gaps if gap is not None), None)


def _unplaced(binding: Binding, question: Question, roles: Roles, home: Home) -> Gap | None:
    """Why it is not known whether people whom a binding names are of this organisation."""
    if home.unplaced is None or binding.held(home) is ConditionState.ENDED:
        return None
    held = roles.holds(binding.role, question.all)
    people = any(parse(text).kind in _PEOPLE for text in binding.members)
    return home.unplaced if people and isinstance(held, Known) and held.value else None


def _unread(binding: Binding, question: Question, roles: Roles, home: Home) -> Gap | None:
    held = roles.holds(binding.role, question.all) if is_custom(binding.role) and binding.members else None
    if not isinstance(held, Unknown) or binding.held(home) is ConditionState.ENDED:
        return None
    reach, _ = _reach(binding, tuple(parse(text) for text in binding.members), home)
    return None if reach in _HOME else held.gap


def _judged(binding: Binding, question: Question, roles: Roles, home: Home, level: str) -> AccessGrant | None:
    held = roles.holds(binding.role, question.all)
    if not binding.members or (not isinstance(held, Unknown) and not held.value):
        return None
    members = tuple(parse(text) for text in binding.members)
    reach, reason = _reach(binding, members, home)
    actions: tuple[str, ...] = ()
    if isinstance(held, Unknown):
        reach, reason = _untold(reach, binding.role)
    elif reach is not Reach.NONE:
        actions = held.value
    conditional = binding.held(home) is not ConditionState.ALWAYS
    return AccessGrant(
        qualifier=None,
        sid=f"{level}/{binding.role}" if level else binding.role,
        index=binding.index,
        effect=Effect.ALLOW,
        reach=reach,
        reason=reason,
        principals=tuple(member.text for member in members if member.kind is not MemberKind.AGENT),
        services=tuple(member.identity for member in members if member.kind is MemberKind.AGENT),
        accounts=_accounts(members, home),
        actions=actions,
        sources=(),
        condition_keys=(binding.condition,) if conditional and binding.condition is not None else (),
        through_endpoint=None,
        endpoint_only=False,
        invokes=any(action in question.invokes for action in actions),
        modifies=any(action in question.modifies for action in actions),
        not_principal=False,
        source_wildcard=False,
        text=_text(binding),
    )


def _untold(reach: Reach, role: str) -> tuple[Reach, str]:
    """A role we cannot read matters only where strangers hold it: the project's own are nobody new."""
    if reach in _HOME:
        return reach, f"what {role} allows could not be told, but only members of this project hold it"
    return Reach.UNRECOGNISED, f"what {role} allows could not be told"


def _reach(binding: Binding, members: Iterable[Member], home: Home) -> tuple[Reach, str]:
    reach, reason = min((reach_of(member, home) for member in members), key=lambda judged: judged[0].rank)
    reason = f"{reason}, and holds {binding.role}"
    match binding.held(home):
        case ConditionState.ALWAYS:
            return reach, reason
        case ConditionState.ENDED:
            return Reach.NONE, f"{reason} no longer: its condition has ended ({binding.condition})"
        case ConditionState.HOLDS:
            return reach, f"{reason} while {binding.condition}"
        case _:
            narrowed = Reach.CONDITIONAL if reach.public else reach
            return narrowed, f"{reason} under a condition that could not be evaluated: {binding.condition}"


def _accounts(members: Iterable[Member], home: Home) -> tuple[str, ...]:
    foreign = (foreign_account(member, home) for member in members)
    return tuple(dict.fromkeys(account for account in foreign if account is not None))


def _text(binding: Binding) -> str:
    body: dict[str, Any] = {"members": list(binding.members), "role": binding.role}
    if binding.condition is not None:
        body["condition"] = {"expression": binding.condition}
    return json.dumps(body, sort_keys=True, ensure_ascii=False)


def of_level(name: str) -> str:
    """``projects/shop`` as a statement names it: ``project:shop``."""
    kind, _, number = name.partition("/")
    return f"{ {'projects': 'project', 'folders': 'folder', 'organizations': 'organisation'}.get(kind, kind) }:{number}"
