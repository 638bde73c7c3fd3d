"""Doors of Azure apps and Google Cloud functions: who is asked for what before the code runs."""

from dataclasses import replace
from typing import Any

from auditor.model.exposure import AuthMode, Endpoint, Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.handler import HandlerAuth
from auditor.model.ingress import IngressScope
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Severity
from auditor.model.transport import ClientCertificates
from checks.exposure.anonymous_endpoint_effective import anonymous_endpoint_effective
from checks.exposure.durable_endpoints_public import durable_endpoints_public
from checks.exposure.http_methods_any import http_methods_any
from checks.exposure.http_route_wildcard import http_route_wildcard
from checks.exposure.hybrid_connection_public import hybrid_connection_public
from checks.exposure.iap_off import iap_off
from checks.exposure.internet_reachable import internet_reachable
from checks.exposure.key_only_auth_public import key_only_auth_public
from checks.exposure.url_auth_none import url_auth_none
from tests.unit.checks import gcp
from tests.unit.checks.azure import (
    AROUND,
    CONFIG,
    FUNCTIONS,
    LOGIN_OFF,
    SITES,
    authentication,
    handler,
    hosting,
    http,
    ingress,
    make_azure,
    make_public,
    public,
    transport,
)
from tests.unit.checks.build import found, only, unknown, verdicts
from tests.unit.checks.gcp import POLICIES, SERVICE, make_gcp, make_gen1, make_run
from tests.unit.checks.repairs import repairs

FAIL, PASS, UNKNOWN, OUTSIDE = Status.FAIL, Status.PASS, Status.UNKNOWN, Status.NOT_APPLICABLE
LOGIN = "web:GetAuthSettings"
ANYONE = http("webhook", HandlerAuth.ANONYMOUS, route="webhook")
ADMIN = http("rebuild", HandlerAuth.ADMIN_KEY)
NEWER = http("next", HandlerAuth.UNRECOGNISED)


def served(endpoint: Endpoint, **changes: Any) -> Function:
    return make_gcp(endpoints=Known((endpoint,), SERVICE), ingress=Known(gcp.public(), SERVICE), **changes)


def answers(reach: Reach, auth: AuthMode = AuthMode.IAM, **changes: Any) -> Function:
    told = gcp.endpoint(auth, reach=Known(reach, POLICIES), reach_reason="the policy says so")
    return served(told, **changes)


def test_url_auth_none_reports_anonymous_handlers_and_weighs_what_stands_in_front() -> None:
    excluded = Known(authentication(excluded_paths=Known(("/api/webhook",), LOGIN)), LOGIN)
    subjects = {
        "anonymous": make_public(ANYONE),
        "anonymous-excluded-from-login": make_public(ANYONE, authentication=excluded),
        "anonymous-behind-network": make_public(ANYONE, ingress=Known(ingress(), SITES)),
        "anonymous-network-denied": make_public(ANYONE, ingress=unknown(SITES)),
        "anonymous-disabled": make_public(http("webhook", HandlerAuth.ANONYMOUS, enabled=False)),
        "key": make_public(http()),
        "admin-key": make_public(ADMIN),
        "newer-level": make_public(NEWER),
        "newer-level-and-anonymous": make_public(NEWER, ANYONE),
        "denied": make_public(handlers=unknown(FUNCTIONS)),
    }
    assert verdicts(url_auth_none, subjects, AROUND) == {
        "anonymous": FAIL,
        "anonymous-excluded-from-login": FAIL,
        "anonymous-behind-network": FAIL,
        "anonymous-network-denied": FAIL,
        "anonymous-disabled": PASS,
        "key": PASS,
        "admin-key": PASS,
        "newer-level": UNKNOWN,
        "newer-level-and-anonymous": FAIL,
        "denied": UNKNOWN,
    }
    weighed = {name: only(url_auth_none, subjects[name]).severity for name in list(subjects)[:4]}
    assert weighed == {
        "anonymous": Severity.MEDIUM,
        "anonymous-excluded-from-login": Severity.MEDIUM,
        "anonymous-behind-network": Severity.LOW,
        "anonymous-network-denied": Severity.HIGH,
    }
    open_app = subjects["anonymous"]
    ready = f"az resource update --ids {open_app.id}/config/authsettingsV2 --set properties.platform.enabled=true"
    assert any(ready in form for form in repairs(url_auth_none, open_app))


