"""Reads one region: bulk lists first, then each function as the list brings it."""

from collections.abc import Mapping
from typing import Any

from auditor.model.capture import Depth
from providers.answers.json_paths import rows, text, texts
from providers.aws.arn import split_function
from providers.aws.collect import telemetry
from providers.aws.collect.activity import Activity
from providers.aws.collect.batches import Batches
from providers.aws.collect.dependencies import Dependencies
from providers.aws.collect.functions import FunctionCalls
from providers.aws.collect.recorded_policies import RecordedPolicies
from providers.aws.collect.region_context import RegionContext
from providers.aws.collect.sources import Sources


class Region:
    """The order of one region's questions. A region that says it has no function is asked nothing more about functions;
    what else a role may be reached by is asked of every region (:mod:`providers.aws.collect.compute`).
    """

    def __init__(self, context: RegionContext) -> None:
        self._context = context
        self._referred = Dependencies(context)
        self._sources = Sources(context, self._referred)
        self._recorded = RecordedPolicies(context)
        self._calls = FunctionCalls(context, self._referred, self._sources, self._recorded)
        self._batches = Batches(context)
        self._activity = Activity(context)
        self._revisions = context.revisions

    def start(self) -> None:
        """Queues the first question; the rest follows from the answers."""
        self._context.bulk(self._recorded_first if self._recorded.wanted else self._lists)

    def _recorded_first(self) -> None:
        self._recorded.read()
        self._lists()

    def _lists(self) -> None:
        (self._tags_first if self._context.options.tags else self._functions)()

    def _tags_first(self) -> None:
        self._context.asked.first("region", "tags")
        self._tags()
        self._functions()

    def _functions(self) -> None:
        seen = 0

        def each(page: Any) -> None:
            nonlocal seen
            for row in rows(page, "Functions"):
                seen += 1
                self._function(row)
            if seen:
                self._rest()

        complete, _ = self._context.listing("lambda:ListFunctions", each=each)
        if not complete:
            self._rest()
        self._activity.start()
        if self._context.at_least(Depth.STANDARD):
            self._batches.start()
            self._calls.listed(seen)

    def _function(self, row: Mapping[str, Any]) -> None:
        arn = text(row, "FunctionArn")
        if arn and self._context.selected(arn):
            self._revisions.function(row)
            self._calls.start(arn, text(row, "RevisionId"))
            self._referred.function(row)
            self._batches.function(row)
            self._activity.function(arn, row)
            if self._context.usage is not None:
                self._context.usage.role(text(row, "Role"), self._context.work)

    def _rest(self) -> None:
        context = self._context
        if not context.asked.first("region", "rest"):
            return
        context.bulk(self._mappings)
        context.bulk(self._signing)
        context.bulk(lambda: context.call("lambda:GetAccountSettings"))
        if context.asked.first("region", "tags"):
            context.bulk(self._tags)
        telemetry.start(context)
        self._sources.start()

    def _tags(self) -> None:
        found: dict[str, dict[str, str]] = {}

        def each(page: Any) -> None:
            for row in rows(page, "ResourceTagMappingList"):
                tags = {text(tag, "Key"): text(tag, "Value") for tag in rows(row, "Tags")}
                found[text(row, "ResourceARN")] = tags

        complete, _ = self._context.listing(
            "tag:GetResources", each=each, ResourceTypeFilters=["lambda:function"], ResourcesPerPage=100
        )
        if complete:
            self._context.tags = found

    def _mappings(self) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "EventSourceMappings"):
                function = split_function(row.get("FunctionArn"))
                if function is None or not self._context.selected(function[0]):
                    continue
                self._calls.qualifier(row["FunctionArn"])
                self._sources.mapped(text(row, "EventSourceArn"))
                self._referred.target(text(row, "DestinationConfig", "OnFailure", "Destination"))

        self._context.listing("lambda:ListEventSourceMappings", each=each)

    def _signing(self) -> None:
        configurations: list[str] = []

        def each(page: Any) -> None:
            for row in rows(page, "CodeSigningConfigs"):
                configurations.append(text(row, "CodeSigningConfigArn"))
                for profile in texts(row, "AllowedPublishers", "SigningProfileVersionArns"):
                    self._referred.publisher(profile)

        self._context.listing("lambda:ListCodeSigningConfigs", each=each)
        for arn in filter(None, configurations):
            self._context.listing("lambda:ListFunctionsByCodeSigningConfig", arn, CodeSigningConfigArn=arn)
