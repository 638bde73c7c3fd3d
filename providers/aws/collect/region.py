"""Reads one region: bulk lists first, then each function as the list brings it."""

from collections.abc import Mapping
from typing import Any

from auditor.model.capture import Depth
from providers.answers.json_paths import rows, text, texts
from providers.aws.arn import split_function
from providers.aws.collect import telemetry
from providers.aws.collect.batches import Batches
from providers.aws.collect.dependencies import Referred
from providers.aws.collect.functions import FunctionCalls
from providers.aws.collect.region_context import Place


class Region:
    """The order of one region's questions. A region that says it has no function is asked nothing more."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._referred = Referred(place)
        self._calls = FunctionCalls(place, self._referred)
        self._batches = Batches(place)

    def start(self) -> None:
        """Queues the first question; the rest follows from the answers."""
        self._place.bulk(self._tags_first if self._place.options.tags else self._functions)

    def _tags_first(self) -> None:
        self._place.once("region", "tags")
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

        complete, _ = self._place.listing("lambda:ListFunctions", each=each)
        if not complete:
            self._rest()
        if self._place.at_least(Depth.STANDARD):
            self._batches.start()
            self._calls.listed(seen)

    def _function(self, row: Mapping[str, Any]) -> None:
        arn = text(row, "FunctionArn")
        if arn and self._place.selected(arn):
            self._calls.start(arn)
            self._referred.function(row)
            self._batches.function(row)

    def _rest(self) -> None:
        place = self._place
        if not place.once("region", "rest"):
            return
        place.bulk(self._mappings)
        place.bulk(self._signing)
        place.bulk(lambda: place.call("lambda:GetAccountSettings"))
        if place.once("region", "tags"):
            place.bulk(self._tags)
        telemetry.start(place)

    def _tags(self) -> None:
        found: dict[str, dict[str, str]] = {}

        def each(page: Any) -> None:
            for row in rows(page, "ResourceTagMappingList"):
                tags = {text(tag, "Key"): text(tag, "Value") for tag in rows(row, "Tags")}
                found[text(row, "ResourceARN")] = tags

        complete, _ = self._place.listing(
            "tag:GetResources", each=each, ResourceTypeFilters=["lambda:function"], ResourcesPerPage=100
        )
        if complete:
            self._place.tags = found

    def _mappings(self) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "EventSourceMappings"):
                function = split_function(row.get("FunctionArn"))
                if function is None or not self._place.selected(function[0]):
                    continue
                self._calls.qualifier(row["FunctionArn"])
                self._referred.target(text(row, "DestinationConfig", "OnFailure", "Destination"))

        self._place.listing("lambda:ListEventSourceMappings", each=each)

    def _signing(self) -> None:
        configurations: list[str] = []

        def each(page: Any) -> None:
            for row in rows(page, "CodeSigningConfigs"):
                configurations.append(text(row, "CodeSigningConfigArn"))
                for profile in texts(row, "AllowedPublishers", "SigningProfileVersionArns"):
                    self._referred.publisher(profile)

        self._place.listing("lambda:ListCodeSigningConfigs", each=each)
        for arn in filter(None, configurations):
            self._place.listing("lambda:ListFunctionsByCodeSigningConfig", arn, CodeSigningConfigArn=arn)
