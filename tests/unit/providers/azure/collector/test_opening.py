"""Where Azure is, with which credentials, and what ``doctor`` and ``permissions`` say before a scan."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError

from auditor.errors import NoScopeError, UsageError
from auditor.model.observed import GapReason
from auditor.provider import CollectOptions
from providers.azure.classify import classify_error
from providers.azure.endpoint import endpoint as where
from providers.azure.operations import OPERATIONS
from providers.azure.policy import NEVER
from providers.azure.provider import AzureProvider
from providers.azure.session import Session, Settings
from tests.unit.providers.azure.collector.conftest import (
    ENVIRONMENT,
    FIRST,
    Asked,
    Cloudlet,
    Endpoint,
    Kept,
    Told,
    refused,
    site,
)

Options = Callable[..., CollectOptions]
ROOT = Path(__file__).parents[5]


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment without any sign of Azure."""
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AZURE_CONFIG_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            "http://10.0.0.4:8080",
            "AUDITOR_AZURE_ENDPOINT is http://10.0.0.4, which would send credentials in clear text",
        ),
        (
            "http://azure.fernhollow.example",
            "is http://azure.fernhollow.example, which would send credentials in clear text",
        ),
        ("ftp://localhost", "AUDITOR_AZURE_ENDPOINT is not an endpoint"),
        ("localhost:8080", "AUDITOR_AZURE_ENDPOINT is not an endpoint"),
    ],
)
def test_an_endpoint_in_clear_text_is_refused(
    url: str, sentence: str, nowhere: Path, monkeypatch: pytest.MonkeyPatch, kept: Kept, options: Options
) -> None:
    monkeypatch.setenv("AUDITOR_AZURE_ENDPOINT", url)
    with pytest.raises(UsageError, match=sentence) as refusal:
        AzureProvider().collect(options(), kept, kept)
    assert "\n" not in str(refusal.value)
    assert kept.envelopes == []
    with pytest.raises(UsageError):
        AzureProvider().usable(options())


