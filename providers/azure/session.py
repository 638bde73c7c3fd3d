"""Opens Azure: a credential, and a client whose pipeline sends what it is given and nothing of its own."""

import base64
import json
import os
import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from azure.core.credentials import AccessToken, TokenCredential
from azure.core.exceptions import AzureError
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.core.pipeline.transport import RequestsTransport
from azure.core.rest import HttpRequest, HttpResponse
from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy
from azure.mgmt.web import WebSiteManagementClient

from auditor import __version__
from auditor.enricher import EnrichmentError
from auditor.model.observed import GapReason
from providers.azure.endpoint import Endpoint, endpoint
from providers.azure.http_transport import Adapter
from providers.calls.quiet import silence

CONNECT_SECONDS: Final = 5
READ_SECONDS: Final = 60
_HEADERS: Final = {"Accept": "application/json", "User-Agent": f"serverless-auditor/{__version__}"}
_EMULATED: Final = "emulated"
_HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Settings:
    """The provider's own options."""

    tenant_id: str | None = None
    ca_bundle: str | None = None
    connections: int = 16


class _AnyToken:
    """The credential of an emulator on this machine, which takes any."""

    def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        return AccessToken(_EMULATED, int(time.time()) + _HOUR)


class _InTenant:
    """A credential that asks for the tokens of one tenant, whoever of the chain answers."""

    def __init__(self, credential: TokenCredential, tenant: str) -> None:
        self._credential = credential
        self._tenant = tenant

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        options.setdefault("tenant_id", self._tenant)
        return self._credential.get_token(*scopes, **options)


class _Watched:
    """A credential that remembers whose its last token was."""

    def __init__(self, credential: TokenCredential) -> None:
        self._credential = credential
        self.caller = ""

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        token = self._credential.get_token(*scopes, **options)
        self.caller = _holder(token.token)
        return token

    def close(self) -> None:
        if callable(close := getattr(self._credential, "close", None)):
            close()


def _holder(token: str) -> str:
    """Who a token was given to, as its own claims say; "" where it has none. Nothing is decided by it."""
    try:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        names = [claims.get(name) for name in ("upn", "unique_name", "appid", "oid")]
    except (IndexError, ValueError, AttributeError):
        return ""
    return next((name for name in names if isinstance(name, str)), "")


class _PlainAuthentication(SansIOHTTPPolicy[HttpRequest, HttpResponse]):
    """Sets the token on plain http, which the SDK's own policy refuses; only ever used on this machine."""

    def on_request(self, request: PipelineRequest[HttpRequest]) -> None:
        request.http_request.headers["Authorization"] = f"Bearer {_EMULATED}"


class Session:
    """One credential and the client made with it, shared by threads.

    Raises UsageError for an endpoint that cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        self.endpoint: Endpoint = endpoint()
        silence("azure", "msal", "msal_extensions", "requests", "urllib3")
        verify: bool | str = settings.ca_bundle or True
        credential: TokenCredential = _AnyToken()
        self._watched: _Watched | None = None
        authentication: Any = _PlainAuthentication()
        if not self.endpoint.plain:
            self._watched = _Watched(_default_credential(self.endpoint, settings))
            credential = _InTenant(self._watched, settings.tenant_id) if settings.tenant_id else self._watched
            authentication = ARMChallengeAuthenticationPolicy(credential, self.endpoint.scope)
        self._credential = credential
        self._requests = requests.Session()
        self._requests.trust_env = not self.endpoint.plain  # no proxy between us and this machine
        Adapter.mount(self._requests, verify, settings.connections)
        self._client = WebSiteManagementClient(
            credential,
            "",
            self.endpoint.url,
            credential_scopes=[self.endpoint.scope],
            authentication_policy=authentication,
            # no retries, redirects, logs or registration of resource providers (that one writes)
            policies=[authentication],
            transport=RequestsTransport(
                session=self._requests,
                connection_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                connection_verify=verify,
            ),
        )

    @property
    def caller(self) -> str:
        """As whom everything is asked: a user's name or the id of an application; "" before the first token."""
        return self._watched.caller if self._watched else ""

    def send(self, method: str, url: str, body: Any = None) -> HttpResponse:
        """Sends one request as it is; raises what the SDK raises where no answer comes."""
        return self._client.send_request(HttpRequest(method, url, headers=_HEADERS, json=body))

    def authorization(self, audience: str) -> dict[str, str]:
        """The header that signs us in where tokens of this audience are taken. Raises EnrichmentError without one."""
        if self.endpoint.plain:
            return {"Authorization": f"Bearer {_EMULATED}"}
        try:
            return {"Authorization": f"Bearer {self._credential.get_token(audience).token}"}
        except AzureError as refused:  # what it says may name the caller's tenant and more
            message = f"no token for {urlsplit(audience).hostname} was given ({type(refused).__name__})"
            raise EnrichmentError(GapReason.DENIED, message) from None

    def reached(self, address: str) -> str:
        """Where an address of Azure is asked: there; for an emulator on this machine, below ``/hosts/`` of it."""
        parts = urlsplit(address)
        if not self.endpoint.plain or address.startswith(f"{self.endpoint.url}/"):
            return address
        return f"{self.endpoint.url}/hosts/{parts.hostname}{parts.path}" + (f"?{parts.query}" if parts.query else "")

    def close(self) -> None:
        """Closes every connection."""
        self._client.close()
        self._requests.close()
        if self._watched:
            self._watched.close()


def _default_credential(where: Endpoint, settings: Settings) -> TokenCredential:
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415 - not needed for an emulator

    options: dict[str, Any] = {"additionally_allowed_tenants": ["*"] if settings.tenant_id else []}
    if where.authority and "AZURE_AUTHORITY_HOST" not in os.environ:  # which the SDK reads for itself
        options["authority"] = where.authority
    if where.own_authority:
        options["disable_instance_discovery"] = True
    if settings.ca_bundle:
        options["connection_verify"] = settings.ca_bundle
    return DefaultAzureCredential(**options)
