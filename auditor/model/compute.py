"""Compute of an account besides its functions: what runs as a role already, or can be made to."""

from enum import StrEnum

from auditor.model.base import frozen
from auditor.model.observed import Observed


class ComputeKind(StrEnum):
    """What kind of compute it is."""

    INSTANCE = "instance"
    LAUNCH_TEMPLATE = "launch-template"
    AUTO_SCALING_GROUP = "auto-scaling-group"
    BUILD_PROJECT = "build-project"
    STACK = "stack"
    STACK_SET = "stack-set"
    NOTEBOOK = "notebook"
    DEV_ENDPOINT = "dev-endpoint"
    GLUE_JOB = "glue-job"
    ECS_CLUSTER = "ecs-cluster"
    ECS_TASK = "ecs-task"
    TASK_DEFINITION = "task-definition"
    JOB_DEFINITION = "job-definition"
    APP_RUNNER_SERVICE = "app-runner-service"
    STATE_MACHINE = "state-machine"
    CODE_INTERPRETER = "code-interpreter"
    AGENT_RUNTIME = "agent-runtime"
    AGENT_BROWSER = "agent-browser"
    IDENTITY_POOL = "identity-pool"


class Trait(StrEnum):
    """What a way in may need of it."""

    RUNNING = "running"
    """It runs, or is about to."""
    MANAGED = "managed"
    """Its agent takes commands of Systems Manager."""
    EXEC = "exec"
    """Commands can be executed in it."""
    BATCHES = "batches"
    """It is set up for batches of builds."""
    PROFILE = "profile"
    """An instance profile is associated with it."""
    NO_PROFILE = "no-profile"
    """None is."""


@frozen
class Compute:
    """One piece of compute."""

    id: str
    """ARN."""
    name: str
    """Name or id."""
    role: str
    """ARN of the role it runs as, or of the instance profile that holds that role; empty: none."""
    traits: tuple[Trait, ...] = ()
    """What it certainly offers."""
    unsure: tuple[Trait, ...] = ()
    """What it may offer: the answers do not tell."""
    tags: tuple[tuple[str, str], ...] | None = None
    """Its tags, sorted by key; null: not read."""


@frozen
class ComputeList:
    """The compute of one kind: what was read, and why there may be more."""

    kind: ComputeKind
    """What kind."""
    found: tuple[Observed[tuple[Compute, ...]], ...]
    """One group for each region."""
