"""Custom images of apps, and the registries they are pulled from."""

from typing import Any

from auditor.model.deployment import Registry
from auditor.model.hosting import HostingKind
from auditor.model.observed import Known, Observed, Unknown, not_offered
from providers.azure.normalize.access import public_network
from providers.azure.normalize.answers import Part, known
from providers.azure.normalize.containers import Containers
from providers.azure.normalize.defaults import switch
from providers.azure.normalize.fields import filled_text, member, optional_items, record, text, unrecognised
from providers.azure.normalize.resource_index import ResourceIndex, Row, inside
from providers.azure.normalize.settings import AppSettings
from providers.azure.normalize.sites import Site, configured, configured_switch

_REGISTRIES = "graph:Registries"
_ZONES = (".azurecr.io", ".azurecr.us", ".azurecr.cn")


class Images:
    """The images of apps that run one."""

    def __init__(self, world: ResourceIndex, containers: Containers) -> None:
        self._containers = containers
        self._registries = world.index(_REGISTRIES)
        self._servers: dict[str, Row] = {}
        for row in self._registries:
            server = self._registries.part(row.id).read(lambda body: text(body, "loginServer").lower())
            if isinstance(server, Known):  # a registry may have a hash in its address that its name has not
                self._servers[server.value] = row

    def of(self, site: Site) -> Observed[str | None]:
        """The reference of a custom image; Known(None) where the app is not a container."""
        if not site.host.container:
            return known(None, site.source)
        if site.host.kind is HostingKind.CONTAINER_APPS:
            return self._containers.image(site)
        return configured(site, _image)

    def registry(
        self, site: Site, settings: Observed[AppSettings], image: Observed[str | None]
    ) -> Observed[Registry | None]:
        """The registry of an image; Known(None) where the app is not a container."""
        if isinstance(image, Unknown) or image.value is None:
            return image  # type: ignore[return-value]
        host, name, tag = taken_apart(image.value)
        served = self._servers.get(host)
        row = Known(served, served.source) if served is not None else self._registries.named(host.partition(".")[0])
        part = inside(site.answers, row, host)
        if not host.endswith(_ZONES):
            foreign = not_offered(_REGISTRIES, "it is no registry of Azure's")
            part = Part(site.answers, host, foreign)
        return Known(
            Registry(
                host=host,
                image=name,
                tag=tag,
                password=_password(site, settings),
                admin_user=part.read(lambda body: switch(body, "adminUserEnabled")),
                public=part.read(public_network),
            ),
            image.source,
        )


def _image(config: dict[str, Any]) -> str:
    kind, _, image = text(config, "linuxFxVersion").partition("|")
    if kind.upper() != "DOCKER" or not image:
        raise unrecognised("linuxFxVersion", kind)
    return image.removeprefix("https://")


def taken_apart(image: str) -> tuple[str, str, str | None]:
    """Registry, image and tag (or digest) of a reference."""
    host, slash, rest = image.partition("/")
    if not slash or not ("." in host or ":" in host or host == "localhost"):
        host, rest = "docker.io", image
    name, _, digest = rest.partition("@")
    if digest:
        return host.lower(), name, digest
    path, colon, tag = name.rpartition(":")
    return (host.lower(), path, tag) if colon else (host.lower(), name, None)


def _with_password(body: dict[str, Any]) -> bool:
    """Whether a container app's registries are signed in at with a password."""
    registries = optional_items(member(body, "configuration"), "registries")
    return any(bool(filled_text(record(each, "a registry"), "passwordSecretRef")) for each in registries)


def _password(site: Site, settings: Observed[AppSettings]) -> Observed[bool]:
    """Whether the image is pulled with a registry password kept in the settings."""
    if site.host.native:
        return site.properties.read(_with_password)
    by_identity = configured_switch(site, "acrUseManagedIdentityCreds")
    if isinstance(by_identity, Known) and by_identity.value:
        return known(False, by_identity.source)
    if isinstance(settings, Unknown):
        return settings
    setting = settings.value.get("DOCKER_REGISTRY_SERVER_PASSWORD")
    return known(setting is not None and not setting.referred, settings.source)
