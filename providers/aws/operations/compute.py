"""Calls about compute besides functions, asked only where a principal may act on it and a role may be reached so."""

from typing import Any, Final

from auditor.model.secret import Treatment
from providers.aws.operations.declaration import GONE, NEXT, NEXT_UPPER, STANDARD, AwsOperation, declare, holds

_WHERE: Final = ", where a principal may act on them and so as their role"
_LOWER_ECS: Final = frozenset({"ClusterNotFoundException"})


def _list(id: str, purpose: str, pages: str, token: tuple[str, str], **rest: Any) -> AwsOperation:
    return declare(id, purpose + _WHERE, pages=pages, token=token, depth=STANDARD, **rest)


def _one(id: str, purpose: str, answer: dict[str, type], **rest: Any) -> AwsOperation:
    return declare(id, purpose, answer=holds(**answer), depth=STANDARD, per_subject=True, **rest)


def _drop(prefix: str, *names: str) -> dict[str, Treatment]:
    return {f"{prefix}{name}": Treatment.DROP for name in names}


_AGENTS: Final = "bedrock-agentcore-control"

COMPUTE: Final[tuple[AwsOperation, ...]] = (
    _list(
        "ec2:DescribeInstances",
        "the EC2 instances and their instance profiles",
        "Reservations",
        NEXT_UPPER,
        redact=_drop("Reservations[].Instances[].", "NetworkInterfaces", "BlockDeviceMappings", "ProductCodes"),
    ),
    _list(
        "ec2:DescribeLaunchTemplateVersions",
        "the instance profiles of launch templates",
        "LaunchTemplateVersions",
        NEXT_UPPER,
        redact={
            **_drop("LaunchTemplateVersions[].", "VersionDescription"),
            **_drop("LaunchTemplateVersions[].LaunchTemplateData.", "UserData", "TagSpecifications"),
        },
    ),
    _list(
        "ssm:DescribeInstanceInformation",
        "which instances take commands of Systems Manager",
        "InstanceInformationList",
        NEXT_UPPER,
        redact=_drop("InstanceInformationList[].", "IPAddress", "ComputerName"),
    ),
    _list(
        "autoscaling:DescribeAutoScalingGroups",
        "the Auto Scaling groups",
        "AutoScalingGroups",
        NEXT_UPPER,
        redact=_drop("AutoScalingGroups[].", "Instances"),
    ),
    _list("codebuild:ListProjects", "the CodeBuild projects", "projects", NEXT),
    _one(
        "codebuild:BatchGetProjects",
        "as which role each project builds",
        {"projects": list},
        redact={
            **_drop("projects[].", "source", "secondarySources", "artifacts", "secondaryArtifacts", "description"),
            **_drop("projects[].", "environment", "webhook", "badge", "logsConfig"),
        },
    ),
    _list(
        "cloudformation:DescribeStacks",
        "as which role CloudFormation changes each stack",
        "Stacks",
        NEXT_UPPER,
        redact=_drop("Stacks[].", "Parameters", "Outputs", "Description"),
    ),
    declare(
        "cloudformation:ListStacks",
        "AWS asks for it besides where all stacks are described",
        depth=STANDARD,
        makes_call=False,
    ),
    _list(
        "cloudformation:ListStackSets",
        "the stack sets",
        "Summaries",
        NEXT_UPPER,
        redact=_drop("Summaries[].", "Description"),
    ),
    _one(
        "cloudformation:DescribeStackSet",
        "as which role CloudFormation changes each stack set",
        {"StackSet": dict},
        absent_codes=frozenset({"StackSetNotFoundException"}),
        redact=_drop("StackSet.", "TemplateBody", "Parameters", "Description"),
    ),
    _list("sagemaker:ListNotebookInstances", "the SageMaker notebooks", "NotebookInstances", NEXT_UPPER),
    _one(
        "sagemaker:DescribeNotebookInstance",
        "as which role each notebook runs",
        {"NotebookInstanceArn": str, "RoleArn": str},
    ),
    _list(
        "glue:GetDevEndpoints",
        "the Glue development endpoints",
        "DevEndpoints",
        NEXT_UPPER,
        redact=_drop("DevEndpoints[].", "Arguments", "PublicKey", "PublicKeys"),
    ),
    _list(
        "glue:GetJobs",
        "as which role each Glue job runs",
        "Jobs",
        NEXT_UPPER,
        redact={
            **_drop("Jobs[].", "DefaultArguments", "NonOverridableArguments", "Description", "Connections"),
            **_drop("Jobs[].", "CodeGenConfigurationNodes", "SourceControlDetails"),
        },
    ),
    _list("ecs:ListClusters", "the ECS clusters", "clusterArns", NEXT),
    declare(
        "ecs:ListTasks",
        "the ECS tasks that run" + _WHERE,
        pages="taskArns",
        token=NEXT,
        depth=STANDARD,
        per_subject=True,
        absent_codes=_LOWER_ECS,
    ),
    _one(
        "ecs:DescribeTasks",
        "the task definition of each, and whether commands can be executed in it",
        {"tasks": list},
        absent_codes=_LOWER_ECS,
        redact=_drop("tasks[].", "overrides.containerOverrides", "containers", "attachments"),
    ),
    _one(
        "ecs:DescribeTaskDefinition",
        "as which role a task runs",
        {"taskDefinition": dict},
        redact=_drop("taskDefinition.", "containerDefinitions", "volumes"),
    ),
    _list("ecs:ListTaskDefinitions", "the ECS task definitions", "taskDefinitionArns", NEXT),
    _list(
        "batch:DescribeJobDefinitions",
        "as which role Batch jobs run",
        "jobDefinitions",
        NEXT,
        redact={
            **_drop("jobDefinitions[].", "parameters", "nodeProperties", "ecsProperties"),
            **_drop("jobDefinitions[].containerProperties.", "environment", "command", "secrets", "mountPoints"),
            **_drop("jobDefinitions[].", "eksProperties"),
        },
    ),
    _list("apprunner:ListServices", "the App Runner services", "ServiceSummaryList", NEXT_UPPER),
    _one(
        "apprunner:DescribeService",
        "as which role each App Runner service runs",
        {"Service": dict, "Service.ServiceArn": str},
        absent_codes=GONE,
        redact=_drop("Service.", "SourceConfiguration"),
    ),
    _list("cognito-identity:ListIdentityPools", "the identity pools", "IdentityPools", NEXT_UPPER),
    _list(
        "bedrock-agentcore:ListCodeInterpreters",
        "the AgentCore code interpreters",
        "codeInterpreterSummaries",
        NEXT,
        client=_AGENTS,
        redact=_drop("codeInterpreterSummaries[].", "description"),
    ),
    _one(
        "bedrock-agentcore:GetCodeInterpreter",
        "as which role each code interpreter runs",
        {"codeInterpreterArn": str},
        client=_AGENTS,
        absent_codes=GONE,
        redact=_drop("", "description"),
    ),
    _list(
        "bedrock-agentcore:ListAgentRuntimes",
        "the AgentCore runtimes",
        "agentRuntimes",
        NEXT,
        client=_AGENTS,
        redact=_drop("agentRuntimes[].", "description"),
    ),
    _one(
        "bedrock-agentcore:GetAgentRuntime",
        "as which role each runtime runs",
        {"agentRuntimeArn": str, "roleArn": str},
        client=_AGENTS,
        absent_codes=GONE,
        redact={**_drop("", "description", "authorizerConfiguration", "environmentVariables")},
    ),
    _list(
        "bedrock-agentcore:ListBrowsers",
        "the AgentCore browsers",
        "browserSummaries",
        NEXT,
        client=_AGENTS,
        redact=_drop("browserSummaries[].", "description"),
    ),
    _one(
        "bedrock-agentcore:GetBrowser",
        "as which role each browser runs",
        {"browserArn": str},
        client=_AGENTS,
        absent_codes=GONE,
        redact=_drop("", "description"),
    ),
)
"""In the order of :class:`auditor.model.compute.ComputeKind`, each list before its details."""
