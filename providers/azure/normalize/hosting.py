"""How and on what an app runs: its plan, its state, the switches of its host."""

from typing import Any

from auditor.model.hosting import ContainerHost, Hosting, HostingKind, Plan
from auditor.model.observed import GapReason, Known, Observed, Unknown, not_offered
from providers.azure.normalize import container_ingress
from providers.azure.normalize.answers import Answers, Part, known
from providers.azure.normalize.containers import Containers
from providers.azure.normalize.defaults import switch
from providers.azure.normalize.fields import (
    filled_text,
    given,
    member,
    number,
    optional_items,
    optional_number,
    optional_text,
    text,
)
from providers.azure.normalize.hostnames import unique
from providers.azure.normalize.ids import name_of
from providers.azure.normalize.resource_index import ResourceIndex
from providers.azure.normalize.runtime import flex_runtime
from providers.azure.normalize.settings import AppSettings
from providers.azure.normalize.shared_host_ids import HostIds
from providers.azure.normalize.sites import Site, Sites, configured, configured_switch
from providers.azure.normalize.state import reason_of, state_of

_LOCKS = "authorization:ListLocks"
_BACKUPS = "web:ListBackups"
_EXTENSIONS = "web:ListSiteExtensions"
_RELAYS = "web:ListHybridConnections"
_FLAGS = "AzureWebJobsFeatureFlags"

_LOCK = "/providers/microsoft.authorization/locks/"
_ELSEWHERE = not_offered("", "Azure has no such setting")
_OF_SITES = (
    *("remote_debugging", "web_sockets", "bundled_database", "startup_command", "always_on", "health_probe"),
    *("self_healing", "worker_32bit"),
)
"""Settings of a site that Container Apps do not have."""


class Hostings:
    """The hosting of one subscription's apps."""

    def __init__(
        self, world: ResourceIndex, answers: Answers, sites: Sites, host_ids: HostIds, containers: Containers
    ) -> None:
        self._world = world
        self._containers = containers
        self._answers = answers
        self._sites = sites
        self._host_ids = host_ids
        self._locks = answers.readable(answers.rows(_LOCKS), lambda lock: text(lock, "id").lower().partition(_LOCK)[0])

    def of(
        self,
        site: Site,
        settings: Observed[AppSettings],
        container: Observed[ContainerHost | None],
    ) -> Observed[Hosting]:
        """The hosting of one app."""
        if isinstance(site.properties.body, Unknown):
            return site.properties.body
        worker = _worker(site, settings)
        return Known(
            Hosting(
                kind=site.host.kind,
                system=site.host.system,
                container=site.host.container,
                slot=site.parts.slot,
                parent=site.parts.parent,
                slots=known((), site.source) if site.parts.slot or site.host.native else self._sites.slots(site.id),
                plan=self.plan(site),
                state=state_of(site),
                state_reason=reason_of(site),
                host_version=_host_version(site, settings),
                worker=worker,
                in_process=_in_process(site, worker),
                framework=_framework(site),
                interactive_shell=_shell(site),
                shares_host_id=self._host_ids.sharing(site),
                first_sandbox=_ELSEWHERE,
                cpu_always=_ELSEWHERE,
                upgrade=_ELSEWHERE,
                audiences=_ELSEWHERE,
                proxies=_proxies(site, settings),
                locked=self._locked(site),
                unique_hostname=site.properties.read(lambda body: unique(body, site.host)),
                container_host=container,
                **self._switches(site),
                **self._lists(site),
            ),
            site.source,
        )

    def _switches(self, site: Site) -> dict[str, Any]:
        if site.host.kind is not HostingKind.CONTAINER_APPS:
            own = site.properties.read(lambda body: switch(body, "clientAffinityEnabled"))
            return {"session_affinity": own, **_switches(site)}
        nothing = site.host.lacks(site.source, "has no such setting: what its site says of it means nothing there")
        affinity = container_ingress.sticky(self._containers.ingress(site))
        return {**dict.fromkeys(_OF_SITES, nothing), "session_affinity": affinity}

    def plan(self, site: Site) -> Observed[Plan | None]:
        """The plan of an app; Known(None) where it runs on none."""
        planless = not site.host.app_service
        named = site.properties.read(
            lambda body: filled_text(body, "serverFarmId") if planless else text(body, "serverFarmId")
        )
        if isinstance(named, Unknown) or named.value is None:
            return named  # type: ignore[return-value]
        row = self._world.plans.find(named.value)
        if isinstance(row, Unknown):
            return row
        if row.value is None:
            message = "its plan is not listed"
            return Unknown(self._answers.gap("graph:Plans", GapReason.NOT_FOUND, message, named.value.lower()))
        whole = Part(self._answers, site.id, row.map(lambda found: found.body))  # type: ignore[union-attr]
        return whole.read(lambda body: _plan(row.value.id, body, whole))  # type: ignore[union-attr]

    def _locked(self, site: Site) -> Observed[bool]:
        """Whether a lock holds on the app or on what it lies in. One found is proof, whatever else was not read."""
        if any(site.id == scope or site.id.startswith(f"{scope}/") for scope in self._locks.items):
            return known(True, _LOCKS)
        return self._locks.absence(False)

    def _lists(self, site: Site) -> dict[str, Any]:
        """What is installed, backed up and reached through relays: lists asked for one by one."""
        backup: Observed[bool]
        if (unclear := site.host.unclear(site.row)) is not None:
            backup = unclear
        elif site.host.on_plan:
            backup = self._answers.rows(_BACKUPS, site.id).complete().map(bool)
        else:
            backup = site.host.lacks(_BACKUPS, "has no backups")
        if site.host.kind is HostingKind.CONTAINER_APPS:
            nothing = site.host.lacks(site.source, "has neither site extensions nor hybrid connections")
            return {"backup": backup, "extensions": nothing, "hybrid": nothing}
        extensions = self._answers.rows(_EXTENSIONS, site.id)
        relays = self._answers.bodies(_RELAYS).one(site.id)
        return {
            "backup": backup,
            "extensions": self._answers.readable(extensions, _extension).complete(),
            "hybrid": relays
            if isinstance(relays, Unknown)
            else self._answers.fact(_RELAYS, lambda: _relays(_or_none(relays.value)), site.id),
        }


