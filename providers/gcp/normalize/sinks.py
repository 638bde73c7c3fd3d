"""Where a project's logs go: sinks, exclusions, how long they are kept, what raises an alert."""

import re
from collections.abc import Iterator
from typing import Any, Final

from auditor.model.guardrails import LogSink
from auditor.model.observed import Observed, Unknown
from providers.gcp.normalize.answers import Answers, known
from providers.gcp.normalize.fields import (
    flag,
    member,
    number,
    optional_flag,
    optional_items,
    optional_text,
    record,
    text,
)
from providers.gcp.normalize.names import last

_SINKS: Final = "logging:ListSinks"
_EXCLUSIONS: Final = "logging:ListExclusions"
_BUCKETS: Final = "logging:ListBuckets"
_METRICS: Final = "logging:ListMetrics"
_ALERTS: Final = "monitoring:ListAlertPolicies"

_NEGATED: Final = re.compile(
    r"(?:\bNOT\s+|(?<![\w\"])-)(?:\([^()]*\)|[\w.\-/\"]+\s*(?:\([^()]*\)|(?:!=|=~|=|:)\s*\"[^\"]*\"|(?:=|:)\s*\S+)?)"
    r"|[\w.]+\s*!=\s*(?:\"[^\"]*\"|\S+)",
    re.IGNORECASE,
)
_FUNCTIONS: Final = re.compile(
    r"cloud_function|cloud_run_revision|cloudfunctions\.googleapis\.com|run\.googleapis\.com", re.IGNORECASE
)
_OTHERS: Final = re.compile(r"resource\.type|\blogName\b|\blog_id\s*\(", re.IGNORECASE)
_METHOD: Final = re.compile(
    r"methodName\s*(?:=~|!=|=|:)\s*\(?\s*(?P<names>(?:\"[^\"]+\"(?:\s+OR\s+)?|[\w.])+)", re.IGNORECASE
)
_QUOTED: Final = re.compile(r"\"([^\"]+)\"|([\w.]+)")
_METRIC: Final = re.compile(r"logging\.googleapis\.com/user/([^\"'\s)]+)")
_DELETED: Final = "DELETE_REQUESTED"


def concerns_functions(given: str) -> bool:
    """Whether a filter lets the logs of functions through: read plainly, negated parts set aside."""
    for negated in _NEGATED.findall(given):
        if _FUNCTIONS.search(negated):
            return False
    kept = _NEGATED.sub(" ", given)
    if _FUNCTIONS.search(kept):
        return True
    return not _OTHERS.search(kept)


def sinks(answers: Answers) -> Observed[tuple[LogSink, ...]]:
    """The exports of the project's logs."""
    return answers.readable(answers.listed(_SINKS, "sinks"), _sink).complete()


def _sink(body: dict[str, Any]) -> LogSink:
    dropping = any(
        concerns_functions(text(each, "filter")) and not optional_flag(each, "disabled")
        for each in (record(item) for item in optional_items(body, "exclusions"))
    )
    return LogSink(
        name=text(body, "name"),
        destination=text(body, "destination"),
        covers_functions=concerns_functions(optional_text(body, "filter")) and not dropping,
        disabled=optional_flag(body, "disabled"),
    )


def exclusions(answers: Answers) -> Observed[tuple[str, ...]]:
    """The names of exclusions in force that throw away logs of functions: the project's, and those of its sinks."""
    own = answers.readable(answers.listed(_EXCLUSIONS, "exclusions"), _dropped).complete()
    of_sinks = answers.readable(answers.listed(_SINKS, "sinks"), _dropped_by_sink).complete()
    if isinstance(own, Unknown):
        return own
    if isinstance(of_sinks, Unknown):
        return of_sinks
    names = (*(name for name in own.value if name), *(name for found in of_sinks.value for name in found))
    return known(tuple(names), own.source)


def _dropped(body: dict[str, Any]) -> str | None:
    drops = concerns_functions(text(body, "filter")) and not optional_flag(body, "disabled")
    return text(body, "name") if drops else None


def _dropped_by_sink(body: dict[str, Any]) -> tuple[str, ...]:
    found = (_dropped(record(item)) for item in optional_items(body, "exclusions"))
    return tuple(f"{text(body, 'name')}/{name}" for name in found if name)


def retention(answers: Answers) -> Observed[tuple[tuple[str, int], ...]]:
    """How many days each log bucket keeps logs."""
    listing = answers.readable(answers.listed(_BUCKETS, "buckets"), _bucket)
    found = listing.complete()
    return found.map(lambda rows: tuple(row for row in rows if row is not None))


def _bucket(body: dict[str, Any]) -> tuple[str, int] | None:
    if optional_text(body, "lifecycleState") == _DELETED:
        return None
    return last(text(body, "name")), number(body, "retentionDays")


def alerts(answers: Answers) -> Observed[tuple[str, ...]]:
    """The operations that an alert in force watches, through a metric counted from logs or in the logs directly."""
    metrics = answers.readable(
        answers.listed(_METRICS, "metrics"), lambda body: (text(body, "name"), text(body, "filter"))
    ).complete()
    policies = answers.readable(answers.listed(_ALERTS, "alertPolicies"), _filters).complete()
    if isinstance(policies, Unknown):
        return policies
    if isinstance(metrics, Unknown):
        return metrics
    counted = {last(name): given for name, given in metrics.value}
    found: list[str] = []
    for given in (each for filters in policies.value for each in filters):
        found.extend(_methods(given))
        for name in _METRIC.findall(given):
            if name not in counted and answers.silent(_METRICS, "metrics"):
                return Unknown(answers.contradiction(_METRICS, f"an alert counts by {name}"))
            found.extend(_methods(counted.get(name, "")))
    return known(tuple(dict.fromkeys(found)), policies.source)


def _filters(body: dict[str, Any]) -> tuple[str, ...]:
    if "enabled" in body and not flag(body, "enabled"):  # absent: in force
        return ()
    conditions = (record(item) for item in optional_items(body, "conditions"))
    return tuple(
        text(member(condition, key), "filter")
        for condition in conditions
        for key in ("conditionThreshold", "conditionMatchedLog", "conditionAbsent")
        if key in condition
    )


def _methods(given: str) -> Iterator[str]:
    for match in _METHOD.finditer(given):
        for quoted, bare in _QUOTED.findall(match["names"]):
            if (quoted or bare).upper() != "OR":
                yield quoted or bare
