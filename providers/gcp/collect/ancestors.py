"""What is above a project: the folders, the organisation, and who holds which role there."""

from collections.abc import Iterable
from typing import Any, Final

from providers.answers.answers import GLOBAL
from providers.answers.json_paths import text
from providers.calls.once import Once
from providers.calls.reply import Refusal
from providers.gcp.collect.project_context import ProjectContext
from providers.gcp.gateway import Gateway, Request, Target

FOLDER: Final = "resourcemanager:GetFolder"
POLICY_3: Final = {"options": {"requestedPolicyVersion": 3}}
_DEEPEST: Final = 12
"""Folders nest ten deep at most."""


def chain(gateway: Gateway, shared: Once, parent: str) -> tuple[str, ...]:
    """The folders above, then the organisation, as far as they may be looked at: ``("folders/1", "organizations/2")``.

    A project without a parent has none above, and a folder that may not be looked at ends the chain.
    """
    found: list[str] = []
    while parent and parent not in found and len(found) < _DEEPEST:
        found.append(parent)
        if not parent.startswith("folders/"):
            break
        parent = text(_folder(gateway, shared, parent), "parent")
    return tuple(found)


def _folder(gateway: Gateway, shared: Once, name: str) -> Any:
    def ask() -> Any:
        request = Request({"folder": name.removeprefix("folders/")})
        return gateway.ask(FOLDER, Target("", GLOBAL, name), request)

    answer = shared.answer((FOLDER, name), ask)
    return None if isinstance(answer, Refusal) else answer


def above(context: ProjectContext, seen: Iterable[str]) -> tuple[str, ...]:
    """The folders and the organisation above a project.

    ``seen`` are ancestors that an inventory told of, for where a folder may not be looked at.
    """
    found = chain(context.gateway, context.shared, context.project.parent)
    return tuple(name for name in dict.fromkeys((*found, *seen)) if not name.startswith("projects/"))


def ancestors(context: ProjectContext, names: Iterable[str]) -> tuple[Any, ...]:
    """Records the folders above a project and every policy there; returns the policies that could be read."""
    policies: list[Any] = []
    for name in names:
        kind, _, number = name.partition("/")
        if kind == "folders":
            context.call_shared(FOLDER, name, folder=number)
            policies.append(context.call_shared("resourcemanager:GetFolderPolicy", name, body=POLICY_3, folder=number))
        elif kind == "organizations":
            context.call_shared("resourcemanager:GetOrganization", name, organization=number)
            policies.append(
                context.call_shared("resourcemanager:GetOrganizationPolicy", name, body=POLICY_3, organization=number)
            )
    return tuple(policy for policy in policies if policy is not None)
