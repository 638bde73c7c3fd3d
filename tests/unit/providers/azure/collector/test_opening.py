"""Where Azure is, with which credentials, and what ``doctor`` and ``permissions`` say before a scan."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.errors import UsageError
from auditor.provider import CollectOptions
from providers.azure.adapter import AzureProvider
from providers.azure.endpoint import endpoint as where
from providers.azure.operations import OPERATIONS
from providers.azure.policy import NEVER
from providers.azure.session import Session, Settings
from tests.unit.providers.azure.collector.conftest import ENVIRONMENT, FIRST, Cloudlet, Endpoint, Kept, refused, site

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
    assert type(session._credential._credential._credential).__name__ == "DefaultAzureCredential"
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
    assert more["AssignableScopes"] == ["/subscriptions/<subscription-id>"]
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
        "import sys; from providers.azure.adapter import AzureProvider; AzureProvider().policy([]);"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('azure', 'requests', 'msal')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
