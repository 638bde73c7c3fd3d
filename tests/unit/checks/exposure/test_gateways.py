"""Checks of the APIs in front of functions on AWS."""

from dataclasses import replace
from typing import Any

from auditor.check import Check
from auditor.model.exposure import AuthMode, Cors, Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.gateway import DomainName, Gateway, Route, Stage
from auditor.model.ingress import FrontEnd
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Severity
from checks.denial_of_wallet.api_throttling_absent import api_throttling_absent
from checks.exposure.api_cors_any_origin import api_cors_any_origin
from checks.exposure.api_route_unauthenticated import api_route_unauthenticated
from checks.exposure.front_end_bypass import front_end_bypass
from checks.exposure.http_methods_any import http_methods_any
from checks.exposure.http_route_wildcard import http_route_wildcard
from checks.exposure.key_only_auth_public import key_only_auth_public
from checks.exposure.no_firewall_in_front import no_firewall_in_front
from checks.monitoring.api_access_log_off import api_access_log_off
from checks.transport.api_domain_tls_old import api_domain_tls_old
from checks.transport.https_not_enforced import https_not_enforced
from tests.unit.checks.build import arn, behind, endpoint, gateway, make, only, route, unknown, verdicts
from tests.unit.checks.repairs import repairs

OPEN = route(auth=AuthMode.NONE)
PRIVATE: dict[str, Any] = {"public": Known(False, "apigateway:GetRestApis")}
DARK: dict[str, Any] = {"public": unknown("apigateway:GetRestApis")}


def after(one: Gateway) -> Function:
    return make(gateways=behind(one))


def judged(check: Check, **gateways: Gateway) -> dict[str, Status]:
    """The verdicts on functions behind the gateways, and on two of which not every gateway could be read."""
    subjects = {name: after(each) for name, each in gateways.items()}
    first = next(iter(gateways.values()))
    gap = unknown("apigateway:GetResources")
    subjects["denied"] = make(gateways=gap, gateways_listed=gap)
    subjects["one more"] = make(gateways=behind(gateway()), gateways_listed=gap)
    subjects["enough"] = make(gateways=behind(first), gateways_listed=gap)
    found = verdicts(check, subjects)
    assert (found.pop("denied"), found.pop("one more"), found.pop("enough")) == (
        Status.UNKNOWN,
        Status.UNKNOWN,
        Status.FAIL,
    )
    assert repairs(check, subjects[next(iter(gateways))])
    return found


def test_a_route_that_asks_nothing_is_told_with_its_method_and_path() -> None:
    assert judged(
        api_route_unauthenticated,
        open=gateway(OPEN),
        preflight=gateway(route("OPTIONS", auth=AuthMode.NONE)),
        keyed=gateway(route(auth=AuthMode.KEY)),
        newer=gateway(route(auth=AuthMode.UNRECOGNISED)),
        private=gateway(OPEN, **PRIVATE),
        dark=gateway(OPEN, **DARK),
    ) == {
        "open": Status.FAIL,
        "preflight": Status.PASS,
        "keyed": Status.PASS,
        "newer": Status.UNKNOWN,
        "private": Status.PASS,
        "dark": Status.UNKNOWN,
    }
    assert only(api_route_unauthenticated, after(gateway(OPEN))).message.startswith("GET /orders of API shop ")


def test_a_key_alone_identifies_nobody() -> None:
    assert judged(
        key_only_auth_public, keyed=gateway(route(auth=AuthMode.KEY)), signed=gateway(), open=gateway(OPEN)
    ) == {
        "keyed": Status.FAIL,
        "signed": Status.PASS,
        "open": Status.PASS,
    }


def test_catch_all_routes_and_every_method() -> None:
    proxy = gateway(route("ANY", "/{proxy+}"))
    default = gateway(route("ANY", "$default"), kind="http")
    chat = gateway(route("ANY", "$default"), kind="websocket")
    for check in (http_route_wildcard, http_methods_any):
        assert judged(check, proxy=proxy, default=default, chat=chat, named=gateway()) == {
            "proxy": Status.FAIL,
            "default": Status.FAIL,
            "chat": Status.PASS,
            "named": Status.PASS,
        }


def test_a_stage_without_a_web_acl_and_a_kind_that_takes_none() -> None:
    def behind_stage(firewall: object) -> Gateway:
        stage = Stage(name="live", rate=None, burst=None, firewall=firewall, access_log=Known(True, "s"))  # type: ignore[arg-type]
        return gateway(stages=Known((stage,), "apigateway:GetStages"))

    assert judged(
        no_firewall_in_front,
        bare=behind_stage(Known(False, "s")),
        none=behind_stage(not_offered("s", "this kind takes none")),
        guarded=gateway(),
        unread=gateway(stages=unknown("apigateway:GetStages")),
    ) == {"bare": Status.FAIL, "none": Status.FAIL, "guarded": Status.PASS, "unread": Status.UNKNOWN}


