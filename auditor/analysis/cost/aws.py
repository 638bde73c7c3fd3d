"""What a flood of a Lambda function uses, by the way it comes in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from auditor.analysis.cost.amounts import NO_LIMIT, Bill, Bound, Corner, Leg, Use, bill, exactly
from auditor.analysis.cost.prices import PriceList
from auditor.analysis.cost.ways import Way, bytes_out, lasting, observed
from auditor.analysis.triggers import known_triggers, source_name
from auditor.model.function import Function
from auditor.model.gateway import Gateway
from auditor.model.ids import Cloud
from auditor.model.inventory import Location
from auditor.model.observed import Known
from auditor.model.resource_names import resource_of
from auditor.model.trigger import Trigger, TriggerVia

_CALLS_PER_INSTANCE: Final = 10
"""Synchronous calls a second for each unit of concurrency. Lambda quotas, "invocation requests"."""
_LEAST_CONCURRENCY: Final = Decimal(10)
"""What new accounts begin with, where the account's own limit could not be read."""
_SMALL_GATEWAYS: Final = frozenset(
    "af-south-1 eu-south-1 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-7 me-central-1 ap-south-2 "  # noqa: SIM905
    "eu-south-2 eu-central-2 il-central-1 ca-west-1 mx-central-1".split()
)
"""Regions in which API Gateway takes 2,500 requests a second and not 10,000. API Gateway quotas."""
_QUEUE_POLLERS: Final = 1250
"""Most concurrent runs of one queue's mapping. Lambda Developer Guide, "Using Lambda with Amazon SQS"."""
_QUEUE_BATCH: Final = Decimal(10)
_ASYNC_SOURCES: Final = {"s3": "aws/s3/put", "sns": "aws/sns/publish", "events": "aws/events/event"}
_PER_CONNECTION: Final = Decimal(25 * 3600)
"""New connections of one LCU-hour of a load balancer."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What one Lambda function has."""

    concurrency: Bound
    timeout: Bound
    memory_mb: Bound
    storage_mb: Bound
    arm: Bound

    def compute(self, corner: Corner, busy: Decimal) -> Iterator[Use]:
        """The time of so many environments."""
        memory, beyond = self.memory_mb.at(corner) / 1024, max(self.storage_mb.at(corner) - 512, Decimal(0)) / 1024
        meter = "aws/lambda/gb-second-arm" if self.arm.at(corner) < 1 else "aws/lambda/gb-second-x86"
        yield Use(Leg.COMPUTE, meter, busy, size=memory)
        if beyond:
            yield Use(Leg.COMPUTE, "aws/lambda/storage-gb-second", busy, size=beyond)

    @property
    def bounds(self) -> tuple[Bound, ...]:
        return (self.concurrency, self.timeout, self.memory_mb, self.storage_mb, self.arm)


def ways(function: Function, location: Location | None, prices: PriceList) -> Iterator[Way]:
    """The ways in that are known; where there is none, a call of the function itself."""
    shape = _shape(function, location)
    found = {way.name: way for way in _each(function, shape, prices)}  # one API may be named by many statements
    yield from found.values() or (_called(shape, prices, "a direct call"),)


def _each(function: Function, shape: _Shape, prices: PriceList) -> Iterator[Way]:
    gateways = function.gateways.value if isinstance(function.gateways, Known) else ()
    for gateway in gateways:
        yield _through(function, gateway, shape, prices)
    read = {resource_of(gateway.id).rpartition("/")[2].rpartition(":")[2] for gateway in gateways}
    for _group, trigger, _locus in known_triggers(function):
        api = resource_of(trigger.source or "").rpartition(":")[2]
        if trigger.service == "elasticloadbalancing" and any(each.kind == "load-balancer" for each in gateways):
            continue  # a target group of a listener that was read
        if trigger.service not in _GATEWAYS or api.rpartition("/")[2] not in read:
            yield _of_trigger(function, trigger, shape, prices)


def measured(function: Function, prices: PriceList) -> Bill | None:
    """What the executions that the metrics count come to, their time and their number, on an average hour and day.

    None where the metrics or the average duration were not read.
    """
    usage = function.monitoring.then(lambda monitoring: monitoring.usage)
    if not isinstance(usage, Known):
        return None
    times, average = usage.value.executions, usage.value.average_ms
    if not isinstance(times, Known) or not isinstance(average, Known):
        return None
    shape, every = _shape(function, None), Decimal(usage.value.days * 86_400)
    runs = Decimal(times.value)
    busy = runs * Decimal(str(average.value or 0)) / 1000

    def uses(corner: Corner) -> Iterator[Use]:
        yield from (replace(use, every=every) for use in shape.compute(corner, busy))
        yield Use(Leg.REQUESTS, "aws/lambda/request", runs, every=every)

    return bill(uses, prices, function.location)


def pool(function: Function) -> str | None:
    """The id of the concurrency that a function without a reservation shares; None where it has its own."""
    reserved = function.limits.reserved_concurrency
    own = isinstance(reserved, Known) and reserved.value is not None
    return None if own else f"{function.scope}/{function.location}"


