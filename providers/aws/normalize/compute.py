"""Compute of an account besides its functions: what exists of each kind, and as which role it runs."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.compute import Compute, ComputeKind, ComputeList, Trait
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown
from providers.aws.arn import parse_arn
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    UnreadableError,
    items,
    member,
    optional_flag,
    optional_items,
    optional_member,
    optional_text,
    text,
)

_MANAGED: Final = "ssm:DescribeInstanceInformation"
_RUNS: Final = frozenset({"pending", "running"})
_LEFT_OUT: Final = frozenset({GapReason.NOT_COLLECTED, GapReason.NOT_AT_DEPTH})
_DELETED: Final = frozenset({"DELETE_COMPLETE", "DELETE_IN_PROGRESS"})

Group = Observed[tuple[Compute, ...]]
Reader = Callable[["_Region"], Iterator[Group]]


def read_compute(places: Mapping[str, Answers], partition: str) -> tuple[ComputeList, ...]:
    """The kinds that were asked about, with a group for each answer that tells of them."""
    regions = [_Region(answers, partition) for answers in places.values()]
    found = ((kind, tuple(group for region in regions for group in read(region))) for kind, read in _READERS.items())
    return tuple(
        ComputeList(kind=kind, found=groups) for kind, groups in found if regions and not _all_left_out(groups)
    )


def _all_left_out(groups: tuple[Group, ...]) -> bool:
    """Whether a kind was not asked about: no principal may act on any, or the run did not go that far. Groups that are
    none at all are the answer of regions without the service.
    """
    gaps = [group.gap.reason for group in groups if isinstance(group, Unknown)]
    return bool(groups) and len(gaps) == len(groups) and _LEFT_OUT.issuperset(gaps)


class _Region:
    """Reads one region's answers."""

    def __init__(self, answers: Answers, partition: str) -> None:
        self._answers = answers
        self._partition = partition

    def arn(self, service: str, resource: str) -> str:
        region = "" if service == "iam" else self._answers.location
        return f"arn:{self._partition}:{service}:{region}:{self._answers.account}:{resource}"

    def role(self, named: str) -> str:
        """A role that is given by its ARN, or by its name; "" for none."""
        return named if named == "" or parse_arn(named) is not None else self.arn("iam", f"role/{named}")

    def listed(self, operation: str, key: str, read: Callable[[Json], Compute | None]) -> Iterator[Group]:
        """What a list itself tells; a row that cannot be read makes it incomplete, and so does a refusal."""
        rows = self._answers.readable(self._answers.pages(operation, key), read)
        found = tuple(item for item in rows.items if item is not None)
        if found or rows.gap is None:
            yield known(found, operation)
        if rows.gap is not None and not _not_offered(rows.gap):
            yield Unknown(rows.gap)

    def names(self, operation: str, key: str, name: Callable[[Json], str]) -> Iterator[str | Group]:
        """The names that a list holds, and a gap where there may be more."""
        rows = self._answers.readable(self._answers.pages(operation, key), name)
        yield from rows.items
        if rows.gap is not None and not _not_offered(rows.gap):
            yield Unknown(rows.gap)

    def detailed(
        self,
        names: Iterator[str | Group],
        operation: str,
        read: Callable[[dict[str, Any]], Observed[Compute | None]],
    ) -> Iterator[Group]:
        """What the details of each tell; one that is gone is none."""
        found: list[Compute] = []
        whole = True
        for name in names:
            one = self._detail(operation, name, read) if isinstance(name, str) else name
            if isinstance(one, Unknown):
                whole = False
                yield one
            else:
                found.extend(one.value)
        if found or whole:
            yield known(tuple(found), operation)

    def _detail(self, operation: str, name: str, read: Callable[[dict[str, Any]], Observed[Compute | None]]) -> Group:
        body = self._answers.one(operation, name)
        if isinstance(body, Unknown):
            return known((), operation) if body.gap.reason is GapReason.NOT_FOUND else body
        told = body.value
        if told is None:
            return known((), operation)
        fact = self._answers.fact(operation, lambda: read(told), name)
        item = fact.value if isinstance(fact, Known) else fact
        if isinstance(item, Unknown):
            return item
        return known((item.value,) if item.value is not None else (), operation)

    def instances(self) -> Iterator[Group]:
        managed = self._answers.readable(
            self._answers.pages(_MANAGED, "InstanceInformationList"), lambda row: text(row, "InstanceId")
        )

        def read(row: Json) -> tuple[Compute, ...]:
            return tuple(self._instance(item, managed.items, managed.gap) for item in items(row, "Instances"))

        reservations = self._answers.readable(self._answers.pages("ec2:DescribeInstances", "Reservations"), read)
        found = tuple(item for row in reservations.items for item in row)
        if found or reservations.gap is None:
            yield known(found, "ec2:DescribeInstances")
        if reservations.gap is not None:
            yield Unknown(reservations.gap)

    def _instance(self, row: Json, managed: tuple[str, ...], unread: Gap | None) -> Compute:
        name, state = text(row, "InstanceId"), text(member(row, "State"), "Name")
        profile = optional_member(row, "IamInstanceProfile")  # absent: none is associated
        traits = [Trait.PROFILE if profile is not None else Trait.NO_PROFILE]
        unsure: list[Trait] = []
        if state in _RUNS:
            traits.append(Trait.RUNNING)
            if name in managed:
                traits.append(Trait.MANAGED)
            elif unread is not None:
                unsure.append(Trait.MANAGED)
        return Compute(
            id=self.arn("ec2", f"instance/{name}"),
            name=name,
            role=text(profile, "Arn") if profile is not None else "",
            traits=tuple(traits),
            unsure=tuple(unsure),
            tags=_tags(row, "Tags"),
        )

    def launch_template(self, row: Json) -> Compute:
        profile = optional_member(member(row, "LaunchTemplateData"), "IamInstanceProfile")  # absent: none
        arn = optional_text(profile, "Arn") if profile is not None else None
        name = optional_text(profile, "Name") if profile is not None else None
        named = arn or (self.arn("iam", f"instance-profile/{name}") if name else "")
        template = text(row, "LaunchTemplateId")
        return _compute(self.arn("ec2", f"launch-template/{template}"), text(row, "LaunchTemplateName"), named)

    def project(self, body: dict[str, Any]) -> Observed[Compute | None]:
        for row in items(body, "projects"):
            batches = optional_member(row, "buildBatchConfig") is not None  # absent: not set up for batches
            known_traits = (Trait.BATCHES,) if batches else ()
            unsure = () if batches else (Trait.BATCHES,)  # a batch may bring a set-up of its own
            role = self.role(text(row, "serviceRole"))
            name, arn = text(row, "name"), text(row, "arn")
            return _found(_compute(arn, name, role, known_traits, unsure, _tags(row, "tags", "key", "value")))
        return _found(None)

    def stack(self, row: Json) -> Compute | None:
        if text(row, "StackStatus") in _DELETED:
            return None
        role = optional_text(row, "RoleARN") or ""  # absent: it acts as who changes it
        return _compute(text(row, "StackId"), text(row, "StackName"), role, tags=_tags(row, "Tags"))

    def stack_set(self, body: dict[str, Any]) -> Observed[Compute | None]:
        row = member(body, "StackSet")
        role = optional_text(row, "AdministrationRoleARN") or ""  # absent: acts through Organizations
        return _found(_compute(text(row, "StackSetARN"), text(row, "StackSetName"), role, tags=_tags(row, "Tags")))

    def notebook(self, body: dict[str, Any]) -> Observed[Compute | None]:
        arn, role = text(body, "NotebookInstanceArn"), self.role(text(body, "RoleArn"))
        return _found(_compute(arn, text(body, "NotebookInstanceName"), role))

    def dev_endpoint(self, row: Json) -> Compute:
        name = text(row, "EndpointName")
        return _compute(self.arn("glue", f"devEndpoint/{name}"), name, self.role(text(row, "RoleArn")))

    def glue_job(self, row: Json) -> Compute:
        name = text(row, "Name")
        return _compute(self.arn("glue", f"job/{name}"), name, self.role(text(row, "Role")))

    def tasks(self) -> Iterator[Group]:
        for cluster in self.names("ecs:ListClusters", "clusterArns", _string):
            if not isinstance(cluster, str):
                yield cluster
                continue
            arns = self._answers.readable(
                self._answers.flat(
                    self._answers.bodies("ecs:ListTasks").all(cluster), lambda body: items(body, "taskArns")
                ),
                _string,
            )
            if arns.gap is not None and arns.gap.reason is not GapReason.NOT_FOUND:
                yield Unknown(arns.gap)
            yield from self.detailed(iter(arns.items), "ecs:DescribeTasks", self._task)

    def _task(self, body: dict[str, Any]) -> Observed[Compute | None]:
        for row in items(body, "tasks"):
            told_on = "enableExecuteCommand" in row  # absent: not told
            exec_on = optional_flag(row, "enableExecuteCommand") if told_on else None
            traits = (Trait.EXEC,) if exec_on else ()
            unsure = (Trait.EXEC,) if exec_on is None else ()
            overrides = optional_member(row, "overrides")
            role = optional_text(overrides, "taskRoleArn") if overrides is not None else None
            if role is None:
                told = self._answers.one("ecs:DescribeTaskDefinition", text(row, "taskDefinitionArn"))
                if isinstance(told, Unknown):
                    return told
                definition = member(told.value, "taskDefinition")
                role = optional_text(definition, "taskRoleArn") or ""  # absent: the task has no role
            arn = text(row, "taskArn")
            return _found(_compute(arn, arn.rpartition("/")[2], self.role(role), traits, unsure))
        return _found(None)

    def job_definition(self, row: Json) -> Compute:
        container = optional_member(row, "containerProperties")  # absent: of several nodes, or of Kubernetes
        role = optional_text(container, "jobRoleArn") if container is not None else None
        name = f"{text(row, 'jobDefinitionName')}"
        return _compute(text(row, "jobDefinitionArn"), name, self.role(role or ""))

    def service(self, body: dict[str, Any]) -> Observed[Compute | None]:
        row = member(body, "Service")
        instance = optional_member(row, "InstanceConfiguration")  # absent: no role
        role = optional_text(instance, "InstanceRoleArn") if instance is not None else None
        return _found(_compute(text(row, "ServiceArn"), text(row, "ServiceName"), role or ""))

    def state_machine(self, body: dict[str, Any]) -> Observed[Compute | None]:
        return _found(_compute(text(body, "stateMachineArn"), text(body, "name"), text(body, "roleArn")))

    def agent(self, arn: str, name: str, role: str) -> Callable[[dict[str, Any]], Observed[Compute | None]]:
        def read(body: dict[str, Any]) -> Observed[Compute | None]:
            return _found(_compute(text(body, arn), text(body, name), optional_text(body, role) or ""))

        return read

    def existing(self, service: str, prefix: str) -> Callable[[Json], Compute]:
        """Reads what only has to exist: by its ARN, or by an id."""

        def read(row: Json) -> Compute:
            named = _string(row)
            return _compute(named if named.startswith("arn:") else self.arn(service, f"{prefix}{named}"), named, "")

        return read

    def group(self, row: Json) -> Compute:
        return _compute(text(row, "AutoScalingGroupARN"), text(row, "AutoScalingGroupName"), "")

    def pool(self, row: Json) -> Compute:
        name = text(row, "IdentityPoolId")
        return _compute(self.arn("cognito-identity", f"identitypool/{name}"), name, "")


