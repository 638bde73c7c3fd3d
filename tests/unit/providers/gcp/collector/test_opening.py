"""Credentials, endpoints and projects: what is said when Google Cloud cannot be opened."""

import datetime as dt
import ipaddress
import json
import logging
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from auditor.errors import NoScopeError, UsageError
from auditor.model.observed import GapReason
from providers.gcp.provider import GcpProvider
from providers.gcp.session import Settings, endpoint, missing
from tests.unit.providers.gcp.collector.company import project, scripts
from tests.unit.providers.gcp.collector.conftest import (
    Google,
    Kept,
    declared,
    denied,
    error,
    off,
    options,
    serve,
)

Run = Callable[..., Kept]


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "K_SERVICE", "GCE_METADATA_HOST"):
        monkeypatch.delenv(name, raising=False)


def test_no_credentials_are_one_clear_sentence() -> None:
    told = GcpProvider().usable(options())
    assert told == (
        "No Google Cloud credentials were found: run `gcloud auth application-default login`, "
        "or set GOOGLE_APPLICATION_CREDENTIALS to a credentials file."
    )
    with pytest.raises(NoScopeError, match="No Google Cloud credentials were found"):
        GcpProvider().collect(options(), Kept(), Kept())


def test_a_credentials_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/key.json")
    with pytest.raises(NoScopeError, match=r"names /nowhere/key\.json, which is not there\."):
        GcpProvider().usable(options())
    with pytest.raises(NoScopeError, match=r"names /nowhere/key\.json"):
        GcpProvider().collect(options(), Kept(), Kept())


def test_gclouds_own_credentials_make_it_usable(tmp_path: Path) -> None:
    (tmp_path / "application_default_credentials.json").write_text("{}")
    assert GcpProvider().usable(options()) is None


@pytest.mark.parametrize(
    ("environment", "usable"),
    [
        ({"K_SERVICE": "auditor"}, True),
        ({"GCE_METADATA_HOST": "metadata.example"}, True),
        ({"K_SERVICE": "auditor", "NO_GCE_CHECK": "true"}, False),
        ({}, False),
        ({"AUDITOR_GCP_ENDPOINT": "http://127.0.0.1:1"}, True),
        ({"AUDITOR_GCP_ENDPOINT": "https://proxy.example"}, False),
    ],
)
def test_the_machines_own_account_is_used_where_the_environment_says_so_and_nobody_is_asked(
    environment: dict[str, str], usable: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        pytest.fail("usable() must not connect anywhere")

    monkeypatch.setattr("socket.socket.connect", refuse)
    settings = Settings(environment={"CLOUDSDK_CONFIG": str(tmp_path), **environment})
    assert (missing(settings) is None) is usable


def test_credentials_that_make_no_sense_are_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "application_default_credentials.json").write_text('{"type": "nonsense"}')
    with pytest.raises(NoScopeError, match=r"credentials cannot be read \(.*nonsense.*\): run `gcloud auth"):
        GcpProvider().collect(options(), Kept(), Kept())
    (tmp_path / "application_default_credentials.json").write_text('{"type": "service_account"}')
    with pytest.raises(NoScopeError) as refused:
        GcpProvider().collect(options(), Kept(), Kept())
    said = str(refused.value)
    assert "MalformedError" not in said, "no tuple of Python's"
    assert "application_default_credentials.json: " in said
    assert "missing fields" in said
    assert "token_uri" in said


@pytest.mark.parametrize("address", ["http://audit.example:8080", "http://10.0.0.7", "http://metadata"])
def test_plain_http_is_refused_for_any_other_machine(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_GCP_ENDPOINT", address)
    for attempt in (
        lambda: GcpProvider().usable(options()),
        lambda: GcpProvider().collect(options(), Kept(), Kept()),
        lambda: list(GcpProvider().doctor(options())),
    ):
        with pytest.raises(UsageError) as refused:
            attempt()
        said = str(refused.value)
        assert said.startswith(f"AUDITOR_GCP_ENDPOINT is {address.removesuffix(':8080')}, which would send")
        assert said.endswith("(http:// is accepted for this machine only).")


@pytest.mark.parametrize("address", ["ftp://127.0.0.1", "127.0.0.1:8080", "https://me:pw@host.example", "http://"])
def test_an_endpoint_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="AUDITOR_GCP_ENDPOINT is not an endpoint: it must be https://host"):
        endpoint(Settings(environment={"AUDITOR_GCP_ENDPOINT": address}))