def _plan(identifier: str, body: dict[str, Any], whole: Part) -> Plan:
    sku = member(body, "sku")
    properties = whole.inner(lambda row: member(row, "properties"))
    return Plan(
        id=identifier,
        name=name_of(identifier),
        tier=text(sku, "tier"),
        sku=text(sku, "name"),
        capacity=whole.inner(lambda row: member(row, "sku")).read(lambda row: number(row, "capacity")),
        zone_redundant=properties.read(lambda row: switch(row, "zoneRedundant")),
        functions=properties.read(lambda row: number(row, "numberOfSites")),
        max_workers=properties.read(lambda row: optional_number(row, "maximumElasticWorkerCount") or None),
    )


def _of_image(site: Site, fact: Observed[str | None]) -> Observed[str | None]:
    """What a container app of its own need not set: its image does."""
    if site.host.native and isinstance(fact, Known) and fact.value is None:
        return site.host.lacks(fact.source, "takes it from the image")
    return fact


def _host_version(site: Site, settings: Observed[AppSettings]) -> Observed[str | None]:
    if site.host.kind is HostingKind.FLEX_CONSUMPTION:
        return known("~4", site.source)  # the only one there is
    return _of_image(site, _setting(site, settings, "FUNCTIONS_EXTENSION_VERSION"))


def _proxies(site: Site, settings: Observed[AppSettings]) -> Observed[bool]:
    """Whether the host was told to serve proxies. Before version 4 it does so unasked, if the package has any."""
    if site.host.native:
        return site.host.lacks(site.source, "does not support proxies")
    flags = _setting(site, settings, _FLAGS)
    if isinstance(flags, Unknown):
        return flags
    names = (name.strip().lower() for name in (flags.value or "").split(","))
    if "enableproxies" in names:
        return known(True, flags.source)
    version = _host_version(site, settings)
    if isinstance(version, Known) and not (version.value or "").lstrip("~").startswith("4"):
        message = "proxies of a host before version 4 stand in proxies.json, inside the package"
        return Unknown(site.answers.gap(site.source, GapReason.NOT_AT_DEPTH, message, site.id))
    return version.map(lambda _: False)


