"""Stages and members of APIs as checks read them: each that could be read, then what could not be."""

from collections.abc import Callable, Collection, Iterator
from typing import Final, TypeVar

from auditor.analysis.gateway_routes import gateways, public_gateways
from auditor.analysis.triggers import heavier
from auditor.model.function import Function
from auditor.model.gateway import Gateway, MethodSettings, Route, Stage
from auditor.model.observed import Gap, Known, Observed, Unanswered

T = TypeVar("T")

REST: Final = frozenset({"rest"})
LOGGED: Final = frozenset({"rest", "websocket"})
"""Kinds of API that write an execution log."""
WEBSOCKET_LOG_COMMAND: Final = (
    "aws apigatewayv2 update-stage --region {location} --api-id {api} --stage-name {stage}"
    " --default-route-settings LoggingLevel=ERROR,DataTraceEnabled=false"
)
"""Writes the errors of a WebSocket API's stage to its execution log, and no whole requests."""
STAGED: Final = frozenset({"rest", "http", "websocket"})
"""Kinds of API of API Gateway."""
_EVERY: Final = ("*", "*")


def each_gateway(
    function: Function,
    kinds: Collection[str],
    fact: Callable[[Gateway], Observed[T]],
    *,
    public: bool = False,
) -> Iterator[tuple[Gateway, Known[T]]]:
    """A fact of each gateway of the kinds; then Unanswered, where one could not be read. ``public``: of those alone."""
    gap: Gap | None = None
    for _, gateway in public_gateways(function) if public else gateways(function):
        if gateway.kind in kinds:
            found = fact(gateway)
            if isinstance(found, Known):
                yield gateway, found
            else:
                gap = heavier(gap, found.gap)
    if gap is not None:
        raise Unanswered(gap)


def each_stage(
    function: Function,
    kinds: Collection[str],
    fact: Callable[[Stage], Observed[T]],
    *,
    public: bool = False,
) -> Iterator[tuple[Gateway, Stage, Known[T]]]:
    """A fact of each stage of the gateways of the kinds; then Unanswered, where one could not be read."""
    gap: Gap | None = None
    for gateway, stages in each_gateway(function, kinds, lambda gateway: gateway.stages, public=public):
        for stage in stages.value:
            found = fact(stage)
            if isinstance(found, Known):
                yield gateway, stage, found
            else:
                gap = heavier(gap, found.gap)
    if gap is not None:
        raise Unanswered(gap)


def settings_that_hold(gateway: Gateway, settings: tuple[MethodSettings, ...]) -> tuple[MethodSettings, ...]:
    """Those of a stage's settings that hold for the routes which end at the function, each once."""
    by_methods = {_methods(each.methods): each for each in settings}
    found = (by_methods.get(_route(route)) or by_methods.get(_EVERY) for route in gateway.routes)
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _methods(named: str) -> tuple[str, str]:
    """Path and method. REST APIs write ``orders~1items/GET``, HTTP APIs ``GET /orders``, WebSocket APIs one word."""
    if " " in named:
        method, _, path = named.partition(" ")
        return path.strip("/"), method
    path, found, method = named.rpartition("/")
    return (path.replace("~1", "/").strip("/"), method) if found else (named, "ANY")


def _route(route: Route) -> tuple[str, str]:
    return route.path.strip("/"), route.method


def api_of(gateway: Gateway) -> str:
    """The id of an API, as the commands take it."""
    return gateway.id.rpartition(":")[2]


def stage_name(gateway: Gateway, stage: Stage) -> str:
    """A stage as a sentence names it."""
    return f"Stage {stage.name} of API {gateway.name}"


def stage_locus(gateway: Gateway, stage: Stage) -> str:
    """Where a stage is, as part of a fingerprint."""
    return f"{gateway.id}/{stage.name}"


def stage_values(gateway: Gateway, stage: Stage, methods: str = "*/*") -> dict[str, str]:
    """What fills a command about a stage."""
    return {"api": api_of(gateway), "stage": stage.name, "methods": methods, "api_name": gateway.name}