@pytest.mark.parametrize(
    ("name", "value", "url", "scope"),
    [
        ("AZURE_CLOUD", "", "https://management.azure.com", "https://management.azure.com/.default"),
        (
            "AZURE_CLOUD",
            "AzureChinaCloud",
            "https://management.chinacloudapi.cn",
            "https://management.chinacloudapi.cn/.default",
        ),
        (
            "AZURE_CLOUD",
            "azureusgovernment",
            "https://management.usgovcloudapi.net",
            "https://management.core.usgovcloudapi.net/.default",
        ),
        (
            "AZURE_AUTHORITY_HOST",
            "https://login.chinacloudapi.cn/",
            "https://management.chinacloudapi.cn",
            "https://management.chinacloudapi.cn/.default",
        ),
        (
            "AZURE_AUTHORITY_HOST",
            "login.microsoftonline.us",
            "https://management.usgovcloudapi.net",
            "https://management.core.usgovcloudapi.net/.default",
        ),
        ("AUDITOR_AZURE_ENDPOINT", "https://arm.example/", "https://arm.example", "https://arm.example/.default"),
        ("AUDITOR_AZURE_ENDPOINT", "http://[::1]:9", "http://[::1]:9", ""),
    ],
)
def test_the_environment_says_which_cloud(
    name: str, value: str, url: str, scope: str, nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    assert (where().url, where().scope) == (url, scope)


def test_an_unknown_cloud_is_a_mistake(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_CLOUD", "AzureMoon")
    with pytest.raises(UsageError, match="There is no AZURE_CLOUD 'AzureMoon'"):
        where()


def test_a_real_endpoint_gets_the_chain_of_credentials(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_AZURE_ENDPOINT", "https://localhost:1")
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", "https://localhost:2")
    session = Session(Settings(tenant_id="fernhollow.example"))
    assert type(session._credential).__name__ == "_InTenant"
    assert type(session._credential._credential._credential).__name__ == "DefaultAzureCredential"  # type: ignore[attr-defined]
    assert where().own_authority
    session.close()


def test_usable_tells_how_to_sign_in(nowhere: Path, monkeypatch: pytest.MonkeyPatch, options: Options) -> None:
    provider = AzureProvider()
    assert str(provider.usable(options())).startswith("No Azure credentials were found: run `az login`")
    profile = nowhere / "azureProfile.json"
    profile.write_text(json.dumps({"subscriptions": []}), encoding="utf-8-sig")
    assert provider.usable(options()) is not None
    profile.write_text(json.dumps({"subscriptions": [{"id": FIRST}]}), encoding="utf-8-sig")
    assert provider.usable(options()) is None
    profile.unlink()
    for name in ("AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE", "IDENTITY_ENDPOINT", "MSI_ENDPOINT"):
        with monkeypatch.context() as given:
            given.setenv(name, "x")
            assert provider.usable(options()) is None


def test_the_role_is_the_table(options: Options) -> None:
    base = AzureProvider().policy([], FIRST)
    assert base["AssignableScopes"] == [f"/subscriptions/{FIRST}"]
    assert base["NotActions"] == list(NEVER)
    wanted = {o.permission for o in OPERATIONS if o.tier == "base"}
    assert wanted <= set(base["Actions"])
    assert "Microsoft.Web/sites/slots/functions/read" in base["Actions"]
    assert "Microsoft.Cdn/profiles/read" in base["Actions"]
    assert not [action for action in base["Actions"] if not action.endswith("/read")]
    more = AzureProvider().policy(["settings"])
    assert set(more["Actions"]) - set(base["Actions"]) == {
        "Microsoft.Web/sites/config/list/action",
        "Microsoft.Web/sites/slots/config/list/action",
    }
    assert more["AssignableScopes"] == ["/subscriptions/REPLACE-subscription-id"]
    with pytest.raises(UsageError, match="no permission tier 'keys' for Azure: there is settings"):
        AzureProvider().policy(["keys"])


def test_the_doctor_names_what_is_missing(cloud: Cloudlet, endpoint: Endpoint, options: Options) -> None:
    cloud.rows = [site(FIRST, "orders")]
    cloud.answers["/config/appsettings/list"] = refused("AuthorizationFailed", "may not")
    probes = {probe.subject: probe for probe in AzureProvider().doctor(options())}
    assert probes["subscriptions"].text == FIRST
    assert {name for name, probe in probes.items() if not probe.ok} == {"web:ListApplicationSettings"}
    assert probes["web:ListApplicationSettings"].permission == "Microsoft.Web/sites/config/list/action"
    assert probes["Resource Graph authorizationresources"].ok


def test_the_doctor_without_credentials_says_so(nowhere: Path, options: Options) -> None:
    (probe,) = AzureProvider().doctor(options())
    assert (probe.subject, probe.ok) == ("credentials", False)


def test_declaring_needs_no_sdk() -> None:
    code = (
        "import sys; from providers.azure.provider import AzureProvider; AzureProvider().policy([]);"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('azure', 'requests', 'msal')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_s13_subscriptions_that_may_not_be_listed_name_the_permission(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    endpoint.script = lambda _asked: refused("AuthorizationFailed", "The client may not do this.")
    with pytest.raises(NoScopeError) as refusal:
        AzureProvider().collect(options(), kept, kept)
    assert str(refusal.value) == (
        "The Azure subscriptions cannot be listed (AuthorizationFailed: The client may not do this): "
        "Microsoft.Resources/subscriptions/read is missing, grant it ('auditor permissions azure' prints a role)."
    )


def test_s3_a_list_of_subscriptions_that_breaks_off_loses_those_only(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    plain = endpoint.script

    def broken(asked: Asked) -> Told:
        if asked.path != "/subscriptions":
            return plain(asked)
        if "$skiptoken" in asked.query:
            return Told(raw=b'{"value": NaN}')
        rows = [{"subscriptionId": FIRST}, {"displayName": "no id"}, None]
        return Told({"value": rows, "nextLink": f"{endpoint.url}/subscriptions?$skiptoken=2"})

    endpoint.script = broken
    AzureProvider().collect(options(), kept, kept)
    assert list(kept.scopes) == [FIRST]
    assert kept.errors == [
        "2 entries of resources:ListSubscriptions name no subscription: what they are was not read.",
        (
            "The list of Azure subscriptions broke off, so some were not read "
            "(The answer holds NaN, which is no number of JSON)."
        ),
    ]
    assert kept.told("web:ListSites") == {"": "ok"}


def test_one_sentence_says_that_no_credentials_give_access(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch, kept: Kept, options: Options
) -> None:
    tried = "DefaultAzureCredential failed to retrieve a token from the included credentials.\nAttempted credentials:\n"
    said = "\tEnvironmentCredential: Authentication failed: AADSTS7000215: Invalid client secret provided. Trace ID: 1"

    class Refused:
        def __init__(self, text: str) -> None:
            self._text = text

        def get_token(self, *_scopes: str, **_options: Any) -> Any:
            raise ClientAuthenticationError(self._text)

    monkeypatch.setenv("AUDITOR_AZURE_ENDPOINT", "https://localhost:1")
    for text, cause in (
        (tried + "\tAzureCliCredential: Azure CLI not found on path", "none was found"),
        (tried + said, "AADSTS7000215: Invalid client secret provided"),
    ):
        monkeypatch.setattr("azure.identity.DefaultAzureCredential", lambda text=text, **_: Refused(text))
        with pytest.raises(NoScopeError) as refusal:
            AzureProvider().collect(options(), kept, kept)
        assert str(refusal.value) == (
            f"The Azure credentials have expired or give no access ({cause}): run `az login`, or set AZURE_TENANT_ID, "
            "AZURE_CLIENT_ID and AZURE_CLIENT_SECRET (on a machine with a managed identity: "
            "AZURE_TOKEN_CREDENTIALS=ManagedIdentityCredential)."
        )


def test_an_endpoint_that_does_not_answer_is_named_with_what_names_it(
    endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    endpoint.close()
    with pytest.raises(NoScopeError) as refusal:
        AzureProvider().collect(options(), kept, kept)
    assert str(refusal.value) == (
        f"Azure cannot be reached at {endpoint.url} (Connection refused): that address comes from "
        "AUDITOR_AZURE_ENDPOINT; start what serves it, or unset it."
    )


def test_a_sign_in_that_meets_no_answer_is_no_matter_of_credentials() -> None:
    tried = (
        "DefaultAzureCredential failed to retrieve a token from the included credentials.\nAttempted credentials:\n"
        "\tEnvironmentCredential: Authentication failed: HTTPSConnection(host='login.microsoftonline.com', port=443): "
        "Failed to resolve 'login.microsoftonline.com' ([Errno -2] Name or service not known)\nTo mitigate this issue,"
    )
    refusal = classify_error(ClientAuthenticationError(tried))
    assert refusal.reason is GapReason.UNREACHABLE
    assert refusal.message == "signing in at login.microsoftonline.com: Name or service not known"
    silent = classify_error(ClientAuthenticationError(tried.partition("[")[0]))
    assert silent.message == "signing in at login.microsoftonline.com: no connection"
    told = classify_error(ClientAuthenticationError(f"{tried}\nAADSTS700016: Application was not found."))
    assert told.reason is GapReason.EXPIRED
    assert told.message == "AADSTS700016: Application was not found"
