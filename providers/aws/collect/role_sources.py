"""Services that start functions through a role of their own: no function's policy names them, so each is listed."""

from functools import partial
from typing import Any

from providers.answers.json_paths import rows, text
from providers.aws.collect.definitions import invoking
from providers.aws.collect.region_context import RegionContext


class RoleSources:
    """Queues the questions about the state machines, GraphQL APIs and pipelines of one region."""

    def __init__(self, context: RegionContext) -> None:
        self._context = context

    def start(self) -> None:
        """Queues the lists; the rest follows from their answers."""
        self._context.bulk(self.state_machines, "states")
        for job in (self._graphql_apis, self._pipelines):
            self._context.bulk(job)

    def state_machines(self) -> None:
        """Asks for the state machines of the region, once."""
        if not self._context.asked.first("list", "state machines"):
            return

        def each(page: Any) -> None:
            for row in rows(page, "stateMachines"):
                self._once(text(row, "stateMachineArn"), self._state_machine, "states")

        self._context.listing("states:ListStateMachines", each=each)

    def _state_machine(self, arn: str) -> None:
        self._context.call_shaped("states:DescribeStateMachine", arn, invoking, stateMachineArn=arn)

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

    def _once(self, subject: str, job: Any, lane: str = "bulk") -> None:
        if subject and self._context.asked.first(job.__name__, subject):
            self._context.bulk(partial(job, subject), lane)
