"""What a flood of a Google Cloud function uses, by its generation."""

from bisect import bisect_left
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from auditor.analysis.cost.amounts import Bound, Corner, Leg, Use, exactly
from auditor.analysis.cost.prices import PriceList
from auditor.analysis.cost.ways import Way, bytes_out, lasting, observed
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.observed import Known

_GHZ: Final = ((128, "0.2"), (256, "0.4"), (512, "0.8"), (1024, "1.4"), (2048, "2.4"), (4096, "4.8"), (8192, "4.8"))
"""Processor of a first-generation function by its memory in MB. Cloud Functions pricing."""
_FIRST_GENERATION_INSTANCES: Final = 3000
_DEFAULT_INSTANCES: Final = 100
_REGIONAL_CPUS: Final = Decimal(1000)
"""vCPUs of a region's quota, which bounds instances where a service sets no maximum."""
_LEAST_BILLED: Final = Decimal("0.1")
_REQUESTS_PER_CPU: Final = Decimal(80)


def ways(function: Function, prices: PriceList) -> Iterator[Way]:
    """One way: requests and events are billed alike."""
    if not isinstance(function.hosting, Known):
        return
    first = function.hosting.value.kind is HostingKind.FIRST_GENERATION
    yield _first_generation(function, prices) if first else _service(function, prices)


def _timeout(function: Function, most: int) -> Bound:
    return observed(function.limits.timeout_seconds, "timeout {} s", Decimal(1), Decimal(most))


def _first_generation(function: Function, prices: PriceList) -> Way:
    most = function.limits.max_instances
    default = exactly(_FIRST_GENERATION_INSTANCES, f"the platform's {_FIRST_GENERATION_INSTANCES} instances")
    instances = _limit(function, default) if isinstance(most, Known) else _unread(function, default)
    memory = observed(function.limits.memory_mb, "memory {} MB", Decimal(128), Decimal(8192))
    longest = _timeout(function, 540)

    def uses(corner: Corner) -> Iterator[Use]:
        number, size = instances.at(corner), memory.at(corner)
        # a run shorter than 100 ms is billed as if it took as long, and then there are more runs than instances
        each = lasting(corner, longest, prices)
        billed = max(each, _LEAST_BILLED) / each
        yield Use(Leg.COMPUTE, "gcp/first-generation/ghz-second", number * billed, size=_ghz(size))
        yield Use(Leg.COMPUTE, "gcp/first-generation/gb-second", number * billed, size=size / 1024)
        yield Use(Leg.REQUESTS, "gcp/request", number, every=each, whole=True)
        yield from bytes_out(Cloud.GCP, prices, number, every=each)

    return Way("requests and events", uses, (instances, memory, longest), ("an instance takes one request at a time",))


def _ghz(memory: Decimal) -> Decimal:
    sizes = [size for size, _ in _GHZ]
    return Decimal(_GHZ[min(bisect_left(sizes, memory), len(sizes) - 1)][1])


def _service(function: Function, prices: PriceList) -> Way:
    """A service of Cloud Run, or a function on one."""
    cpus = _cpus(function)
    quota = (_REGIONAL_CPUS / max(cpus.low, Decimal("0.08"))).to_integral_value()
    said = f"no maximum of instances: {_DEFAULT_INSTANCES} by default, {quota:f} by the region's quota of vCPUs"
    default = Bound(Decimal(_DEFAULT_INSTANCES), max(quota, Decimal(_DEFAULT_INSTANCES)), said)
    instances = (
        _limit(function, default) if isinstance(function.limits.max_instances, Known) else _unread(function, default)
    )
    memory = observed(function.limits.memory_mb, "memory {} MiB", Decimal(128), Decimal(32768))
    at_a_time, longest, always = _at_a_time(function, cpus), _timeout(function, 3600), _always(function)

    def uses(corner: Corner) -> Iterator[Use]:
        number, kind = instances.at(corner), "instance-" if always.at(corner) else ""
        runs, each = number * at_a_time.at(corner), lasting(corner, longest, prices)
        yield Use(Leg.COMPUTE, f"gcp/run/{kind}vcpu-second", number, size=cpus.at(corner))
        yield Use(Leg.COMPUTE, f"gcp/run/{kind}gib-second", number, size=memory.at(corner) / 1024)
        if not kind:
            yield Use(Leg.REQUESTS, "gcp/request", runs, every=each, whole=True)
        yield from bytes_out(Cloud.GCP, prices, runs, every=each)

    given = ("a burst may exceed the maximum of instances for a short time", *_uncounted(function))
    return Way("requests and events", uses, (instances, cpus, memory, at_a_time, longest, always), given, soft=True)


def _uncounted(function: Function) -> tuple[str, ...]:
    gpus = function.limits.gpus
    if isinstance(gpus, Known) and gpus.value:
        return ("its GPUs are not counted, which each cost more than the rest of an instance",)
    return ()


def _limit(function: Function, default: Bound) -> Bound:
    most = function.limits.max_instances.need()
    return exactly(most, f"at most {most} instances") if most else default


def _unread(function: Function, default: Bound) -> Bound:
    most = function.limits.max_instances
    gap = None if isinstance(most, Known) else most.gap
    return Bound(Decimal(1), default.high, f"maximum of instances not known, {default.said}", gap)


def _cpus(function: Function) -> Bound:
    found = function.limits.cpus
    if not isinstance(found, Known):
        return Bound(Decimal("0.08"), Decimal(8), "vCPUs not known", found.gap)
    if found.value is None:
        return Bound(Decimal("0.08"), Decimal(1), "the platform's default of vCPUs")
    return exactly(Decimal(str(found.value)), f"{found.value:g} vCPU")


def _at_a_time(function: Function, cpus: Bound) -> Bound:
    found = function.limits.per_instance
    most = min(_REQUESTS_PER_CPU * cpus.high, Decimal(1000)) if cpus.high >= 1 else Decimal(1)  # below one, one alone
    if not isinstance(found, Known):
        return Bound(Decimal(1), Decimal(1000), "requests at a time of an instance not known", found.gap)
    if not found.value:
        return Bound(Decimal(1), most, f"requests at a time of an instance not set: up to {most:f}")
    return exactly(found.value, f"{found.value} requests at a time of an instance")


def _always(function: Function) -> Bound:
    """1 where the instance is billed as long as it lives, and its requests are not."""
    always = function.hosting.then(lambda hosting: hosting.cpu_always)
    on = isinstance(always, Known) and always.value
    return exactly(int(on), "billed by instance" if on else "billed by request")
