"""Roles to escalate from: what each may do, what it really reaches by that, and what only looks like a way.

They stand in one emulated account with compute of every kind (``furnished``), or in one without any (``bare``). Each case
has targets of its own, named after it, so that one account holds them all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

ACCOUNT: Final = "123456789012"
REGION: Final = "us-east-1"
Statement = Mapping[str, Any]


def allow(actions: str, on: str | Sequence[str] = "*", when: Mapping[str, Any] | None = None) -> Statement:
    """A statement that allows actions, which spaces part."""
    listed = on if isinstance(on, str) else list(on)
    return {"Effect": "Allow", "Action": actions.split(), "Resource": listed} | ({"Condition": when} if when else {})


def deny(actions: str, on: str | Sequence[str] = "*") -> Statement:
    """A statement that denies them."""
    return {**allow(actions, on), "Effect": "Deny"}


def arn(service: str, resource: str) -> str:
    """An ARN of the account."""
    return f"arn:aws:{service}:{'' if service == 'iam' else REGION}:{ACCOUNT}:{resource}"


@dataclass(frozen=True)
class Case:
    """A role ``lab-NAME`` with a function, and ``NAME-admin``: an administrator that ``services`` can run as.

    ``builds`` is the kind of compute that runs as it (``NAME``), ``worker`` lets it run as a role without rights
    instead. ``technique`` is what has to be found, "" for what is no way; ``doubtful`` where something has to hold
    besides. ``boundary`` limits the role.
    """

    name: str
    statements: tuple[Statement, ...]
    technique: str = ""
    services: tuple[str, ...] = ()
    builds: str = ""
    worker: bool = False
    doubtful: bool = False
    boundary: tuple[Statement, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def role(self) -> str:
        """The role that an attacker has."""
        return arn("iam", f"role/lab-{self.name}")

    @property
    def admin(self) -> str:
        """The role that is worth reaching."""
        return arn("iam", f"role/{self.name}-admin")


def _pass(name: str) -> Statement:
    return allow("iam:PassRole", arn("iam", f"role/{name}-admin"))


def _passing(name: str, actions: str, technique: str, *services: str, doubtful: bool = False) -> Case:
    return Case(name, (_pass(name), allow(actions)), technique, services, doubtful=doubtful)


def _using(name: str, kind: str, actions: str, on: str | Sequence[str], technique: str, **more: Any) -> Case:
    return Case(name, (allow(actions, on),), technique, builds=kind, **more)


def _running(document: str) -> list[str]:
    """A document of AWS on any instance."""
    return [arn("ec2", "instance/*"), arn("ssm", "association/*"), f"arn:aws:ssm:{REGION}::document/{document}"]


def _own_document(name: str) -> list[str]:
    return [arn("ec2", "instance/*"), arn("ssm", f"document/{name}")]


NEVER: Final = {"StringEquals": {"aws:PrincipalAccount": "999999999999"}}
ELSEWHERE: Final = {"StringEquals": {"aws:ResourceTag/team": "blue"}}

PASSING: Final = (
    _passing("pr-lambda", "lambda:CreateFunction lambda:InvokeFunction", "lambda-create-invoke", "lambda"),
    _passing(
        "pr-lambda-stream",
        "lambda:CreateFunction lambda:CreateEventSourceMapping dynamodb:PutItem",
        "lambda-create-event-source",
        "lambda",
    ),
    _passing("pr-ec2", "ec2:RunInstances", "ec2-run", "ec2"),
    _passing("pr-glue", "glue:CreateDevEndpoint glue:GetDevEndpoint", "glue-dev-endpoint", "glue"),
    _passing("pr-glue-job", "glue:CreateJob glue:StartJobRun", "glue-create-start", "glue"),
    _passing("pr-stack", "cloudformation:CreateStack", "cloudformation-stack", "cloudformation"),
    _passing(
        "pr-pipeline",
        "datapipeline:CreatePipeline datapipeline:PutPipelineDefinition datapipeline:ActivatePipeline",
        "datapipeline-run",
        "datapipeline",
    ),
    _passing("pr-notebook", "sagemaker:CreateNotebookInstance", "sagemaker-notebook", "sagemaker"),
    _passing("pr-training", "sagemaker:CreateTrainingJob", "sagemaker-training", "sagemaker"),
    _passing("pr-build", "codebuild:CreateProject codebuild:StartBuild", "codebuild-create-start", "codebuild"),
    _passing("pr-states", "states:CreateStateMachine states:StartExecution", "stepfunctions-start", "states"),
    _passing("pr-schedule", "scheduler:CreateSchedule", "scheduler-schedule", "scheduler"),
    _passing("pr-automation", "ssm:StartAutomationExecution", "ssm-automation", "ssm"),
)
"""Passing a role to new compute, which needs none that exists."""
PASSING_TO_EXISTING: Final = (
    _passing("pe-task", "ecs:RegisterTaskDefinition ecs:RunTask", "ecs-register-run", "ecs-tasks"),
    _passing("pe-override", "ecs:RunTask", "ecs-run-override", "ecs-tasks"),
    _passing("pe-job", "glue:UpdateJob glue:StartJobRun", "glue-update-start", "glue"),
    _passing("pe-set", "cloudformation:UpdateStackSet", "cloudformation-update-stack-set", "cloudformation"),
    _passing("pe-project", "codebuild:UpdateProject", "codebuild-update", "codebuild", doubtful=True),
    _passing(
        "pe-profile",
        "ec2:ReplaceIamInstanceProfileAssociation ssm:StartSession",
        "ec2-profile-association",
        "ec2",
    ),
    _passing("pe-profile-only", "ec2:AssociateIamInstanceProfile", "ec2-profile-associate", "ec2", doubtful=True),
)
"""Passing a role to compute that has to exist already, which role it has now is the same."""
EXISTING: Final = (
    _using("ex-session", "instance", "ssm:StartSession", "*", "ssm-session", tags={"team": "red"}),
    _using("ex-command", "instance", "ssm:SendCommand", "*", "ssm-command"),
    _using("ex-document", "instance", "ssm:SendCommand", _running("AWS-RunShellScript"), "ssm-command"),
    _using("ex-own-document", "instance", "ssm:SendCommand", _own_document("restart"), "ssm-command", doubtful=True),
    _using(
        "ex-association", "instance", "ssm:CreateAssociation", _running("AWS-RunPowerShellScript"), "ssm-association"
    ),
    _using(
        "ex-tagged",
        "instance",
        "ssm:SendCommand",
        "*",
        "ssm-command",
        tags={"team": "red"},
    ),
    _using(
        "ex-connect", "instance", "ec2-instance-connect:SendSSHPublicKey", "*", "ec2-instance-connect", doubtful=True
    ),
    _using(
        "ex-user-data",
        "instance",
        "ec2:ModifyInstanceAttribute ec2:StopInstances ec2:StartInstances",
        "*",
        "ec2-user-data",
    ),
    _using(
        "ex-template",
        "template",
        "ec2:CreateLaunchTemplateVersion ec2:ModifyLaunchTemplate",
        "*",
        "ec2-launch-template",
        doubtful=True,
    ),
    _using("ex-build", "project", "codebuild:StartBuild", arn("codebuild", "project/ex-build"), "codebuild-start"),
    _using(
        "ex-stack",
        "stack",
        "cloudformation:UpdateStack",
        arn("cloudformation", "stack/ex-stack/*"),
        "cloudformation-update",
    ),
    _using(
        "ex-changes",
        "stack",
        "cloudformation:CreateChangeSet cloudformation:ExecuteChangeSet",
        arn("cloudformation", "stack/ex-changes/*"),
        "cloudformation-change-set",
    ),
    _using(
        "ex-set",
        "stack-set",
        "cloudformation:UpdateStackSet",
        [arn("cloudformation", "stackset/ex-set:*"), arn("cloudformation", "stackset-target/*")],
        "cloudformation-stack-set-existing",
    ),
    _using(
        "ex-notebook",
        "notebook",
        "sagemaker:CreatePresignedNotebookInstanceUrl",
        arn("sagemaker", "notebook-instance/ex-notebook"),
        "sagemaker-presigned-url",
    ),
    _using(
        "ex-endpoint",
        "endpoint",
        "glue:UpdateDevEndpoint",
        arn("glue", "devEndpoint/ex-endpoint"),
        "glue-update-dev-endpoint",
    ),
    _using("ex-job", "job", "glue:UpdateJob glue:StartJobRun", arn("glue", "job/ex-job"), "glue-update-existing-start"),
    _using("ex-exec", "task", "ecs:ExecuteCommand", "*", "ecs-exec", doubtful=True),
    _using("ex-batch", "definition", "batch:SubmitJob", "*", "batch-submit"),
    _using(
        "ex-service", "service", "apprunner:UpdateService", arn("apprunner", "service/ex-service/*"), "apprunner-update"
    ),
    _using(
        "ex-machine",
        "machine",
        "states:UpdateStateMachine states:StartExecution",
        arn("states", "stateMachine:ex-machine"),
        "stepfunctions-update",
    ),
    _using(
        "ex-interpreter",
        "interpreter",
        "bedrock-agentcore:StartCodeInterpreterSession bedrock-agentcore:InvokeCodeInterpreter",
        arn("bedrock-agentcore", "code-interpreter-custom/*"),
        "agentcore-interpreter-existing",
    ),
    _using(
        "ex-runtime",
        "runtime",
        "bedrock-agentcore:InvokeAgentRuntimeCommand",
        arn("bedrock-agentcore", "runtime/*"),
        "agentcore-runtime-existing",
    ),
)
"""Using compute that runs as the role."""
OF_IAM: Final = (
    Case("iam-attach", (allow("iam:AttachRolePolicy", arn("iam", "role/lab-iam-attach")),), "role-attach-policy"),
    Case("iam-put", (allow("iam:PutRolePolicy", arn("iam", "role/lab-iam-put")),), "role-inline-policy"),
    Case("iam-key", (allow("iam:CreateAccessKey", arn("iam", "user/lab-admin")),), "access-key"),
    Case("iam-login", (allow("iam:CreateLoginProfile", arn("iam", "user/lab-admin")),), "login-profile"),
    Case(
        "iam-trust",
        (allow("iam:UpdateAssumeRolePolicy", arn("iam", "role/iam-trust-admin")),),
        "trust-policy",
        ("ec2",),
    ),
)
"""Rewriting IAM itself."""
LOOKALIKES: Final = (
    Case("no-denied", (_pass("no-denied"), allow("ec2:RunInstances"), deny("iam:PassRole")), services=("ec2",)),
    Case(
        "no-bounded",
        (_pass("no-bounded"), allow("lambda:CreateFunction lambda:InvokeFunction")),
        services=("lambda",),
        boundary=(allow("lambda:* logs:* s3:*"),),
    ),
    Case(
        "no-service",
        (
            allow(
                "iam:PassRole",
                arn("iam", "role/no-service-admin"),
                {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
            ),
            allow("lambda:CreateFunction lambda:InvokeFunction"),
        ),
        services=("lambda",),
    ),
    Case("no-trust", (_pass("no-trust"), allow("ec2:RunInstances")), services=("glue",)),
    Case("no-never", (allow("iam:CreateAccessKey", arn("iam", "user/lab-admin"), NEVER),)),
    _using("no-other", "project", "codebuild:StartBuild", arn("codebuild", "project/no-other-else"), ""),
    _using(
        "no-region", "project", "codebuild:StartBuild", f"arn:aws:codebuild:eu-west-1:{ACCOUNT}:project/no-region", ""
    ),
    Case(
        "no-tag",
        (allow("ssm:StartSession", arn("ec2", "instance/*"), ELSEWHERE),),
        builds="instance",
        tags={"team": "red"},
    ),
    Case(
        "no-ssm-tag",
        (allow("ssm:StartSession", arn("ec2", "instance/*"), {"StringEquals": {"ssm:resourceTag/team": "blue"}}),),
        builds="instance",
        tags={"team": "red"},
    ),
    _using("no-document", "instance", "ssm:SendCommand", _running("AWS-UpdateSSMAgent"), ""),
    _using("no-document-at-all", "instance", "ssm:SendCommand", arn("ec2", "instance/*"), ""),
    _using("no-worker", "project", "codebuild:StartBuild", arn("codebuild", "project/no-worker"), "", worker=True),
    _using("no-job", "job", "glue:UpdateJob glue:StartJobRun", arn("glue", "job/other"), ""),
    _using("no-half", "job", "glue:StartJobRun", arn("glue", "job/no-half"), ""),
    Case("no-user", (allow("iam:CreateAccessKey", arn("iam", "user/gone")),)),
    _using("no-denied-build", "project", "codebuild:BatchGetProjects", arn("codebuild", "project/no-denied-build"), ""),
    Case(
        "no-build-denied",
        (allow("codebuild:StartBuild", arn("codebuild", "project/*")), deny("codebuild:*")),
        builds="project",
    ),
    Case(
        "no-session-bounded",
        (allow("ssm:StartSession"),),
        builds="instance",
        boundary=(allow("ssm:GetParameter"),),
    ),
)
"""What names the actions of a technique and leads nowhere."""

FURNISHED: Final = (*PASSING, *PASSING_TO_EXISTING, *EXISTING, *OF_IAM, *LOOKALIKES)
SERVICES: Final = {
    **dict.fromkeys(("instance", "template"), "ec2"),
    **dict.fromkeys(("endpoint", "job"), "glue"),
    **dict.fromkeys(("stack", "stack-set"), "cloudformation"),
    **dict.fromkeys(("interpreter", "runtime"), "bedrock-agentcore"),
    **dict.fromkeys(("task", "definition"), "ecs-tasks"),
    "project": "codebuild",
    "notebook": "sagemaker",
    "service": "tasks.apprunner",
    "machine": "states",
}
"""What runs each kind of compute."""


def _gone(case: Case) -> Case:
    """The same grants, with a role that the service could run as and nothing that does."""
    name = f"gone-{case.name}"
    if case.builds:
        return Case(name, case.statements, services=(SERVICES[case.builds],))
    return Case(name, (_pass(name), *case.statements[1:]), services=case.services)


BARE: Final = (*PASSING, *map(_gone, (*EXISTING, *PASSING_TO_EXISTING)))
"""Where nothing exists that a grant could be used on: capabilities, no paths."""
