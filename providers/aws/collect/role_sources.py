"""Services that start functions through a role of their own: no function's policy names them, so each is listed."""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from auditor.model.capture import Json
from providers.answers.json_paths import record, rows, text
from providers.aws.collect.region_context import RegionContext

_FUNCTION: Final = "FunctionName"


class RoleSources:
    """Queues the questions about the state machines, GraphQL APIs and pipelines of one region."""

    def __init__(self, context: RegionContext) -> None:
        self._context = context

    def start(self) -> None:
        """Queues the lists; the rest follows from their answers."""
        for job in (self._state_machines, self._graphql_apis, self._pipelines):
            self._context.bulk(job)

    def _state_machines(self) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "stateMachines"):
                self._once(text(row, "stateMachineArn"), self._state_machine)

        self._context.listing("states:ListStateMachines", each=each)

    def _state_machine(self, arn: str) -> None:
        self._context.call_shaped("states:DescribeStateMachine", arn, _invoking, stateMachineArn=arn)

    def _graphql_apis(self) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "graphqlApis"):
                self._once(text(row, "apiId"), self._data_sources)

        self._context.listing("appsync:ListGraphqlApis", each=each)

    def _data_sources(self, api: str) -> None:
        self._context.listing("appsync:ListDataSources", api, apiId=api)

    def _pipelines(self) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "pipelines"):
                self._once(text(row, "name"), self._pipeline)

        self._context.listing("codepipeline:ListPipelines", each=each)

    def _pipeline(self, name: str) -> None:
        self._context.call("codepipeline:GetPipeline", name, name=name)

    def _once(self, subject: str, job: Any) -> None:
        if subject and self._context.asked.first(job.__name__, subject):
            self._context.bulk(partial(job, subject))


def _invoking(body: Json) -> Json:
    """The answer about a state machine with only those steps in its definition that invoke a function.

    Definitions hold whatever their authors pass on. Raises ValueError for one that is no JSON object.
    """
    definition = json.loads(text(body, "definition"))
    if not isinstance(definition, dict) or not isinstance(body, Mapping):
        message = "a definition that is no object"
        raise ValueError(message)  # noqa: TRY004 - what is wrong is the text
    return {**body, "definition": json.dumps({"States": dict(_tasks(definition, ""))})}


def _tasks(node: Any, outer: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The steps that name a function, at any depth: states may hold branches and item processors of further ones."""
    if isinstance(node, list):
        for place, item in enumerate(node):
            yield from _tasks(item, f"{outer}{place}/")
        return
    for name, state in record(node, "States").items():
        kept = _kept(state)
        if kept:
            yield f"{outer}{name}", kept
    for key, below in node.items() if isinstance(node, Mapping) else ():
        if key == "States":
            for name, state in record(node, "States").items():
                yield from _tasks(state, f"{outer}{name}/")
        elif key in ("Branches", "Iterator", "ItemProcessor"):
            yield from _tasks(below, f"{outer}{key}/")


def _kept(state: Any) -> dict[str, Any]:
    """What a task names: its resource, and where that is Lambda's own integration, the function."""
    resource = text(state, "Resource")
    if text(state, "Type") != "Task" or "lambda" not in resource:
        return {}
    kept: dict[str, Any] = {"Type": "Task", "Resource": resource}
    for arguments in ("Parameters", "Arguments"):
        given = record(state, arguments)
        named = {key: text(given, key) for key in (_FUNCTION, f"{_FUNCTION}.$") if text(given, key)}
        if named:
            kept[arguments] = named
    return kept
