from typing import Any

from auditor.model.deployment import Publishing
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.hosting import HostingKind
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Severity
from auditor.model.transport import ClientCertificates, FileTransfer, Transport
from checks.transport.authentication_accepts_http import authentication_accepts_http
from checks.transport.cipher_suite_weak import cipher_suite_weak
from checks.transport.client_certificate_not_required import client_certificate_not_required
from checks.transport.custom_hostname_without_tls import custom_hostname_without_tls
from checks.transport.ftp_plain_allowed import ftp_plain_allowed
from checks.transport.http2_off import http2_off
from checks.transport.https_not_enforced import https_not_enforced
from checks.transport.management_min_tls_old import management_min_tls_old
from checks.transport.min_tls_old import min_tls_old
from checks.transport.storage_http_allowed import storage_http_allowed
from checks.transport.storage_min_tls_old import storage_min_tls_old
from checks.transport.worker_hop_not_encrypted import worker_hop_not_encrypted
from tests.unit.checks.azure import (
    ACCOUNTS,
    AROUND,
    CONFIG,
    SITES,
    authentication,
    deployment,
    host_storage,
    hosting,
    hostname,
    make_azure,
    storage,
    transport,
)
from tests.unit.checks.build import found, only, unknown, verdicts
from tests.unit.checks.gcp import LISTED, make_gcp, make_gen1
from tests.unit.checks.repairs import repairs

FAIL, PASS, UNKNOWN, OUTSIDE = Status.FAIL, Status.PASS, Status.UNKNOWN, Status.NOT_APPLICABLE
DENIED = make_azure("denied", transport=unknown(SITES))


def on(name: str = "orders", slot: str | None = None, **changes: Any) -> Function:
    return make_azure(name, slot, transport=Known(transport(**changes), SITES))


def test_https_not_enforced_on_apps_slots_and_first_generation_functions() -> None:
    optional = Known(Transport(https_only=Known(False, LISTED)), LISTED)
    subjects = {
        "redirected": on(),
        "plain": on(https_only=Known(False, SITES)),
        "plain-slot": on(slot="staging", https_only=Known(False, SITES)),
        "field-denied": on(https_only=unknown(SITES)),
        "denied": DENIED,
        "gen1-optional": make_gen1(transport=optional),
        "gen1-always": make_gen1(),
        "gen2": make_gcp(),
    }
    assert verdicts(https_not_enforced, subjects, AROUND) == {
        "redirected": PASS,
        "plain": FAIL,
        "plain-slot": FAIL,
        "field-denied": UNKNOWN,
        "denied": UNKNOWN,
        "gen1-optional": FAIL,
        "gen1-always": PASS,
        "gen2": OUTSIDE,
    }
    (command, *_) = [form for form in repairs(https_not_enforced, subjects["plain-slot"]) if form.startswith("az ")]
    assert command == (
        "az functionapp update --subscription 0a1b2c3d-1111-4222-8333-444455556666 --resource-group orders-prod"
        " --name orders --slot staging --set httpsOnly=true"
    )
    assert any(
        "--resource-group orders-prod --name orders --set" in f for f in repairs(https_not_enforced, subjects["plain"])
    )
    assert any(
        "--security-level=secure-always" in form for form in repairs(https_not_enforced, subjects["gen1-optional"])
    )


def test_min_tls_old_knows_1_3_and_takes_null_as_unknown() -> None:
    subjects = {
        "1.0": on(min_tls=Known("1.0", CONFIG)),
        "1.1": on(slot="staging", min_tls=Known("1.1", CONFIG)),
        "1.2": on(),
        "1.3": on(min_tls=Known("1.3", CONFIG)),
        "null": on(min_tls=unknown(CONFIG)),
    }
    expected = {"1.0": FAIL, "1.1": FAIL, "1.2": PASS, "1.3": PASS, "null": UNKNOWN}
    assert verdicts(min_tls_old, subjects, AROUND) == expected
    assert only(min_tls_old, subjects["1.0"]).message == "Function app orders accepts TLS 1.0"
    assert repairs(min_tls_old, subjects["1.0"])


def test_management_min_tls_old_is_a_setting_of_its_own() -> None:
    subjects = {
        "app-only": on(management_min_tls=Known("1.1", CONFIG)),
        "sound": on(min_tls=Known("1.0", CONFIG)),
        "null": on(management_min_tls=unknown(CONFIG)),
    }
    assert verdicts(management_min_tls_old, subjects, AROUND) == {"app-only": FAIL, "sound": PASS, "null": UNKNOWN}
    assert repairs(management_min_tls_old, subjects["app-only"])


