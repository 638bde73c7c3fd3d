"""What has no bulk form: the calls for each function, and for each qualifier somebody uses."""

from functools import partial
from typing import Any

from auditor.model.capture import Depth
from providers.answers.json_paths import rows, text
from providers.aws.arn import split_function
from providers.aws.collect.place import Place
from providers.aws.collect.referred import Referred


class FunctionCalls:
    """Queues the per-function calls of a region."""

    def __init__(self, place: Place, referred: Referred) -> None:
        self._place = place
        self._referred = referred

    def start(self, arn: str) -> None:
        """Queues everything the depth asks about one function."""
        place = self._place
        if not place.at_least(Depth.STANDARD) or not place.once("function", arn):
            return
        place.work.add("lambda:GetPolicy", lambda: self._policy(arn))
        place.work.add("lambda:GetFunction", lambda: self._function(arn))
        place.work.add("lambda", lambda: self._urls(arn))
        if place.at_least(Depth.FULL):
            place.work.add("lambda", lambda: self._aliases(arn))
            place.work.add("lambda", lambda: self._invoke_configs(arn))
            for operation in ("lambda:GetFunctionRecursionConfig", "lambda:GetRuntimeManagementConfig"):
                place.work.add("lambda", partial(place.call, operation, arn, FunctionName=function_name(arn)))

    def qualifier(self, qualified: Any) -> None:
        """A qualified ARN somebody uses: its policy is asked for, once."""
        split = split_function(qualified)
        place = self._place
        if split is None or not split[1] or not place.at_least(Depth.STANDARD):
            return
        arn, name = split
        if name != "$LATEST" and place.selected(arn) and place.once("qualifier", f"{arn}#{name}"):
            place.work.add("lambda:GetPolicy", lambda: self._policy(arn, name))

    def _policy(self, arn: str, qualifier: str = "") -> None:
        more = {"Qualifier": qualifier} if qualifier else {}
        subject = f"{arn}#{qualifier}" if qualifier else arn
        self._place.call("lambda:GetPolicy", subject, FunctionName=function_name(arn), **more)

    def _function(self, arn: str) -> None:
        body = self._place.call("lambda:GetFunction", arn, FunctionName=function_name(arn)).body
        for field in ("ResolvedImageUri", "ImageUri"):
            self._referred.image(text(body, "Code", field))
        self._referred.key(text(body, "Code", "SourceKMSKeyArn"))

    def _urls(self, arn: str) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "FunctionUrlConfigs"):
                self.qualifier(row.get("FunctionArn"))

        self._place.listing("lambda:ListFunctionUrlConfigs", arn, each=each, FunctionName=function_name(arn))

    def _aliases(self, arn: str) -> None:
        def each(page: Any) -> None:
            for row in rows(page, "Aliases"):
                self.qualifier(row.get("AliasArn"))

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
