"""Opens AWS: credentials, regions by name, and clients that hold the declared calls and no other."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from threading import Lock
from typing import Any, Final

import boto3.session
from botocore.config import Config
from botocore.configprovider import ConfiguredEndpointProvider
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import BotoCoreError, ProfileNotFound
from botocore.loaders import Loader

from auditor import __version__
from auditor.errors import NoScopeError, UsageError, suggestion
from providers.aws.arn import parse_arn
from providers.aws.http_transport import BoundedSession
from providers.aws.operations import OPERATIONS
from providers.aws.parsers import StrictParsers
from providers.calls.endpoint import check_endpoint
from providers.calls.quiet import silence

CONNECT_SECONDS: Final = 5
READ_SECONDS: Final = 30
_CONNECTIONS: Final = 16
_OLDEST: Final = ("us-east", "us-gov", "cn", "eusc")
_ACCOUNT_DIGITS: Final = 12
_PROFILES: Final = 10
"""Profiles that are named where another was asked for."""
_SESSION_NAME: Final = "serverless-auditor"
_ENDPOINT: Final = "AWS_ENDPOINT_URL"
_SIGN_IN: Final = ("signin", "sso", "sso-oidc", "sts")
"""What the SDK itself asks for credentials."""

_WITHOUT_TABLE: Final = "sts"
"""The SDK itself renews credentials through it, so its calls are left alone (they are never ours to choose)."""


class DeclaredLoader(Loader):
    """Loads service descriptions with only the declared calls in them.

    A client made from such a description has no method for anything else, and a small one costs little memory.
    ``paths`` are the operator's own directories of descriptions (the SDK's ``data_path``).
    """

    def __init__(self, paths: str | None = None) -> None:
        super().__init__(extra_search_paths=paths.split(os.pathsep) if paths else None)  # type: ignore[no-untyped-call]

    def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Any:
        """The description; ``service-2`` ones of declared services are reduced in place, once."""
        model = super().load_service_model(service_name, type_name, api_version)
        if type_name == "service-2" and service_name in _DECLARED and service_name != _WITHOUT_TABLE:
            _reduce(model, _DECLARED[service_name])
        return model


def _declared() -> Mapping[str, frozenset[str]]:
    methods: dict[str, set[str]] = {}
    for operation in OPERATIONS:
        if operation.makes_call:
            methods.setdefault(operation.client, set()).add(operation.method)
    return {client: frozenset(names) for client, names in methods.items()}


_DECLARED: Final = _declared()


def _reduce(model: dict[str, Any], keep: frozenset[str]) -> None:
    if set(model["operations"]) <= keep:
        return
    model["operations"] = {name: shape for name, shape in model["operations"].items() if name in keep}
    shapes, wanted, todo = model["shapes"], set(), [model["operations"]]
    while todo:
        value = todo.pop()
        if isinstance(value, list):
            todo.extend(value)
        elif isinstance(value, dict):
            name = value.get("shape")
            if isinstance(name, str) and name in shapes and name not in wanted:
                wanted.add(name)
                todo.append(shapes[name])
            todo.extend(value.values())
    model["shapes"] = {name: {k: v for k, v in shapes[name].items() if k != "documentation"} for name in wanted}


@dataclass(frozen=True, slots=True)
class Settings:
    """The provider's own options. ``role_arns`` are assumed one from the other, the last is whom we act as."""

    profile: str | None = None
    role_arns: tuple[str, ...] = ()
    external_id: str | None = None
    ca_bundle: str | None = None