def _shape(function: Function, location: Location | None) -> _Shape:
    limits = function.limits
    kinds = function.architectures
    arm = Bound(Decimal(0), Decimal(1), "architecture not known", None if isinstance(kinds, Known) else kinds.gap)
    if isinstance(kinds, Known):
        x86 = "arm64" not in kinds.value
        arm = exactly(int(x86), "x86_64" if x86 else "arm64")
    return _Shape(
        concurrency=_concurrency(function, location),
        timeout=observed(limits.timeout_seconds, "timeout {} s", Decimal(1), Decimal(900)),
        memory_mb=observed(limits.memory_mb, "memory {} MB", Decimal(128), Decimal(10240)),
        storage_mb=observed(limits.ephemeral_mb, "ephemeral storage {} MB", Decimal(512), Decimal(10240)),
        arm=arm,
    )


def _concurrency(function: Function, location: Location | None) -> Bound:
    reserved = function.limits.reserved_concurrency
    if isinstance(reserved, Known) and reserved.value is not None:
        return exactly(reserved.value, f"reserved concurrency {reserved.value}")
    if location is None:
        gap = None if isinstance(reserved, Known) else reserved.gap
        return Bound(Decimal(0), NO_LIMIT, "concurrency not known", gap)
    shared = observed(location.unreserved_concurrency, "unreserved concurrency {}", _LEAST_CONCURRENCY, NO_LIMIT)
    if isinstance(reserved, Known):
        return shared
    return Bound(Decimal(0), shared.high, f"reserved concurrency not known, {shared.said}", reserved.gap)


def _of_trigger(function: Function, trigger: Trigger, shape: _Shape, prices: PriceList) -> Way:
    name = source_name(trigger)
    if trigger.via is TriggerVia.ENDPOINT:
        return _called(shape, prices, f"the URL {trigger.source}")
    if trigger.via is TriggerVia.MAPPING:
        return _polled_queue(trigger, shape, prices) if trigger.service == "sqs" else _polled(trigger, shape, prices)
    if trigger.service == "apigateway":
        return _gateway(function, shape, prices, name)
    if trigger.service == "elasticloadbalancing":
        return _called(shape, prices, name, per_connection=True)
    return _asynchronous(trigger, shape, prices) if trigger.asynchronous else _called(shape, prices, name)


def _called(shape: _Shape, prices: PriceList, name: str, *, per_connection: bool = False) -> Way:
    """Synchronous calls that nothing slows down before the function."""

    def uses(corner: Corner) -> Iterator[Use]:
        busy = shape.concurrency.at(corner)
        runs = _CALLS_PER_INSTANCE * busy
        yield from shape.compute(corner, busy)
        yield Use(Leg.REQUESTS, "aws/lambda/request", runs, whole=True)
        if per_connection:
            yield Use(Leg.SOURCE, "aws/elb/lcu-hour", runs, size=1 / _PER_CONNECTION, whole=True)
        yield from bytes_out(Cloud.AWS, prices, runs)

    given = ("each request opens a connection to the load balancer",) if per_connection else ()
    return Way(name, uses, shape.bounds, given)


def _through(function: Function, gateway: Gateway, shape: _Shape, prices: PriceList) -> Way:
    """Synchronous calls through a gateway that was read."""
    name = f"{_KINDS.get(gateway.kind, gateway.kind)} {gateway.name}"
    if gateway.kind not in _API_METERS:
        return _called(shape, prices, name, per_connection=gateway.kind == "load-balancer")
    rate, burst = _defaults(function)
    stages = gateway.stages
    if isinstance(stages, Known) and stages.value and all(stage.rate is not None for stage in stages.value):
        rates = sum((Decimal(str(stage.rate)) for stage in stages.value), Decimal(0))
        at_once = sum((Decimal(stage.burst or 0) for stage in stages.value), Decimal(0))
        rate, burst = exactly(min(rates, rate.low), f"throttle of {rates:f} requests a second"), min(at_once, burst)
    elif not isinstance(stages, Known):
        rate = Bound(Decimal(0), rate.high, f"throttle not known, {rate.said}", stages.gap)
    return _throttled(shape, prices, name, _Throttle(rate, burst, _API_METERS[gateway.kind]))


def _gateway(function: Function, shape: _Shape, prices: PriceList, name: str) -> Way:
    """Synchronous calls through an API of which only the function's own policy tells."""
    way = _throttled(shape, prices, name, _Throttle(*_defaults(function), None))
    return replace(way, assumptions=(*way.assumptions, *_EITHER_API))


def _defaults(function: Function) -> tuple[Bound, Decimal]:
    small = function.location in _SMALL_GATEWAYS
    rate = Decimal(2500 if small else 10000)
    return exactly(rate, f"API Gateway's {rate:f} requests a second"), Decimal(1250 if small else 5000)


