"""``auditor doctor`` for Google Cloud: which projects do I see, which permissions are missing."""

# ruff: noqa: ARG002 - what keeps nothing uses no argument

from collections.abc import Iterator, Sequence
from typing import Any, Final, TypeVar

from auditor.errors import AuditorError
from auditor.model.capture import Json
from auditor.model.observed import GapReason
from auditor.provider import CollectOptions, Operation, Probe
from providers.answers.json_paths import rows
from providers.gcp.classify import Refusal
from providers.gcp.collect import found
from providers.gcp.collect.ancestors import POLICY_3
from providers.gcp.collect.crew import Once
from providers.gcp.collect.place import Project
from providers.gcp.collect.projects import projects_to_read
from providers.gcp.collect.resource_names import part
from providers.gcp.gateway import GLOBAL, Gateway, Request, Target
from providers.gcp.operations import BY_ID, CONSTRAINTS

_LISTS: Final = (
    "serviceusage:ListServices",
    "run:ListLocations",
    "iam:ListServiceAccounts",
    "eventarc:ListTriggers",
    "eventarc:ListChannels",
    "pubsub:ListSubscriptions",
    "secretmanager:ListSecrets",
    "logging:ListSinks",
    "logging:ListExclusions",
    "logging:ListBuckets",
    "logging:ListMetrics",
    "monitoring:ListAlertPolicies",
    "apigateway:ListConfigs",
)
_ASSETS: Final = ("asset:ListResources", "asset:ListPolicies")
_COMPUTE: Final = ("compute:ListNegs", "compute:ListBackendServices")
_ONE: Final = {"pageSize": "1"}

_T = TypeVar("_T")


class Unrecorded:
    """A recorder that keeps nothing: a doctor's calls are not a capture."""

    def answer(self, operation: Operation, scope: str, location: str, subject: str, page: int, body: Json) -> Json:
        """Hands the answer back."""
        return body

    def restore(self, asked: _T) -> _T:
        """Hands the parameters back: nothing was marked."""
        return asked

    def absent(self, operation: Operation, scope: str, location: str, subject: str) -> None:
        """Keeps nothing."""

    def gap(
        self, operation: Operation, scope: str, location: str, subject: str, page: int, reason: GapReason, message: str
    ) -> None:
        """Keeps nothing."""

    def scope(self, scope: str, locations: Sequence[str]) -> None:
        """Keeps nothing."""

    def error(self, sentence: str) -> None:
        """Keeps nothing."""

    def throttled(self, operation: Operation) -> None:
        """Keeps nothing."""


class Unwatched:
    """A progress display that shows nothing."""

    def expect(self, calls: int) -> None:
        """Shows nothing."""

    def done(self, operation: str) -> None:
        """Shows nothing."""


def examine(gateway: Gateway, options: CollectOptions) -> Iterator[Probe]:
    """Yields a line for the projects, then one for each kind of call that can be tried in the first of them."""
    try:
        projects = projects_to_read(gateway, options, Unrecorded(), Once())
    except AuditorError as refused:
        yield Probe("projects", ok=False, text=str(refused))
        return
    if not projects:
        return
    shown = ", ".join(project.id for project in projects[:20])
    yield Probe("projects", ok=True, text=shown if len(projects) <= 20 else f"{shown} and {len(projects) - 20} more")
    yield from Examination(gateway, projects[0]).probes()


class Examination:
    """The calls of one project, each with as small an answer as it can have."""

    def __init__(self, gateway: Gateway, project: Project) -> None:
        self._gateway = gateway
        self._project = project
        self._answers: dict[str, Any] = {}

    def probes(self) -> Iterator[Probe]:
        """Yields a line for each kind of call."""
        yield self._post("resourcemanager:GetProjectPolicy")
        kind, _, number = self._project.parent.partition("/")
        if kind == "folders":
            yield self._ask("resourcemanager:GetFolder", folder=number)
            yield self._post("resourcemanager:GetFolderPolicy", folder=number)
        elif kind == "organizations":
            yield self._post("resourcemanager:GetOrganizationPolicy", organization=number)
        yield self._ask("functions:ListFunctions", _ONE)
        for operation in _ASSETS:
            yield self._ask(operation, _ONE, parent=f"projects/{self._project.id}")
        for operation in _LISTS:
            yield self._ask(operation, _ONE)
        for operation in _COMPUTE:
            yield self._ask(operation, {"maxResults": "1"})
        yield self._ask("orgpolicy:GetEffectivePolicy", constraint=CONSTRAINTS[0])
        yield from self._region()

    def _region(self) -> Iterator[Probe]:
        """What needs a region or a function: those of the first function that was listed."""
        listed = self._answers.get("functions:ListFunctions")
        one = next(filter(None, map(found.function, rows(listed, "functions"))), None)
        if one is None:
            return
        for operation in ("run:ListServices", "vpcaccess:ListConnectors", "cloudscheduler:ListJobs"):
            yield self._ask(operation, _ONE, location=one.region)
        yield self._ask("functions:ListRuntimes", location=one.region)
        if one.first:
            yield self._ask("functions:GetIamPolicy", function=one.name)
        elif part(one.service, "services"):
            yield self._ask("run:GetIamPolicy", service=one.service)
            yield self._ask("run:ListRevisions", _ONE, service=one.service)

    def _post(self, operation: str, **names: str) -> Probe:
        return self._told(operation, Request({"project": self._project.id, **names}, {}, POLICY_3))

    def _ask(self, operation: str, parameters: dict[str, str] | None = None, **names: str) -> Probe:
        return self._told(operation, Request({"project": self._project.id, **names}, parameters or {}))

    def _told(self, operation_id: str, request: Request) -> Probe:
        own = frozenset(filter(None, (self._project.id, self._project.number)))
        answer = self._gateway.ask(operation_id, Target(self._project.id, GLOBAL, "", own), request)
        operation = BY_ID[operation_id]
        if not isinstance(answer, Refusal):
            self._answers[operation_id] = answer
            return Probe(operation_id, ok=True, text=operation.purpose)
        permission = operation.permission if answer.reason is GapReason.DENIED else None
        return Probe(operation_id, ok=False, text=f"{answer.reason}: {answer.message}", permission=permission)
