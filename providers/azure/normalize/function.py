"""The functions of one subscription: apps and slots."""

from typing import Any

from auditor.model.asynchronous import FailureHandling
from auditor.model.authentication import Authentication
from auditor.model.code import Code, Image, Package, Patching
from auditor.model.code_analysis import CodeAnalysis
from auditor.model.environment import Environment
from auditor.model.exposure import Cors
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud, scope_id
from auditor.model.limits import Limits
from auditor.model.observed import Gap, GapReason, Known, Observed, Unknown, not_offered
from auditor.model.tags import Tags
from providers.answers.code_analysis import analysis_of
from providers.answers.unread import unread, unread_code, unread_function
from providers.azure.normalize import container_ingress, container_settings
from providers.azure.normalize.answers import Answers, known
from providers.azure.normalize.authentication import AuthenticationSettings
from providers.azure.normalize.bound_resources import placed
from providers.azure.normalize.callers import Callers
from providers.azure.normalize.containers import Containers
from providers.azure.normalize.defender_plans import Pricings
from providers.azure.normalize.deployment import Deployments
from providers.azure.normalize.endpoints import cors, endpoints
from providers.azure.normalize.event_source_access import Namespaces
from providers.azure.normalize.fields import optional_member, string
from providers.azure.normalize.front_ends import FrontEnds
from providers.azure.normalize.handlers import Handlers
from providers.azure.normalize.hosting import Hostings
from providers.azure.normalize.identity import Identities
from providers.azure.normalize.images import Images
from providers.azure.normalize.ingress import Ingresses
from providers.azure.normalize.limits import limits
from providers.azure.normalize.monitoring import Monitorings
from providers.azure.normalize.resource_index import ResourceIndex
from providers.azure.normalize.roles import Roles
from providers.azure.normalize.runtime import Stacks, runtime
from providers.azure.normalize.settings import AppSettings, Settings
from providers.azure.normalize.shared_host_ids import HostIds
from providers.azure.normalize.sites import Damaged, Site, Sites
from providers.azure.normalize.storage import Storages
from providers.azure.normalize.transport import Transports
from providers.azure.normalize.trigger import Triggers

_ELSEWHERE = not_offered("", "Azure has no such setting")
_PACKAGE_CODE = "web:GetPackageCode"
_NATIVE = Unknown(Gap(GapReason.NOT_IN_TIER, "", None, "the package is a container image, whose layers are not read"))


def _analysis(site: Site) -> Observed[CodeAnalysis]:
    """What is inside an app's package."""
    found = site.answers.one(_PACKAGE_CODE, site.id)
    if isinstance(found, Unknown):
        return found
    return site.answers.fact(_PACKAGE_CODE, lambda: analysis_of(found.value or {}), site.id)


class Shared:
    """What is derived once for every subscription."""

    def __init__(self, world: ResourceIndex, hostnames: dict[str, str]) -> None:
        self.world = world
        self.containers = Containers(world)
        self.roles = Roles(world)
        self.identities = Identities(world, self.roles, self.containers)
        self.transports = Transports(world, self.containers)
        self.ingresses = Ingresses(world, FrontEnds(world))
        self.callers = Callers(world, hostnames)
        self.host_ids = HostIds()


_NO_SETTINGS = frozenset({GapReason.NOT_FOUND, GapReason.NOT_OFFERED, GapReason.SERVICE_ERROR})
"""How App Service says that an app hosted elsewhere has no sign-in settings of its own; a refusal is not among them."""


