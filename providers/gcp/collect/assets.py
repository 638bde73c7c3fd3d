"""Cloud Asset Inventory: configuration and policies in bulk, of one project or of everything below a folder."""

from collections.abc import Mapping
from typing import Any, Final

from providers.answers.json_paths import rows, text, texts
from providers.calls.reply import Refusal
from providers.gcp.collect import function_references
from providers.gcp.collect.function_references import Found
from providers.gcp.collect.policies import custom_roles
from providers.gcp.collect.project_context import ProjectContext
from providers.gcp.collect.resource_names import part
from providers.gcp.gateway import Gateway, Request, Target

RESOURCES: Final = "asset:ListResources"
POLICIES: Final = "asset:ListPolicies"
_SERVICE: Final = "run.googleapis.com/Service"
_FIRST: Final = "cloudfunctions.googleapis.com/CloudFunction"
_SECOND: Final = "cloudfunctions.googleapis.com/Function"


class Assets:
    """What the inventory told of one project. ``resources`` and ``policies``: that list is complete."""

    def __init__(self) -> None:
        self.resources = self.policies = False
        self.functions: dict[str, Found] = {}
        self.services: set[str] = set()
        self.with_policy: set[str] = set()
        self.roles: set[str] = set()
        self.above: tuple[str, ...] = ()
        self._pages = dict.fromkeys((RESOURCES, POLICIES), 0)

    def take(self, operation: str, body: Any) -> None:
        """Learns from a recorded page."""
        self._pages[operation] += 1
        for row in rows(body, "assets"):
            name = text(row, "name").removeprefix("//").partition("/")[2]
            self.above = self.above or tuple(_above(row))
            if operation == POLICIES:
                self.with_policy.add(name)
                self.roles.update(custom_roles(row.get("iamPolicy")))
            else:
                self._resource(text(row, "assetType"), name, row)

    def page(self, operation: str) -> int:
        """The number of the next page."""
        return self._pages[operation]

    def _resource(self, kind: str, name: str, row: Mapping[str, Any]) -> None:
        data = row.get("resource", {}).get("data") if isinstance(row.get("resource"), Mapping) else None
        known: Found | None = None
        if kind == _SERVICE:
            self.services.add(name)
            known = function_references.knative(data, name)
        elif kind == _FIRST:
            known = function_references.first_generation(data)
        elif kind == _SECOND:
            known = function_references.function(data)
        if known is not None:
            self.functions[known.name] = known


def _above(row: Mapping[str, Any]) -> list[str]:
    return [name for name in texts(row, "ancestors") if not name.startswith("projects/")]


def read_project(context: ProjectContext, assets: Assets, operation: str) -> None:
    """Lists one project, unless it was listed with everything around it."""
    if assets.page(operation):
        return
    complete = context.listing(
        operation, each=lambda page: assets.take(operation, page), parent=f"projects/{context.project.id}"
    )
    _note(assets, operation, complete=complete)


def _note(assets: Assets, operation: str, *, complete: bool) -> None:
    if operation == RESOURCES:
        assets.resources = complete
    else:
        assets.policies = complete


class Above:
    """Lists everything below a folder or organisation once, and gives every project its own part.

    Where that is refused at once nothing is recorded: each project lists itself. A list that breaks off later
    leaves a gap in every project.
    """

    def __init__(self, gateway: Gateway, parent: str, contexts: Mapping[str, tuple[ProjectContext, Assets]]) -> None:
        self._gateway = gateway
        self._parent = parent
        self._places = contexts
        self._by_name = {
            name: context.project.id
            for context, _ in contexts.values()
            for name in (context.project.id, context.project.number)
            if name
        }

    def read(self, operation: str) -> None:
        """Reads one of the two lists."""
        asked = Target(self._parent)
        complete = self._gateway.pages(
            operation,
            asked,
            Request({"parent": self._parent}),
            lambda page, answer: self._keep(operation, page, answer),
        )
        if not complete:
            return
        for context, assets in self._places.values():
            if not assets.page(operation):
                self._record(operation, context, assets, {"assets": []})
            _note(assets, operation, complete=True)

    def _keep(self, operation: str, page: int, answer: Any) -> bool:
        if isinstance(answer, Refusal):
            for context, assets in self._places.values() if page else ():
                self._gateway.record(operation, context.target(), assets.page(operation), answer)
                assets.take(operation, None)
            return False
        parts: dict[str, list[Any]] = {}
        for row in rows(answer, "assets"):
            project = self._project(row)
            if project:
                parts.setdefault(project, []).append(row)
        rest = {key: value for key, value in answer.items() if key not in ("assets", "nextPageToken")}
        for project, own in parts.items():
            self._record(operation, *self._places[project], {**rest, "assets": own})
        return True

    def _record(self, operation: str, context: ProjectContext, assets: Assets, body: Any) -> None:
        reply = self._gateway.record(operation, context.target(), assets.page(operation), body)
        assets.take(operation, reply.body)

    def _project(self, row: Mapping[str, Any]) -> str:
        numbers = [name.removeprefix("projects/") for name in texts(row, "ancestors") if name.startswith("projects/")]
        for name in (*numbers, part(text(row, "name"), "projects")):
            if name in self._by_name:
                return self._by_name[name]
        return ""