def test_z5_an_anonymous_handler_behind_a_required_login_asks_its_callers() -> None:
    in_file = authentication(enabled=unknown(LOGIN), required=unknown(LOGIN))
    lets_pass = authentication(required=Known(False, LOGIN))
    subjects = {
        "login-required": make_public(ANYONE, authentication=Known(authentication(), LOGIN)),
        "login-required-elsewhere-excluded": make_public(
            ANYONE, authentication=Known(authentication(excluded_paths=Known(("/api/health",), LOGIN)), LOGIN)
        ),
        "path-excluded": make_public(
            ANYONE, authentication=Known(authentication(excluded_paths=Known(("/api/*",), LOGIN)), LOGIN)
        ),
        "excluded-paths-denied": make_public(
            ANYONE, authentication=Known(authentication(excluded_paths=unknown(LOGIN)), LOGIN)
        ),
        "authentication-allows-anonymous": make_public(ANYONE, authentication=Known(lets_pass, LOGIN)),
        "authentication-off": make_public(ANYONE),
        "login-in-a-file": make_public(ANYONE, authentication=Known(in_file, LOGIN)),
        "login-denied": make_public(ANYONE, authentication=unknown(LOGIN)),
        "login-denied-and-network-closed": make_azure(
            handlers=Known((ANYONE,), FUNCTIONS), authentication=unknown(LOGIN), ingress=Known(ingress(), SITES)
        ),
    }
    assert verdicts(url_auth_none, subjects, AROUND) == {
        "login-required": PASS,
        "login-required-elsewhere-excluded": PASS,
        "path-excluded": FAIL,
        "excluded-paths-denied": UNKNOWN,
        "authentication-allows-anonymous": FAIL,
        "authentication-off": FAIL,
        "login-in-a-file": UNKNOWN,
        "login-denied": UNKNOWN,
        "login-denied-and-network-closed": UNKNOWN,
    }


def test_url_auth_none_reports_a_switched_off_invoker_check() -> None:
    hidden = gcp.endpoint(AuthMode.NONE, reach=unknown(POLICIES))
    subjects = {
        "off": answers(Reach.ANONYMOUS, AuthMode.NONE),
        "off-internal": answers(Reach.SCOPED, AuthMode.NONE),
        "off-reach-denied": served(hidden),
        "iam": answers(Reach.ANONYMOUS),
        "iap": answers(Reach.SCOPED, AuthMode.IDENTITY_PROVIDER),
        "no-url": make_gen1(),
        "mode-denied": served(gcp.endpoint(AuthMode.UNRECOGNISED)),
        "denied": make_run(endpoints=unknown(SERVICE)),
    }
    assert verdicts(url_auth_none, subjects, gcp.AROUND) == {
        "off": FAIL,
        "off-internal": FAIL,
        "off-reach-denied": FAIL,
        "iam": PASS,
        "iap": PASS,
        "no-url": PASS,
        "mode-denied": UNKNOWN,
        "denied": UNKNOWN,
    }
    assert only(url_auth_none, subjects["off"]).severity is Severity.CRITICAL
    assert only(url_auth_none, subjects["off-internal"]).severity is Severity.LOW
    assert "invoker IAM check disabled" in only(url_auth_none, subjects["off"]).message
    assert any("--invoker-iam-check" in form for form in repairs(url_auth_none, subjects["off"]))


