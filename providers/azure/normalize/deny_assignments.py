"""The deny assignments of each audited subscription, those above it and those in it."""

from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.observed import Gap, Known, Observed, Unknown
from auditor.model.role_holders import Denial
from providers.azure.normalize.answers import Answers, Listing
from providers.azure.normalize.fields import flag, items, member, optional_text, record, text, texts
from providers.azure.rbac.definitions import Permission
from providers.azure.rbac.deny_assignments import DenyAssignment, Named, denials

_LIST: Final = "authorization:ListDenyAssignments"


def deny_assignments(answers: Answers) -> Listing[DenyAssignment]:
    """Those that the list of a subscription tells, which holds what is inherited too."""
    return answers.readable(answers.rows(_LIST), _assignment)


def denied(answers: Answers) -> tuple[Observed[tuple[Denial, ...]], ...]:
    """What is denied in a subscription, and why there may be more."""
    listed = deny_assignments(answers)
    found = tuple(denial for assignment in listed.items for denial in denials(assignment))
    gap: Gap | None = listed.gap
    return (Known(found, _LIST), *(() if gap is None else (Unknown(gap),)))


def _assignment(item: Json) -> DenyAssignment:
    body = member(item, "properties")
    return DenyAssignment(
        id=text(item, "id").lower(),
        name=text(body, "denyAssignmentName"),
        scope=text(body, "scope").lower(),
        permissions=tuple(map(_permission, items(body, "permissions"))),
        principals=tuple(map(_named, items(body, "principals"))),
        excluded=tuple(map(_named, items(body, "excludePrincipals"))),
        condition=optional_text(body, "condition") or None,
        below=not flag(body, "doNotApplyToChildScopes"),
    )


def _permission(item: Any) -> Permission:
    """What it denies. All four lists are in every answer: one that is lost would deny more than Azure does."""
    body = record(item, "a permission")
    parts = ("actions", "notActions", "dataActions", "notDataActions")
    actions, not_actions, data, not_data = (tuple(each.lower() for each in texts(body, part)) for part in parts)
    return Permission(actions, not_actions, data, not_data, optional_text(body, "condition") or None)


def _named(item: Any) -> Named:
    body = record(item, "a principal")
    return Named(text(body, "id").lower(), text(body, "type").lower())
