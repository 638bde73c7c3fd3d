"""Credentials and references to secrets of Azure apps and Google functions: named, with the verdict on each."""

from dataclasses import replace
from typing import Any

import pytest

from auditor.check import Check
from auditor.model.deployment import PackageKind, Revisions, StorageAuthentication
from auditor.model.environment import Environment, KeyState, StoredSecret, StoredSecretKind, Variable
from auditor.model.finding import Status
from auditor.model.hosting import HostingKind
from auditor.model.observed import Known, not_offered
from auditor.model.secret import Reference, ReferenceKind, SecretVerdict
from auditor.model.severity import Confidence, Severity
from checks.insecure_configuration.build_env_secret import build_env_secret
from checks.insecure_configuration.container_host_secret import container_host_secret
from checks.insecure_configuration.content_share_shared_key import content_share_shared_key
from checks.insecure_configuration.deployment_storage_shared_key import deployment_storage_shared_key
from checks.insecure_configuration.env_kms_rotation_off import env_kms_rotation_off
from checks.insecure_configuration.env_secret_value import env_secret_value
from checks.insecure_configuration.host_storage_shared_key import host_storage_shared_key
from checks.insecure_configuration.revision_secret import revision_secret
from checks.insecure_configuration.secret_reference_absent import secret_reference_absent
from checks.insecure_configuration.secret_reference_broken import secret_reference_broken
from checks.insecure_configuration.secret_version_latest import secret_version_latest
from checks.insecure_configuration.secret_version_pinned import secret_version_pinned
from checks.insecure_configuration.stored_secret_not_rotated import stored_secret_not_rotated
from checks.resilience.env_kms_key_gone import env_kms_key_gone
from checks.third_party_dependency.package_from_url import package_from_url
from checks.third_party_dependency.registry_password_in_settings import registry_password_in_settings
from tests.unit.checks import azure, gcp
from tests.unit.checks.azure import SETTINGS, SITES, make_azure
from tests.unit.checks.build import Subject, found, only, unknown, variable, verdicts
from tests.unit.checks.gcp import LISTED, make_gcp, make_run
from tests.unit.checks.repairs import repairs

PASS, FAIL, UNKNOWN, ELSEWHERE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
SECRET = SecretVerdict.SECRET
REFERENCES = "web:GetKeyVaultReferences"
LISTING = "secretmanager:ListSecrets"
VAULTED = variable(
    "DB", SecretVerdict.REFERENCE, reference=Reference(ReferenceKind.KEY_VAULT, "@Microsoft.KeyVault(x)")
)


def secret(name: str, confidence: Confidence = Confidence.HIGH, detector: str = "azure-storage-key") -> Variable:
    return variable(name, SECRET, confidence=confidence, detector=detector)


def environment(
    *variables: Variable, stored: tuple[StoredSecret, ...] = (), source: str = SETTINGS
) -> Known[Environment]:
    return Known(Environment(variables=variables, stored=stored, source=source), source)


def settings(*variables: Variable, **changes: Any) -> Subject:
    return make_azure(environment=environment(*variables), **changes)


def variables(*given: Variable, maker: object = make_gcp, **changes: Any) -> Subject:
    return maker(environment=environment(*given, source=LISTED), **changes)


def referring(*references: Any, **changes: Any) -> Subject:
    return make_azure(storage=Known(azure.storage(references=Known(references, REFERENCES)), SITES), **changes)


def drawing(*references: Any, **changes: Any) -> Subject:
    return make_gcp(storage=Known(gcp.storage(references=Known(references, LISTED)), LISTED), **changes)


def stored(exists: Any, name: str = "PAYMENT_API") -> StoredSecret:
    return StoredSecret(
        variable=name,
        id=f"projects/{gcp.PROJECT}/secrets/payment-api",
        kind=StoredSecretKind.SECRET,
        account=gcp.PROJECT,
        exists=exists,
        encrypted=Known(True, LISTING),
        customer_key=Known(False, LISTING),
        rotates=Known(True, LISTING),
        last_used=not_offered(LISTING, "not told"),
        public_policy=Known(False, LISTING),
    )


def built(*given: Variable) -> Subject:
    build = gcp.build(environment=environment(*given, source=LISTED))
    return make_gcp(deployment=Known(gcp.deployment(build=build), LISTED))


def revised(secrets: Any) -> Subject:
    revisions = Revisions(receiving=Known((), gcp.SERVICE), secrets=secrets)
    return make_gcp(deployment=Known(gcp.deployment(revisions=revisions), LISTED))


