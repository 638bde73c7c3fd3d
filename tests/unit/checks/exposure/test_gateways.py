"""Checks of the APIs in front of functions on AWS."""

from typing import Any

from auditor.check import Check
from auditor.model.exposure import AuthMode, Cors
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.gateway import DomainName, Gateway, Stage
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Severity
from checks.exposure.api_cors_any_origin import api_cors_any_origin
from checks.exposure.api_route_unauthenticated import api_route_unauthenticated
from checks.exposure.front_end_bypass import front_end_bypass
from checks.exposure.http_methods_any import http_methods_any
from checks.exposure.http_route_wildcard import http_route_wildcard
from checks.exposure.key_only_auth_public import key_only_auth_public
from checks.exposure.no_firewall_in_front import no_firewall_in_front
from checks.transport.api_domain_tls_old import api_domain_tls_old
from tests.unit.checks.build import behind, gateway, make, only, route, unknown, verdicts
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
