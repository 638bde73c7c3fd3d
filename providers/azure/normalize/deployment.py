"""How code reaches an app: publishing, package, source, slots, mounts, the registry of an image."""

from typing import Any
from urllib.parse import urlsplit

from auditor.model.capture import Json
from auditor.model.deployment import (
    Build,
    Deployment,
    KeyStore,
    PackageKind,
    Publishing,
    Revisions,
    Source,
    SourceKind,
)
from auditor.model.hosting import HostingKind
from auditor.model.observed import GapReason, Known, Observed, Unknown, not_offered
from auditor.model.redacted import is_placeholder
from providers.answers.variables import judged_value
from providers.azure.normalize.answers import Answers, known
from providers.azure.normalize.defaults import switch
from providers.azure.normalize.fields import (
    UnreadableError,
    filled_text,
    flag,
    given,
    member,
    optional_texts,
    record,
    string,
    text,
)
from providers.azure.normalize.images import Images
from providers.azure.normalize.settings import AppSettings, Setting
from providers.azure.normalize.sites import Site, Sites
from providers.azure.normalize.storage_sign_in import content_storage, deployment_storage, host_storage

_POLICIES = "web:ListPublishingPolicies"
_SOURCE = "web:GetSourceControl"
_SLOT_SETTINGS = "web:ListSlotSettings"
_MOUNTS = "web:ListMounts"

_ELSEWHERE = not_offered("", "Azure has no such setting")
_KEY_STORES = {
    "keyvault": KeyStore.VAULT,
    "blob": KeyStore.STORAGE,
    "files": KeyStore.FILES,
    "kubernetes": KeyStore.OTHER,
}


class Deployments:
    """The ways code reaches one subscription's apps."""

    def __init__(self, answers: Answers, sites: Sites, images: Images) -> None:
        self._answers = answers
        self._sites = sites
        self._images = images

    def of(self, site: Site, settings: Observed[AppSettings]) -> Observed[Deployment]:
        """How code reaches one app."""
        if isinstance(site.properties.body, Unknown):
            return site.properties.body
        image = self._images.of(site)
        sticky = _of_app_service(site) or self._sticky(site)
        return Known(
            Deployment(
                publishing=self._publishing(site),
                source=self._source(site, image),
                package=_package(site, settings),
                key_store=_key_store(site, settings),
                host_storage=host_storage(site, settings),
                content_storage=content_storage(site, settings),
                deployment_storage=deployment_storage(site, settings),
                storage_required=_storage_required(site),
                mounts_with_key=_of_app_service(site) or self._mounts(site),
                sticky=sticky,
                unsticky_secrets=_of_app_service(site) or self._unsticky(site, settings, sticky),
                registry=self._images.registry(site, settings, image),
                build=_build(image),
                revisions=Revisions(receiving=_ELSEWHERE, secrets=_ELSEWHERE),
                drift=_ELSEWHERE,
                detached=_ELSEWHERE,
                unlisted=_ELSEWHERE,
                binary_authorization=_ELSEWHERE,
                break_glass=_ELSEWHERE,
            ),
            site.source,
        )

    def _publishing(self, site: Site) -> Publishing:
        if not site.host.app_service:
            nothing = site.host.lacks(_POLICIES, "has no publishing passwords")
            return Publishing(management_password=nothing, ftp_password=nothing)
        listing = self._answers.readable(self._answers.rows(_POLICIES, site.id), _policy)
        found = dict(listing.items)
        passwords = [self._password(site, found.get(name), listing.gap) for name in ("scm", "ftp")]
        if (unclear := site.host.unclear(site.row)) is not None:
            passwords[1] = unclear
        if site.host.kind is HostingKind.FLEX_CONSUMPTION:
            passwords[1] = site.host.lacks(_POLICIES, "has no FTP")
        return Publishing(management_password=passwords[0], ftp_password=passwords[1])

    def _password(self, site: Site, found: bool | None, gap: Any) -> Observed[bool]:
        if found is not None:
            return known(found, _POLICIES)
        return Unknown(gap or self._answers.gap(_POLICIES, GapReason.MALFORMED, "a policy is missing", site.id))

    def _source(self, site: Site, image: Observed[str | None]) -> Observed[Source | None]:
        if isinstance(image, Known) and image.value is not None:
            return known(Source(kind=SourceKind.IMAGE, location=image.value, branch=None), image.source)
        body = self._answers.one(_SOURCE, site.id)
        if isinstance(body, Unknown):
            return body
        if body.value is None:
            return known(Source(kind=SourceKind.UPLOAD, location="", branch=None), _SOURCE)
        return self._answers.fact(_SOURCE, lambda: _repository(record(body.value)), site.id)

    def _mounts(self, site: Site) -> Observed[tuple[str, ...]]:
        body = self._answers.one(_MOUNTS, site.id)
        if isinstance(body, Unknown):
            return body
        return self._answers.fact(_MOUNTS, lambda: _mounted(body.value or {}), site.id)

    def _sticky(self, site: Site) -> Observed[tuple[str, ...]]:
        """Which settings stay with their slot: told of the app, for it and all its slots."""
        app = site.parts.parent or site.id
        body = self._answers.one(_SLOT_SETTINGS, app)
        if isinstance(body, Unknown):
            return body
        return self._answers.fact(_SLOT_SETTINGS, lambda: _stuck(body.value or {}), app)

    def _unsticky(
        self, site: Site, settings: Observed[AppSettings], sticky: Observed[tuple[str, ...]]
    ) -> Observed[tuple[str, ...]]:
        slots = self._sites.slots(site.parts.parent or site.id)
        if isinstance(slots, Known) and not slots.value:
            return not_offered(slots.source, "the app has no slots to swap with")
        if isinstance(settings, Unknown):
            return settings
        names = sorted(setting.variable.name for setting in settings.value.settings if setting.secret)
        if isinstance(slots, Unknown):
            return slots
        if not names:
            return known((), settings.source)
        if isinstance(sticky, Unknown):
            return sticky
        stays = {name.lower() for name in sticky.value}
        moving = tuple(name for name in names if name.lower() not in stays)
        return known(moving, sticky.source)


