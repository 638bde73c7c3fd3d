"""Who is asked to sign in, or for a certificate, before an Azure app's code runs: named, with the verdict on each."""

from typing import Any

import pytest

from auditor.check import Check
from auditor.model.finding import Status
from auditor.model.handler import HandlerAuth
from auditor.model.hosting import HostingKind
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Severity
from auditor.model.transport import ClientCertificates
from checks.insecure_configuration.authentication_allows_anonymous import authentication_allows_anonymous
from checks.insecure_configuration.authentication_excluded_paths import authentication_excluded_paths
from checks.insecure_configuration.authentication_off import authentication_off
from checks.insecure_configuration.authentication_redirect_open import authentication_redirect_open
from checks.insecure_configuration.authentication_settings_legacy import authentication_settings_legacy
from checks.insecure_configuration.authentication_token_unrestricted import authentication_token_unrestricted
from checks.insecure_configuration.client_certificate_excluded_paths import client_certificate_excluded_paths
from checks.insecure_configuration.container_host_authentication_off import container_host_authentication_off
from tests.unit.checks import azure
from tests.unit.checks.azure import make_azure
from tests.unit.checks.build import Subject, found, only, unknown, verdicts
from tests.unit.checks.repairs import repairs

PASS, FAIL, UNKNOWN, ELSEWHERE = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
READ = "web:GetAuthSettings"
NO_DIRECTORY = not_offered(READ, "it does not sign callers in with Entra ID")
QUIET = Known((azure.handler("nightly", "timertrigger"),), azure.FUNCTIONS)
OPEN = Known((azure.http(auth=HandlerAuth.ANONYMOUS),), azure.FUNCTIONS)
OFF = make_azure(authentication=Known(azure.LOGIN_OFF, READ), handlers=OPEN)


def signing(**changes: Any) -> Subject:
    return make_azure(authentication=Known(azure.authentication(**changes), READ))


def excluded(*paths: str, **changes: Any) -> Subject:
    return make_azure(authentication=Known(azure.authentication(excluded_paths=Known(paths, READ)), READ), **changes)


def bare(*paths: str, mode: ClientCertificates = ClientCertificates.REQUIRED, **changes: Any) -> Subject:
    moved = azure.transport(
        client_certificates=Known(mode, azure.SITES), certificate_exclusions=Known(paths, azure.SITES)
    )
    return make_azure(transport=Known(moved, azure.SITES), **changes)


def hosted(**changes: Any) -> Subject:
    host = azure.container_host(**changes)
    kind = azure.hosting(HostingKind.CONTAINER_APPS, container_host=Known(host, "graph:ContainerApps"))
    return make_azure(hosting=Known(kind, azure.SITES))