def contained(secrets: Any) -> Subject:
    host = azure.container_host(plain_secrets=secrets)
    kind = azure.hosting(HostingKind.CONTAINER_APPS, container_host=Known(host, "graph:ContainerApps"))
    return make_azure(hosting=Known(kind, SITES))


def keyed(**changes: Any) -> Subject:
    return make_gcp(storage=Known(gcp.storage(customer_key=Known(gcp.key(**changes), LISTED)), LISTED))


def malformed(**changes: Any) -> Subject:
    """An app whose one reference follows no grammar; the platform lists none."""
    written = variable("DB", SecretVerdict.REFERENCE, reference=Reference(ReferenceKind.KEY_VAULT, ""))
    kept = {"storage": Known(azure.storage(references=Known((), REFERENCES)), SITES)}
    return settings(written, **(kept | changes))


def owned(name: str, **stored: Any) -> Subject:
    """An app with a credential in one setting of the platform, which its deployment was read to use."""
    return settings(secret(name), deployment=Known(azure.deployment(**stored), SITES))


NO_KEY = make_gcp(storage=Known(gcp.storage(customer_key=Known(None, LISTED)), LISTED))
PASTED = secret("PAYMENT_KEY")
BROKEN = azure.secret_reference(resolved=Known(False, REFERENCES), problem="Access to Key Vault was denied")
CASES: list[tuple[Check, str, Subject, Status]] = [
    (env_secret_value, "app setting", settings(PASTED), FAIL),
    (env_secret_value, "connection string", settings(secret("SQLAZURECONNSTR_Orders")), FAIL),
    (env_secret_value, "reference to a vault", settings(VAULTED), PASS),
    (env_secret_value, "settings not readable", make_azure(environment=unknown(SETTINGS)), UNKNOWN),
    (env_secret_value, "function", variables(PASTED), FAIL),
    (env_secret_value, "service", variables(PASTED, maker=make_run), FAIL),
    (env_secret_value, "sound function", make_gcp(), PASS),
    (env_secret_value, "function unread", make_gcp(environment=unknown(LISTED)), UNKNOWN),
    (build_env_secret, "npm token", built(secret("NPM_TOKEN", detector="npm-token")), FAIL),
    (build_env_secret, "clear", built(variable("GOOGLE_ENTRYPOINT")), PASS),
    (build_env_secret, "unread", make_gcp(deployment=unknown(LISTED)), UNKNOWN),
    (revision_secret, "old value", revised(Known(("orders-00001-abc/PAYMENT_KEY",), "run:ListRevisions")), FAIL),
    (revision_secret, "none", make_gcp(), PASS),
    (revision_secret, "unread", revised(unknown("run:ListRevisions")), UNKNOWN),
    (revision_secret, "first generation", revised(not_offered(LISTED, "it has no revisions")), ELSEWHERE),
    (container_host_secret, "plain", contained(Known(("DB_PASSWORD",), "graph:ContainerApps")), FAIL),
    (container_host_secret, "referred", contained(Known((), "graph:ContainerApps")), PASS),
    (container_host_secret, "unread", contained(unknown("graph:ContainerApps")), UNKNOWN),
    (container_host_secret, "on App Service", make_azure(), ELSEWHERE),
    (secret_reference_broken, "denied by the vault", referring(BROKEN), FAIL),
    (secret_reference_broken, "resolved", make_azure(), PASS),
    (secret_reference_broken, "not tried yet", referring(azure.secret_reference(resolved=unknown(REFERENCES))), UNKNOWN),
    (secret_reference_broken, "unread", make_azure(storage=unknown(REFERENCES)), UNKNOWN),
    (secret_reference_broken, "none", referring(), ELSEWHERE),
    (secret_reference_broken, "malformed", malformed(), FAIL),
    (secret_reference_broken, "malformed, references unread", malformed(storage=unknown(REFERENCES)), FAIL),
    (secret_reference_broken, "google, gone", make_gcp(environment=environment(stored=(stored(Known(False, LISTING)),))), FAIL),
    (secret_reference_broken, "google, there", make_gcp(environment=environment(stored=(stored(Known(True, LISTING)),))), PASS),
    (secret_reference_broken, "google, unread", make_gcp(environment=environment(stored=(stored(unknown(LISTING)),))), UNKNOWN),
    (secret_reference_broken, "google, none", make_gcp(), ELSEWHERE),
    (secret_reference_absent, "all pasted", referring(environment=environment(PASTED)), FAIL),
    (secret_reference_absent, "some referred to", settings(PASTED), PASS),
    (secret_reference_absent, "settings not readable", make_azure(environment=unknown(SETTINGS)), UNKNOWN),
    (secret_reference_absent, "references unread", settings(PASTED, storage=unknown(REFERENCES)), UNKNOWN),
    (secret_reference_absent, "nothing secret", make_azure(), ELSEWHERE),
    (secret_reference_absent, "google, all pasted", drawing(environment=environment(PASTED, source=LISTED)), FAIL),
    (secret_reference_absent, "google, some referred to", variables(PASTED), PASS),
    (secret_version_pinned, "pinned", referring(azure.secret_reference(version="9f8e7d")), FAIL),
    (secret_version_pinned, "newest", make_azure(), PASS),
    (secret_version_pinned, "unread", make_azure(storage=unknown(REFERENCES)), UNKNOWN),
    (secret_version_pinned, "none", referring(), ELSEWHERE),
    (secret_version_latest, "newest", drawing(gcp.secret_reference(version=None)), FAIL),
    (secret_version_latest, "third", make_gcp(), PASS),
    (secret_version_latest, "unread", make_gcp(storage=unknown(LISTED)), UNKNOWN),
    (secret_version_latest, "mounted as a file", drawing(gcp.secret_reference("/etc/keys/payment", version=None)), ELSEWHERE),
    (stored_secret_not_rotated, "never", drawing(gcp.secret_reference(rotates=Known(False, LISTING))), FAIL),
    (stored_secret_not_rotated, "on a schedule", make_gcp(), PASS),
    (stored_secret_not_rotated, "unread", drawing(gcp.secret_reference(rotates=unknown(LISTING))), UNKNOWN),
    (stored_secret_not_rotated, "references unread", make_gcp(storage=unknown(LISTED)), UNKNOWN),
    (stored_secret_not_rotated, "gone", drawing(gcp.secret_reference(resolved=Known(False, LISTING), rotates=Known(False, LISTING))), ELSEWHERE),
    (env_kms_rotation_off, "google, never", keyed(rotation=Known(False, "cloudkms:GetCryptoKey")), FAIL),
    (env_kms_rotation_off, "google, rotates", make_gcp(), PASS),
    (env_kms_rotation_off, "google, unread", keyed(rotation=unknown("cloudkms:GetCryptoKey")), UNKNOWN),
    (env_kms_rotation_off, "google, no key", NO_KEY, ELSEWHERE),
    (env_kms_rotation_off, "google, asymmetric", keyed(rotation=Known(None, "cloudkms:GetCryptoKey")), ELSEWHERE),
    (env_kms_key_gone, "google, disabled", keyed(state=Known(KeyState.DISABLED, "cloudkms:GetCryptoKey")), FAIL),
    (env_kms_key_gone, "google, enabled", make_gcp(), PASS),
    (env_kms_key_gone, "google, unread", keyed(state=unknown("cloudkms:GetCryptoKey")), UNKNOWN),
    (env_kms_key_gone, "google, no key", NO_KEY, ELSEWHERE),
]  # fmt: skip


