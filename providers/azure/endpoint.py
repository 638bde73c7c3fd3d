"""Where Resource Manager is, and whether credentials are configured. Reads the environment and no SDK."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from auditor.errors import UsageError
from providers.calls.endpoint import check_endpoint

ENDPOINT: Final = "AUDITOR_AZURE_ENDPOINT"
_AUTHORITY: Final = "AZURE_AUTHORITY_HOST"
_CLOUD: Final = "AZURE_CLOUD"

SIGN_IN: Final = (
    "run `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET "
    "(on a machine with a managed identity: AZURE_TOKEN_CREDENTIALS=ManagedIdentityCredential)"
)
NO_CREDENTIALS: Final = f"No Azure credentials were found: {SIGN_IN}."

_SIGNS: Final = (
    "AZURE_CLIENT_ID",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_TOKEN_CREDENTIALS",
    "IDENTITY_ENDPOINT",
    "MSI_ENDPOINT",
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One Resource Manager.

    ``scope`` is what tokens are asked for and ``authority`` who is asked ("" where the SDK knows); ``own`` tells that
    the environment names the endpoint, ``plain`` that it is an emulator on this machine that takes any token, and
    ``own_authority`` that tokens come from a place the SDK cannot look up.
    """

    url: str
    scope: str
    authority: str = ""
    own: bool = False
    plain: bool = False
    own_authority: bool = False


_CLOUDS: Final[Mapping[str, Endpoint]] = {
    "azurecloud": Endpoint(
        "https://management.azure.com",
        "https://management.azure.com/.default",
        "https://login.microsoftonline.com",
    ),
    "azurechinacloud": Endpoint(
        "https://management.chinacloudapi.cn",
        "https://management.chinacloudapi.cn/.default",
        "https://login.chinacloudapi.cn",
    ),
    "azureusgovernment": Endpoint(
        "https://management.usgovcloudapi.net",
        "https://management.core.usgovcloudapi.net/.default",
        "https://login.microsoftonline.us",
    ),
}


def endpoint() -> Endpoint:
    """The endpoint the environment names, else the public cloud's.

    Raises UsageError for one that would send credentials in the clear, and for a cloud that does not exist.
    """
    given = os.environ.get(ENDPOINT, "").strip().rstrip("/")
    return _given(given) if given else _cloud()


def _given(url: str) -> Endpoint:
    if check_endpoint(ENDPOINT, url):
        return Endpoint(url, "", own=True, plain=True)
    return Endpoint(url, f"{url}/.default", own=True, own_authority=_AUTHORITY in os.environ)


def _cloud() -> Endpoint:
    named = os.environ.get(_CLOUD, "").strip()
    if named:
        found = _CLOUDS.get(named.lower())
        if found is None:
            raise UsageError(f"There is no {_CLOUD} {named!r}: it is AzureCloud, AzureChinaCloud or AzureUSGovernment.")
        return found
    authority = os.environ.get(_AUTHORITY, "").strip().removeprefix("https://").strip("/").lower()
    for cloud in _CLOUDS.values():
        if authority and cloud.authority.endswith(f"//{authority}"):
            return cloud
    return _CLOUDS["azurecloud"]


def configured() -> bool:
    """Whether the environment or the Azure CLI's profile holds credentials. Asks nobody."""
    return any(os.environ.get(name) for name in _SIGNS) or _signed_in()


def _signed_in() -> bool:
    folder = os.environ.get("AZURE_CONFIG_DIR") or str(Path.home() / ".azure")
    try:
        profile = json.loads((Path(folder) / "azureProfile.json").read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return False
    return isinstance(profile, Mapping) and bool(profile.get("subscriptions"))
