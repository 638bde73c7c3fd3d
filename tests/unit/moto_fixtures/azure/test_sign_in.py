"""azure-identity signs in over TLS under the throw-away authority, and the SDK then reads with its token."""

import base64
import json
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from azure.identity import ClientSecretCredential, DefaultAzureCredential, ManagedIdentityCredential
from azure.mgmt.web import WebSiteManagementClient

from moto_fixtures.azure.server import CLIENT, Server
from tests.unit.moto_fixtures.azure.small import SUBSCRIPTION, small_tenant


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """The small tenant over TLS."""
    with Server(small_tenant(), tls=True) as started:
        yield started


def _audience(token: str) -> str:
    claims = token.split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["aud"])


def test_a_client_secret_gets_a_token_and_the_token_reads(server: Server) -> None:
    scope = f"{server.endpoint}/.default"
    credential = ClientSecretCredential(
        server.tenant.id, CLIENT, "x", authority=server.endpoint, disable_instance_discovery=True,
        connection_verify=server.bundle,
    )  # fmt: skip
    assert _audience(credential.get_token(scope).token) == server.endpoint
    with WebSiteManagementClient(
        credential, SUBSCRIPTION, base_url=server.endpoint, credential_scopes=[scope], connection_verify=server.bundle
    ) as client:
        assert [app.name for app in client.web_apps.list()] == ["orders", "returns"]
    credential.close()


def test_the_environment_alone_is_enough(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    assert server.environment["AUDITOR_AZURE_ENDPOINT"].startswith("https://localhost:")
    with DefaultAzureCredential(disable_instance_discovery=True) as credential:
        assert _audience(credential.get_token("https://management.azure.com/.default").token) == (
            "https://management.azure.com"
        )


def test_a_managed_identity_gets_a_token_over_plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(small_tenant()) as plain:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{plain.endpoint}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "x")
        with ManagedIdentityCredential() as credential:
            token = credential.get_token("https://management.azure.com/.default").token
    assert _audience(token) == "https://management.azure.com"


def test_sign_in_is_not_in_the_request_log(server: Server) -> None:
    server.forget_requests()
    trusted = ssl.create_default_context(cafile=server.bundle)
    url = f"{server.endpoint}/{server.tenant.id}/v2.0/.well-known/openid-configuration"
    with urllib.request.urlopen(url, context=trusted, timeout=300) as answer:
        told = json.load(answer)
    assert told["token_endpoint"] == f"{server.endpoint}/{server.tenant.id}/oauth2/v2.0/token"
    assert server.requests == ()


def test_nobody_else_trusts_the_authority_and_its_keys_do_not_stay(server: Server) -> None:
    with pytest.raises(OSError, match="certificate"):
        urllib.request.urlopen(server.endpoint, timeout=300)
    passing = Server(small_tenant(), tls=True).start()
    bundle = Path(passing.bundle)
    assert bundle.exists()
    passing.stop()
    passing.stop()
    assert not bundle.exists()


def test_without_tls_the_standard_library_is_enough() -> None:
    code = (
        "import sys\n"
        "from moto_fixtures.azure import bulk_seed, company, server\n"
        "company.start().stop()\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('azure','msal','requests','cryptography')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout.strip() == "[]"