def test_origins_of_apis() -> None:
    def allowing(origin: str, *, credentials: bool = False) -> Gateway:
        cors = Cors(origins=(origin,), methods=(), headers=(), credentials=credentials)
        return gateway(cors=Known(cors, "apigatewayv2:GetApis"))

    assert judged(
        api_cors_any_origin,
        any=allowing("*"),
        named=allowing("https://shop.example"),
        none=gateway(),
        unread=gateway(cors=unknown("apigateway:GetResources")),
    ) == {"any": Status.FAIL, "named": Status.PASS, "none": Status.PASS, "unread": Status.UNKNOWN}
    assert only(api_cors_any_origin, after(allowing("*", credentials=True))).severity is Severity.HIGH


def test_the_default_endpoint_beside_a_name_of_ones_own() -> None:
    beside = Known(True, "apigateway:GetRestApis")
    assert judged(
        front_end_bypass,
        beside=gateway(default_address=beside),
        alone=gateway(default_address=beside, domains=Known((), "apigatewayv2:GetDomainNames")),
        off=gateway(),
        unread=gateway(default_address=beside, domains=unknown("apigatewayv2:GetDomainNames")),
    ) == {"beside": Status.FAIL, "alone": Status.PASS, "off": Status.PASS, "unread": Status.UNKNOWN}


def test_a_function_url_beside_its_distribution() -> None:
    listed = "cloudfront:ListDistributions"

    def url(*, exclusive: bool, reach: Reach = Reach.ANONYMOUS) -> Function:
        front = FrontEnd(
            id=arn("cloudfront", "distribution/E2Q"),
            kind="cloudfront",
            firewall=Known(True, listed),
            exclusive=Known(exclusive, "lambda:ListFunctionUrlConfigs"),
        )
        open_url = endpoint(
            auth=AuthMode.NONE, reach=Known(reach, "lambda:GetPolicy"), front_ends=Known((front,), listed)
        )
        return make(endpoints=Known((open_url,), "lambda:ListFunctionUrlConfigs"))

    def alone(**changes: Any) -> Function:
        open_url = endpoint(auth=AuthMode.NONE, reach=Known(Reach.ANONYMOUS, "lambda:GetPolicy"), **changes)
        return make(endpoints=Known((open_url,), "lambda:ListFunctionUrlConfigs"))

    subjects = {
        "beside": url(exclusive=False),
        "signed": url(exclusive=True),
        "nobody is let in": url(exclusive=False, reach=Reach.SCOPED),
        "alone": alone(),
        "unread": alone(front_ends=unknown(listed)),
        "denied": make(endpoints=unknown("lambda:ListFunctionUrlConfigs")),
    }
    assert verdicts(front_end_bypass, subjects) == {
        "beside": Status.FAIL,
        "signed": Status.PASS,
        "nobody is let in": Status.PASS,
        "alone": Status.PASS,
        "unread": Status.UNKNOWN,
        "denied": Status.UNKNOWN,
    }
    hit = only(front_end_bypass, subjects["beside"])
    assert hit.severity is Severity.MEDIUM
    assert any("--auth-type AWS_IAM" in form for form in repairs(front_end_bypass, subjects["beside"]))


def test_old_tls_of_a_name() -> None:
    def named(policy: str) -> Gateway:
        domain = DomainName(name="shop.example", tls_policy=policy, mutual_tls=False)
        return gateway(domains=Known((domain,), "apigatewayv2:GetDomainNames"))

    assert judged(
        api_domain_tls_old,
        old=named("TLS_1_0"),
        new=named("TLS_1_2"),
        unread=gateway(domains=unknown("apigatewayv2:GetDomainNames")),
    ) == {"old": Status.FAIL, "new": Status.PASS, "unread": Status.UNKNOWN}


LISTENER = arn("elasticloadbalancing", "listener/app/shop/2/3")


def listener(*routes: Route, **stage: Any) -> Gateway:
    """A listener of a public load balancer."""
    kept: dict[str, Any] = {
        "firewall": Known(True, "wafv2:GetWebACLForResource"),
        "encrypted": Known(True, "l"),
        **stage,
    }
    return gateway(
        *routes,
        kind="load-balancer",
        id=LISTENER,
        name="shop HTTP:80",
        stages=Known((Stage(name="HTTP:80", rate=None, burst=None, **kept),), "l"),
        default_address=not_offered("l", "one address"),
        cors=not_offered("l", "none"),
    )