_GATEWAYS: Final = ("apigateway", "execute-api", "elasticloadbalancing", "appsync")
_KINDS: Final = {
    "rest": "REST API",
    "http": "HTTP API",
    "websocket": "WebSocket API",
    "graphql": "GraphQL API",
    "load-balancer": "load balancer",
}
_EITHER_API: Final = ("the kind of API is not known: HTTP API at the least, REST API at the most",)
_API_METERS: Final = {
    "rest": "aws/apigateway/rest-request",
    "http": "aws/apigateway/http-request",
    "websocket": "aws/apigateway/http-request",
}
_SOFT: Final = ("the throttle of API Gateway is best effort: the ceiling is soft",)


@dataclass(frozen=True, slots=True)
class _Throttle:
    """What an API lets pass a second, and at once besides; the meter of its kind, None where that is not known."""

    rate: Bound
    burst: Decimal
    meter: str | None

    def billed(self, corner: Corner) -> str:
        """The meter at one end."""
        return self.meter or _API_METERS["rest" if corner is Corner.MOST else "http"]


def _throttled(shape: _Shape, prices: PriceList, name: str, throttle: _Throttle) -> Way:
    """Calls through API Gateway, which bills each one that it lets pass, also those for which no instance is free."""

    def uses(corner: Corner) -> Iterator[Use]:
        passes, available = throttle.rate.at(corner), shape.concurrency.at(corner)
        busy = min(available, passes * shape.timeout.at(corner))
        most = _CALLS_PER_INSTANCE * available
        runs, extra = (passes, throttle.burst) if passes <= most else (most, Decimal(0))
        yield from shape.compute(corner, busy)
        yield Use(Leg.REQUESTS, "aws/lambda/request", runs, extra, whole=True)
        yield Use(Leg.SOURCE, throttle.billed(corner), passes, throttle.burst, whole=True)
        yield from bytes_out(Cloud.AWS, prices, runs, extra)

    return Way(name, uses, (*shape.bounds, throttle.rate), _SOFT, soft=True)


def _asynchronous(trigger: Trigger, shape: _Shape, prices: PriceList) -> Way:
    """Events that Lambda queues itself: only concurrency bounds how many run."""
    meter = _ASYNC_SOURCES.get(trigger.service)

    def uses(corner: Corner) -> Iterator[Use]:
        busy = shape.concurrency.at(corner)
        each = lasting(corner, shape.timeout, prices)
        yield from shape.compute(corner, busy)
        yield Use(Leg.REQUESTS, "aws/lambda/request", busy, every=each, whole=True)
        if meter:
            yield Use(Leg.SOURCE, meter, busy, every=each, whole=True)
        yield from bytes_out(Cloud.AWS, prices, busy, every=each)

    return Way(source_name(trigger), uses, shape.bounds, ("each event has 64 KB or less and is sent once",))


def _polled_queue(trigger: Trigger, shape: _Shape, prices: PriceList) -> Way:
    """A queue: its calls, and what is sent to it, are billed to its owner."""
    most = trigger.max_concurrency
    ceiling = Decimal(_QUEUE_POLLERS)
    pollers = (
        exactly(most.value or _QUEUE_POLLERS, f"maximum concurrency of the mapping {most.value or _QUEUE_POLLERS}")
        if isinstance(most, Known)
        else Bound(Decimal(2), ceiling, "maximum concurrency of the mapping not known", most.gap)
    )
    batch = observed(trigger.batch_size, "batch size {}", Decimal(1), _QUEUE_BATCH)

    def uses(corner: Corner) -> Iterator[Use]:
        busy = min(shape.concurrency.at(corner), pollers.at(corner))
        runs = _CALLS_PER_INSTANCE * busy
        yield from shape.compute(corner, busy)
        yield Use(Leg.REQUESTS, "aws/lambda/request", runs, whole=True)
        yield Use(Leg.SOURCE, "aws/sqs/request", 2 * runs, whole=True)
        yield Use(Leg.SOURCE, "aws/sqs/request", runs * batch.at(corner), whole=True)
        yield from bytes_out(Cloud.AWS, prices, runs)

    more = "sends beyond what is consumed have no limit and are billed as well"
    given = ("a run takes one receive and one delete; each message has 64 KB or less",)
    return Way(source_name(trigger), uses, (*shape.bounds, pollers, batch), given, (more,))


def _polled(trigger: Trigger, shape: _Shape, prices: PriceList) -> Way:
    """A stream, table or broker: as many runs at a time as its shards or partitions allow, whose number is not read."""
    each = observed(trigger.parallelization, "runs of a shard {}", Decimal(1), Decimal(10))

    def uses(corner: Corner) -> Iterator[Use]:
        shared = shape.concurrency.at(corner)
        busy = shared if corner is Corner.MOST else min(shared, each.at(corner))
        runs = _CALLS_PER_INSTANCE * busy
        yield from shape.compute(corner, busy)
        yield Use(Leg.REQUESTS, "aws/lambda/request", runs, whole=True)
        yield from bytes_out(Cloud.AWS, prices, runs)

    shards = Bound(Decimal(1), NO_LIMIT, "shards or partitions not known: one at the least")
    return Way(
        source_name(trigger),
        uses,
        (*shape.bounds, each, shards),
        (),
        ("what is written to the source is billed by the source, and is not counted",),
    )
