"""What bounds a function's appetite."""

import re
from collections.abc import Callable
from typing import Any, Final

from auditor.model.limits import Limits
from auditor.model.observed import Known, Observed, Unknown, not_offered
from providers.gcp.normalize.answers import of
from providers.gcp.normalize.environment import containers
from providers.gcp.normalize.fields import (
    UnreadableError,
    member,
    number,
    optional_member,
    optional_number,
    required,
    string,
    text,
)
from providers.gcp.normalize.function_list import LISTED, Entry

_UNITS: Final = {"": 1, "K": 1024, "M": 1024**2, "G": 1024**3, "T": 1024**4}
"""Google writes 256M for 256 MiB: the units are binary, with or without the i."""

_QUANTITY: Final = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)(m|[kKMGT]i?)?")
_SECONDS: Final = re.compile(r"(\d{1,9})(?:\.\d{1,9})?s")
_GPU: Final = "nvidia.com/gpu"


def megabytes(quantity: str) -> int:
    """``512Mi``, ``1Gi``, ``256M`` or bytes as megabytes; Cloud Functions writes M and G for binary units."""
    found = _QUANTITY.fullmatch(quantity)
    if found is None or found[2] == "m":
        raise UnreadableError(f"{quantity[:32]!r} is no amount of memory")
    unit = (found[2] or "").rstrip("i").upper()
    return int(float(found[1]) * _UNITS[unit] / _UNITS["M"])


def cpus(quantity: str) -> float:
    """``1``, ``0.5`` or ``1000m`` as a number of processors."""
    found = _QUANTITY.fullmatch(quantity)
    if found is None or found[2] not in (None, "m"):
        raise UnreadableError(f"{quantity[:32]!r} is no number of processors")
    return float(found[1]) / (1000 if found[2] else 1)


def seconds(body: dict[str, Any], *keys: str) -> int:
    """The timeout under the first of ``keys`` there is: ``60``, ``60.0`` or ``60s``."""
    for key in keys:
        if key in body:
            value = body[key]
            found = _SECONDS.fullmatch(value) if isinstance(value, str) else None
            return int(found[1]) if found else number(body, key)
    raise UnreadableError(f"{keys[0]} is missing")


def limits(entry: Entry) -> Limits:
    """The limits of a function, from its record; of one that only Cloud Run knows, from its service."""
    fact = _of_record if entry.record is not None else _of_service
    none = not_offered(LISTED, "functions of Google Cloud have no such limit")
    return Limits(
        timeout_seconds=fact(entry, "timeout"),
        memory_mb=fact(entry, "memory"),
        ephemeral_mb=not_offered(LISTED, "files a function writes take its memory"),
        reserved_concurrency=none,
        recursion_allowed=none,
        max_instances=fact(entry, "max"),
        min_instances=fact(entry, "min"),
        prewarmed=none,
        per_instance=_per_instance(entry),
        daily_quota=none,
        cpus=_cpus(entry),
        gpus=_gpus(entry),
        durable=none,
    )


def memory(config: dict[str, Any]) -> int:
    """The memory of a function's service configuration, in megabytes."""
    if "availableMemoryMb" in config:
        return number(config, "availableMemoryMb")
    return megabytes(text(config, "availableMemory"))


_RECORD: Final[dict[str, Callable[[dict[str, Any]], Any]]] = {
    "timeout": lambda config: seconds(config, "timeoutSeconds", "timeout"),
    "memory": memory,
    "max": lambda config: optional_number(config, "maxInstanceCount") or None,  # absent or 0: the platform's own
    "min": lambda config: optional_number(config, "minInstanceCount"),
}


def _service_max(body: dict[str, Any]) -> int | None:
    """A revision's ceiling, or the lower one of the whole service; absent: the platform's own."""
    template = optional_member(member(body, "template"), "scaling")
    found = (optional_number(scaling, "maxInstanceCount") for scaling in (template, optional_member(body, "scaling")))
    return min((count for count in found if count), default=None)


def _service_min(body: dict[str, Any]) -> int:
    template = optional_member(member(body, "template"), "scaling")
    return max(optional_number(scaling, "minInstanceCount") for scaling in (template, optional_member(body, "scaling")))


def main(body: dict[str, Any]) -> dict[str, Any]:
    """The container that takes the requests: the one with a port, or the only one."""
    found = containers(member(body, "template"))
    return next((container for container in found if container.get("ports")), found[0])


def _all_limits(body: dict[str, Any], name: str) -> list[str]:
    """The limit of each container: an instance has, and is billed for, those of all of them together."""
    found = containers(member(body, "template"))
    return [string(required(member(member(each, "resources"), "limits"), name), name) for each in found]


_SERVICE: Final[dict[str, Callable[[dict[str, Any]], Any]]] = {
    "timeout": lambda body: seconds(member(body, "template"), "timeout"),
    "memory": lambda body: sum(map(megabytes, _all_limits(body, "memory"))),
    "max": _service_max,
    "min": _service_min,
}


def _of_record(entry: Entry, what: str) -> Observed[Any]:
    read = _RECORD[what]
    return of(entry.told, lambda body: read(member(body, "serviceConfig")))


def _of_service(entry: Entry, what: str) -> Observed[Any]:
    return of(entry.service, _SERVICE[what])


def _per_instance(entry: Entry) -> Observed[int | None]:
    if entry.generation == 1:
        return Known(1, entry.source)  # the first generation takes one request at a time
    if entry.record is not None:
        own = of(entry.told, lambda body: number(member(body, "serviceConfig"), "maxInstanceRequestConcurrency"))
        if isinstance(own, Known) and own.value:
            return own
        if isinstance(entry.service, Unknown):
            return own if isinstance(own, Unknown) else entry.service
    return of(entry.service, lambda body: number(member(body, "template"), "maxInstanceRequestConcurrency"))


def _cpus(entry: Entry) -> Observed[float | None]:
    if entry.generation == 1:
        return not_offered(LISTED, "the memory of a first-generation function decides its processors")
    if entry.record is not None:
        own = of(entry.told, lambda body: cpus(text(member(body, "serviceConfig"), "availableCpu")))
        if isinstance(own, Known):
            return own
    return of(entry.service, lambda body: sum(map(cpus, _all_limits(body, "cpu"))))


def _gpus(entry: Entry) -> Observed[int]:
    if entry.generation == 1:
        return not_offered(LISTED, "functions of the first generation have no GPUs")
    return of(entry.service, _count)


def _count(body: dict[str, Any]) -> int:
    """The GPUs of all containers together; none where no limit names them."""
    found = 0
    for container in containers(member(body, "template")):
        given = optional_member(optional_member(container, "resources"), "limits")
        found += number(given, _GPU) if _GPU in given else 0
    return found
