"""Fetches the packages of apps from where their settings say they lie, and records what is in them, never them."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from auditor.enricher import PACKAGES, EnrichmentError, PackageSource
from auditor.model.capture import Json
from auditor.model.observed import GapReason
from auditor.provider import CollectOptions
from providers.answers.json_paths import text
from providers.azure.collect.apps import App
from providers.azure.gateway import Gateway
from providers.azure.operations import BY_ID
from providers.calls.download import download
from providers.calls.reply import Refusal

PACKAGE_CODE: Final = "web:GetPackageCode"
DEPLOYING: Final = "Microsoft.Web/sites/publish/Action"
"""What reads an app's files over its deployment endpoint, and deploys there as well."""

_SETTING: Final = "WEBSITE_RUN_FROM_PACKAGE"
_FLEX: Final = "released-package.zip"
_FILES: Final = "/api/zip/site/wwwroot/"
_STORES: Final = (
    ".blob.core.windows.net",
    ".blob.storage.azure.net",
    ".blob.core.usgovcloudapi.net",
    ".blob.core.chinacloudapi.cn",
)
_DEPLOYMENT_HOSTS: Final = (
    ".azurewebsites.net",
    ".azurewebsites.us",
    ".chinacloudsites.cn",
    ".appserviceenvironment.net",
    ".appserviceenvironment.us",
)
_STORAGE: Final = "https://storage.azure.com/.default"
_VERSION: Final = "2021-12-02"
"""The version of the blob API that the request is written for: tokens are taken since 2017-11-09."""


class Packages:
    """Looks into the packages of apps, where the run asks for it.

    A token is only ever sent to a host of Azure's own: of Azure Storage, or the deployment endpoint that Resource
    Manager names for the app.
    """

    def __init__(self, gateway: Gateway, options: CollectOptions) -> None:
        self._gateway = gateway
        self._options = options

    @property
    def wanted(self) -> bool:
        """Whether packages are to be looked into."""
        return PACKAGES in self._options.tiers

    def read(self, app: App, settings: Json | Refusal) -> None:
        """Looks into an app's package, by the answer about its settings."""
        operation = BY_ID[PACKAGE_CODE]
        permission, found = self._found(app, settings)
        self._gateway.record(replace(operation, permission=permission), app.scope, app.id, 0, found)

    def _found(self, app: App, settings: Json | Refusal) -> tuple[str, Json | Refusal]:
        """What came of it, and the permission it took."""
        reading = BY_ID[PACKAGE_CODE].permission
        if app.image:
            return reading, Refusal(
                GapReason.NOT_IN_TIER, "the package is a container image, whose layers are not read"
            )
        if app.package:
            return reading, self._stored(app, f"{app.package.rstrip('/')}/{_FLEX}")
        if isinstance(settings, Refusal):
            return BY_ID["web:ListApplicationSettings"].permission, settings
        given = text(settings, "properties", _SETTING).strip()
        if given.startswith("@"):
            return reading, Refusal(GapReason.NOT_COLLECTED, "the package's address is kept in a vault")
        if given.lower().startswith(("https:", "http:")):
            return reading, self._stored(app, given)
        return DEPLOYING, self._deployed(app)

    def _stored(self, app: App, address: str) -> Json | Refusal:
        """A package under an address: signed, open to everyone, or of a store that takes our token."""
        try:
            parts = urlsplit(address)
            host, signed = parts.hostname or "", "sig" in parse_qs(parts.query)
        except ValueError:
            return Refusal(GapReason.MALFORMED, "the address of the package is none")
        own = parts.scheme == "https" and host.endswith(_STORES) and not signed
        return self._fetched(app, address, _STORAGE if own else None, {"x-ms-version": _VERSION} if own else {})

    def _deployed(self, app: App) -> Json | Refusal:
        """The files an app runs, over its deployment endpoint."""
        if not app.deploys_at.endswith(_DEPLOYMENT_HOSTS):
            return Refusal(GapReason.NOT_COLLECTED, "Azure names no deployment endpoint of the app")
        found = self._fetched(app, f"https://{app.deploys_at}{_FILES}", self._gateway.session.endpoint.scope, {})
        if isinstance(found, Refusal) and found.reason is GapReason.DENIED:
            said = f"its code lies on the app itself, where only who may deploy reads it ({found.message})"
            return replace(found, message=said)
        return found

    def _fetched(self, app: App, address: str, audience: str | None, headers: Mapping[str, str]) -> Json | Refusal:
        options, session = self._options, self._gateway.session
        if options.enricher is None:
            return Refusal(GapReason.NOT_COLLECTED, "nothing here can look into packages")

        def fetch(path: Path, most: int) -> None:
            sent: dict[str, str] = {**headers, **(session.authorization(audience) if audience is not None else {})}
            download(session.reached(address), path, most, options.stop, options.ca_bundle, sent)

        try:
            body: Any = options.enricher.package(PackageSource(app.id, "", None, fetch))
        except EnrichmentError as why:
            return Refusal(why.reason, why.message)
        return body