def _worker(site: Site, settings: Observed[AppSettings]) -> Observed[str | None]:
    if site.host.kind is HostingKind.FLEX_CONSUMPTION:
        return site.properties.read(lambda body: flex_runtime(body)[0])
    return _of_image(site, _setting(site, settings, "FUNCTIONS_WORKER_RUNTIME"))


def _setting(site: Site, settings: Observed[AppSettings], name: str) -> Observed[str | None]:
    if isinstance(settings, Unknown):
        return settings
    setting = settings.value.get(name)
    if setting is not None and setting.variable.value is None:
        message = f"{name} has a value that is unknown to us"
        return Unknown(site.answers.gap(settings.source, GapReason.UNRECOGNISED, message, site.id))
    return known(setting.variable.value if setting is not None else None, settings.source)


def _in_process(site: Site, worker: Observed[str | None]) -> Observed[bool]:
    """Told by the worker; without the settings, by the stack of a Linux app, if it names one."""
    if isinstance(worker, Known) and worker.value is not None:
        return worker.map(lambda name: name == "dotnet")
    if site.host.native:
        return worker if isinstance(worker, Unknown) else site.host.lacks(site.source, "takes it from the image")
    stack = configured(site, lambda body: text(body, "linuxFxVersion"))
    if isinstance(stack, Known) and "|" in stack.value and not site.host.container:
        return stack.map(lambda name: name.lower().startswith("dotnet|"))
    if isinstance(worker, Unknown):
        return worker
    return Unknown(site.answers.gap(worker.source, GapReason.NOT_COLLECTED, "the app names no worker", site.id))


def _shell(site: Site) -> Observed[bool]:
    """SSH exists on Linux, where it is on until it is switched off."""
    if site.host.kind is HostingKind.CONTAINER_APPS:
        return site.host.lacks(site.source, "has no switch for it")
    never = site.properties.read(lambda body: not given(body, "sshEnabled"))
    if site.host.system == "windows" and isinstance(never, Known) and never.value:
        return not_offered(site.source, "there is no SSH on Windows")
    return site.properties.read(lambda body: switch(body, "sshEnabled"))


def _framework(site: Site) -> Observed[str | None]:
    if site.host.system == "linux":
        return known(None, site.source)
    return site.config.read(lambda body: text(body, "netFrameworkVersion"))


def _switches(site: Site) -> dict[str, Any]:
    """The switches of the site configuration, each where this kind of hosting has it."""
    config, host = site.config, site.host

    def own(key: str) -> Observed[bool]:
        return config.read(lambda body: switch(body, key))

    found: dict[str, Any] = {
        "remote_debugging": own("remoteDebuggingEnabled"),
        "web_sockets": own("webSocketsEnabled"),
        "bundled_database": own("localMySqlEnabled"),
        "startup_command": config.read(lambda body: optional_text(body, "appCommandLine") or ""),
        "always_on": configured_switch(site, "alwaysOn"),
        "health_probe": config.read(lambda body: filled_text(body, "healthCheckPath")),
        "self_healing": own("autoHealEnabled"),
        "worker_32bit": own("use32BitWorkerProcess"),
    }
    if (unclear := host.unclear(site.row)) is not None:
        found |= dict.fromkeys(("always_on", "health_probe", "self_healing"), unclear)
    elif host.kind is not HostingKind.DEDICATED:
        found["always_on"] = host.lacks(site.source, "starts apps by itself")
    if host.serverless or not host.app_service:
        found["health_probe"] = host.lacks(site.source, "has no health check")
        found["self_healing"] = host.lacks(site.source, "has no auto-heal")
    if host.system == "linux":
        found["worker_32bit"] = not_offered(site.source, "Linux workers are 64-bit")
    return found


def _extension(item: Any) -> str:
    body = member(item, "properties")
    return optional_text(body, "extension_id") or optional_text(body, "extensionId") or text(body, "title")


def _or_none(body: dict[str, Any] | None) -> dict[str, Any]:
    return body if body is not None else {"value": []}


def _relays(body: dict[str, Any]) -> tuple[str, ...]:
    """The hosts behind relays. The API writes one as an object of its own, several as a list."""
    entries = [member(entry, "properties") for entry in optional_items(body, "value")]
    if not given(body, "value"):
        entries = [member(body, "properties")]
    return tuple(sorted(text(entry, "hostname") for entry in entries if entry))