UNLISTED = unknown(azure.FUNCTIONS)
CASES: list[tuple[Check, str, Subject, Status]] = [
    (authentication_off, "off", OFF, FAIL),
    (authentication_off, "on", make_azure(), PASS),
    (authentication_off, "unread", make_azure(authentication=unknown(READ)), UNKNOWN),
    (authentication_off, "off, handlers unread", make_azure(authentication=Known(azure.LOGIN_OFF, READ), handlers=UNLISTED), UNKNOWN),
    (authentication_off, "off, every handler asks for a key", make_azure(authentication=Known(azure.LOGIN_OFF, READ)), ELSEWHERE),
    (authentication_off, "off, nothing over HTTP", make_azure(authentication=Known(azure.LOGIN_OFF, READ), handlers=QUIET), ELSEWHERE),
    (authentication_allows_anonymous, "lets pass", signing(required=Known(False, READ)), FAIL),
    (authentication_allows_anonymous, "turns away", signing(), PASS),
    (authentication_allows_anonymous, "unread", signing(required=unknown(READ)), UNKNOWN),
    (authentication_allows_anonymous, "off", OFF, ELSEWHERE),
    (authentication_excluded_paths, "everything below api", excluded("/api/*"), FAIL),
    (authentication_excluded_paths, "the root", excluded("/*"), FAIL),
    (authentication_excluded_paths, "the route of a handler", excluded("/api/orders"), FAIL),
    (authentication_excluded_paths, "a path of no handler", excluded("/healthz"), PASS),
    (authentication_excluded_paths, "none", excluded(), PASS),
    (authentication_excluded_paths, "everything, handlers unread", excluded("/api", handlers=UNLISTED), FAIL),
    (authentication_excluded_paths, "a path, handlers unread", excluded("/healthz", handlers=UNLISTED), UNKNOWN),
    (authentication_excluded_paths, "unread", signing(excluded_paths=unknown(READ)), UNKNOWN),
    (authentication_excluded_paths, "off", OFF, ELSEWHERE),
    (authentication_token_unrestricted, "any tenant", signing(any_tenant=Known(True, READ)), FAIL),
    (authentication_token_unrestricted, "any application", signing(audience_restricted=Known(False, READ)), FAIL),
    (authentication_token_unrestricted, "one tenant, one audience", signing(), PASS),
    (authentication_token_unrestricted, "unread", signing(any_tenant=unknown(READ)), UNKNOWN),
    (authentication_token_unrestricted, "another provider", signing(any_tenant=NO_DIRECTORY, audience_restricted=NO_DIRECTORY), ELSEWHERE),
    (authentication_token_unrestricted, "off", OFF, ELSEWHERE),
    (authentication_redirect_open, "wildcard", signing(redirects=Known(("https://*.fernhollow.example",), READ)), FAIL),
    (authentication_redirect_open, "plain", signing(redirects=Known(("http://returns.fernhollow.example",), READ)), FAIL),
    (authentication_redirect_open, "exact", signing(redirects=Known(("https://returns.fernhollow.example",), READ)), PASS),
    (authentication_redirect_open, "unread", signing(redirects=unknown(READ)), UNKNOWN),
    (authentication_redirect_open, "off", OFF, ELSEWHERE),
    (authentication_settings_legacy, "version 1", signing(legacy=Known(True, READ)), FAIL),
    (authentication_settings_legacy, "version 2", signing(), PASS),
    (authentication_settings_legacy, "unread", signing(legacy=unknown(READ)), UNKNOWN),
    (client_certificate_excluded_paths, "api", bare("/api"), FAIL),
    (client_certificate_excluded_paths, "optional, the route of a handler", bare("/api/orders", mode=ClientCertificates.OPTIONAL), FAIL),
    (client_certificate_excluded_paths, "health", bare("/health"), PASS),
    (client_certificate_excluded_paths, "health, handlers unread", bare("/health", handlers=UNLISTED), UNKNOWN),
    (client_certificate_excluded_paths, "unread", make_azure(transport=unknown(azure.SITES)), UNKNOWN),
    (client_certificate_excluded_paths, "certificates off", bare("/api", mode=ClientCertificates.OFF), ELSEWHERE),
    (container_host_authentication_off, "open", hosted(external=Known(True, "l"), authentication=Known(False, "a")), FAIL),
    (container_host_authentication_off, "signs in", hosted(external=Known(True, "l")), PASS),
    (container_host_authentication_off, "internal, login unread", hosted(authentication=unknown("app:GetAuthConfig")), PASS),
    (container_host_authentication_off, "external, login unread", hosted(external=Known(True, "l"), authentication=unknown("app:GetAuthConfig")), UNKNOWN),
    (container_host_authentication_off, "on App Service", make_azure(), ELSEWHERE),
]  # fmt: skip


@pytest.mark.parametrize(("check", "name", "subject", "status"), CASES, ids=[f"{c.id}: {n}" for c, n, _, _ in CASES])
def test_the_verdict(check: Check, name: str, subject: Subject, status: Status) -> None:
    assert verdicts(check, {name: subject}) == {name: status}
    if status is FAIL:
        assert repairs(check, subject)


def test_an_excluded_path_names_what_it_opens() -> None:
    hits = found(authentication_excluded_paths, excluded("/api/orders", "/api/*", "/healthz"))
    assert [(hit.locus, hit.message) for hit in hits] == [
        ("/api/orders", "Authentication exclusion /api/orders of function app orders exposes create_order"),
        ("/api/*", "Authentication exclusion /api/* of function app orders exposes every handler"),
    ]
    assert [item.source for item in hits[0].evidence] == [READ, READ, azure.FUNCTIONS]
    assert [item.source for item in hits[1].evidence] == [READ, READ]


def test_a_missing_list_of_callers_is_graver_with_every_tenant() -> None:
    hits = found(
        authentication_token_unrestricted, signing(any_tenant=Known(True, READ), audience_restricted=Known(False, READ))
    )
    assert [(hit.locus, hit.severity) for hit in hits] == [("issuer", None), ("audience", Severity.MEDIUM)]


def test_hits_survive_a_gap_beside_them() -> None:
    hit = only(
        authentication_token_unrestricted, signing(any_tenant=unknown(READ), audience_restricted=Known(False, READ))
    )
    assert hit.locus == "audience"


def test_only_enabled_http_handlers_count() -> None:
    asleep = azure.http(auth=HandlerAuth.ANONYMOUS, enabled=False)
    subject = make_azure(authentication=Known(azure.LOGIN_OFF, READ), handlers=Known((asleep,), azure.FUNCTIONS))
    assert verdicts(authentication_off, {"asleep": subject}) == {"asleep": ELSEWHERE}


def test_the_repair_names_the_slot() -> None:
    slot = make_azure(slot="staging", authentication=Known(azure.LOGIN_OFF, READ), handlers=OPEN)
    assert any(
        "/sites/orders/slots/staging/config/authsettingsV2" in form for form in repairs(authentication_off, slot)
    )
