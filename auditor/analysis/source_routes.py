"""Routes of APIs that write to an event source by themselves: who may call one chooses what the source hands over."""

from collections.abc import Iterator

from auditor.analysis.source_policies import policy_holder
from auditor.model.exposure import AuthMode
from auditor.model.gateway import SourceRoute
from auditor.model.observed import Gap, GapReason, Known, Unanswered, graver
from auditor.model.trigger import Trigger


def open_source_routes(trigger: Trigger) -> Iterator[Known[SourceRoute]]:
    """The routes that write to a trigger's source and ask nothing of their callers; then Unanswered, where one may that
    could not be read.
    """
    gap: Gap | None = None
    for fact in trigger.written_by:
        if not isinstance(fact, Known):
            gap = graver(gap, fact.gap)
            continue
        way = fact.value
        if not isinstance(way.public, Known):
            gap = graver(gap, way.public.gap)
        elif way.public.value and way.route.auth is AuthMode.UNRECOGNISED:
            what = f"how {source_route_name(way)} asks is newer than this version knows"
            gap = graver(gap, Gap(GapReason.UNRECOGNISED, fact.source, None, what))
        elif way.public.value and way.route.auth is AuthMode.NONE and way.route.method != "OPTIONS":
            yield fact
    if gap is not None:
        raise Unanswered(gap)


def source_route_name(way: SourceRoute) -> str:
    """A route as a sentence names it."""
    return f"{way.route.method} {way.route.path} of API {way.name}"


def source_route_site(way: SourceRoute) -> str:
    """What such a route asks of its callers, whichever functions listen behind the source. What a WebSocket API asks of
    them it asks once, when they connect.
    """
    if way.kind == "websocket":
        return f"authentication of {way.gateway}"
    return source_route_locus(way)


def source_route_locus(way: SourceRoute) -> str:
    """Where it is, as part of a fingerprint."""
    return f"{way.gateway} {way.route.method} {way.route.path}"


def source_route_values(way: SourceRoute, trigger: Trigger) -> dict[str, str]:
    """The placeholders that name a route and the source that it writes to."""
    unknown = "<resource-id>" if way.kind == "rest" else "<route-id>"
    key = way.route.path if way.route.path.startswith("$") else f"{way.route.method} {way.route.path}"
    return {
        "api": way.gateway.rpartition(":")[2],
        "part_id": way.route.id or unknown,
        "method": way.route.method,
        "route": key,
        "stage": "<stage>",
        "source": policy_holder(trigger),
    }