def test_anonymous_endpoint_effective_needs_every_fence_down() -> None:
    required = Known(transport(), SITES)
    exempt = Known(transport(certificate_exclusions=Known(("/api/webhook",), SITES)), SITES)
    optional = Known(transport(client_certificates=Known(ClientCertificates.OPTIONAL, SITES)), SITES)
    half = Known(authentication(required=Known(False, LOGIN)), LOGIN)
    subjects = {
        "all-down": make_public(ANYONE),
        "authentication-lets-through": make_public(ANYONE, authentication=half),
        "optional-certificate": make_public(ANYONE, transport=optional),
        "certificate-not-on-this-path": make_public(ANYONE, transport=exempt),
        "network": make_public(ANYONE, ingress=Known(ingress(), SITES)),
        "login": make_public(ANYONE, authentication=Known(authentication(), LOGIN)),
        "certificate": make_public(ANYONE, transport=required),
        "key": make_public(http()),
        "no-http": make_public(handler("take_order", "queuetrigger")),
        "login-denied": make_public(ANYONE, authentication=unknown(LOGIN)),
        "network-denied": make_public(ANYONE, ingress=unknown(SITES)),
        "certificate-denied": make_public(ANYONE, transport=unknown(SITES)),
        "no-certificates-offered": make_public(ANYONE, transport=not_offered(SITES, "none here")),
        "handlers-denied": make_public(handlers=unknown(FUNCTIONS)),
        "handlers-denied-but-closed": make_azure(handlers=unknown(FUNCTIONS)),
        "login-denied-but-network": make_azure(handlers=Known((ANYONE,), FUNCTIONS), authentication=unknown(LOGIN)),
        "newer-level": make_public(NEWER),
    }
    assert verdicts(anonymous_endpoint_effective, subjects, AROUND) == {
        "all-down": FAIL,
        "authentication-lets-through": FAIL,
        "optional-certificate": FAIL,
        "certificate-not-on-this-path": FAIL,
        "network": PASS,
        "login": PASS,
        "certificate": PASS,
        "key": PASS,
        "no-http": PASS,
        "login-denied": UNKNOWN,
        "network-denied": UNKNOWN,
        "certificate-denied": UNKNOWN,
        "no-certificates-offered": FAIL,
        "handlers-denied": UNKNOWN,
        "handlers-denied-but-closed": PASS,
        "login-denied-but-network": PASS,
        "newer-level": UNKNOWN,
    }
    hit = only(anonymous_endpoint_effective, subjects["all-down"])
    assert [e.source for e in hit.evidence] == [FUNCTIONS, CONFIG, LOGIN]
    assert hit.locus == "webhook"
    assert repairs(anonymous_endpoint_effective, subjects["all-down"])


def test_where_no_binding_is_public_none_is_taken_back() -> None:
    entry = gcp.endpoint(AuthMode.NONE, reach=Known(Reach.ANONYMOUS, POLICIES))
    open_to_all = Known(gcp.ingress(scope=Known(IngressScope.ALL, SERVICE)), SERVICE)
    off = make_run(endpoints=Known((entry,), SERVICE), ingress=open_to_all)
    (command, *_) = [form for form in repairs(anonymous_endpoint_effective, off) if form.startswith("gcloud")]
    assert ("--invoker-iam-check" in command, "remove-iam-policy-binding" in command) == (True, False), command
    unread = replace(off, policies=unknown(POLICIES))
    (command, *_) = [form for form in repairs(anonymous_endpoint_effective, unread) if form.startswith("gcloud")]
    assert "remove-iam-policy-binding" in command


def test_anonymous_endpoint_effective_takes_the_joined_reach_on_google_cloud() -> None:
    subjects = {
        "allUsers": answers(Reach.ANONYMOUS),
        "any-account": answers(Reach.ANY_PRINCIPAL),
        "own-account": answers(Reach.SCOPED),
        "domain": answers(Reach.ORGANISATION),
        "newer": answers(Reach.UNRECOGNISED),
        "reach-denied": served(gcp.endpoint(reach=unknown(POLICIES))),
        "reach-denied-but-internal": make_gcp(endpoints=Known((gcp.endpoint(reach=unknown(POLICIES)),), SERVICE)),
        "events-only": make_gen1(),
        "denied": make_run(endpoints=unknown(SERVICE), ingress=unknown(SERVICE)),
    }
    assert verdicts(anonymous_endpoint_effective, subjects, gcp.AROUND) == {
        "allUsers": FAIL,
        "any-account": FAIL,
        "own-account": PASS,
        "domain": PASS,
        "newer": UNKNOWN,
        "reach-denied": UNKNOWN,
        "reach-denied-but-internal": PASS,
        "events-only": PASS,
        "denied": UNKNOWN,
    }
    assert "accepts requests without authentication" in only(anonymous_endpoint_effective, subjects["allUsers"]).message
    assert (
        "accepts requests of any authenticated account"
        in only(anonymous_endpoint_effective, subjects["any-account"]).message
    )
    assert repairs(anonymous_endpoint_effective, subjects["allUsers"])


