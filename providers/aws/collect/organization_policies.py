"""The policies that an organization sets above its accounts: asked once a run, told to every account they bind."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from auditor.model.capture import Json
from auditor.provider import CollectOptions
from providers.answers.answers import GLOBAL
from providers.answers.json_paths import rows, text
from providers.aws.gateway import Gateway
from providers.aws.operations import BY_ID, AwsOperation
from providers.aws.operations.declaration import ORGANIZATION
from providers.aws.organization import IRREMOVABLE, KINDS, levels_of_path
from providers.calls.once import Once
from providers.calls.paging import pages
from providers.calls.reply import Refusal

_LIST: Final = BY_ID["organizations:ListPolicies"]
_TARGETS: Final = BY_ID["organizations:ListTargetsForPolicy"]
_DOCUMENT: Final = BY_ID["organizations:DescribePolicy"]
_PARENTS: Final = BY_ID["organizations:ListParents"]
_DEEPEST: Final = 8
"""Levels above an account: the root and at most five units (AWS Organizations quotas), and some for later."""

_Pages = tuple[Json | Refusal, ...]


def are_asked_for(options: CollectOptions) -> bool:
    """Whether the run asks for them: over an organization, or with its tier, from the depth on that the calls have."""
    asked = options.fleet.organization or ORGANIZATION in options.tiers
    return asked and options.depth.rank >= _LIST.depth.rank


class OrganizationPolicies:
    """What Organizations says, asked with the credentials of the run by whichever account needs it first."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._once = Once()

    def record(self, mine: Gateway, member: Mapping[str, Any] | None = None) -> None:
        """Records what binds the account of ``mine``; ``member`` is how the organization's list told of it."""
        levels, whole = self._levels(mine, member)
        for kind in KINDS:
            listed = self._pages(_LIST, Filter=kind)
            _keep(mine, _LIST.id, kind, listed)
            for body in listed:
                if isinstance(body, Refusal):
                    return  # the next kind would be refused alike, or nothing is asked any more
                for row in rows(body, "Policies"):
                    if (name := text(row, "Id")) and name != IRREMOVABLE:
                        self._policy(mine, name, levels if whole else None)

    def _policy(self, mine: Gateway, name: str, levels: tuple[str, ...] | None) -> None:
        """Where a policy is attached on the way to the account, and what it says where that is anywhere."""
        found = self._pages(_TARGETS, PolicyId=name)
        here = tuple(body if isinstance(body, Refusal) else _narrowed(body, levels) for body in found)
        _keep(mine, _TARGETS.id, name, here)
        if any(isinstance(body, Refusal) or body["Targets"] for body in here):
            _keep(mine, _DOCUMENT.id, name, self._pages(_DOCUMENT, PolicyId=name))

    def _levels(self, mine: Gateway, member: Mapping[str, Any] | None) -> tuple[tuple[str, ...], bool]:
        """The account and what is above it, and whether that goes up to the root."""
        told = levels_of_path(member)
        if told:
            return (*told, mine.scope), True
        found, child = [mine.scope], mine.scope
        for _ in range(_DEEPEST):
            parents = self._pages(_PARENTS, ChildId=child)
            _keep(mine, _PARENTS.id, child, parents)
            above = [row for body in parents if not isinstance(body, Refusal) for row in rows(body, "Parents")]
            child = text(above[0], "Id") if above else ""
            if not child:
                break
            found.append(child)
            if child.startswith("r-"):
                return tuple(found), True
        return tuple(found), False

    def _pages(self, operation: AwsOperation, **asked: str) -> _Pages:
        """The pages of an answer, asked once whatever account needs it."""

        def ask(token: str) -> Any:
            return self._gateway.ask(operation, GLOBAL, **asked, **({"NextToken": token} if token else {}))

        def whole() -> _Pages:
            return tuple(pages(ask, lambda body: body.get("NextToken")))

        found: _Pages = self._once.answer((operation.id, *asked.values()), whole)
        return found


def _narrowed(body: Json, levels: tuple[str, ...] | None) -> Json:
    """The answer without targets that are not above this account: there may be thousands of others."""
    if levels is None:
        return body
    return {**body, "Targets": [row for row in body["Targets"] if _is_for(row, levels)]}


def _is_for(row: Any, levels: Iterable[str]) -> bool:
    target = row.get("TargetId") if isinstance(row, dict) else None
    return not isinstance(target, str) or target in levels


def _keep(mine: Gateway, operation: str, subject: str, answers: _Pages) -> None:
    for page, answer in enumerate(answers):
        mine.record(BY_ID[operation], GLOBAL, subject, page, answer)
