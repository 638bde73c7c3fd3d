"""What has no bulk form: the calls for each function, and for each of its aliases and versions."""

from functools import partial
from typing import Any, Final

from auditor.model.capture import Depth
from providers.answers.json_paths import record, rows, text
from providers.aws.arn import split_function
from providers.aws.collect.dependencies import Referred
from providers.aws.collect.region_context import Place
from providers.aws.collect.versions import LATEST, published, worth_listing
from providers.aws.operations.declaration import CODE
from providers.aws.versions import asked_for

_AT_FULL: Final = ("lambda:GetFunctionRecursionConfig", "lambda:GetRuntimeManagementConfig")


class FunctionCalls:
    """Queues the per-function calls of a region."""

    def __init__(self, place: Place, referred: Referred) -> None:
        self._place = place
        self._referred = referred
        self._selected: list[str] = []

    def start(self, arn: str) -> None:
        """Queues everything the depth asks about one function."""
        place = self._place
        if not place.at_least(Depth.STANDARD) or not place.once("function", arn):
            return
        self._selected.append(arn)
        place.work.add("lambda:GetPolicy", lambda: self._policy(arn))
        place.work.add("lambda", lambda: self._urls(arn))
        if self._code:
            place.work.add("lambda:GetFunction", lambda: self._function(arn))
        if place.at_least(Depth.FULL):
            self._reserved(arn)
            place.work.add("lambda", lambda: self._aliases(arn))
            place.work.add("lambda", lambda: self._invoke_configs(arn))
            for operation in _AT_FULL:
                place.work.add("lambda", partial(place.call, operation, arn, FunctionName=function_name(arn)))

    def listed(self, functions: int) -> None:
        """Queues what is asked of functions with published versions, once the region's ``functions`` are listed."""
        if self._selected:
            self._place.work.add("lambda", lambda: self._versioned(functions))

    def qualifier(self, qualified: Any) -> None:
        """A qualified ARN somebody uses: its policy is asked for, once."""
        split = split_function(qualified)
        if split is not None and self._place.at_least(Depth.STANDARD) and self._place.selected(split[0]):
            self._qualifier(*split)

    @property
    def _code(self) -> bool:
        return CODE in self._place.options.tiers

    def _qualifier(self, arn: str, name: str) -> None:
        if name and name != LATEST and self._place.once("qualifier", f"{arn}#{name}"):
            self._place.work.add("lambda:GetPolicy", lambda: self._policy(arn, name))

    def _policy(self, arn: str, qualifier: str = "") -> None:
        more = {"Qualifier": qualifier} if qualifier else {}
        subject = f"{arn}#{qualifier}" if qualifier else arn
        body = self._place.call("lambda:GetPolicy", subject, FunctionName=function_name(arn), **more).body
        if _may_admit_anyone(text(body, "Policy")):
            self._reserved(arn)

    def _reserved(self, arn: str) -> None:
        """Asks for the reserved concurrency, unless GetFunction is to tell it."""
        if not self._code:
            self._concurrency(arn)

    def _concurrency(self, arn: str) -> None:
        if self._place.once("concurrency", arn):
            name = function_name(arn)
            self._place.work.add(
                "lambda", lambda: self._place.call("lambda:GetFunctionConcurrency", arn, FunctionName=name)
            )

    def _function(self, arn: str) -> None:
        body = self._place.call("lambda:GetFunction", arn, FunctionName=function_name(arn)).body
        if body is None:
            self._concurrency(arn)
        for field in ("ResolvedImageUri", "ImageUri"):
            self._referred.image(text(body, "Code", field))
        self._referred.key(text(body, "Code", "SourceKMSKeyArn"))

    def _urls(self, arn: str) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "FunctionUrlConfigs"):
                self.qualifier(row.get("FunctionArn"))
                if text(row, "AuthType") != "AWS_IAM":
                    self._reserved(arn)

        self._place.listing("lambda:ListFunctionUrlConfigs", arn, each=each, FunctionName=function_name(arn))

    def _versioned(self, functions: int) -> None:
        """Aliases, and at full depth versions, of the functions that have any published version."""
        place, selected = self._place, self._selected
        known = published(place, functions) if worth_listing(functions, len(selected)) else None
        for arn in selected:
            if known is not None and arn not in known:
                continue
            if not place.at_least(Depth.FULL):
                place.work.add("lambda", partial(self._aliases, arn))
                continue
            place.work.add("lambda", partial(self._versions, arn, listed=known is not None))
            if known is not None:
                self._version_policies(arn, known[arn])

    def _versions(self, arn: str, *, listed: bool) -> None:
        found: list[str] = []

        def each(page: Any) -> None:
            found.extend(version for row in rows(page, "Versions") if (version := text(row, "Version")) != LATEST)

        self._place.listing("lambda:ListVersionsByFunction", arn, each=each, FunctionName=function_name(arn))
        if not listed:
            self._version_policies(arn, tuple(found))

    def _version_policies(self, arn: str, versions: tuple[str, ...]) -> None:
        for version in asked_for(versions, len(self._selected)):
            self._qualifier(arn, version)

    def _aliases(self, arn: str) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "Aliases"):
                self.qualifier(row.get("AliasArn"))
                for version in (text(row, "FunctionVersion"), *_weighted(row)):
                    self._qualifier(arn, version)

        self._place.listing("lambda:ListAliases", arn, each=each, FunctionName=function_name(arn))

    def _invoke_configs(self, arn: str) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "FunctionEventInvokeConfigs"):
                self.qualifier(row.get("FunctionArn"))
                for outcome in ("OnFailure", "OnSuccess"):
                    self._referred.target(text(row, "DestinationConfig", outcome, "Destination"))

        self._place.listing("lambda:ListFunctionEventInvokeConfigs", arn, each=each, FunctionName=function_name(arn))


def function_name(arn: str) -> str:
    """The name, which costs less to send than the ARN and means the same in the function's own region."""
    return arn.rsplit(":", 1)[-1]


def _may_admit_anyone(policy: str) -> bool:
    """Whether a policy can admit everyone: a superset, for it only decides whether one more call is made."""
    return '"*"' in policy or "NotPrincipal" in policy


def _weighted(alias: Any) -> tuple[str, ...]:
    return tuple(record(alias, "RoutingConfig", "AdditionalVersionWeights"))