def test_key_only_auth_public() -> None:
    subjects = {
        "key-only": make_public(http("create_order"), ADMIN),
        "anonymous": make_public(ANYONE),
        "admin-key": make_public(ADMIN),
        "login": make_public(http(), authentication=Known(authentication(), LOGIN)),
        "closed": make_azure(authentication=unknown(LOGIN)),
        "login-denied": make_public(http(), authentication=unknown(LOGIN)),
    }
    assert verdicts(key_only_auth_public, subjects, AROUND) == {
        "key-only": FAIL,
        "anonymous": PASS,
        "admin-key": PASS,
        "login": PASS,
        "closed": PASS,
        "login-denied": UNKNOWN,
    }
    assert only(key_only_auth_public, subjects["key-only"]).locus == "create_order"
    assert repairs(key_only_auth_public, subjects["key-only"])


def test_http_methods_any_and_wildcard_routes() -> None:
    def routed(route: str | None) -> Function:
        return make_azure(handlers=Known((http("pages", route=route),), FUNCTIONS))

    verbs = {
        "every": make_azure(handlers=Known((http(methods=()),), FUNCTIONS)),
        "named": make_azure(),
        "no-http": make_azure(handlers=Known((handler("nightly", "timertrigger"),), FUNCTIONS)),
        "denied": make_azure(handlers=unknown(FUNCTIONS)),
    }
    assert verdicts(http_methods_any, verbs, AROUND) == {
        "every": FAIL,
        "named": PASS,
        "no-http": PASS,
        "denied": UNKNOWN,
    }
    assert repairs(http_methods_any, verbs["every"])
    routes = {
        "catch-all": routed("{*rest}"),
        "catch-all-below": routed("files/{*path}"),
        "like-the-host": routed("/Admin/users"),
        "parameter": routed("orders/{id}"),
        "administration": routed("administration"),
        "none": routed(None),
        "denied": verbs["denied"],
    }
    assert verdicts(http_route_wildcard, routes, AROUND) == {
        "catch-all": FAIL,
        "catch-all-below": FAIL,
        "like-the-host": FAIL,
        "parameter": PASS,
        "administration": PASS,
        "none": PASS,
        "denied": UNKNOWN,
    }
    assert repairs(http_route_wildcard, routes["catch-all"])


def test_durable_endpoints_public() -> None:
    durable = handler("fulfil", "orchestrationtrigger")

    def certified(*excluded: str) -> Function:
        """Client certificates are required, but for the paths given."""
        asked = transport(certificate_exclusions=Known(excluded, SITES))
        return make_public(durable, transport=Known(asked, SITES))

    passing = Known(authentication(excluded_paths=Known(("/runtime/*",), LOGIN)), LOGIN)
    subjects = {
        "durable": make_public(durable),
        "durable-behind-login": make_public(durable, authentication=Known(authentication(), LOGIN)),
        "durable-excluded-from-login": make_public(durable, authentication=passing),
        "durable-behind-certificates": certified(),
        "durable-excluded-from-certificates": certified("/runtime/webhooks"),
        "durable-certificates-denied": make_public(durable, transport=unknown(SITES)),
        "durable-closed": make_azure(handlers=Known((durable,), FUNCTIONS)),
        "no-durable": make_public(http(), authentication=unknown(LOGIN)),
        "durable-login-denied": make_public(durable, authentication=unknown(LOGIN)),
        "handlers-denied": make_public(handlers=unknown(FUNCTIONS)),
    }
    assert verdicts(durable_endpoints_public, subjects, AROUND) == {
        "durable": FAIL,
        "durable-behind-login": PASS,
        "durable-excluded-from-login": FAIL,
        "durable-behind-certificates": PASS,
        "durable-excluded-from-certificates": FAIL,
        "durable-certificates-denied": UNKNOWN,
        "durable-closed": PASS,
        "no-durable": PASS,
        "durable-login-denied": UNKNOWN,
        "handlers-denied": UNKNOWN,
    }
    assert [proof.source for proof in only(durable_endpoints_public, subjects["durable"]).evidence] == [
        FUNCTIONS,
        "graph:SiteConfigs",
        LOGIN,
        SITES,
    ]
    assert repairs(durable_endpoints_public, subjects["durable"])


