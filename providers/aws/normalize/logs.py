"""Log groups, joined with the functions that write to them."""

import re
from typing import Any

from auditor.model.capture import Json
from auditor.model.observed import Observed, Unknown
from auditor.model.telemetry import Logging, LogGroup
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    choice,
    filled_text,
    optional_member,
    optional_number,
    optional_text,
    text,
)
from providers.aws.normalize.function_list import FunctionList

_LISTED = "lambda:ListFunctions"
_GROUPS = "logs:DescribeLogGroups"

PREFIX = "/aws/lambda/"
"""What Lambda calls its groups by: this and the function's name."""

_EDGE = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d\.")
"""Replicas at the edge log to groups named after the region of the function they copy."""

_MODES = {"Active": True, "PassThrough": False}


class Logs:
    """The log groups of one location."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        listing = answers.pages(_GROUPS, "logGroups")
        named = answers.readable(listing, lambda body: (text(body, "logGroupName"), body))
        self._bodies: dict[str, Json] = dict(named.items)
        self._gap = named.gap

    def logging(self, config: dict[str, Any], arn: str, name: str) -> Observed[Logging]:
        """Where a listed function logs."""
        return self._answers.fact(_LISTED, lambda: self._read(config, PREFIX + name), arn)

    def tracing(self, config: dict[str, Any], arn: str) -> Observed[bool]:
        """Whether it traces actively."""
        return self._answers.fact(_LISTED, lambda: _traces(config), arn)

    def _read(self, config: dict[str, Any], expected: str) -> Logging:
        body = optional_member(config, "LoggingConfig")  # absent: the platform's defaults
        group = (filled_text(body, "LogGroup") if body is not None else None) or expected
        return Logging(
            configured=body is not None,
            group_name=group,
            expected_group=expected,
            format=optional_text(body, "LogFormat") if body is not None else None,
            application_level=optional_text(body, "ApplicationLogLevel") if body is not None else None,
            system_level=optional_text(body, "SystemLogLevel") if body is not None else None,
            group=self._group(group),
        )

    def _group(self, name: str) -> Observed[LogGroup | None]:
        body = self._bodies.get(name)
        if body is not None:
            return self._answers.fact(_GROUPS, lambda: _log_group(name, body), name)
        return Unknown(self._gap) if self._gap is not None else known(None, _GROUPS)

    def orphans(self, listed: FunctionList) -> Observed[tuple[LogGroup, ...]]:
        """Groups of functions that no longer exist; only where both lists are complete."""
        gap = listed.gap or self._gap
        if gap is not None:
            return Unknown(gap)
        names = {arn.rpartition(":")[2] for arn in listed.arns}
        alone = [
            (name, body)
            for name, body in sorted(self._bodies.items())
            if name.startswith(PREFIX) and name not in listed.log_groups and _names_none(name, names)
        ]
        return self._answers.fact(_GROUPS, lambda: tuple(_log_group(name, body) for name, body in alone))


def _traces(config: dict[str, Any]) -> bool:
    body = optional_member(config, "TracingConfig")  # absent: PassThrough, the default of the API
    return choice(body, "Mode", _MODES) if body is not None else False


def _names_none(group: str, names: set[str]) -> bool:
    rest = group.removeprefix(PREFIX)
    return rest not in names and not _EDGE.match(rest) and "/" not in rest


def _log_group(name: str, body: Json) -> LogGroup:
    arn = optional_text(body, "logGroupArn") or text(body, "arn").removesuffix(":*")
    return LogGroup(
        id=arn,
        name=name,
        retention_days=optional_number(body, "retentionInDays"),  # absent: kept for ever
        key=filled_text(body, "kmsKeyId"),  # absent: the service's own key
    )
