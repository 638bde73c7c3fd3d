"""``auditor doctor`` for Google Cloud: which projects do I see, which permissions are missing."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from auditor.provider import CollectOptions, Probe
from providers.answers.answers import GLOBAL
from providers.answers.json_paths import rows, text
from providers.calls.once import Once
from providers.calls.reply import Refusal
from providers.doctor import NullRecorder, Trial, opened, probes
from providers.gcp.collect import function_references
from providers.gcp.collect.ancestors import POLICY_3
from providers.gcp.collect.project_context import Project
from providers.gcp.collect.projects import projects_to_read
from providers.gcp.collect.resource_names import part
from providers.gcp.gateway import Gateway, Request, Target
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


def examine(gateway: Gateway, options: CollectOptions) -> Iterator[Probe]:
    """Yields a line for the projects, then one for each kind of call that can be tried in the first of them."""
    projects, lines = opened("projects", lambda: projects_to_read(gateway, options, NullRecorder(), Once()), _shown)
    yield from lines
    if projects is not None:
        yield from probes(Examination(gateway, projects[0]).trials(), f"gcp/{projects[0].id}")


def _shown(projects: Sequence[Project]) -> str:
    shown = ", ".join(project.id for project in projects[:20])
    return shown if len(projects) <= 20 else f"{shown} and {len(projects) - 20} more"


class Examination:
    """The calls of one project, each with as small an answer as it can have."""

    def __init__(self, gateway: Gateway, project: Project) -> None:
        self._gateway = gateway
        self._project = project
        self._answers: dict[str, Any] = {}

    def trials(self) -> Iterator[Trial]:
        """Tries each kind of call."""
        yield self._post("resourcemanager:GetProjectPolicy")
        kind, _, number = self._project.parent.partition("/")
        if kind == "folders":
            yield self._ask("resourcemanager:GetFolder", folder=number)
            yield self._post("resourcemanager:GetFolderPolicy", folder=number)
        elif kind == "organizations":
            yield self._post("resourcemanager:GetOrganizationPolicy", organization=number)
        yield self._ask("iam:ListDenyPolicies", kind="projects", number=self._project.id)
        yield self._ask("functions:ListFunctions", _ONE)
        for operation in _ASSETS:
            yield self._ask(operation, _ONE, parent=f"projects/{self._project.id}")
        for operation in _LISTS:
            yield self._ask(operation, _ONE)
        listed = rows(self._answers.get("iam:ListServiceAccounts"), "accounts")
        email = next((text(row, "email") for row in listed), "")
        if email:
            yield self._ask("iam:ListServiceAccountKeys", email=email)
        for operation in _COMPUTE:
            yield self._ask(operation, {"maxResults": "1"})
        yield self._ask("orgpolicy:GetEffectivePolicy", constraint=CONSTRAINTS[0])
        yield from self._region()

    def _region(self) -> Iterator[Trial]:
        """What needs a region or a function: those of the first function that was listed."""
        listed = self._answers.get("functions:ListFunctions")
        one = next(filter(None, map(function_references.function, rows(listed, "functions"))), None)
        if one is None:
            return
        for operation in (
            *("run:ListServices", "vpcaccess:ListConnectors", "cloudscheduler:ListJobs"),
            *("cloudtasks:ListQueues", "workflows:ListWorkflows"),
        ):
            yield self._ask(operation, _ONE, location=one.region)
        yield self._ask("functions:ListRuntimes", location=one.region)
        if one.first:
            yield self._ask("functions:GetIamPolicy", function=one.name)
        elif part(one.service, "services"):
            yield self._ask("run:GetIamPolicy", service=one.service)
            yield self._ask("run:ListRevisions", _ONE, service=one.service)

    def _post(self, operation: str, **names: str) -> Trial:
        return self._tried(operation, Request({"project": self._project.id, **names}, {}, POLICY_3))

    def _ask(self, operation: str, parameters: dict[str, str] | None = None, **names: str) -> Trial:
        return self._tried(operation, Request({"project": self._project.id, **names}, parameters or {}))

    def _tried(self, operation_id: str, request: Request) -> Trial:
        own = frozenset(filter(None, (self._project.id, self._project.number)))
        answer = self._gateway.ask(operation_id, Target(self._project.id, GLOBAL, "", own), request)
        if not isinstance(answer, Refusal):
            self._answers[operation_id] = answer
        return operation_id, BY_ID[operation_id], answer
