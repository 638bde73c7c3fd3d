"""The routes of gateways as checks read them: those that could be read, then what could not."""

from collections.abc import Iterable, Iterator
from typing import Final

from auditor.model.exposure import AuthMode
from auditor.model.function import Function
from auditor.model.gateway import Backend, Gateway, Route
from auditor.model.observed import Gap, GapReason, Known, Unanswered, graver

_ROUTES = {
    "graphql": "appsync:ListDataSources",
    "rest": "apigateway:GetResources",
    "http": "apigatewayv2:GetRoutes",
    "load-balancer": "elasticloadbalancing:DescribeRules",
    "websocket": "apigatewayv2:GetRoutes",
}
"""The operation whose answer holds the routes, by kind of gateway."""

REST_SIGNED: Final = (
    "aws apigateway update-method --region {location} --rest-api-id {api} --resource-id {part_id}"
    " --http-method {method} --patch-operations op=replace,path=/authorizationType,value=AWS_IAM\n"
    "aws apigateway create-deployment --region {location} --rest-api-id {api} --stage-name {stage}"
)
"""Asks the callers of a REST API's method for signatures."""
ROUTE_SIGNED: Final = (
    "aws apigatewayv2 update-route --region {location} --api-id {api} --route-id {part_id} --authorization-type AWS_IAM"
)
"""Asks the same of those of an HTTP API's route."""
CONNECT_SIGNED: Final = (
    "aws apigatewayv2 update-route --region {location} --api-id {api} --route-id <route-id-of-$connect>"
    " --authorization-type AWS_IAM"
)
"""The same of a WebSocket API, which asks when they connect."""

Placed = tuple[Known[tuple[Gateway, ...]], Gateway, Route]


def gateways(function: Function) -> Iterator[tuple[Known[tuple[Gateway, ...]], Gateway]]:
    """Every gateway in front of a function that could be read; then Unanswered, where one may not have been."""
    fact = function.gateways
    found = fact.need()
    for gateway in found:
        yield Known(found, _ROUTES.get(gateway.kind, fact.source)), gateway
    function.gateways_listed.need()


def public_gateways(function: Function) -> Iterator[tuple[Known[tuple[Gateway, ...]], Gateway]]:
    """Those that answer on the internet, or may."""
    gap: Gap | None = None
    for fact, gateway in gateways(function):
        if isinstance(gateway.public, Known):
            if gateway.public.value:
                yield fact, gateway
        else:
            gap = graver(gap, gateway.public.gap)
    if gap is not None:
        raise Unanswered(gap)


def public_routes(function: Function, *modes: AuthMode) -> Iterator[Placed]:
    """The routes of public gateways that ask of their callers what is given, without preflight requests, and without
    those that only requests from some addresses take.
    """
    gap: Gap | None = None
    for fact, gateway in public_gateways(function):
        for route in gateway.routes:
            if route.auth is AuthMode.UNRECOGNISED:
                what = f"how {route.method} {route.path} of {gateway.name} asks is newer than this version knows"
                gap = graver(gap, Gap(GapReason.UNRECOGNISED, fact.source, None, what))
            elif route.auth in modes and route.method != "OPTIONS" and not route.narrowed:
                yield fact, gateway, route
    if gap is not None:
        raise Unanswered(gap)


_SEVERAL = 5
"""Stages that a repair names one by one; of more, none."""


def for_stages(command: str, gateway: Gateway) -> str:
    """A command's template for one API, with each line that names ``{stage}`` written once for each of its stages."""
    stages = _stages(gateway)
    return "\n".join(written for line in command.splitlines() for written in _for_each(line, stages))


def api_values(gateway: Gateway, part: Route | Backend | None = None) -> dict[str, str]:
    """The placeholders that name an API, its stages and a part of it; what no answer told is a blank to fill in."""
    unknown = {"rest": "<resource-id>", "load-balancer": "<rule-arn>"}.get(gateway.kind, "<route-id>")
    return {
        "api": gateway.id.rpartition(":")[2],
        "stage": "<stage>",
        "part_id": (part.id if part else "") or unknown,
        **{f"stage_{letter}": name for letter, name in _stages(gateway).items()},
    }


def _stages(gateway: Gateway) -> dict[str, str]:
    """The names of the stages by a letter each; none where they were not read, or are too many to name."""
    named = [stage.name for stage in gateway.stages.value] if isinstance(gateway.stages, Known) else []
    return dict(zip("abcde", named, strict=False)) if len(named) <= _SEVERAL else {}


def _for_each(line: str, letters: Iterable[str]) -> Iterator[str]:
    """A line that names a stage, once for each; any other as it is."""
    made = [line.replace("{stage}", f"{{stage_{letter}}}") for letter in letters]
    yield from made if made and "{stage}" in line else (line,)


def protected(gateway: Gateway) -> str:
    """The resource to which a firewall is attached: of a listener, its load balancer."""
    head, found, rest = gateway.id.partition(":listener/")
    return f"{head}:loadbalancer/{rest.rpartition('/')[0]}" if found else gateway.id


def route_name(gateway: Gateway, route: Route) -> str:
    """A route as a sentence names it."""
    kind = "load balancer" if gateway.kind == "load-balancer" else "API"
    return f"{route.method} {route.path} of {kind} {gateway.name}"


def route_locus(gateway: Gateway, route: Route) -> str:
    """Where a route is, as part of a fingerprint."""
    return f"{gateway.id} {route.method} {route.path}"
