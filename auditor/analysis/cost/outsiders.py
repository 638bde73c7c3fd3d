"""The ways by which somebody outside can set a function off, and so spend its owner's money."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from auditor.analysis.endpoints import settled_reach
from auditor.analysis.gateway_routes import public_routes
from auditor.analysis.network_exposure import unauthenticated_paths
from auditor.analysis.policy_statements import allowing, judged, of_policies
from auditor.analysis.source_policies import outside_writers, says_itself
from auditor.analysis.source_routes import open_source_routes, source_route_name
from auditor.analysis.triggers import heavier, known_triggers, source_name, unread
from auditor.model.exposure import AuthMode
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known, Unanswered, each, graver
from auditor.model.trigger import Trigger

_FORWARDING: Final = frozenset(
    {"cloudtasks", "cognito-idp", "eventgrid", "events", "pipes", "s3", "ses", "sns", "workflows"}
)
"""Services that hand over what somebody else wrote; gateways are ways of their own."""


@dataclass(frozen=True, slots=True)
class OpenWay:
    """One of them in a sentence, and the answers that prove it, with what they say.

    ``service`` hands the event over; "" where whoever invokes the function gives the event any form.
    """

    what: str
    proof: tuple[tuple[str, str], ...]
    service: str


def open_ways(function: Function) -> Iterator[OpenWay]:
    """Everything that is known to admit outsiders; then Unanswered where something may that could not be read."""
    gap: Gap | None = None
    for read in (_doors if function.cloud is Cloud.AWS else _paths, _gateways, _sources):
        try:
            yield from read(function)
        except Unanswered as unanswered:
            gap = graver(gap, unanswered.gap)
    if gap is not None:
        raise Unanswered(gap)


_SERVICES: Final = {"graphql": "appsync", "load-balancer": "elasticloadbalancing"}
"""The service behind a kind of gateway where it is not API Gateway."""


def _doors(function: Function) -> Iterator[OpenWay]:
    """URLs and policies of Lambda."""
    for endpoint in function.endpoints.value if isinstance(function.endpoints, Known) else ():
        if isinstance(endpoint.reach, Known) and endpoint.reach.value.public:
            proof = ((endpoint.reach.source, endpoint.reach_reason),)
            yield OpenWay(f"{endpoint.url} allows unauthenticated access", proof, "lambda-url")
    if isinstance(function.policies, Known):
        for stated in allowing(p for p in of_policies(function.policies.value) if isinstance(p, Known)):
            if stated.grant.reach.public and stated.grant.invokes and not stated.grant.endpoint_only:
                proof = ((stated.fact.source, stated.grant.text),)
                yield OpenWay(f"{stated.label} allows any principal to invoke the function", proof, "")
    tuple(each(settled_reach(endpoint) for endpoint in function.endpoints.need()))
    tuple(judged(of_policies(function.policies.need())))


def _paths(function: Function) -> Iterator[OpenWay]:
    for path in unauthenticated_paths(function):
        if not path.key:
            yield OpenWay(path.what, path.proof, "http")


def _gateways(function: Function) -> Iterator[OpenWay]:
    """Routes of gateways that ask nothing of their callers; then Unanswered where a gateway may not have been read."""
    if function.cloud is not Cloud.AWS:
        return  # what stands in front is among the ways of the function itself
    for fact, gateway, route in public_routes(function, AuthMode.NONE):
        said = f"{route.method} {route.path} of {gateway.name} requires no authentication"
        proof = ((fact.source, f"{route.method} {route.path}: no authorizer"),)
        yield OpenWay(said, proof, _SERVICES.get(gateway.kind, "apigateway"))


def _sources(function: Function) -> Iterator[OpenWay]:
    """Sources to which everyone may write; on Azure and Google Cloud, any outsider."""
    gap: Gap | None = None
    for _group, trigger, _locus in known_triggers(function):
        try:
            by_policy = function.cloud is Cloud.AWS and not says_itself(trigger)
            yield from _public_policy(trigger) if by_policy else _open(trigger)
        except Unanswered as unanswered:
            gap = heavier(gap, unanswered.gap)
        try:
            yield from _routed(trigger)
        except Unanswered as unanswered:
            gap = heavier(gap, unanswered.gap)
    for missing in unread(function, _FORWARDING):
        gap = heavier(gap, missing)
    if gap is not None:
        raise Unanswered(gap)


def _public_policy(trigger: Trigger) -> Iterator[OpenWay]:
    for stated in outside_writers(trigger):
        if stated.grant.reach.public:
            said = f"{stated.label} lets any principal write to {source_name(trigger)}"
            yield OpenWay(said, ((stated.fact.source, stated.grant.text),), trigger.service)


def _routed(trigger: Trigger) -> Iterator[OpenWay]:
    """Open routes that write to the source, without a function between."""
    for fact in open_source_routes(trigger):
        said = f"{source_route_name(fact.value)} writes what anyone sends to {source_name(trigger)}"
        yield OpenWay(said, ((fact.source, said),), trigger.service)


def _open(trigger: Trigger) -> Iterator[OpenWay]:
    admitted = trigger.open_to.need()
    if admitted:
        said = f"{', '.join(admitted[:3])} may write to {source_name(trigger)}"
        yield OpenWay(said, ((trigger.open_to.source, said),), trigger.service)
