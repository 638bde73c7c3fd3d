"""Opens Google Cloud: credentials, the hosts to ask, and one pool of connections. Probes no metadata server."""

# ruff: noqa: PLC0415 - the SDK is imported on use: saying whether credentials are configured needs none

import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, local
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from auditor import __version__
from auditor.errors import NoScopeError
from providers.calls.endpoint import check_endpoint
from providers.calls.failure import one_line, text_of
from providers.calls.quiet import silence

if TYPE_CHECKING:
    from google.cloud.functions_v2 import FunctionServiceClient

ENDPOINT: Final = "AUDITOR_GCP_ENDPOINT"
CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 30.0
_SCOPES: Final = ("https://www.googleapis.com/auth/cloud-platform",)
"""Cloud Functions, Cloud Asset Inventory, Cloud Run and IAM accept no narrower scope; the role keeps it to reads."""

_FILE: Final = "GOOGLE_APPLICATION_CREDENTIALS"
_METADATA: Final = ("GCE_METADATA_HOST", "K_SERVICE", "CLOUD_RUN_JOB")
"""Set where a metadata server answers for the workload's own account."""

_AGENT: Final = f"serverless-auditor/{__version__}"
SIGN_IN: Final = (
    "run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS to a credentials file"
)
NO_CREDENTIALS: Final = f"No Google Cloud credentials were found: {SIGN_IN}."


@dataclass(frozen=True, slots=True)
class Settings:
    """The provider's own options. ``environment`` is where the configuration is looked for."""

    impersonate: str | None = None
    ca_bundle: str | None = None
    connections: int = 16
    environment: Mapping[str, str] | None = None

    def variable(self, name: str) -> str:
        """A variable of the environment; "" where it is not set."""
        return (os.environ if self.environment is None else self.environment).get(name, "").strip()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where everything is asked instead of Google's own hosts. ``plain`` without TLS, and then without credentials."""

    url: str
    plain: bool


def endpoint(settings: Settings) -> Endpoint | None:
    """The endpoint of the environment, if any. Raises UsageError for one that would send anything in the clear."""
    given = settings.variable(ENDPOINT).rstrip("/")
    if not given:
        return None
    return Endpoint(given, check_endpoint(ENDPOINT, given))


def missing(settings: Settings) -> str | None:
    """None where credentials are configured, else a sentence that says what is missing. Asks nobody.

    Raises NoScopeError where the environment names a file of credentials that is not there.
    """
    instead = endpoint(settings)
    if (instead is not None and instead.plain) or _file(settings) is not None:
        return None
    named = settings.variable(_FILE)
    if named:
        raise NoScopeError(f"{_FILE} names {named}, which is not there.")
    return None if _on_google(settings) else NO_CREDENTIALS


def _file(settings: Settings) -> Path | None:
    """The file of application default credentials, in the order Google's own libraries look."""
    named = settings.variable(_FILE)
    if named:
        path = Path(named).expanduser()
        return path if path.is_file() else None
    home = settings.variable("CLOUDSDK_CONFIG")
    if not home and os.name == "nt":
        home = str(Path(settings.variable("APPDATA")) / "gcloud")
    folder = Path(home) if home else Path("~/.config/gcloud").expanduser()
    path = folder / "application_default_credentials.json"
    return path if path.is_file() else None


def _on_google(settings: Settings) -> bool:
    if settings.variable("NO_GCE_CHECK").lower() == "true":
        return False
    return any(settings.variable(name) for name in _METADATA)