class Session:
    """One set of credentials, and the clients made with them. Clients are shared by threads and made on demand.

    Raises UsageError for a profile that does not exist, NoScopeError where no credentials are found.
    """

    caller: Final = ""
    """As whom AWS is asked, sts:GetCallerIdentity says: the run notes it."""

    def __init__(self, settings: Settings, source: "Session | None" = None) -> None:
        """``source`` is the session whose credentials the roles are assumed with, and whose descriptions are shared."""
        silence("boto3", "botocore", "urllib3", "s3transfer")
        core: Any = BoundedSession(settings.profile)
        self._core = core
        self._ca_bundle = settings.ca_bundle
        self._lock = Lock()
        self._clients: dict[tuple[str, str], Any] = {}
        try:
            self.loader: DeclaredLoader = (
                source.loader if source else DeclaredLoader(core.get_config_variable("data_path"))
            )
            core.register_component("data_loader", self.loader)
            core.register_component("response_parser_factory", StrictParsers())  # type: ignore[no-untyped-call]
            _check_endpoints(core)
            credentials = source.credentials if source else core.get_credentials()
            self.region: str | None = core.get_config_variable("region") or (source.region if source else None)
        except ProfileNotFound as missing:
            raise UsageError(_no_profile(core, missing)) from None
        except BotoCoreError as error:
            raise NoScopeError(f"The AWS credentials cannot be read: {str(error).rstrip('.')}.") from error
        if credentials is None:
            raise NoScopeError(NO_CREDENTIALS)
        for role_arn in settings.role_arns:
            credentials = self._assumed(core, credentials, role_arn, settings.external_id)
        if source or settings.role_arns:
            core._credentials = credentials  # noqa: SLF001 - as the SDK's own profiles do
        self._settings = settings
        self.credentials: Any = credentials
        self._boto = boto3.session.Session(botocore_session=core)

    def of_profile(self, profile: str) -> "Session":
        """A session with the credentials of a named profile. Raises UsageError for one that does not exist."""
        return Session(replace(self._settings, profile=profile, role_arns=(), external_id=None))

    def assuming(self, role_arns: tuple[str, ...], external_id: str | None) -> "Session":
        """A session that acts as a role, which is assumed with the credentials of this one and renewed with them."""
        settings = replace(self._settings, role_arns=role_arns, external_id=external_id)
        return Session(settings, self)

    def _assumed(self, core: Any, credentials: Any, role_arn: str, external_id: str | None) -> Any:
        """Credentials of the role, renewed by the SDK before they expire."""
        role = parse_arn(role_arn)
        if role is None:
            raise UsageError(f"{role_arn!r} is not the ARN of a role.")
        extra = {"RoleSessionName": _SESSION_NAME}
        if external_id:
            extra["ExternalId"] = external_id

        def client(name: str, **given: Any) -> Any:
            given.setdefault("region_name", self.region or self.first_region(role.partition))
            return core.create_client(name, config=self._config(), verify=self._ca_bundle, **given)

        fetcher = AssumeRoleCredentialFetcher(client, credentials, role_arn, extra_args=extra)
        return DeferredRefreshableCredentials(method="assume-role", refresh_using=fetcher.fetch_credentials)

    def client(self, service: str, region: str) -> Any:
        """The client of a service in a region."""
        key = (service, region)
        with self._lock:
            made = self._clients.get(key)
            if made is None:
                made = self._clients[key] = self._boto.client(
                    service, region_name=region, config=self._config(), verify=self._ca_bundle
                )
                if _configured(self._core, service):
                    made.meta.events.register("before-sign.s3-control", _without_account)
            return made

    def _config(self) -> Config:
        return Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            max_pool_connections=_CONNECTIONS,
            retries={"total_max_attempts": 1},
            parameter_validation=False,
            tcp_keepalive=True,
            user_agent=f"serverless-auditor/{__version__}",
        )

    def endpoint(self, service: str, region: str) -> tuple[str, str]:
        """Where a service is asked in a region, and what configures that address ("": it is AWS's own)."""
        given = _configured(self._core, service)
        return (given, _setting(given)) if given else (str(self.client(service, region).meta.endpoint_url), "")

    def partitions(self) -> tuple[str, ...]:
        """The partitions the SDK knows, but for those that are cut off from the internet."""
        return tuple(name for name in self._core.get_available_partitions() if "-iso" not in name)

    def first_region(self, partition: str) -> str:
        """A region of the partition that every account of it may use, for the calls that need any region."""
        regions = self.regions(partition)
        oldest = [region for region in regions if region.startswith(_OLDEST) and region.endswith("-1")]
        return (oldest or list(regions))[0]

    def regions(self, partition: str) -> tuple[str, ...]:
        """The regions of a partition that the SDK knows by name, whether enabled or not."""
        return tuple(sorted(self._core.get_available_regions("lambda", partition_name=partition)))

    def offers(self, service: str, region: str) -> bool:
        """Whether a service has an endpoint in a region; False only where the SDK knows both and lists none."""
        partition = self._core.get_partition_for_region(region)
        offered = self._core.get_available_regions(service, partition_name=partition)
        return not offered or region in offered or region not in self.regions(partition)

    def close(self) -> None:
        """Closes every connection."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()


NO_CREDENTIALS: Final = (
    "No AWS credentials were found: run `aws configure` or `aws sso login`, name a profile with --profile, "
    "or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
)


def check_names(names: tuple[str, ...], known: tuple[str, ...]) -> None:
    """Raises UsageError naming the nearest regions for a region that does not exist."""
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=3, cutoff=0.5)
            hint = f"Did you mean {' or '.join(near)}?" if near else f"Known are: {', '.join(known)}."
            raise UsageError(f"There is no AWS region {name!r}. {hint}")


def _no_profile(core: Any, missing: ProfileNotFound) -> str:
    """Says which profile was not found, where, and which there are."""
    given = missing.kwargs.get("profile") or core.profile
    files = f"{core.get_config_variable('config_file')} or {core.get_config_variable('credentials_file')}"
    known = sorted(core.available_profiles)
    if not known:
        return f"There is no AWS profile {given!r} in {files}, nor any other: 'aws configure --profile NAME' makes one."
    named = ", ".join(known[:_PROFILES]) + (f" and {len(known) - _PROFILES} more" if len(known) > _PROFILES else "")
    return f"There is no AWS profile {given!r} in {files}, only {named}{suggestion(str(given), known)}"


def _without_account(request: Any, **_rest: Any) -> None:
    """Takes the account out of the host name, where the SDK writes it even before an address of one's own."""
    scheme, separator, rest = request.url.partition("://")
    account, _, host = rest.partition(".")
    if account.isdecimal() and len(account) == _ACCOUNT_DIGITS:
        request.url = f"{scheme}{separator}{host}"


def _check_endpoints(core: Any) -> None:
    """Raises UsageError for a configured endpoint that would send signed requests in clear text."""
    for service in (*sorted(_DECLARED), *_SIGN_IN):
        url = _configured(core, service)
        if url:
            check_endpoint(_setting(url), url)


def _configured(core: Any, service: str) -> str:
    """The address that the environment or the configuration gives for a service, or ""."""
    if core.get_config_variable("ignore_configured_endpoint_urls"):
        return ""
    # the SDK calls this class private; it alone knows how services are spelt in variables and files
    return ConfiguredEndpointProvider(core.full_config, core.get_scoped_config(), service).provide() or ""


def _setting(url: str) -> str:
    """What sets an endpoint's address: a variable of the environment, or the configuration file."""
    names = (name for name, value in os.environ.items() if name.startswith(_ENDPOINT) and value == url)
    return min(names, default="endpoint_url in the AWS configuration file")