def _of_app_service(site: Site) -> Unknown | None:
    """Why a setting of App Service does not exist for a container app of its own."""
    return site.host.lacks(site.source, "has no such setting") if site.host.native else None


def _storage_required(site: Site) -> Observed[bool]:
    if site.host.kind is HostingKind.CONTAINER_APPS:
        return site.host.lacks(site.source, "has no such setting: what its site says of it means nothing there")
    return site.properties.read(lambda body: switch(body, "storageAccountRequired"))


def _build(image: Observed[str | None]) -> Build:
    pinned: Observed[bool] = not_offered(image.source, "it is not a container")
    if isinstance(image, Unknown):
        pinned = image
    elif image.value is not None:
        pinned = known("@sha256:" in image.value, image.source)
    return Build(
        identity=_ELSEWHERE,
        pool=_ELSEWHERE,
        environment=_ELSEWHERE,
        own_repository=_ELSEWHERE,
        legacy_registry=_ELSEWHERE,
        image=image,
        pinned=pinned,
        automatic_updates=_ELSEWHERE,
        deployed_at=_ELSEWHERE,
        source_buckets=_ELSEWHERE,
        image_access=_ELSEWHERE,
    )


def _policy(item: Json) -> tuple[str, bool]:
    body = member(item, "properties")
    return text(item, "name").lower(), flag(body, "allow") if given(body, "allow") else True


def _repository(body: dict[str, Any]) -> Source:
    properties = member(body, "properties")
    address = filled_text(properties, "repoUrl")
    if address is None:
        return Source(kind=SourceKind.UPLOAD, location="", branch=None)
    try:
        parts = urlsplit(address)
        location = f"{parts.hostname or ''}{parts.path}"
    except ValueError as error:
        raise UnreadableError("repoUrl is not a URL") from error
    return Source(kind=SourceKind.REPOSITORY, location=location, branch=filled_text(properties, "branch"))


def _mounted(body: dict[str, Any]) -> tuple[str, ...]:
    mounts = member(body, "properties")
    return tuple(sorted(string(name, "a mount") for name, mount in mounts.items() if _has_key(name, mount)))


def _has_key(name: str, mount: Json) -> bool:
    key = record(mount, "a mount").get("accessKey")
    if key is None:
        return False
    if is_placeholder(key):
        return True
    setting = Setting(judged_value(name, key).variable, {})
    return setting.variable.length > 0 and not setting.referred


def _stuck(body: dict[str, Any]) -> tuple[str, ...]:
    names = member(body, "properties")
    return (*optional_texts(names, "appSettingNames"), *optional_texts(names, "connectionStringNames"))


def _package(site: Site, settings: Observed[AppSettings]) -> Observed[PackageKind]:
    if site.host.container:
        return not_offered(site.source, "it runs an image, not a package")
    if (unclear := site.host.unclear(site.row)) is not None:
        return unclear
    if site.host.kind is HostingKind.FLEX_CONSUMPTION:
        return site.host.lacks(site.source, "takes its package from its deployment storage")
    if isinstance(settings, Unknown):
        return settings
    setting = settings.value.get("WEBSITE_RUN_FROM_PACKAGE")
    if setting is None:
        return known(PackageKind.LOCAL, settings.source)
    if setting.referred:
        message = "the package's address is kept in a vault"
        return Unknown(site.answers.gap(settings.source, GapReason.NOT_COLLECTED, message, site.id))
    if setting.secret:
        return known(PackageKind.SIGNED_URL, settings.source)
    kind = PackageKind.PLAIN_URL if setting.about.get("scheme") else PackageKind.LOCAL
    return known(kind, settings.source)


def _key_store(site: Site, settings: Observed[AppSettings]) -> Observed[KeyStore]:
    if isinstance(settings, Unknown):
        return settings
    setting = settings.value.get("AzureWebJobsSecretStorageType")
    if setting is None:
        return known(KeyStore.STORAGE, settings.source)
    kind = (setting.variable.value or "").lower()
    if kind not in _KEY_STORES:
        message = "AzureWebJobsSecretStorageType has a value that is unknown to us"
        return Unknown(site.answers.gap(settings.source, GapReason.UNRECOGNISED, message, site.id))
    return known(_KEY_STORES[kind], settings.source)
