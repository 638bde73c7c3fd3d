"""Policies of functions in pages of a hundred, where AWS Config records functions (``--tier config``).

A row counts only where its revisionId is that of the live list: adding a statement to a function's policy, or removing
one, moves that. So it does not matter how late a row is, or that a recorder takes a record a day: what is behind is
asked of Lambda, and so is a function without a policy in its row, which is documented nowhere to mean that it has none.
A recorder that is stopped, fails or leaves functions out is not asked.

A row of SelectResourceConfig is JSON in a string, and the policy in its ``supplementaryConfiguration`` again is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from auditor.model.capture import Depth, Json
from auditor.model.observed import GapReason
from providers.answers.json_paths import record, rows, text, texts
from providers.aws.collect.region_context import RegionContext
from providers.aws.operations import BY_ID
from providers.aws.operations.declaration import RECORDED
from providers.calls import limits
from providers.calls.reply import Refusal

_TYPE: Final = "AWS::Lambda::Function"
_SELECT: Final = "config:SelectResourceConfig"
_EXPRESSION: Final = (
    "SELECT configurationItemCaptureTime, configuration, supplementaryConfiguration"
    f" WHERE resourceType = '{_TYPE}' AND configurationItemStatus IN ('OK', 'ResourceDiscovered')"
)
_PAGE: Final = 100
"""Rows of a page, at most (AWS Config API reference, SelectResourceConfig)."""


@dataclass(frozen=True, slots=True)
class RecordedPolicy:
    """A policy as AWS Config has it. ``captured`` is when it was recorded, RFC 3339 UTC."""

    policy: str
    captured: str


class RecordedPolicies:
    """Those of one region, by the ARN and the revision of the function."""

    def __init__(self, context: RegionContext) -> None:
        self._context = context
        self._known: dict[tuple[str, str], RecordedPolicy] = {}

    @property
    def wanted(self) -> bool:
        """Whether AWS Config is to be asked: not where an earlier run tells what did not change."""
        context = self._context
        first = not context.gateway.carrying.possible
        return RECORDED in context.options.tiers and context.at_least(Depth.STANDARD) and first

    @property
    def spares_urls(self) -> bool:
        """Whether functions are asked for their URLs only where a policy may admit a caller of one.

        That is so where policies were recorded, or an earlier run has answers: otherwise it would spare no time.
        """
        context = self._context
        return RECORDED in context.options.tiers and bool(self._known or context.gateway.carrying.possible)

    def read(self) -> None:
        """Reads every row, where functions are recorded. What cannot be read is asked of Lambda."""
        if not self.wanted:
            return
        recorders = self._context.call("config:DescribeConfigurationRecorders").body
        statuses = self._context.call("config:DescribeConfigurationRecorderStatus").body
        self._context.asked.first("recorders")
        if _recorded(recorders, statuses):
            self._select()

    def of(self, arn: str, revision: str) -> RecordedPolicy | None:
        """The policy of a function at the revision that it has by now."""
        return self._known.get((arn, revision)) if revision else None

    def _select(self) -> None:
        operation, context = BY_ID[_SELECT], self._context
        token, page, seen = "", 0, set[str]()
        while True:
            more = {"NextToken": token} if token else {}
            answer = context.gateway.ask(operation, context.region, Expression=_EXPRESSION, Limit=_PAGE, **more)
            following = "" if isinstance(answer, Refusal) else text(answer, "NextToken")
            context.gateway.record(operation, context.region, "", page, self._kept(answer))
            page += 1
            if not following:
                return
            if following in seen or page >= limits.MAX_PAGES:
                endless = Refusal(GapReason.MALFORMED, "The list does not end: its continuation repeats.")
                context.gateway.record(operation, context.region, "", page, endless)
                return
            seen.add(following)
            token = following

    def _kept(self, answer: Json | Refusal) -> Json | Refusal:
        """What is recorded of a page: its rows, shortened, and whether it goes on."""
        if isinstance(answer, Refusal):
            return answer
        more = {"NextToken": "continues"} if answer.get("NextToken") else {}
        return {"Results": [self._row(result) for result in answer["Results"]], **more}

    def _row(self, result: Any) -> dict[str, str]:
        """Remembers a policy; what is kept of a row is which function and revision it is of, and when it was taken."""
        row = _object(result)
        configuration = _object(row.get("configuration"))
        arn, revision = text(configuration, "functionArn"), text(configuration, "revisionId")
        captured = text(row, "configurationItemCaptureTime")
        moment = f"{captured[:19]}Z" if captured.endswith(("Z", "+00:00")) else ""
        policy = _object(row.get("supplementaryConfiguration")).get("Policy")
        if arn and revision and moment and isinstance(policy, str) and "Statement" in _object(policy):
            self._known[arn, revision] = RecordedPolicy(policy, moment)
        return {"functionArn": arn, "revisionId": revision, "configurationItemCaptureTime": captured}


def _object(value: Any) -> Mapping[str, Any]:
    """An object, or the one that a string holds; nothing for anything else."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, Mapping) else {}


def _recorded(recorders: Any, statuses: Any) -> bool:
    """Whether a recorder runs without fault and takes functions in."""
    running = {
        text(row, "name")
        for row in rows(statuses, "ConfigurationRecordersStatus")
        if row.get("recording") is True and text(row, "lastStatus").lower() == "success"
    }
    found = (row for row in rows(recorders, "ConfigurationRecorders") if text(row, "name") in running)
    return any(_takes_functions(record(row, "recordingGroup")) for row in found)


def _takes_functions(group: Mapping[str, Any]) -> bool:
    """Whether a recording group holds functions: by name, or as all types but those left out."""
    excluded = texts(record(group, "exclusionByResourceTypes"), "resourceTypes")
    strategy = text(group, "recordingStrategy", "useOnly")
    if _TYPE in excluded:
        return False
    everything = group.get("allSupported") is True or strategy in (
        "ALL_SUPPORTED_RESOURCE_TYPES",
        "EXCLUSION_BY_RESOURCE_TYPES",
    )
    return everything or _TYPE in texts(group, "resourceTypes")