@pytest.mark.parametrize(("check", "name", "subject", "status"), CASES, ids=[f"{c.id}: {n}" for c, n, _, _ in CASES])
def test_the_verdict(check: Check, name: str, subject: Subject, status: Status) -> None:
    assert verdicts(check, {name: subject}) == {name: status}
    if status is FAIL:
        assert repairs(check, subject)


def test_a_name_with_two_values_is_one_finding_of_the_surer_kind() -> None:
    both = variables(secret("PAYMENT_KEY", Confidence.LOW, "entropy"), PASTED)
    hit = only(env_secret_value, both)
    assert (hit.locus, hit.severity, hit.confidence) == ("PAYMENT_KEY", Severity.CRITICAL, Confidence.HIGH)
    assert hit.evidence[0].detail == "PAYMENT_KEY: 12 characters, not shown"


def test_the_repair_refers_to_a_vault_or_to_secret_manager() -> None:
    app, function = repairs(env_secret_value, settings(PASTED)), repairs(env_secret_value, variables(PASTED))
    assert any("--settings PAYMENT_KEY'=@Microsoft.KeyVault(" in form for form in app)
    assert any("--update-secrets=PAYMENT_KEY='REPLACE-secret':'REPLACE-version'" in form for form in function)


def test_old_revisions_are_one_finding_a_variable() -> None:
    entries = ("orders-00001-abc/PAYMENT_KEY", "orders-00002-def/PAYMENT_KEY", "orders-00002-def/SMTP_PASSWORD")
    hits = found(revision_secret, revised(Known(entries, "run:ListRevisions")))
    assert {hit.locus: hit.message for hit in hits} == {
        "PAYMENT_KEY": "Variable PAYMENT_KEY of old revision orders-00001-abc and 1 more of function orders holds a credential",
        "SMTP_PASSWORD": "Variable SMTP_PASSWORD of old revision orders-00002-def of function orders holds a credential",
    }


