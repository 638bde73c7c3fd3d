"""Reads compute besides functions: of each kind a list, and details where the list does not name the role."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import islice
from threading import Lock
from typing import Any, Final

from auditor.model.compute import ComputeKind
from auditor.model.observed import GapReason
from providers.answers.answers import GLOBAL
from providers.answers.json_paths import rows, text, texts
from providers.aws.collect.compute_grants import kinds_in_reach
from providers.aws.collect.region_context import RegionContext
from providers.aws.collect.role_sources import RoleSources
from providers.aws.gateway import Gateway
from providers.aws.operations import BY_ID
from providers.calls.reply import Refusal

_DETAILS: Final = "iam:GetAccountAuthorizationDetails"
_BATCH: Final = 100
"""Projects, or tasks, that one call may name."""
_NOT_OFFERED: Final = Refusal(GapReason.NOT_OFFERED, "The service has no endpoint in this region.")
_UNMENTIONED: Final = Refusal(GapReason.MALFORMED, "The answer does not mention it.")
LISTS: Final[Mapping[ComputeKind, str]] = {
    ComputeKind.INSTANCE: "ec2:DescribeInstances",
    ComputeKind.LAUNCH_TEMPLATE: "ec2:DescribeLaunchTemplateVersions",
    ComputeKind.AUTO_SCALING_GROUP: "autoscaling:DescribeAutoScalingGroups",
    ComputeKind.BUILD_PROJECT: "codebuild:ListProjects",
    ComputeKind.STACK: "cloudformation:DescribeStacks",
    ComputeKind.STACK_SET: "cloudformation:ListStackSets",
    ComputeKind.NOTEBOOK: "sagemaker:ListNotebookInstances",
    ComputeKind.DEV_ENDPOINT: "glue:GetDevEndpoints",
    ComputeKind.GLUE_JOB: "glue:GetJobs",
    ComputeKind.ECS_CLUSTER: "ecs:ListClusters",
    ComputeKind.ECS_TASK: "ecs:ListClusters",
    ComputeKind.TASK_DEFINITION: "ecs:ListTaskDefinitions",
    ComputeKind.JOB_DEFINITION: "batch:DescribeJobDefinitions",
    ComputeKind.APP_RUNNER_SERVICE: "apprunner:ListServices",
    ComputeKind.STATE_MACHINE: "states:ListStateMachines",
    ComputeKind.CODE_INTERPRETER: "bedrock-agentcore:ListCodeInterpreters",
    ComputeKind.AGENT_RUNTIME: "bedrock-agentcore:ListAgentRuntimes",
    ComputeKind.AGENT_BROWSER: "bedrock-agentcore:ListBrowsers",
    ComputeKind.IDENTITY_POOL: "cognito-identity:ListIdentityPools",
}
"""What lists the compute of each kind."""
_PARAMETERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "ec2:DescribeInstances": {
        "MaxResults": 1000,
        "Filters": [{"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]}],
    },
    "ec2:DescribeLaunchTemplateVersions": {"Versions": ["$Latest", "$Default"], "MaxResults": 200},
    "autoscaling:DescribeAutoScalingGroups": {"MaxRecords": 100},
    "cloudformation:ListStackSets": {"Status": "ACTIVE"},
    "sagemaker:ListNotebookInstances": {"MaxResults": 100},
    "ecs:ListTaskDefinitions": {"status": "ACTIVE"},
    "batch:DescribeJobDefinitions": {"status": "ACTIVE"},
    "cognito-identity:ListIdentityPools": {"MaxResults": 60},
    "bedrock-agentcore:ListCodeInterpreters": {"type": "CUSTOM"},
    "bedrock-agentcore:ListBrowsers": {"type": "CUSTOM"},
}


class AccountCompute:
    """Starts the questions in every region once the principals of the account are known. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kinds: frozenset[ComputeKind] | None = None
        self._regions: list[RegionContext] = []

    def identities(self, gateway: Gateway) -> None:
        """Reads every principal and the policies that apply to it, and starts what follows from them; nothing does
        where they cannot be read.
        """
        pages: list[Any] = []
        wanted = ["User", "Group", "Role", "LocalManagedPolicy", "AWSManagedPolicy"]
        complete, _ = gateway.listing(_DETAILS, GLOBAL, each=pages.append, Filter=wanted, MaxItems=1000)
        kinds = kinds_in_reach(pages) if complete else frozenset()
        with self._lock:
            self._kinds = kinds
            waiting, self._regions = self._regions, []
        for context in waiting:
            RegionCompute(context).start(kinds)

    def region(self, context: RegionContext) -> None:
        """Starts the questions of a region, now or when the principals are known."""
        with self._lock:
            kinds = self._kinds
            if kinds is None:
                self._regions.append(context)
        if kinds is not None:
            RegionCompute(context).start(kinds)


