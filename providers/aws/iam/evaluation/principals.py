"""Whether a Principal or NotPrincipal element names a caller, and how directly.

Sources: IAM User Guide, "AWS JSON policy elements: Principal", "… NotPrincipal", "How AWS enforcement code logic
evaluates requests" and "Session policies": an account stands for all its principals and leaves the grant to their own
policies; a role is still held to its boundary and its session's policy, everybody to the session's policy; a session
or a user by its own ARN is granted the action itself.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import Final

from providers.aws.iam.document import Statement
from providers.aws.iam.evaluation.callers import Caller, CallerKind
from providers.aws.iam.evaluation.truth import FALSE, OPEN, TRUE, Truth
from providers.aws.iam.patterns import is_account


class Level(IntEnum):
    """How directly a statement names the caller."""

    NOBODY = 0
    ACCOUNT = 1
    ROLE = 2
    EVERYONE = 3
    DIRECT = 4


Named = tuple[Level, Truth]
_NOBODY: Final[Named] = (Level.NOBODY, FALSE)
_TAKEN_BY_ROLES: Final = (CallerKind.ROLE, CallerKind.SESSION)


def named_by(statement: Statement, caller: Caller) -> Named:
    """How directly the statement names the caller, and whether that is certain."""
    if statement.principals is not None:
        return _best(statement.principals, caller)
    if statement.not_principals is None:  # a policy of an identity: it is about its owner
        return (Level.DIRECT, TRUE)
    if caller.bounded:  # "will always deny any IAM principal that has a permissions boundary attached"
        return (Level.DIRECT, TRUE)
    level, certain = _best(statement.not_principals, caller)
    if certain is OPEN:
        return (Level.DIRECT, OPEN)
    return (Level.DIRECT, TRUE) if level is Level.NOBODY else _NOBODY


def _best(pairs: Iterable[tuple[str, str]], caller: Caller) -> Named:
    found = _NOBODY
    for kind, text in pairs:
        level, certain = _named(kind.lower(), text.strip(), caller)
        if certain is not FALSE and (certain, level) > (found[1], found[0]):
            found = (level, certain)
    return found


def _named(kind: str, text: str, caller: Caller) -> Named:
    if text == "*" and kind in ("", "*", "aws"):
        return (Level.EVERYONE, TRUE)
    if kind == "canonicaluser":  # an account under another name, which is not told
        return (Level.ACCOUNT, OPEN) if caller.signed_in else _NOBODY
    if caller.kind is CallerKind.SERVICE:
        return (Level.DIRECT, TRUE) if text.lower() == caller.id.lower() else _NOBODY
    if kind not in ("", "aws") or not caller.signed_in:
        return _NOBODY
    return _identity(text, caller)


def _identity(text: str, caller: Caller) -> Named:
    if text in (caller.account, f"arn:{caller.partition}:iam::{caller.account}:root"):
        level = Level.DIRECT if caller.kind is CallerKind.ROOT else Level.ACCOUNT
        return (level, TRUE)
    if text == caller.id:
        return (Level.ROLE if caller.kind is CallerKind.ROLE else Level.DIRECT, TRUE)
    if caller.kind not in _TAKEN_BY_ROLES or is_account(text):
        return _NOBODY
    if text == caller.role or (caller.kind is CallerKind.SESSION and _same_role(text, caller)):
        return (Level.ROLE, TRUE)
    if caller.kind is CallerKind.ROLE:
        sessions = f"arn:{caller.partition}:sts::{caller.account}:assumed-role/{caller.role_name}/"
        return (Level.DIRECT, OPEN) if text.startswith(sessions) else _NOBODY
    return _NOBODY


def _same_role(text: str, caller: Caller) -> bool:
    """A session's ARN leaves out the path of its role; names of roles are unique within an account."""
    prefix = f"arn:{caller.partition}:iam::{caller.account}:role/"
    return text.startswith(prefix) and text.rpartition("/")[2] == caller.role_name
