"""The audit trails that record calls in a location."""

from typing import Any

from auditor.model.observed import GapReason, Known, Observed, Unknown
from auditor.model.telemetry import Trail, TrailCoverage
from providers.aws.normalize.answers import Answers
from providers.aws.normalize.fields import flag, record, text
from providers.aws.normalize.selectors import NOTHING, Recorded, recorded

_TRAILS = "cloudtrail:DescribeTrails"
_STATUS = "cloudtrail:GetTrailStatus"
_SELECTORS = "cloudtrail:GetEventSelectors"


def trails(answers: Answers, functions: frozenset[str]) -> Observed[tuple[Trail, ...]]:
    """The trails whose home is the location, and those of all regions."""
    pages = answers.pages(_TRAILS, "trailList")
    listing = answers.readable(
        pages, lambda body: (text(body, "TrailARN"), text(body, "HomeRegion"), flag(body, "IsMultiRegionTrail"))
    )
    if listing.gap is not None:
        return Unknown(listing.gap)
    here = [
        _trail(answers, arn, home, functions)
        for arn, home, everywhere in listing.items
        if everywhere or home == answers.location
    ]
    return Known(tuple(here), _TRAILS)


def _trail(answers: Answers, arn: str, home: str, functions: frozenset[str]) -> Trail:
    status = _about(answers, _STATUS, arn, home)
    logging: Observed[bool]
    if isinstance(status, Unknown):
        logging = status
    else:
        body = status.value
        logging = answers.fact(_STATUS, lambda: flag(body, "IsLogging"), arn)
    what = _recorded(answers, arn, home, functions)
    coverage: Observed[TrailCoverage] = what.map(lambda found: found.coverage)
    named = what.value.functions if isinstance(what, Known) else ()
    return Trail(id=arn, logging=logging, coverage=coverage, functions=named)


def _recorded(answers: Answers, arn: str, home: str, functions: frozenset[str]) -> Observed[Recorded]:
    selectors = _about(answers, _SELECTORS, arn, home)
    if isinstance(selectors, Unknown):
        return selectors
    body = selectors.value
    return answers.fact(_SELECTORS, lambda: recorded(body, sorted(functions)) if body else NOTHING, arn)


def _about(answers: Answers, operation: str, arn: str, home: str) -> Observed[dict[str, Any]]:
    """What was said of a trail, here or in its home region."""
    found: Observed[dict[str, Any] | None] = answers.one(operation, arn)
    if not found.known and home != answers.location:
        elsewhere = answers.at(home).one(operation, arn)
        found = elsewhere if elsewhere.known else found
    if isinstance(found, Unknown):
        return found
    if found.value is None:
        return Unknown(answers.gap(operation, GapReason.NOT_FOUND, "the trail is gone", arn))
    return Known(record(found.value), operation)