def test_a_broken_reference_says_why() -> None:
    hit = only(secret_reference_broken, referring(BROKEN))
    reason = "the reference to kv-orders failed, Access to Key Vault was denied"
    assert hit.message == f"Setting PAYMENT_API of function orders cannot be resolved: {reason}"


def test_k7_a_malformed_reference_says_what_happens() -> None:
    hit = only(secret_reference_broken, malformed())
    assert hit.message == (
        "Setting DB of function orders cannot be resolved: the reference to Key Vault is malformed, so the code receives "
        "its text"
    )
    assert (hit.locus, hit.evidence[0].source) == ("DB", SETTINGS)


KEY = Known(StorageAuthentication.KEY, SETTINGS)


@pytest.mark.parametrize(
    ("subject", "owner"),
    [
        (owned("AzureWebJobsStorage", host_storage=KEY), host_storage_shared_key),
        (owned("WEBSITE_CONTENTAZUREFILECONNECTIONSTRING", content_storage=KEY), content_share_shared_key),
        (owned("DEPLOYMENT_STORAGE_CONNECTION_STRING", deployment_storage=KEY), deployment_storage_shared_key),
        (owned("WEBSITE_RUN_FROM_PACKAGE", package=Known(PackageKind.SIGNED_URL, SETTINGS)), package_from_url),
        (
            owned(
                "DOCKER_REGISTRY_SERVER_PASSWORD",
                registry=Known(azure.registry(password=Known(True, SETTINGS)), SETTINGS),
            ),
            registry_password_in_settings,
        ),
    ],
    ids=lambda value: getattr(value, "id", ""),
)
def test_k9_a_setting_of_the_platform_is_reported_once_by_its_own_check(subject: Subject, owner: Check) -> None:
    hit = only(owner, subject)
    assert (hit.severity or owner.severity).rank <= Severity.HIGH.rank
    assert found(env_secret_value, subject) == ()


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("MACHINEKEY_DecryptionKey", Severity.LOW),
        ("MACHINEKEY_ValidationKey", Severity.LOW),
        ("WEBSITE_AUTH_ENCRYPTION_KEY", Severity.HIGH),
        ("AzureWebJobsStorage", Severity.HIGH),
        ("AzureWebJobsDashboard", Severity.HIGH),
        ("WEBSITE_CONTENTAZUREFILECONNECTIONSTRING", Severity.HIGH),
        ("PAYMENT_KEY", Severity.CRITICAL),
    ],
)
def test_k9_what_the_platform_makes_is_high_at_most(name: str, severity: Severity) -> None:
    unread = not_offered(SITES, "its deployment could not be read")
    hit = only(env_secret_value, settings(secret(name), deployment=unread))
    assert hit.severity is severity
    assert ("platform" in hit.message) == (severity is not Severity.CRITICAL)


def test_k9_a_setting_copied_into_the_container_is_reported_once() -> None:
    host = azure.container_host(plain_secrets=Known(("PAYMENT_KEY", "OWN_KEY"), "graph:ContainerApps"))
    kind = azure.hosting(HostingKind.CONTAINER_APPS, container_host=Known(host, "graph:ContainerApps"))
    subject = settings(PASTED, hosting=Known(kind, SITES))
    assert only(env_secret_value, subject).locus == "PAYMENT_KEY"
    assert only(container_host_secret, subject).locus == "OWN_KEY"


@pytest.mark.parametrize("detector", ["firebase-web-key", "telemetry-write-key"])
def test_k8_what_is_published_by_design_is_low_and_says_why(detector: str) -> None:
    hit = only(env_secret_value, variables(secret("FIREBASE_API_KEY", detector=detector)))
    assert hit.severity is Severity.LOW
    assert "restrict" in hit.message


def test_a_secret_used_twice_is_one_finding() -> None:
    once = gcp.secret_reference(rotates=Known(False, LISTING))
    hit = only(stored_secret_not_rotated, drawing(once, replace(once, setting="SECOND")))
    assert hit.locus == f"projects/{gcp.PROJECT}/secrets/payment-api"
    assert hit.evidence[0].source == LISTING


def test_build_variables_are_ranked_by_confidence() -> None:
    hits = found(build_env_secret, built(PASTED, secret("SEED", Confidence.LOW, "entropy")))
    assert [(hit.locus, hit.severity) for hit in hits] == [
        ("PAYMENT_KEY", Severity.CRITICAL),
        ("SEED", Severity.MEDIUM),
    ]
