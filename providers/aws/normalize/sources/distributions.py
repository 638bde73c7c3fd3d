"""Distributions of CloudFront: the functions that run at their edge, and the function URLs behind them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.exposure import AuthMode, Endpoint
from auditor.model.ingress import FrontEnd
from auditor.model.observed import Known, Observed, Unknown, not_offered
from auditor.model.trigger import TriggerKind
from providers.aws.normalize.answers import Answers, Listing, known
from providers.aws.normalize.fields import (
    filled_text,
    flag,
    items,
    member,
    optional_items,
    optional_member,
    record,
    text,
)
from providers.aws.normalize.sources.reading import EVERYTHING, Delivery, Reading, delivery, is_function

DISTRIBUTIONS: Final = "cloudfront:ListDistributions"
_URLS: Final = "lambda:ListFunctionUrlConfigs"
_URL_HOST: Final = ".lambda-url."
CLOUDFRONT: Final = "cloudfront"
EDGE: Final = "edgelambda"
"""The service that a role must trust before its function can run at the edge."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """One distribution. ``hosts`` are the host names of function URLs that it forwards to; ``edge`` the versions of
    functions that run at it. ``filtered``: a web ACL is attached.
    """

    arn: str
    enabled: bool
    filtered: bool
    hosts: tuple[str, ...]
    edge: tuple[str, ...]


class Distributions:
    """The distributions of an account."""

    def __init__(self, worldwide: Answers) -> None:
        pages = worldwide.bodies(DISTRIBUTIONS).all()
        self._listed: Listing[Distribution] = worldwide.readable(worldwide.flat(pages, _items), _distribution)

    def reading(self, answers: Answers, *, by_role: bool) -> Reading:
        """What they start in one location. A function at the edge is named by no policy: its role trusts the edge."""
        listed, urls = self._listed, _functions_by_host(answers)
        deliveries = tuple(each for found in listed.items for each in _deliveries(found, urls))
        return Reading(
            service=CLOUDFRONT,
            operation=DISTRIBUTIONS,
            deliveries=deliveries,
            gaps={EVERYTHING: listed.gap} if listed.gap else {},
            resources=None if listed.gap else frozenset(found.arn for found in listed.items),
            by_role=by_role and answers.location == "us-east-1",  # functions at the edge are made there alone
            forwards=False,
        )

    def in_front(self, endpoint: Endpoint) -> Observed[tuple[FrontEnd, ...]]:
        """The distributions in front of a function URL."""
        host = _host(endpoint.url)
        found = tuple(
            FrontEnd(
                id=each.arn,
                kind="cloudfront",
                firewall=known(each.filtered, DISTRIBUTIONS),
                exclusive=_exclusive(endpoint),
            )
            for each in self._listed.items
            if each.enabled and host in each.hosts
        )
        if not found and self._listed.gap is not None:
            return Unknown(self._listed.gap)
        return known(found, DISTRIBUTIONS)


def _exclusive(endpoint: Endpoint) -> Observed[bool]:
    """A URL that asks for signatures answers a distribution that signs, and no stranger beside it."""
    if endpoint.auth is AuthMode.UNRECOGNISED:
        return not_offered(_URLS, "how the URL asks its callers is newer than this version knows")
    return Known(endpoint.auth is not AuthMode.NONE, endpoint.source)


def _items(body: Json) -> list[Any]:
    """CloudFront leaves the items out of an empty list."""
    found = member(body, "DistributionList")
    flag(found, "IsTruncated")  # always there: a list without it is damaged
    return optional_items(found, "Items")


def _distribution(body: Json) -> Distribution:
    behaviours = [member(body, "DefaultCacheBehavior")]
    behaviours += [record(each) for each in optional_items(optional_member(body, "CacheBehaviors") or {}, "Items")]
    return Distribution(
        arn=text(body, "ARN"),
        enabled=flag(body, "Enabled"),
        filtered=filled_text(body, "WebACLId") is not None,
        hosts=tuple(
            host
            for host in (text(origin, "DomainName").lower() for origin in items(member(body, "Origins"), "Items"))
            if _URL_HOST in host
        ),
        edge=tuple(
            dict.fromkeys(
                text(each, "LambdaFunctionARN")
                for behaviour in behaviours
                for each in optional_items(optional_member(behaviour, "LambdaFunctionAssociations") or {}, "Items")
            )
        ),
    )


def _deliveries(found: Distribution, urls: dict[str, str]) -> Iterator[Delivery]:
    at_edge = (function for function in found.edge if is_function(function))
    behind = (urls[host] for host in found.hosts if host in urls)
    for function in dict.fromkeys((*at_edge, *behind)):
        yield delivery(function, "cloudfront", found.arn, TriggerKind.HTTP, asynchronous=False, enabled=found.enabled)


def _functions_by_host(answers: Answers) -> dict[str, str]:
    """The function, with its qualifier, that answers on each URL of a location, as far as that could be read."""
    bodies = answers.bodies(_URLS)
    found: dict[str, str] = {}
    for function in bodies:
        listed = answers.flat(bodies.all(function), lambda body: items(body, "FunctionUrlConfigs"))
        named = answers.readable(listed, lambda body: (_host(text(body, "FunctionUrl")), text(body, "FunctionArn")))
        found.update(named.items)
    return found


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower()