def test_cipher_suite_weak() -> None:
    subjects = {
        "unset": on(cipher_suite=Known(None, CONFIG)),
        "cbc": on(cipher_suite=Known("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", CONFIG)),
        "rsa": on(cipher_suite=Known("TLS_RSA_WITH_AES_256_GCM_SHA384", CONFIG)),
        "sound": on(),
        "denied": DENIED,
    }
    assert verdicts(cipher_suite_weak, subjects, AROUND) == {
        "unset": FAIL,
        "cbc": FAIL,
        "rsa": FAIL,
        "sound": PASS,
        "denied": UNKNOWN,
    }
    assert repairs(cipher_suite_weak, subjects["cbc"])


def test_worker_hop_not_encrypted_is_not_asked_on_consumption() -> None:
    off = Known(transport(end_to_end=Known(False, SITES)), SITES)
    subjects = {
        "off": make_azure(transport=off),
        "on": make_azure(),
        "consumption": make_azure(transport=off, hosting=Known(hosting(HostingKind.CONSUMPTION), SITES)),
        "flex": make_azure(transport=off, hosting=Known(hosting(HostingKind.FLEX_CONSUMPTION), SITES)),
        "denied": DENIED,
    }
    assert verdicts(worker_hop_not_encrypted, subjects, AROUND) == {
        "off": FAIL,
        "on": PASS,
        "consumption": OUTSIDE,
        "flex": OUTSIDE,
        "denied": UNKNOWN,
    }
    assert repairs(worker_hop_not_encrypted, subjects["off"])


def test_http2_off() -> None:
    subjects = {"off": on(http2=Known(False, CONFIG)), "on": on(), "null": on(http2=unknown(CONFIG))}
    assert verdicts(http2_off, subjects, AROUND) == {"off": FAIL, "on": PASS, "null": UNKNOWN}
    assert repairs(http2_off, subjects["off"])


def test_ftp_plain_allowed_accepts_ftps_and_weighs_what_can_be_used() -> None:
    plain = Known(FileTransfer.PLAIN, CONFIG)
    usable = Publishing(management_password=Known(True, "w"), ftp_password=Known(True, "w"))
    with_password = Known(deployment(publishing=usable), SITES)
    subjects = {
        "plain": make_azure(transport=Known(transport(file_transfer=plain), SITES), deployment=with_password),
        "plain-slot": make_azure(
            slot="staging", transport=Known(transport(file_transfer=plain), SITES), deployment=with_password
        ),
        "plain-password-off": on(file_transfer=plain),
        "plain-password-denied": make_azure(
            transport=Known(transport(file_transfer=plain), SITES), deployment=unknown(SITES)
        ),
        "ftps": on(file_transfer=Known(FileTransfer.TLS_ONLY, CONFIG)),
        "none": on(),
        "flex": on(file_transfer=not_offered(CONFIG, "Flex Consumption has no FTP")),
        "denied": DENIED,
    }
    assert verdicts(ftp_plain_allowed, subjects, AROUND) == {
        "plain": FAIL,
        "plain-slot": FAIL,
        "plain-password-off": FAIL,
        "plain-password-denied": FAIL,
        "ftps": PASS,
        "none": PASS,
        "flex": OUTSIDE,
        "denied": UNKNOWN,
    }
    weighed = {name: only(ftp_plain_allowed, subjects[name]).severity for name in list(subjects)[:4]}
    assert weighed == {
        "plain": None,
        "plain-slot": Severity.MEDIUM,
        "plain-password-off": Severity.LOW,
        "plain-password-denied": None,
    }
    assert repairs(ftp_plain_allowed, subjects["plain"])