@pytest.mark.parametrize("address", ["http://localhost:9", "http://127.0.0.1:9/", "http://[::1]:9"])
def test_loopback_may_be_asked_in_the_clear(address: str) -> None:
    found = endpoint(Settings(environment={"AUDITOR_GCP_ENDPOINT": address}))
    assert found is not None
    assert found.plain
    assert not found.url.endswith("/")


def test_an_emulator_is_sent_no_credentials(google: Google, run: Run, tmp_path: Path) -> None:
    (tmp_path / "application_default_credentials.json").write_text('{"type": "nonsense"}')
    google.scripts = scripts()
    run()
    assert google.log
    assert not any("authorization" in asked.headers for asked in google.log)


class Tls:
    """A Google over TLS, a token service in the clear on this machine, and a service account's file."""

    def __init__(self, google: Google, tokens: Google, folder: Path) -> None:
        self.google = google
        self.tokens = tokens
        self.bundle = str(folder / "ca.pem")


def certificate(folder: Path) -> ssl.SSLContext:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "ca.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(pem(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return context


def pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tls]:
    for google in serve(certificate(tmp_path)):
        for tokens in serve():
            google.scripts = scripts()
            tokens.scripts["token"] = {"access_token": "ya29." + "t" * 20, "expires_in": 3600, "token_type": "Bearer"}
            account = {
                "type": "service_account",
                "project_id": "audit-tools",
                "private_key_id": "1",
                "private_key": pem(rsa.generate_private_key(public_exponent=65537, key_size=2048)).decode(),
                "client_email": "auditor@audit-tools.iam.gserviceaccount.com",
                "token_uri": f"{tokens.url}/token",
            }
            file = tmp_path / "account.json"
            file.write_text(json.dumps(account))
            monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
            monkeypatch.setenv("GOOGLE_CLOUD_QUOTA_PROJECT", "audit-quota")
            monkeypatch.setenv("AUDITOR_GCP_ENDPOINT", google.url)
            yield Tls(google, tokens, tmp_path)


def test_a_service_account_signs_in_once_for_every_connection(tls: Tls, kept: Kept) -> None:
    assert GcpProvider().usable(options()) is None
    GcpProvider().collect(options(ca_bundle=tls.bundle), kept, kept)
    assert tls.tokens.paths() == ["token"]
    assert {asked.headers["authorization"] for asked in tls.google.log} == {"Bearer ya29." + "t" * 20}
    assert {asked.headers["x-goog-user-project"] for asked in tls.google.log} == {"audit-quota"}
    assert [asked.path for asked in tls.google.log if not declared(asked)] == []
    assert [one.outcome.value for one in kept.of("functions:ListFunctions")] == ["ok"]


def test_a_stranger_with_an_unknown_certificate_is_not_talked_to(tls: Tls, kept: Kept) -> None:
    with pytest.raises(
        NoScopeError, match=r"cannot be reached at https://127.0.0.1:\d+ \(self-signed certificate\): .*--ca-bundle"
    ):
        GcpProvider().collect(options(), kept, kept)
    assert tls.google.log == []


def test_a_revoked_account_is_told_to_sign_in_again(tls: Tls, kept: Kept) -> None:
    tls.tokens.scripts["token"] = (400, {"error": "invalid_grant", "error_description": "Account not found"}, {})
    with pytest.raises(
        NoScopeError, match=r"have expired or give no access \(invalid_grant: Account not found\): run `gcloud auth"
    ):
        GcpProvider().collect(options(ca_bundle=tls.bundle), kept, kept)
    assert tls.google.log == []
    assert kept.scopes == {}