class Functions:
    """Builds the functions of one subscription; reads each of its shards once."""

    def __init__(self, answers: Answers, sites: Sites, shared: Shared, pricings: Pricings) -> None:
        self._answers = answers
        self._sites = sites
        self._shared = shared
        self._scope = scope_id(Cloud.AZURE, answers.subscription)
        self._settings = Settings(answers)
        self._handlers = Handlers(answers)
        self._authentication_settings = AuthenticationSettings(answers)
        self._stacks = Stacks(answers)
        self._hostings = Hostings(shared.world, answers, sites, shared.host_ids, shared.containers)
        self._storages = Storages(shared.world, answers, shared.containers)
        self._triggers = Triggers(self._storages, shared.callers, Namespaces(shared.world))
        self._images = Images(shared.world, shared.containers)
        self._deployments = Deployments(answers, sites, self._images)
        self._monitorings = Monitorings(shared.world, answers, pricings, shared.containers)
        for site in sites:
            shared.host_ids.add(site, self._settings_of(site))
        for gap in sites.doubts():
            shared.host_ids.unlisted(gap)

    def all(self) -> list[Function]:
        """Every function, in the order of their ids."""
        found = [self._function(site) for site in self._sites]
        found.extend(self._damaged(entry) for entry in self._sites.damaged.values())
        return sorted(found, key=lambda function: function.id)

    def _function(self, site: Site) -> Function:
        shared = self._shared
        settings = self._settings_of(site)
        told = self._handlers.of_container_app(site.id) if site.host.native else self._handlers.of(site.id)
        handlers = placed(site, settings, told)
        container = shared.containers.host(site)
        authentication = self._authentication(site)
        ingress = shared.ingresses.of(site, container)
        transport = shared.transports.of(site)
        identity, attached = shared.identities.of(site)
        running = runtime(site, settings)
        return Function(
            id=site.id,
            name=site.name,
            cloud=Cloud.AZURE,
            scope=self._scope,
            location=site.location,
            source=site.source,
            tags=site.row.read(_tags),
            runtime=running,
            identity=identity,
            attached=attached,
            endpoints=endpoints(site, handlers, authentication, ingress, transport, self._cors(site)),
            triggers=self._triggers.of(site, settings, handlers),
            environment=self._environment(site, settings),
            code=self._code(site),
            limits=limits(site, settings, self._sku(site), shared.containers),
            support=self._stacks.support(running),
            hosting=self._hostings.of(site, settings, container),
            handlers=handlers.map(lambda found: tuple(bound.handler for bound in found)),
            transport=transport,
            ingress=ingress,
            authentication=authentication,
            deployment=self._deployments.of(site, settings),
            storage=self._storages.of(site, settings),
            monitoring=self._monitorings.of(site, settings),
            callers=shared.callers.of(site, handlers),
            **_of_other_clouds(_ELSEWHERE),
        )

    def _settings_of(self, site: Site) -> Observed[AppSettings]:
        if site.host.native:
            return container_settings.settings(self._shared.containers.part(site))
        return self._settings.of(site.id)

    def _environment(self, site: Site, settings: Observed[AppSettings]) -> Observed[Environment]:
        if site.host.native:
            return container_settings.environment(self._shared.containers.part(site))
        return self._settings.environment(site.id, settings)

    def _authentication(self, site: Site) -> Observed[Authentication]:
        """Container Apps sign callers in themselves, where the site has no settings or they are off; not where they
        could not be read.
        """
        if site.host.native:
            return self._shared.containers.authentication(site)
        own = self._authentication_settings.of(site)
        if site.host.kind is not HostingKind.CONTAINER_APPS:
            return own
        if isinstance(own, Unknown):
            return self._shared.containers.authentication(site) if own.gap.reason in _NO_SETTINGS else own
        enabled = own.value.enabled
        off = isinstance(enabled, Known) and not enabled.value
        return self._shared.containers.authentication(site) if off else own

    def _cors(self, site: Site) -> Observed[Cors | None]:
        if site.host.kind is HostingKind.CONTAINER_APPS:
            return self._shared.containers.ingress(site).read(container_ingress.cors)
        return site.config.read(cors)

    def _sku(self, site: Site) -> str | None:
        plan = self._hostings.plan(site)
        return plan.value.sku if isinstance(plan, Known) and plan.value is not None else None

    def _code(self, site: Site) -> Code:
        image = self._images.of(site)
        custom = site.host.container
        digest: Observed[str | None] = image.map(
            lambda reference: reference.partition("@")[2] or None if reference else None
        )
        uri: Any = image  # a container always has one
        return unread_code(
            _ELSEWHERE,
            package=Package.IMAGE if custom else Package.ARCHIVE,
            image=Image(uri=uri, digest=digest, repository=_ELSEWHERE) if custom else None,
            patching=known(None if custom else Patching.AUTOMATIC, site.source),
            analysis=_NATIVE if custom else _analysis(site),
        )

    def _damaged(self, entry: Damaged) -> Function:
        """An entry that may be a function but cannot be read: counted, and all else unknown."""
        why = Unknown(self._answers.gap(entry.source, GapReason.MALFORMED, entry.message, entry.name))
        bounds = ("max_instances", "min_instances", "prewarmed", "per_instance", "daily_quota", "cpus", "gpus")
        facts = ("attached", "support", "hosting", "handlers", "transport", "ingress", "authentication", "deployment")
        return unread_function(
            why,
            id=entry.id,
            name=entry.name,
            cloud=Cloud.AZURE,
            scope=self._scope,
            location=entry.location,
            source=entry.source,
            limits=unread(Limits, why, **_all(why, *bounds)),
            **_all(why, *facts, "storage", "monitoring", "callers"),
        )


def _all(why: Unknown, *names: str) -> dict[str, Any]:
    return dict.fromkeys(names, why)


def _of_other_clouds(why: Unknown) -> dict[str, Any]:
    """The facts that Azure has no counterpart of."""
    names = ("architectures", "policies", "aliases", "environment_key", "network", "logging", "tracing", "mounts")
    return {**dict.fromkeys(names, why), "failures": FailureHandling(dead_letter=why, settings=why)}


def _tags(body: dict[str, Any]) -> Tags:
    """The tags of an app, without those by which the portal links resources."""
    tags = optional_member(body, "tags").items()
    own = ((name, string(value, "a tag")) for name, value in tags if not name.startswith("hidden-"))
    return Tags(own, ignore_case=True)
