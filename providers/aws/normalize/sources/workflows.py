"""State machines and pipelines, and the functions that their steps start."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final, TypeVar

from auditor.model.capture import Json
from auditor.model.observed import Gap, GapReason, Observed, Unknown
from auditor.model.trigger import TriggerKind
from auditor.model.workflow import Workflow
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    UnreadableError,
    choice,
    items,
    member,
    optional_flag,
    optional_member,
    optional_text,
    record,
    text,
    texts,
)
from providers.aws.normalize.sources.reading import EVERYTHING, Delivery, Reading, delivery, is_function

T = TypeVar("T")

_MACHINES: Final = "states:ListStateMachines"
_MACHINE: Final = "states:DescribeStateMachine"
_PIPELINES: Final = "codepipeline:ListPipelines"
_PIPELINE: Final = "codepipeline:GetPipeline"
_INVOKES: Final = ":states:::lambda:invoke"
"""Step Functions Developer Guide, "Invoke an AWS Lambda function": the integration, also with a pattern after it."""
_SDK: Final = ":states:::aws-sdk:lambda:invoke"


def state_machines(answers: Answers, partition: str, *, by_role: bool) -> Reading:
    """What state machines start. One that computes a function's name may start any that its role may invoke."""
    listed = answers.readable(answers.pages(_MACHINES, "stateMachines"), lambda body: text(body, "stateMachineArn"))
    gaps: dict[str, Gap] = {EVERYTHING: listed.gap} if listed.gap else {}
    deliveries: list[Delivery] = []
    for machine in listed.items:
        body = answers.one(_MACHINE, machine)
        if isinstance(body, Unknown):
            gaps[machine] = body.gap
            continue
        if body.value is None:
            continue  # deleted since it was listed
        tasks = answers.fact(_MACHINE, lambda body=body.value: tuple(_tasks(body)), machine)  # type: ignore[misc]
        if isinstance(tasks, Unknown):
            gaps[machine] = tasks.gap
            continue
        setup = known(_setup(answers, machine, body.value), _MACHINE)
        for named in dict.fromkeys(tasks.value):
            if named is None:
                message = f"{machine} computes the name of a function that it starts"
                gaps[machine] = answers.gap(_MACHINE, GapReason.NOT_COLLECTED, message, machine)
                continue
            function = _function(named, answers, partition)
            made = delivery(function, "states", machine, TriggerKind.WORKFLOW, asynchronous=False)
            deliveries.append(Delivery(made.function, replace(made.trigger, workflow=setup)))
    return Reading(
        service="states",
        operation=_MACHINE,
        deliveries=tuple(deliveries),
        gaps=gaps,
        resources=None if listed.gap else frozenset(listed.items),
        by_role=by_role,
    )


def _setup(answers: Answers, machine: str, body: dict[str, Any]) -> Workflow:
    """Step Functions API reference, DescribeStateMachine: without a configuration nothing is logged or traced, and AWS
    owns the key.
    """

    def fact(read: Callable[[], T]) -> Observed[T]:
        return answers.fact(_MACHINE, read, machine)

    return Workflow(
        express=fact(lambda: choice(body, "type", _EXPRESS)),
        log_level=fact(lambda: _level(optional_member(body, "loggingConfiguration") or {})),
        traced=fact(lambda: optional_flag(optional_member(body, "tracingConfiguration") or {}, "enabled")),
        customer_key=fact(lambda: _own_key(optional_member(body, "encryptionConfiguration"))),
        credentials=fact(lambda: _credentials(body)),
    )


_EXPRESS: Final = {"STANDARD": False, "EXPRESS": True}
_LEVELS: Final = {level: level for level in ("ALL", "ERROR", "FATAL", "OFF")}
_KEYS: Final = {"AWS_OWNED_KEY": False, "CUSTOMER_MANAGED_KMS_KEY": True}
_PLACES: Final = "foundAt"


def _level(configuration: dict[str, Any]) -> str:
    return choice(configuration, "level", _LEVELS) if "level" in configuration else "OFF"


def _own_key(configuration: dict[str, Any] | None) -> bool:
    return configuration is not None and choice(configuration, "type", _KEYS)


def _credentials(body: dict[str, Any]) -> tuple[str, ...]:
    """Where the collection found one; earlier releases did not look."""
    if _PLACES not in body:
        raise UnreadableError("the definition was not searched for credentials", GapReason.NOT_COLLECTED)
    return texts(body, _PLACES)


def _tasks(body: Json) -> Iterator[str | None]:
    """The functions that the steps of a definition name; None for one that a step computes."""
    try:
        definition = json.loads(text(body, "definition"))
    except ValueError as error:
        raise UnreadableError("the definition is no JSON") from error
    for state in member(definition, "States").values():
        resource = text(record(state, "a state"), "Resource")
        if _INVOKES not in resource and _SDK not in resource:
            if is_function(resource):
                yield resource
            continue
        given = optional_member(state, "Parameters") or optional_member(state, "Arguments") or {}
        named = optional_text(given, "FunctionName")
        yield None if named is None or named.lstrip().startswith("{%") else named


def _function(named: str, answers: Answers, partition: str) -> str:
    """The ARN of a function that is named in one of Lambda's forms: an ARN, a part of one, or a name."""
    if named.startswith("arn:"):
        return named
    account, found, rest = named.partition(":function:")
    if not found:
        account, rest = answers.account, named
    return f"arn:{partition}:lambda:{answers.location}:{account}:function:{rest}"


def pipelines(answers: Answers, partition: str, *, by_role: bool) -> Reading:
    """What the actions of pipelines start."""
    listed = answers.readable(answers.pages(_PIPELINES, "pipelines"), lambda body: text(body, "name"))
    gaps: dict[str, Gap] = {EVERYTHING: listed.gap} if listed.gap else {}
    deliveries: list[Delivery] = []
    resources: set[str] = set()
    for name in listed.items:
        arn = f"arn:{partition}:codepipeline:{answers.location}:{answers.account}:{name}"
        resources.add(arn)
        body = answers.one(_PIPELINE, name)
        if isinstance(body, Unknown):
            gaps[arn] = body.gap
            continue
        if body.value is None:
            continue  # deleted since it was listed
        found = answers.fact(_PIPELINE, lambda body=body.value: tuple(_actions(body, answers)), name)  # type: ignore[misc]
        if isinstance(found, Unknown):
            gaps[arn] = found.gap
            continue
        for region, function in found.value:
            target = f"arn:{partition}:lambda:{region}:{answers.account}:function:{function}"
            deliveries.append(delivery(target, "codepipeline", arn, TriggerKind.WORKFLOW, asynchronous=True))
    return Reading(
        service="codepipeline",
        operation=_PIPELINE,
        deliveries=tuple(deliveries),
        gaps=gaps,
        resources=None if listed.gap else frozenset(resources),
        by_role=by_role,
    )


def _actions(body: dict[str, Any], answers: Answers) -> Iterator[tuple[str, str]]:
    """Region and name of the function of each action that invokes one."""
    for stage in items(member(body, "pipeline"), "stages"):
        for action in items(stage, "actions"):
            kind = member(action, "actionTypeId")
            if (text(kind, "category"), text(kind, "provider")) == ("Invoke", "Lambda"):
                yield (
                    optional_text(action, "region") or answers.location,
                    text(member(action, "configuration"), "FunctionName"),
                )