class Session:
    """One set of credentials and the connections made with them. Threads share it.

    Raises UsageError for an endpoint that may not be used, NoScopeError where no credentials can be had.
    """

    def __init__(self, settings: Settings) -> None:
        from google.auth.transport.requests import AuthorizedSession

        from providers.gcp.credentials import Shared

        silence("google", "urllib3", "requests")
        self._settings = settings
        self._endpoint = endpoint(settings)
        self._verify: str | bool = settings.ca_bundle or True
        self._lock = Lock()
        self._functions: Any = None
        self._kept = local()
        plain = self._endpoint is not None and self._endpoint.plain
        self._credentials = Shared() if plain else Shared(self._real(), self._token_request())
        self._http: Any = self._tuned(AuthorizedSession(self._credentials))  # type: ignore[no-untyped-call]

    def _real(self) -> Any:
        from google.auth.exceptions import GoogleAuthError

        try:
            return self._found()
        except (GoogleAuthError, ValueError, OSError) as error:
            said = one_line(text_of(error)).rstrip(".")
            raise NoScopeError(f"The Google Cloud credentials cannot be read ({said}): {SIGN_IN}.") from error

    def _found(self) -> Any:
        """Application default credentials.

        Read here rather than by google.auth.default(), which also starts gcloud, asks for the project of a
        workload identity pool and probes for a metadata server.
        """
        import google.auth
        from google.auth import compute_engine, impersonated_credentials
        from google.auth.credentials import with_scopes_if_required

        path = _file(self._settings)
        if path is not None:
            with warnings.catch_warnings():  # advice for those who write programs
                warnings.simplefilter("ignore")
                found, _ = google.auth.load_credentials_from_file(str(path))  # type: ignore[no-untyped-call]
            found = with_scopes_if_required(found, _SCOPES)  # type: ignore[no-untyped-call]
        elif _on_google(self._settings):
            found = compute_engine.Credentials(scopes=_SCOPES)  # type: ignore[no-untyped-call]
        else:
            raise NoScopeError(missing(self._settings) or NO_CREDENTIALS)
        if not self._settings.impersonate:
            return found
        return impersonated_credentials.Credentials(  # type: ignore[no-untyped-call]
            source_credentials=found,
            target_principal=self._settings.impersonate,
            target_scopes=list(_SCOPES),
            quota_project_id=getattr(found, "quota_project_id", None),
        )

    def _token_request(self) -> Any:
        import requests
        from google.auth.transport.requests import Request

        from providers.gcp.http_transport import Adapter

        session = requests.Session()
        Adapter.mount(session, self._verify, 1)
        return Request(session)

    def _tuned(self, session: Any) -> Any:
        """Connections of our own kind, and no redirects: they would be calls nobody declared."""
        from providers.gcp.http_transport import Adapter

        Adapter.mount(session, self._verify, self._settings.connections)
        session.max_redirects = 0
        session.headers["User-Agent"] = _AGENT
        if self._endpoint is not None and self._endpoint.plain:
            session.trust_env = False  # no proxy stands between us and this machine
        return session

    @property
    def setting(self) -> str:
        """What names the endpoint: "" for Google's own hosts."""
        return ENDPOINT if self._endpoint is not None else ""

    @property
    def caller(self) -> str:
        """As whom everything is asked; "" where the credentials do not tell."""
        return self._credentials.account

    def base(self, host: str) -> str:
        """The address below which a host's paths are asked."""
        return self._endpoint.url if self._endpoint is not None else f"https://{host}"

    def send(self, method: str, url: str, parameters: Mapping[str, Any], body: Mapping[str, Any] | None) -> Any:
        """Sends one request and returns the response, whatever its status."""
        return self._http.request(
            method,
            url,
            params=parameters,
            json=body,
            headers={"Accept": "application/json"},
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
        )

    def functions(self) -> "FunctionServiceClient":
        """The client of the Functions API, on the same credentials and the same kind of connections, for one call."""
        from google.cloud.functions_v2 import FunctionServiceClient
        from google.cloud.functions_v2.services.function_service.transports import FunctionServiceRestTransport

        with self._lock:
            if self._functions is None:
                address = urlsplit(self.base("cloudfunctions.googleapis.com"))
                transport = FunctionServiceRestTransport(
                    host=address.netloc + address.path, credentials=self._credentials, url_scheme=address.scheme
                )
                self._tuned(transport._session)  # noqa: SLF001 - the transport has no other door to its connections
                transport._session.hooks["response"].append(self._keep)  # noqa: SLF001 - the same
                self._functions = FunctionServiceClient(transport=transport)
            self._kept.response = None
            client: FunctionServiceClient = self._functions
            return client

    def _keep(self, response: Any, *_: Any, **__: Any) -> None:
        self._kept.response = response

    def sent_back(self) -> Any:
        """What the functions client last received in this thread, before it was parsed; None where that is nothing."""
        return getattr(self._kept, "response", None)

    def close(self) -> None:
        """Closes every connection."""
        self._http.close()
        if self._functions is not None:
            self._functions.transport.close()