def test_a_listener_that_passes_plain_requests_on() -> None:
    plain: dict[str, Any] = {"encrypted": Known(False, "l")}
    assert judged(
        https_not_enforced,
        plain=listener(**plain),
        secure=listener(),
        internal=replace(listener(**plain), public=Known(False, "l")),
        api=gateway(),
        unread=gateway(stages=unknown("elasticloadbalancing:DescribeListeners")),
    ) == {
        "plain": Status.FAIL,
        "secure": Status.PASS,
        "internal": Status.PASS,
        "api": Status.PASS,
        "unread": Status.UNKNOWN,
    }
    hit = only(https_not_enforced, after(listener(**plain)))
    assert hit.message == "Load balancer shop HTTP:80 passes plain HTTP requests to orders"


def test_a_listener_is_judged_like_an_api() -> None:
    anyone, some = route("ANY", "/*", AuthMode.NONE), route("ANY", "/*", AuthMode.NONE, narrowed=True)
    assert judged(
        api_route_unauthenticated, open=listener(anyone), narrowed=listener(some), asks=listener(route("ANY", "/*"))
    ) == {"open": Status.FAIL, "narrowed": Status.PASS, "asks": Status.PASS}
    hit = only(api_route_unauthenticated, after(listener(anyone)))
    assert hit.message == "ANY /* of load balancer shop HTTP:80 starts orders without authentication"
    assert any(
        form.startswith("aws elbv2 modify-rule") for form in repairs(api_route_unauthenticated, after(listener(anyone)))
    )
    bare = listener(anyone, firewall=Known(False, "w"))
    assert (
        only(no_firewall_in_front, after(bare)).site
        == f"firewall of {arn('elasticloadbalancing', 'loadbalancer/app/shop/2')}"
    )
    wide = replace(
        bare,
        domains=Known(
            (DomainName(name="shop.example", tls_policy="ELBSecurityPolicy-2016-08", mutual_tls=False),), "l"
        ),
    )
    assert only(api_domain_tls_old, after(wide)).message == "shop.example in front of orders accepts TLS 1.0 or 1.1"
    for check in (front_end_bypass, api_cors_any_origin, http_methods_any, http_route_wildcard):
        assert verdicts(check, {"listener": after(bare)}) == {"listener": Status.PASS}, check.id


def test_a_graphql_api_that_asks_for_a_key_says_so() -> None:
    api = gateway(route("GRAPHQL", "wishes", AuthMode.KEY), kind="graphql", id=arn("appsync", "apis/g1"), name="wishes")
    (evidence,) = only(key_only_auth_public, after(api)).evidence
    assert evidence.detail == "GRAPHQL wishes: authenticationType API_KEY"
    assert any("--api-id g1 --name wishes" in form for form in repairs(key_only_auth_public, after(api)))


def test_stages_without_a_log_or_a_rate() -> None:
    def staged(**changes: Any) -> Gateway:
        kept: dict[str, Any] = {
            "rate": 50.0,
            "burst": 20,
            "firewall": Known(True, "s"),
            "access_log": Known(True, "s"),
        } | changes
        return gateway(stages=Known((Stage(name="live", **kept),), "apigateway:GetStages"))

    silent = staged(access_log=Known(False, "s"))
    assert judged(
        api_access_log_off,
        silent=silent,
        logged=staged(),
        graphql=replace(silent, kind="graphql"),
        balancer=replace(silent, kind="load-balancer"),
        unread=staged(access_log=unknown("apigateway:GetStages")),
        dark=gateway(stages=unknown("apigateway:GetStages")),
    ) == {
        "silent": Status.FAIL,
        "logged": Status.PASS,
        "graphql": Status.FAIL,
        "balancer": Status.PASS,
        "unread": Status.UNKNOWN,
        "dark": Status.UNKNOWN,
    }
    unlimited = staged(rate=None, burst=None)
    assert judged(
        api_throttling_absent,
        unlimited=unlimited,
        limited=staged(),
        graphql=replace(unlimited, kind="graphql"),
        dark=gateway(stages=unknown("apigateway:GetStages")),
    ) == {"unlimited": Status.FAIL, "limited": Status.PASS, "graphql": Status.PASS, "dark": Status.UNKNOWN}
    assert any("aws apigateway update-stage" in form for form in repairs(api_throttling_absent, after(unlimited)))
