"""What bounds an app's appetite."""

import re
from typing import Any

from auditor.model.hosting import HostingKind
from auditor.model.limits import Limits
from auditor.model.observed import GapReason, Known, Observed, Unknown, not_offered
from providers.azure.normalize.answers import known
from providers.azure.normalize.containers import Containers
from providers.azure.normalize.fields import (
    member,
    number,
    optional_items,
    optional_member,
    optional_number,
)
from providers.azure.normalize.settings import AppSettings
from providers.azure.normalize.sites import Site, configured

_ELSEWHERE = not_offered("", "Azure has no such setting")
_SIZES = {"ep1": 3584, "ep2": 7168, "ep3": 14336}
_CONSUMPTION_MB = 1536
_REPLICAS = 10
"""How far a container app scales out where its maximum was never set."""
_COUNT = re.compile(r"[0-9]{1,9}")
_TIMEOUT = "AzureFunctionsJobHost__functionTimeout"
_SPAN = re.compile(r"(?:(\d{1,2})\.)?(\d{1,2}):(\d{2}):(\d{2})")

_KINDS = HostingKind


def limits(site: Site, settings: Observed[AppSettings], sku: str | None, containers: Containers) -> Limits:
    """The limits of one app; ``sku`` is the size of its plan, where it is known."""
    unclear = site.host.unclear(site.row)
    return Limits(
        timeout_seconds=_timeout(site, settings),
        memory_mb=unclear or _memory(site, sku, containers),
        ephemeral_mb=_ELSEWHERE,
        reserved_concurrency=_ELSEWHERE,
        recursion_allowed=_ELSEWHERE,
        max_instances=unclear or _max_instances(site, settings, containers),
        min_instances=unclear or _min_instances(site, containers),
        prewarmed=unclear or _prewarmed(site),
        per_instance=unclear or _per_instance(site, settings),
        daily_quota=unclear or _daily_quota(site),
        cpus=unclear or _cpus(site, containers),
        gpus=_ELSEWHERE,
        durable=_ELSEWHERE,
    )


def _packaged(site: Site, name: str) -> Unknown:
    """A setting of host.json."""
    message = f"{name.replace('__', '.')} is set in host.json, inside the package"
    return Unknown(site.answers.gap(site.source, GapReason.NOT_AT_DEPTH, message, site.id))


def _timeout(site: Site, settings: Observed[AppSettings]) -> Observed[int]:
    """The time-out where a setting overrides host.json's: ``hh:mm:ss`` (0 for -1, without end)."""
    if isinstance(settings, Unknown):
        return settings
    setting = settings.value.get(_TIMEOUT)
    if setting is None:
        return _packaged(site, "functionTimeout")
    value = setting.variable.value or ""
    if value == "-1":
        return known(0, settings.source)
    span = _SPAN.fullmatch(value)
    if span is None:
        message = f"{_TIMEOUT} has a value that is unknown to us"
        return Unknown(site.answers.gap(settings.source, GapReason.UNRECOGNISED, message, site.id))
    days, hours, minutes, seconds = (int(part or 0) for part in span.groups())
    return known(((days * 24 + hours) * 60 + minutes) * 60 + seconds, settings.source)


def _in_package(site: Site, settings: Observed[AppSettings], name: str) -> Observed[int]:
    """A setting of host.json, which lies in the package; a setting of the app may override it."""
    if isinstance(settings, Unknown):
        return settings
    setting = settings.value.get(f"AzureFunctionsJobHost__{name}")
    value = setting.variable.value if setting is not None else None
    if value is not None and _COUNT.fullmatch(value):
        return known(int(value), settings.source)
    return _packaged(site, name)


def _scaling(body: dict[str, Any]) -> dict[str, Any]:
    return member(member(body, "functionAppConfig"), "scaleAndConcurrency")


def _memory(site: Site, sku: str | None, containers: Containers) -> Observed[int]:
    if site.host.kind is _KINDS.FLEX_CONSUMPTION:
        return site.properties.read(lambda body: number(_scaling(body), "instanceMemoryMB"))
    if site.host.kind is _KINDS.CONSUMPTION:
        return known(_CONSUMPTION_MB, site.source)
    if site.host.kind is _KINDS.CONTAINER_APPS:
        return containers.memory(site)
    if site.host.kind is _KINDS.PREMIUM and (sku or "").lower() in _SIZES:
        return known(_SIZES[(sku or "").lower()], "graph:Plans")
    return not_offered(site.source, "the apps of a plan share the memory of its workers")


def _cpus(site: Site, containers: Containers) -> Observed[float | None]:
    return containers.cpus(site) if site.host.kind is _KINDS.CONTAINER_APPS else _ELSEWHERE


def _max_instances(site: Site, settings: Observed[AppSettings], containers: Containers) -> Observed[int | None]:
    if site.host.kind is _KINDS.FLEX_CONSUMPTION:
        return site.properties.read(lambda body: optional_number(_scaling(body), "maximumInstanceCount"))
    if site.host.kind is _KINDS.DEDICATED:
        return site.host.lacks(site.source, "has as many workers as it was given")
    if site.host.kind is _KINDS.CONTAINER_APPS:
        return containers.scale(site).read(lambda body: optional_number(body, "maxReplicas") or _REPLICAS)
    limit = configured(site, lambda body: number(body, "functionAppScaleLimit") or None)
    if isinstance(limit, Known) and limit.value is None and isinstance(settings, Known):
        older = settings.value.get("WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT")
        value = older.variable.value if older is not None else None
        if value is not None and value.isdecimal() and int(value) > 0:
            return known(int(value), settings.source)
    return limit


def _min_instances(site: Site, containers: Containers) -> Observed[int]:
    if site.host.kind is _KINDS.FLEX_CONSUMPTION:
        return site.properties.read(_always_ready)
    if site.host.kind is _KINDS.CONSUMPTION:
        return site.host.lacks(site.source, "keeps no instances ready")
    if site.host.kind is _KINDS.DEDICATED:
        return site.host.lacks(site.source, "has as many workers as it was given")
    if site.host.kind is _KINDS.CONTAINER_APPS:
        return containers.scale(site).read(lambda body: optional_number(body, "minReplicas") or 0)
    return configured(site, lambda body: number(body, "minimumElasticInstanceCount"))


def _always_ready(body: dict[str, Any]) -> int:
    return sum(number(group, "instanceCount") for group in optional_items(_scaling(body), "alwaysReady"))


def _prewarmed(site: Site) -> Observed[int]:
    if site.host.kind is _KINDS.PREMIUM:
        return site.config.read(lambda body: number(body, "preWarmedInstanceCount"))
    return site.host.lacks(site.source, "has no pre-warmed instances")


def _per_instance(site: Site, settings: Observed[AppSettings]) -> Observed[int | None]:
    if site.host.kind is _KINDS.FLEX_CONSUMPTION:
        return site.properties.read(_http_concurrency)
    for name in ("extensions__http__maxConcurrentRequests", "extensions__http__maxOutstandingRequests"):
        found = _in_package(site, settings, name)
        if isinstance(found, Known):
            return found
    return _in_package(site, settings, "extensions__http__maxConcurrentRequests")


def _http_concurrency(body: dict[str, Any]) -> int | None:
    http = optional_member(optional_member(_scaling(body), "triggers"), "http")
    return optional_number(http, "perInstanceConcurrency")


def _daily_quota(site: Site) -> Observed[int | None]:
    if site.host.kind is _KINDS.CONSUMPTION:
        return site.properties.read(lambda body: number(body, "dailyMemoryTimeQuota") or None)
    return site.host.lacks(site.source, "has no daily quota")