class RegionCompute:
    """Queues the questions of one region."""

    def __init__(self, context: RegionContext) -> None:
        self._context = context

    def start(self, kinds: frozenset[ComputeKind]) -> None:
        """Queues the lists; the rest follows from their answers."""
        more: Mapping[ComputeKind, Callable[[Any], None]] = {
            ComputeKind.INSTANCE: self._instances,
            ComputeKind.BUILD_PROJECT: self._projects,
            ComputeKind.STACK_SET: self._stack_sets,
            ComputeKind.NOTEBOOK: self._notebooks,
            ComputeKind.ECS_TASK: self._clusters,
            ComputeKind.APP_RUNNER_SERVICE: self._services,
            ComputeKind.CODE_INTERPRETER: self._interpreters,
            ComputeKind.AGENT_RUNTIME: self._runtimes,
            ComputeKind.AGENT_BROWSER: self._browsers,
        }
        for kind in sorted(kinds):
            if kind is ComputeKind.STATE_MACHINE:
                self._context.bulk(RoleSources(self._context).state_machines)
            elif kind is not ComputeKind.ECS_CLUSTER or ComputeKind.ECS_TASK not in kinds:
                self._context.bulk(partial(self._list, LISTS[kind], more.get(kind)))

    def _list(self, operation: str, each: Callable[[Any], None] | None) -> None:
        if not self._context.gateway.session.offers(BY_ID[operation].client, self._context.region):
            self._context.record(operation, "", _NOT_OFFERED)
            return
        self._context.listing(operation, each=each, **_PARAMETERS.get(operation, {}))

    def _each(self, operation: str, subject: str, **parameters: Any) -> None:
        if subject and self._context.asked.first(operation, subject):
            self._context.bulk(partial(self._context.call, operation, subject, **parameters))

    def _instances(self, page: Any) -> None:
        found = any(rows(reservation, "Instances") for reservation in rows(page, "Reservations"))
        if found and self._context.asked.first("compute", "managed"):
            self._context.bulk(partial(self._list, "ssm:DescribeInstanceInformation", None))

    def _projects(self, page: Any) -> None:
        for batch in _batches(texts(page, "projects")):
            self._context.bulk(partial(self._batch_of_projects, batch))

    def _batch_of_projects(self, names: list[str]) -> None:
        answer = self._context.ask("codebuild:BatchGetProjects", names=names)
        told = {text(row, "name"): row for row in rows(answer, "projects")}
        self._shared("codebuild:BatchGetProjects", "projects", names, answer, told, texts(answer, "projectsNotFound"))

    def _stack_sets(self, page: Any) -> None:
        for row in rows(page, "Summaries"):
            name = text(row, "StackSetName")
            self._each("cloudformation:DescribeStackSet", name, StackSetName=name)

    def _notebooks(self, page: Any) -> None:
        for row in rows(page, "NotebookInstances"):
            name = text(row, "NotebookInstanceName")
            self._each("sagemaker:DescribeNotebookInstance", name, NotebookInstanceName=name)

    def _clusters(self, page: Any) -> None:
        for cluster in texts(page, "clusterArns"):
            if self._context.asked.first("ecs:ListTasks", cluster):
                each = partial(self._tasks, cluster)
                self._context.bulk(partial(self._context.listing, "ecs:ListTasks", cluster, each=each, cluster=cluster))

    def _tasks(self, cluster: str, page: Any) -> None:
        for batch in _batches(texts(page, "taskArns")):
            self._context.bulk(partial(self._batch_of_tasks, cluster, batch))

    def _batch_of_tasks(self, cluster: str, arns: list[str]) -> None:
        answer = self._context.ask("ecs:DescribeTasks", cluster=cluster, tasks=arns)
        told = {text(row, "taskArn"): row for row in rows(answer, "tasks")}
        gone = (text(row, "arn") for row in rows(answer, "failures") if text(row, "reason") == "MISSING")
        self._shared("ecs:DescribeTasks", "tasks", arns, answer, told, gone)
        for row in told.values():
            definition = text(row, "taskDefinitionArn")
            self._each("ecs:DescribeTaskDefinition", definition, taskDefinition=definition)

    def _shared(
        self,
        operation: str,
        member: str,
        asked: Iterable[str],
        answer: Any,
        told: Mapping[str, Any],
        gone: Iterable[str],
    ) -> None:
        """Records an answer about several, each by itself; what it does not mention at all stays unknown."""
        missing = set(gone)
        for subject in asked:
            one = answer
            if not isinstance(answer, Refusal):
                one = {member: [told[subject]] if subject in told else []}
                if subject not in told and subject not in missing:
                    one = _UNMENTIONED
            self._context.record(operation, subject, one)

    def _services(self, page: Any) -> None:
        for row in rows(page, "ServiceSummaryList"):
            arn = text(row, "ServiceArn")
            self._each("apprunner:DescribeService", arn, ServiceArn=arn)

    def _interpreters(self, page: Any) -> None:
        for row in rows(page, "codeInterpreterSummaries"):
            name = text(row, "codeInterpreterId")
            self._each("bedrock-agentcore:GetCodeInterpreter", name, codeInterpreterId=name)

    def _runtimes(self, page: Any) -> None:
        for row in rows(page, "agentRuntimes"):
            name = text(row, "agentRuntimeId")
            self._each("bedrock-agentcore:GetAgentRuntime", name, agentRuntimeId=name)

    def _browsers(self, page: Any) -> None:
        for row in rows(page, "browserSummaries"):
            name = text(row, "browserId")
            self._each("bedrock-agentcore:GetBrowser", name, browserId=name)


def _batches(values: Iterable[str]) -> Iterable[list[str]]:
    source = iter(values)
    while batch := list(islice(source, _BATCH)):
        yield batch
