"""Alarms of CloudWatch on the metrics of functions."""

from collections import defaultdict
from typing import Final

from auditor.model.alarm import Alarm
from auditor.model.capture import Json
from auditor.model.observed import Gap, Observed, Unknown
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    UnreadableError,
    flag,
    items,
    optional_items,
    optional_member,
    optional_text,
    text,
    texts,
)

_ALARMS: Final = "cloudwatch:DescribeAlarms"
_NAMESPACE: Final = "AWS/Lambda"
_EXPRESSION: Final = "*"
_Watched = tuple[str, str | None]
"""A metric, and the function that it is of; None: every function."""


class Alarms:
    """The alarms of one location, by the functions that they watch."""

    def __init__(self, answers: Answers) -> None:
        read = answers.readable(answers.pages(_ALARMS, "MetricAlarms"), _metric_alarm)
        composite = answers.readable(answers.subjects(_ALARMS, _composites).all(), lambda rules: rules)
        rules = "\n".join(rule for page in composite.items for rule in page)
        self._gap: Gap | None = read.gap or composite.gap
        self._of: defaultdict[str | None, list[Alarm]] = defaultdict(list)
        for name, arn, acts, watched in read.items:
            acting = acts or _named(name, rules) or _named(arn, rules)
            for metric, function in watched:
                self._of[function].append(Alarm(name=name, metric=metric, acts=acting, everywhere=function is None))

    def of(self, function: str) -> Observed[tuple[Alarm, ...]]:
        """The alarms that watch a function by its name, or every function."""
        found = tuple(dict.fromkeys((*self._of.get(function, ()), *self._of.get(None, ()))))
        enough = any(alarm.acts for alarm in found)  # a list that broke off can only hold more
        return Unknown(self._gap) if self._gap is not None and not enough else known(found, _ALARMS)


def _metric_alarm(body: Json) -> tuple[str, str, bool, tuple[_Watched, ...]]:
    acts = flag(body, "ActionsEnabled") and bool(texts(body, "AlarmActions"))
    return text(body, "AlarmName"), text(body, "AlarmArn"), acts, tuple(dict.fromkeys(_watched(body)))


def _watched(body: Json) -> list[_Watched]:
    found: list[_Watched] = []
    if not any(member in body for member in ("Namespace", "Metrics", "EvaluationCriteria")):
        raise UnreadableError("an alarm that watches nothing")
    if optional_text(body, "Namespace") == _NAMESPACE:
        found.append((text(body, "MetricName"), _function(body)))
    for query in optional_items(body, "Metrics"):
        metric = optional_member(optional_member(query, "MetricStat") or {}, "Metric")
        if metric is not None and optional_text(metric, "Namespace") == _NAMESPACE:
            found.append((text(metric, "MetricName"), _function(metric)))
        elif _NAMESPACE in (optional_text(query, "Expression") or ""):
            found.append((_EXPRESSION, None))  # a search or a query over every function
    return found


def _function(body: Json) -> str | None:
    """The function that a metric is of. Lambda Developer Guide, "Types of metrics": without dimensions, of all."""
    dimensions = {text(each, "Name"): text(each, "Value") for each in items(body, "Dimensions")}
    return dimensions.get("FunctionName") if dimensions else None


def _composites(body: Json) -> list[str]:
    """The rules of the composite alarms on a page that do something."""
    return [
        text(each, "AlarmRule")
        for each in optional_items(body, "CompositeAlarms")  # absent: none
        if flag(each, "ActionsEnabled") and texts(each, "AlarmActions")
    ]


def _named(name: str, rules: str) -> bool:
    return any(f"ALARM({quote}{name}{quote})" in rules for quote in ("", '"', "'"))