def _compute(
    arn: str,
    name: str,
    role: str,
    traits: tuple[Trait, ...] = (),
    unsure: tuple[Trait, ...] = (),
    tags: tuple[tuple[str, str], ...] | None = None,
) -> Compute:
    return Compute(id=arn, name=name, role=role, traits=traits, unsure=unsure, tags=tags)


def _found(item: Compute | None) -> Observed[Compute | None]:
    return Known(item, "")


def _string(value: Json) -> str:
    if not isinstance(value, str):
        raise UnreadableError("a name is no text")
    return value


def _tags(row: Json, key: str, name: str = "Key", value: str = "Value") -> tuple[tuple[str, str], ...]:
    return tuple(sorted((text(tag, name), text(tag, value)) for tag in optional_items(row, key)))  # absent: no tag


def _not_offered(gap: Gap) -> bool:
    """Whether the service is not there in the region: nothing of it can exist."""
    return gap.reason is GapReason.NOT_OFFERED


_LIST = "bedrock-agentcore:List"
_READERS: Final[Mapping[ComputeKind, Reader]] = {
    ComputeKind.INSTANCE: _Region.instances,
    ComputeKind.LAUNCH_TEMPLATE: lambda at: at.listed(
        "ec2:DescribeLaunchTemplateVersions", "LaunchTemplateVersions", at.launch_template
    ),
    ComputeKind.AUTO_SCALING_GROUP: lambda at: at.listed(
        "autoscaling:DescribeAutoScalingGroups", "AutoScalingGroups", at.group
    ),
    ComputeKind.BUILD_PROJECT: lambda at: at.detailed(
        at.names("codebuild:ListProjects", "projects", _string), "codebuild:BatchGetProjects", at.project
    ),
    ComputeKind.STACK: lambda at: at.listed("cloudformation:DescribeStacks", "Stacks", at.stack),
    ComputeKind.STACK_SET: lambda at: at.detailed(
        at.names("cloudformation:ListStackSets", "Summaries", lambda row: text(row, "StackSetName")),
        "cloudformation:DescribeStackSet",
        at.stack_set,
    ),
    ComputeKind.NOTEBOOK: lambda at: at.detailed(
        at.names("sagemaker:ListNotebookInstances", "NotebookInstances", lambda row: text(row, "NotebookInstanceName")),
        "sagemaker:DescribeNotebookInstance",
        at.notebook,
    ),
    ComputeKind.DEV_ENDPOINT: lambda at: at.listed("glue:GetDevEndpoints", "DevEndpoints", at.dev_endpoint),
    ComputeKind.GLUE_JOB: lambda at: at.listed("glue:GetJobs", "Jobs", at.glue_job),
    ComputeKind.ECS_CLUSTER: lambda at: at.listed("ecs:ListClusters", "clusterArns", at.existing("ecs", "cluster/")),
    ComputeKind.ECS_TASK: _Region.tasks,
    ComputeKind.TASK_DEFINITION: lambda at: at.listed(
        "ecs:ListTaskDefinitions", "taskDefinitionArns", at.existing("ecs", "task-definition/")
    ),
    ComputeKind.JOB_DEFINITION: lambda at: at.listed(
        "batch:DescribeJobDefinitions", "jobDefinitions", at.job_definition
    ),
    ComputeKind.APP_RUNNER_SERVICE: lambda at: at.detailed(
        at.names("apprunner:ListServices", "ServiceSummaryList", lambda row: text(row, "ServiceArn")),
        "apprunner:DescribeService",
        at.service,
    ),
    ComputeKind.STATE_MACHINE: lambda at: at.detailed(
        at.names("states:ListStateMachines", "stateMachines", lambda row: text(row, "stateMachineArn")),
        "states:DescribeStateMachine",
        at.state_machine,
    ),
    ComputeKind.CODE_INTERPRETER: lambda at: at.detailed(
        at.names(f"{_LIST}CodeInterpreters", "codeInterpreterSummaries", lambda row: text(row, "codeInterpreterId")),
        "bedrock-agentcore:GetCodeInterpreter",
        at.agent("codeInterpreterArn", "name", "executionRoleArn"),
    ),
    ComputeKind.AGENT_RUNTIME: lambda at: at.detailed(
        at.names(f"{_LIST}AgentRuntimes", "agentRuntimes", lambda row: text(row, "agentRuntimeId")),
        "bedrock-agentcore:GetAgentRuntime",
        at.agent("agentRuntimeArn", "agentRuntimeName", "roleArn"),
    ),
    ComputeKind.AGENT_BROWSER: lambda at: at.detailed(
        at.names(f"{_LIST}Browsers", "browserSummaries", lambda row: text(row, "browserId")),
        "bedrock-agentcore:GetBrowser",
        at.agent("browserArn", "name", "executionRoleArn"),
    ),
    ComputeKind.IDENTITY_POOL: lambda at: at.listed("cognito-identity:ListIdentityPools", "IdentityPools", at.pool),
}