def test_a_token_that_expires_on_the_way_ends_the_run_in_gaps(tls: Tls, kept: Kept) -> None:
    expired = error(401, "UNAUTHENTICATED", "ACCESS_TOKEN_EXPIRED")
    for path in [path for path in tls.google.scripts if not path.startswith("v3/projects:search")]:
        tls.google.scripts[path] = expired
    GcpProvider().collect(options(ca_bundle=tls.bundle), kept, kept)
    assert {one.reason for one in kept.of("functions:ListFunctions")} == {GapReason.EXPIRED}
    assert {one.reason for one in kept.of("logging:ListSinks")} == {GapReason.EXPIRED}
    assert "v2/projects/shop-prod/sinks" not in tls.google.paths()


def test_the_sdk_prints_nothing_at_any_level(tls: Tls, kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        GcpProvider().collect(options(ca_bundle=tls.bundle), kept, kept)
    assert [line for line in caplog.records if line.name.startswith(("google", "urllib3", "requests"))] == []


def test_no_visible_project_is_a_sentence(google: Google, run: Run) -> None:
    google.scripts["v3/projects:search"] = {"projects": [project() | {"state": "DELETE_REQUESTED"}]}
    with pytest.raises(
        NoScopeError,
        match=r"see no active project: name one with --project-id, or grant them resourcemanager\.projects\.get",
    ):
        run()


def test_s13_a_search_that_is_refused_names_the_permission(google: Google, run: Run) -> None:
    google.scripts["v3/projects:search"] = denied("resourcemanager.projects.get")
    with pytest.raises(
        NoScopeError, match=r"\(IAM_PERMISSION_DENIED: .*\): resourcemanager.projects.get is missing, grant it"
    ):
        run()
    google.scripts["v3/projects:search"] = off("projects/1")
    with pytest.raises(NoScopeError, match=r"enable that API, or name a project with --project-id"):
        run()


def test_named_projects_are_looked_up_and_no_others(google: Google, run: Run) -> None:
    google.scripts = scripts()
    google.scripts["v3/projects/415104041262"] = project()
    kept = run(settings={"project_id": "415104041262"})
    assert list(kept.scopes) == ["shop-prod"]
    assert "v3/projects:search" not in google.paths()
    assert [one.scope for one in kept.of("resourcemanager:GetProject")] == ["shop-prod"]


def test_a_named_project_that_may_not_be_looked_at_is_tried_all_the_same(google: Google, run: Run) -> None:
    google.scripts = scripts()
    google.scripts["v3/projects/shop-prod"] = denied("resourcemanager.projects.get")
    kept = run(settings={"project_id": "shop-prod"})
    (gap,) = kept.of("resourcemanager:GetProject")
    assert (gap.reason, gap.permission) == (GapReason.DENIED, "resourcemanager.projects.get")
    assert [one.outcome.value for one in kept.of("functions:ListFunctions")] == ["ok"]


def test_names_that_cannot_be_projects_or_folders_are_refused(google: Google, run: Run) -> None:
    with pytest.raises(UsageError, match=r"'\.\./x' cannot be the id of a Google Cloud project"):
        run(settings={"project_id": "../x"})
    with pytest.raises(UsageError, match="--folder-id takes the number of a folder, not 'shops'"):
        run(settings={"folder_id": "shops"})
    assert google.log == []


def test_s3_entries_that_name_no_project_are_said_and_a_state_nobody_knows_is_no_reason_to_skip(
    google: Google, run: Run
) -> None:
    google.scripts = scripts()
    rows = [project() | {"state": "HIBERNATING"}, {"displayName": "nameless"}, None, 7]
    google.scripts["v3/projects:search"] = {"projects": rows}
    kept = run()
    assert list(kept.scopes) == ["shop-prod"]
    assert kept.errors[:2] == [
        "3 entries of the list of projects name no project: what they are was not read.",
        "Google Cloud does not say whether project shop-prod is active.",
    ]


def test_s3_a_function_of_a_generation_of_any_type_is_no_crash(google: Google, run: Run) -> None:
    google.scripts = scripts()
    path = "v2/projects/shop-prod/locations/-/functions"
    functions = [  # type: ignore[var-annotated]
        {"name": f"projects/shop-prod/locations/europe-west1/functions/f{number}", "environment": environment}
        for number, environment in enumerate(([], {}, None, 2, "GEN_9", True, "1"))
    ]
    google.scripts[path] = {"functions": functions}
    assert run().errors == []
