"""What a flood of a function app uses, by the plan it runs on."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from auditor.analysis.cost.amounts import HOUR, Bound, Corner, Leg, Use, exactly
from auditor.analysis.cost.prices import PriceList
from auditor.analysis.cost.ways import Way, bytes_out, lasting, observed
from auditor.model.function import Function
from auditor.model.hosting import Hosting, HostingKind
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.trigger import TriggerKind

_LEAST_GB_SECONDS: Final = Decimal("0.0125")
"""What one execution on a Consumption plan is billed at the least: 100 ms of 128 MB."""
_CONSUMPTION_GB: Final = Decimal("1.5")
_FLEX_REGION_MB: Final = Decimal(512000)
_FLEX_INSTANCES: Final = 100
_FLEX_CONCURRENCY: Final = {512: 4, 2048: 16, 4096: 32}
"""HTTP requests at a time of one instance of this memory, where none is set. Flex Consumption documentation."""
_HTTP_SECONDS: Final = 230
"""After which an HTTP trigger has to have answered, whatever the timeout."""
_PREMIUM: Final = {"ep1": (1, Decimal("3.5")), "ep2": (2, Decimal(7)), "ep3": (4, Decimal(14))}
_PREMIUM_WORKERS: Final = {"windows": (100, 100), "linux": (20, 100)}
_REPLICAS: Final = 10


def ways(function: Function, prices: PriceList) -> Iterator[Way]:
    """The plan decides what is billed; requests and events are billed alike."""
    if not isinstance(function.hosting, Known):
        return
    found = _KINDS.get(function.hosting.value.kind)
    if found is not None:
        yield found(function, function.hosting.value, prices)


def pool(function: Function) -> str | None:
    """The plan whose workers several apps share; None where an app has instances of its own."""
    if not isinstance(function.hosting, Known):
        return None
    hosting = function.hosting.value
    if hosting.kind not in (HostingKind.PREMIUM, HostingKind.DEDICATED):
        return None
    plan = hosting.plan
    return plan.value.id if isinstance(plan, Known) and plan.value else None


def _arrivals(prices: PriceList) -> tuple[Decimal, str]:
    rate = prices.assumptions.requests_per_second
    return Decimal(rate), f"{rate} requests a second arrive: nothing published limits them"


def _instances(function: Function, default: Bound) -> Bound:
    most = function.limits.max_instances
    if isinstance(most, Known):
        return exactly(most.value, f"at most {most.value} instances") if most.value else default
    return Bound(Decimal(1), default.high, f"limit of instances not known, {default.said}", most.gap)


def _longest(function: Function, plan: int) -> Bound:
    """How long a run may last: an HTTP trigger has to answer, others have until the timeout."""
    if _http(function):
        plan = _HTTP_SECONDS
    timeout = function.limits.timeout_seconds
    if not isinstance(timeout, Known) or not timeout.value:
        return exactly(plan, f"runs of up to {plan} s")
    seconds = min(timeout.value, plan) if _http(function) else timeout.value
    return exactly(seconds, f"runs of up to {seconds} s")


def _http(function: Function) -> bool:
    kinds = {trigger.kind for group in function.triggers if isinstance(group, Known) for trigger in group.value}
    return TriggerKind.HTTP in kinds or not kinds


def _consumption(function: Function, hosting: Hosting, prices: PriceList) -> Way:
    most = 100 if hosting.system == "linux" else 200
    instances = _instances(function, exactly(most, f"the platform's {most} instances"))
    quota = function.limits.daily_quota
    rate, given = _arrivals(prices)

    def uses(corner: Corner) -> Iterator[Use]:
        daily = Decimal(quota.value) if isinstance(quota, Known) and quota.value else None
        runs = daily / _LEAST_GB_SECONDS if daily is not None else None
        least = rate * _LEAST_GB_SECONDS
        busy = least if corner is Corner.LEAST else max(instances.at(corner) * _CONSUMPTION_GB, least)
        yield Use(Leg.COMPUTE, "azure/consumption/gb-second", busy, most_a_day=daily)
        yield Use(Leg.REQUESTS, "azure/consumption/execution", rate, whole=True, most_a_day=runs)
        for use in bytes_out(Cloud.AZURE, prices, rate):
            yield use if runs is None else Use(use.leg, use.meter, rate, size=use.size, whole=True, most_a_day=runs)

    stops = (
        exactly(quota.value, f"daily quota of {quota.value} GB-s") if isinstance(quota, Known) and quota.value else None
    )
    bounds = (instances, *((stops,) if stops else ()))
    return Way("requests and events", uses, bounds, (given,), _more(function, prices))


def _more(function: Function, prices: PriceList) -> tuple[str, ...]:
    """What each further thousand requests a second cost, where nothing limits them."""
    each = prices.of("azure/consumption/execution", function.location).high * 1000 * HOUR
    return (f"each further 1,000 executions a second add {each:f} {prices.unit} an hour, besides logs and answers",)


def _flex(function: Function, _hosting: Hosting, prices: PriceList) -> Way:
    memory = observed(function.limits.memory_mb, "instances of {} MB", Decimal(512), Decimal(4096))
    instances = _instances(function, exactly(_FLEX_INSTANCES, f"the default of {_FLEX_INSTANCES} instances"))
    at_a_time = _flex_concurrency(function)
    longest = _longest(function, 1800)

    def uses(corner: Corner) -> Iterator[Use]:
        size = memory.at(corner)
        number = min(instances.at(corner), _FLEX_REGION_MB / size)
        runs, each = number * at_a_time.at(corner), lasting(corner, longest, prices)
        yield Use(Leg.COMPUTE, "azure/flex/gb-second", number, size=size / 1024)
        yield Use(Leg.REQUESTS, "azure/flex/execution", runs, every=each, whole=True)
        yield from bytes_out(Cloud.AZURE, prices, runs, every=each)

    given = (f"the {_FLEX_REGION_MB:f} MB that a region lends a subscription are all the app's",)
    return Way("requests and events", uses, (instances, memory, at_a_time, longest), given)


def _flex_concurrency(function: Function) -> Bound:
    set_, memory = function.limits.per_instance, function.limits.memory_mb
    if isinstance(set_, Known) and set_.value:
        return exactly(set_.value, f"{set_.value} requests at a time of an instance")
    default = _FLEX_CONCURRENCY.get(memory.value) if isinstance(memory, Known) else None
    if isinstance(set_, Known) and default is not None:
        return exactly(default, f"{default} requests at a time of an instance, the default of its memory")
    gap = set_.gap if not isinstance(set_, Known) else None
    return Bound(Decimal(1), Decimal(1000), "requests at a time of an instance not known", gap)


def _premium(function: Function, hosting: Hosting, prices: PriceList) -> Way:
    plan = hosting.plan.value if isinstance(hosting.plan, Known) else None
    low, high = _PREMIUM_WORKERS.get(hosting.system or "", (20, 100))
    workers = Bound(Decimal(low), Decimal(high), f"the platform's {low} to {high} workers")
    if plan is not None and isinstance(plan.max_workers, Known) and plan.max_workers.value:
        workers = exactly(plan.max_workers.value, f"the plan's {plan.max_workers.value} workers")
    elif not isinstance(hosting.plan, Known):
        workers = Bound(Decimal(1), Decimal(high), "workers of the plan not known", hosting.plan.gap)
    instances = _at_most(_instances(function, workers), workers)
    sizes = [_PREMIUM[plan.sku.lower()]] if plan and plan.sku.lower() in _PREMIUM else list(_PREMIUM.values())
    rate, given = _arrivals(prices)

    def uses(corner: Corner) -> Iterator[Use]:
        cpus, memory = sizes[-1] if corner is Corner.MOST else sizes[0]
        number = instances.at(corner)
        yield Use(Leg.COMPUTE, "azure/premium/vcpu-hour", number, size=Decimal(cpus), every=Decimal(HOUR))
        yield Use(Leg.COMPUTE, "azure/premium/gib-hour", number, size=memory, every=Decimal(HOUR))
        yield from bytes_out(Cloud.AZURE, prices, rate)

    standing = "workers that run without a flood are counted as well"
    return Way("requests and events", uses, (instances,), (given, standing))


def _at_most(bound: Bound, other: Bound) -> Bound:
    said = bound.said if bound.high <= other.high else other.said
    return Bound(min(bound.low, other.low), min(bound.high, other.high), said, bound.gap or other.gap)


def _dedicated(_function: Function, _hosting: Hosting, prices: PriceList) -> Way:
    """The workers are paid for already: a flood adds what it sends and logs."""
    rate, given = _arrivals(prices)

    def uses(_corner: Corner) -> Iterator[Use]:
        yield from bytes_out(Cloud.AZURE, prices, rate)

    return Way("requests and events", uses, (), (given, "the plan's workers are paid for with or without a flood"))


def _container_app(function: Function, _hosting: Hosting, prices: PriceList) -> Way:
    memory = observed(function.limits.memory_mb, "replicas of {} MB", Decimal(512), Decimal(8192))
    replicas = _instances(function, exactly(_REPLICAS, f"the default of {_REPLICAS} replicas"))
    cpus = _processors(function, memory)
    rate, given = _arrivals(prices)

    def uses(corner: Corner) -> Iterator[Use]:
        number, gib = replicas.at(corner), memory.at(corner) / 1024
        yield Use(Leg.COMPUTE, "azure/container-apps/vcpu-second", number, size=cpus.at(corner))
        yield Use(Leg.COMPUTE, "azure/container-apps/gib-second", number, size=gib)
        yield Use(Leg.REQUESTS, "azure/container-apps/request", rate, whole=True)
        yield from bytes_out(Cloud.AZURE, prices, rate)

    return Way("requests and events", uses, (replicas, memory, cpus), (given,))


def _processors(function: Function, memory: Bound) -> Bound:
    """The vCPUs of a replica; where they are not told, one for each 2 GiB, as the Consumption profile sells them."""
    found = function.limits.cpus
    if isinstance(found, Known) and found.value is not None:
        return exactly(Decimal(str(found.value)), f"{found.value:g} vCPU a replica")
    gap = None if isinstance(found, Known) else found.gap
    return Bound(memory.low / 2048, memory.high / 2048, "one vCPU for each 2 GiB of a replica", gap)


_KINDS: Final = {
    HostingKind.CONSUMPTION: _consumption,
    HostingKind.FLEX_CONSUMPTION: _flex,
    HostingKind.PREMIUM: _premium,
    HostingKind.DEDICATED: _dedicated,
    HostingKind.CONTAINER_APPS: _container_app,
}