def test_hybrid_connection_public() -> None:
    relay = Known(hosting(hybrid=Known(("erp.fernhollow.example:1433",), "web:ListHybridConnections")), SITES)
    denied = Known(hosting(hybrid=unknown("web:ListHybridConnections")), SITES)
    subjects = {
        "public": make_public(hosting=relay),
        "closed": make_azure(hosting=relay),
        "no-relay": make_public(),
        "relay-denied": make_public(hosting=denied),
        "relay-denied-but-closed": make_azure(hosting=denied),
        "network-denied": make_public(hosting=relay, ingress=unknown(SITES)),
    }
    assert verdicts(hybrid_connection_public, subjects, AROUND) == {
        "public": FAIL,
        "closed": PASS,
        "no-relay": PASS,
        "relay-denied": UNKNOWN,
        "relay-denied-but-closed": PASS,
        "network-denied": UNKNOWN,
    }
    assert only(hybrid_connection_public, subjects["public"]).locus == "erp.fernhollow.example:1433"
    assert repairs(hybrid_connection_public, subjects["public"])


def test_iap_off() -> None:
    off = Known(gcp.LOGIN_OFF, SERVICE)
    subjects = {
        "off": make_run(ingress=Known(gcp.public(), SERVICE), authentication=off),
        "on": make_run(ingress=Known(gcp.public(), SERVICE)),
        "internal": make_run(authentication=unknown(SERVICE)),
        "events-only": make_gen1(),
        "denied": make_run(ingress=Known(gcp.public(), SERVICE), authentication=unknown(SERVICE)),
    }
    assert verdicts(iap_off, subjects, gcp.AROUND) == {
        "off": FAIL,
        "on": PASS,
        "internal": PASS,
        "events-only": OUTSIDE,
        "denied": UNKNOWN,
    }
    assert repairs(iap_off, subjects["off"])


def test_internet_reachable_lists_handlers_and_addresses() -> None:
    apps = {
        "handlers": make_public(http("create_order"), ANYONE, handler("nightly", "timertrigger")),
        "closed": make_azure(handlers=unknown(FUNCTIONS)),
        "denied": make_public(handlers=unknown(FUNCTIONS)),
    }
    assert verdicts(internet_reachable, apps, AROUND) == {"handlers": FAIL, "closed": PASS, "denied": UNKNOWN}
    assert [hit.locus for hit in found(internet_reachable, apps["handlers"])] == ["create_order", "webhook"]
    services = {
        "open": answers(Reach.SCOPED),
        "internal": make_gcp(),
        "denied": make_gcp(endpoints=unknown(SERVICE), ingress=Known(gcp.public(), SERVICE)),
        "network-denied": make_gcp(
            ingress=Known(gcp.ingress(scope=unknown(SERVICE)), SERVICE),
        ),
    }
    assert verdicts(internet_reachable, services, gcp.AROUND) == {
        "open": FAIL,
        "internal": PASS,
        "denied": UNKNOWN,
        "network-denied": UNKNOWN,
    }
    assert repairs(internet_reachable, apps["handlers"])
    assert repairs(internet_reachable, services["open"])


def test_a_closed_switch_settles_an_unknown_scope() -> None:
    shut = Known(public(scope=unknown(CONFIG), public_network=Known(False, SITES)), SITES)
    ruled = Known(
        public(scope=unknown(CONFIG), public_network=unknown(SITES), rules=Known(ingress().rules.need(), CONFIG)), SITES
    )
    subjects = {
        "public-access-off": make_public(ANYONE, ingress=shut),
        "rules-narrow": make_public(ANYONE, ingress=ruled),
        "balancer-only": make_public(
            ANYONE, ingress=Known(public(scope=Known(IngressScope.INTERNAL_AND_BALANCER, CONFIG)), SITES)
        ),
        "scope-denied": make_public(ANYONE, ingress=Known(public(scope=unknown(CONFIG)), SITES)),
    }
    assert verdicts(anonymous_endpoint_effective, subjects, AROUND) == {
        "public-access-off": PASS,
        "rules-narrow": PASS,
        "balancer-only": PASS,
        "scope-denied": UNKNOWN,
    }
    assert LOGIN_OFF.enabled == Known(False, LOGIN)