def test_authentication_accepts_http_needs_all_three() -> None:
    lax = Known(authentication(requires_https=Known(False, "web:GetAuthSettings")), "web:GetAuthSettings")
    plain = Known(transport(https_only=Known(False, SITES)), SITES)
    off = Known(authentication(enabled=Known(False, "a"), requires_https=unknown("a")), "a")
    subjects = {
        "all-three": make_azure(authentication=lax, transport=plain),
        "redirected": make_azure(authentication=lax),
        "asks-https": make_azure(transport=plain),
        "authentication-off": make_azure(authentication=off, transport=plain),
        "login-denied-but-redirected": make_azure(authentication=unknown("web:GetAuthSettings")),
        "login-denied": make_azure(authentication=unknown("web:GetAuthSettings"), transport=plain),
    }
    assert verdicts(authentication_accepts_http, subjects, AROUND) == {
        "all-three": FAIL,
        "redirected": PASS,
        "asks-https": PASS,
        "authentication-off": PASS,
        "login-denied-but-redirected": PASS,
        "login-denied": UNKNOWN,
    }
    assert repairs(authentication_accepts_http, subjects["all-three"])


def test_custom_hostname_without_tls_and_running_out() -> None:
    def named(expires: str | None, *, tls: bool = True) -> Function:
        own = hostname(
            "shop.fernhollow.example", default=False, tls=tls, certificate_expires=Known(expires, "graph:Certificates")
        )
        return on(hostnames=Known((hostname(), own), SITES))

    hidden = hostname("pay.fernhollow.example", default=False, certificate_expires=unknown("graph:Certificates"))
    bare = hostname("old.fernhollow.example", default=False, tls=False)
    subjects = {
        "no-tls": named(None, tls=False),
        "expired": named("2026-11-01"),
        "expires-soon": named("2026-12-20T00:00:00"),
        "expires-later": named("2027-06-01"),
        "renews-itself": named(None),
        "default-only": on(),
        "certificate-denied": on(hostnames=Known((hidden,), SITES)),
        "no-tls-and-denied": on(hostnames=Known((hidden, bare), SITES)),
        "denied": DENIED,
    }
    assert verdicts(custom_hostname_without_tls, subjects, AROUND) == {
        "no-tls": FAIL,
        "expired": FAIL,
        "expires-soon": FAIL,
        "expires-later": PASS,
        "renews-itself": PASS,
        "default-only": PASS,
        "certificate-denied": UNKNOWN,
        "no-tls-and-denied": FAIL,
        "denied": UNKNOWN,
    }
    assert only(custom_hostname_without_tls, subjects["expired"], AROUND).severity is None
    assert only(custom_hostname_without_tls, subjects["expires-soon"], AROUND).severity is Severity.MEDIUM
    assert [hit.locus for hit in found(custom_hostname_without_tls, subjects["no-tls-and-denied"], AROUND)] == [
        "old.fernhollow.example"
    ]
    assert repairs(custom_hostname_without_tls, subjects["no-tls"])


def test_client_certificate_not_required() -> None:
    subjects = {
        "off": on(client_certificates=Known(ClientCertificates.OFF, SITES)),
        "optional": on(client_certificates=Known(ClientCertificates.OPTIONAL, SITES)),
        "required": on(),
        "denied": DENIED,
    }
    assert verdicts(client_certificate_not_required, subjects, AROUND) == {
        "off": FAIL,
        "optional": FAIL,
        "required": PASS,
        "denied": UNKNOWN,
    }
    assert repairs(client_certificate_not_required, subjects["off"])


def test_host_storage_in_transit() -> None:
    def kept(**changes: Any) -> Function:
        return make_azure(storage=Known(storage(host=Known(host_storage(**changes), ACCOUNTS)), ACCOUNTS))

    none = make_azure(storage=Known(storage(host=Known(None, "w")), "w"))
    settings = make_azure(storage=unknown("web:ListApplicationSettings"))
    old = kept(min_tls=Known("1.0", ACCOUNTS))
    plain = kept(https_only=Known(False, ACCOUNTS))
    assert verdicts(
        storage_min_tls_old,
        {"old": old, "sound": kept(), "field": kept(min_tls=unknown(ACCOUNTS)), "none": none, "denied": settings},
    ) == {"old": FAIL, "sound": PASS, "field": UNKNOWN, "none": OUTSIDE, "denied": UNKNOWN}
    assert verdicts(
        storage_http_allowed,
        {
            "plain": plain,
            "sound": kept(),
            "field": kept(https_only=unknown(ACCOUNTS)),
            "none": none,
            "denied": settings,
        },
    ) == {"plain": FAIL, "sound": PASS, "field": UNKNOWN, "none": OUTSIDE, "denied": UNKNOWN}
    assert any("storageaccounts/ordersstate --min-tls-version" in form for form in repairs(storage_min_tls_old, old))
    assert repairs(storage_http_allowed, plain)
