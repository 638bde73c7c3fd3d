"""How surely a value is judged: the strength of its name, its shape and its format together."""

import json

import pytest

from auditor.analysis.secrets import judge
from auditor.analysis.secrets.names import Promise, read_name
from auditor.model.secret import ReferenceKind, SecretVerdict
from auditor.model.severity import Confidence

HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
HEX = "9f3a61c07be25d84" * 4
CHANCE = "h3Kq9ZtW" + "x7LmR2vB" + "n5Yc8PdF"
SERVICE_KEY = "q7Zt+K3vX/9mB2" * 6 + "Lp=="


@pytest.mark.parametrize(
    ("name", "value", "confidence"),
    [
        # made by chance or by rules, under a name that promises it
        ("DB_PASSWORD", CHANCE, HIGH),
        ("DB_PASSWORD", "Winter" + "2025!", HIGH),
        ("API_KEY", HEX[:32], HIGH),
        ("JWT_SECRET", HEX, HIGH),
        # made by a person
        ("DBPWD", "tigerlily" + "93", MEDIUM),
        ("DB_MDP", "tigerlily" + "93", MEDIUM),
        ("DB_KENNWORT", "tigerlily" + "93", MEDIUM),
        ("SENHA", "tigerlily" + "93", MEDIUM),
        # named after what it opens
        ("PASSWORD_DB", "tigerlily" + "93", MEDIUM),
        ("SENHA_BANCO", CHANCE, HIGH),
        ("KENNWORT_FTP", "Zug" + "spitze!", MEDIUM),
        # the telling word stands elsewhere in the name
        ("PASSWORD_SERVICE", "tigerlily" + "93", LOW),
        ("SENHA_SERVICO", CHANCE, MEDIUM),
        # everybody knows them
        ("DB_PASSWORD", "mysecret" + "pass", LOW),
        ("JWT_SECRET", "mysecret" + "key", LOW),
        ("JWT_SECRET", "your-256-bit" + "-secret", LOW),
        ("ADMIN_PASSWORD", "adm" + "in", LOW),
        # short and made of digits
        ("OTP_SECRET", "99" + "21", LOW),
        ("DB_PASSWORD", "12" + "3", LOW),
        ("ADMIN_PASSWORD", "48213" + "769", MEDIUM),
        # keys that a service's name or their own form tells from columns and identifiers
        ("COSMOS_PRIMARY_KEY", SERVICE_KEY, MEDIUM),
        ("EVENT_GRID_PRIMARY_KEY", SERVICE_KEY[:43] + "=", MEDIUM),
        ("AZURE_SEARCH_KEY", HEX[:32].upper(), MEDIUM),
        ("AES_256", HEX, MEDIUM),
        # nothing but the value tells
        ("MISC", "aB3dE6gH9kL2mN5pQ8rS1tU4vW7xY0z" + "Qk", LOW),
    ],
)
def test_k5_the_stronger_the_evidence_the_surer_the_verdict(name: str, value: str, confidence: Confidence) -> None:
    judged = judge(name, value)
    assert (judged.verdict, judged.confidence) == (SecretVerdict.SECRET, confidence)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VAULT_KEY", "inf-vsqt-01-secret-id"),
        ("CONSUL_KEY", "shop-db-07-cfg"),
        ("CONSUL_KEY", "config/orders/prod"),
        ("LICENSE", "licenses-prod"),
        ("LICENSE", "Shop-LicenseTable8F2C1D3E-1XYZABC2DEF3"),
        ("SECRETS_MANAGER_KEY", "prd-shop-rds-02"),
        ("PARAMETER_STORE_KEY", "x7-orders-db-03"),
        ("COSMOS_PARTITION_KEY", "/tenantId"),
        ("TABLE_PRIMARY_KEY", "orderId"),
        ("CLE_PRIMAIRE", "id_commande"),
        ("TOKEN_SERVICE", "token-svc"),
    ],
)
def test_k6_the_name_of_a_key_is_no_key(name: str, value: str) -> None:
    assert judge(name, value).verdict is not SecretVerdict.SECRET


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/x", ReferenceKind.KEY_VAULT),
        ("@Microsoft.KeyVault( VaultName = kv ; SecretName = db )", ReferenceKind.KEY_VAULT),
        ("@Microsoft.KeyVault(VaultName=kv;SecretName=my_secret)", ReferenceKind.KEY_VAULT),
        ("@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/my_secret/)", ReferenceKind.KEY_VAULT),
        ("@Microsoft.KeyVault()", ReferenceKind.KEY_VAULT),
        ("Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/x)", ReferenceKind.KEY_VAULT),
        ("@Microsoft.AppConfiguration(Endpoint=https://c.azconfig.io; Key=a b)", ReferenceKind.APP_CONFIGURATION),
        ("@Microsoft.AppConfiguration(Endpoint=https://c.azconfig.io; Key=a", ReferenceKind.APP_CONFIGURATION),
    ],
)
def test_k7_a_malformed_reference_is_a_reference_whose_text_is_not_kept(value: str, kind: ReferenceKind) -> None:
    reference = judge("DB_PASSWORD", value).reference
    assert reference is not None
    if reference.text:  # it follows the grammar after all: what a vault does not hold is found out by the platform
        assert reference.text == value
        assert "my_secret" in value
    assert reference.kind is kind


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIREBASE_API_KEY", "AI" + "za" + CHANCE + CHANCE[:11]),
        (
            "FIREBASE_CONFIG",
            json.dumps({"apiKey": "AI" + "za" + CHANCE + CHANCE[:11], "authDomain": "x.firebaseapp.com"}),
        ),
        ("WEB_CONFIG", json.dumps({"apiKey": "AI" + "za" + CHANCE + CHANCE[:11], "messagingSenderId": "123456789012"})),
    ],
)
def test_k8_a_firebase_web_key_is_told_from_other_google_keys(name: str, value: str) -> None:
    assert judge(name, value).detector == "firebase-web-key"
    assert judge("GEMINI_API_KEY", "AI" + "za" + CHANCE + CHANCE[:11]).detector == "google-api-key"


@pytest.mark.parametrize(
    ("name", "promise"),
    [
        ("DBPWD", Promise.PASSWORD),
        ("dbPswd", Promise.PASSWORD),
        ("MOT_DE_PASSE", Promise.PASSWORD),
        ("contrase\u00f1a", Promise.PASSWORD),
        ("\u043f\u0430\u0440\u043e\u043b\u044c", Promise.PASSWORD),
        ("\u5bc6\u7801", Promise.PASSWORD),
        ("CLE_API", Promise.TOKEN),
        ("ENCKEY", Promise.TOKEN),
        ("compass", Promise.NOTHING),
        ("monkey", Promise.NOTHING),
        ("PASSWORD_MIN_LENGTH", Promise.DESCRIPTION),
        ("nextPageToken", Promise.DESCRIPTION),
        ("ALGOLIA_SEARCH_KEY", Promise.PUBLIC),
        ("AZURE_SEARCH_KEY", Promise.KEY),
    ],
)
def test_k5_names_are_read_in_many_languages_and_run_together(name: str, promise: Promise) -> None:
    assert read_name(name).promise is promise
