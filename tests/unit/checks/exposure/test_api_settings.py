"""Checks of what APIs in front of functions on AWS are set to: stages, policies, authorizers, names, backends."""

from dataclasses import replace
from typing import Any

from auditor.check import Check
from auditor.model.exposure import AuthMode, Effect, QualifiedPolicy, Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.gateway import Authorizer, Backend, DomainName, Gateway, UsagePlan
from auditor.model.observed import Known, not_offered
from auditor.model.secret import SecretVerdict
from auditor.model.severity import Confidence, Severity
from auditor.model.trigger import TriggerKind, TriggerVia
from checks.denial_of_wallet.api_key_not_required import api_key_not_required
from checks.denial_of_wallet.api_usage_plan_unlimited import api_usage_plan_unlimited
from checks.exposure.api_authorizer_cache_long import api_authorizer_cache_long
from checks.exposure.api_endpoint_public import api_endpoint_public
from checks.exposure.api_permission_wide import api_permission_wide
from checks.exposure.api_policy_open import api_policy_open
from checks.exposure.api_private_policy_loose import api_private_policy_loose
from checks.exposure.api_route_scopes_absent import api_route_scopes_absent
from checks.exposure.api_token_unrestricted import api_token_unrestricted
from checks.exposure.internet_reachable import internet_reachable
from checks.insecure_configuration.api_authorizer_unused import api_authorizer_unused
from checks.insecure_configuration.api_cache_unencrypted import api_cache_unencrypted
from checks.insecure_configuration.api_data_trace_on import api_data_trace_on
from checks.insecure_configuration.api_stage_variable_secret import api_stage_variable_secret
from checks.monitoring.api_execution_log_off import api_execution_log_off
from checks.monitoring.api_log_format_incomplete import api_log_format_incomplete
from checks.monitoring.api_metrics_off import api_metrics_off
from checks.monitoring.api_tracing_off import api_tracing_off
from checks.resilience.api_cache_off import api_cache_off
from checks.resilience.api_compression_off import api_compression_off
from checks.resilience.api_deployment_at_once import api_deployment_at_once
from checks.transport.api_backend_plaintext import api_backend_plaintext
from checks.transport.api_client_certificate_absent import api_client_certificate_absent
from checks.transport.api_domain_not_post_quantum import api_domain_not_post_quantum
from checks.transport.api_mutual_tls_absent import api_mutual_tls_absent
from tests.unit.checks.build import (
    FOREIGN,
    arn,
    behind,
    found,
    gateway,
    make,
    method_settings,
    only,
    route,
    stage,
    statement,
    trigger,
    unknown,
    variable,
    verdicts,
)
from tests.unit.checks.repairs import repairs

STAGES = "apigateway:GetStages"
APIS = "apigateway:GetRestApis"
FAIL, PASS, UNKNOWN = Status.FAIL, Status.PASS, Status.UNKNOWN


def after(one: Gateway) -> Function:
    return make(gateways=behind(one))


def staged(kind: str = "rest", **changes: Any) -> Gateway:
    return gateway(kind=kind, stages=Known((stage(**changes),), STAGES))


def judged(check: Check, **gateways: Gateway) -> dict[str, Status]:
    """The verdicts on functions behind the gateways; the first of them fails, and its repair can be filled."""
    first = after(next(iter(gateways.values())))
    assert repairs(check, first)
    gap = unknown("apigateway:GetResources")
    dark = verdicts(check, {"denied": make(gateways=gap, gateways_listed=gap), "none": make()})
    assert dark == {"denied": UNKNOWN, "none": PASS}
    return verdicts(check, {name: after(each) for name, each in gateways.items()})


def set_to(**changes: Any) -> dict[str, Any]:
    return {"settings": Known((method_settings(**changes),), STAGES)}


def test_logs_metrics_and_traces_of_a_stage() -> None:
    silent = staged(**set_to(logged="OFF"))
    assert judged(
        api_execution_log_off,
        silent=silent,
        logged=staged(),
        http=staged("http", **set_to(logged="OFF")),
        socket=staged("websocket", **set_to(logged="OFF")),
        private=replace(silent, public=Known(False, APIS)),
        unread=staged(settings=unknown(STAGES)),
        dark=gateway(stages=unknown(STAGES)),
    ) == {
        "silent": FAIL,
        "logged": PASS,
        "http": PASS,
        "socket": FAIL,
        "private": PASS,
        "unread": UNKNOWN,
        "dark": UNKNOWN,
    }
    assert judged(
        api_metrics_off,
        off=staged(**set_to(metrics=False)),
        http=staged("http", **set_to(metrics=False)),
        on=staged(),
        unread=staged(settings=unknown(STAGES)),
    ) == {"off": FAIL, "http": FAIL, "on": PASS, "unread": UNKNOWN}
    assert judged(
        api_tracing_off,
        off=staged(traced=Known(False, STAGES)),
        http=staged("http", traced=not_offered(STAGES, "only REST APIs have it")),
        on=staged(),
        unread=staged(traced=unknown(STAGES)),
    ) == {"off": FAIL, "http": PASS, "on": PASS, "unread": UNKNOWN}


def test_the_settings_of_a_method_take_the_place_of_the_stages() -> None:
    traced = method_settings("orders/GET", logged="INFO", data_trace=True)
    other = method_settings("refunds/GET", logged="INFO", data_trace=True)
    nested = method_settings("orders~1{id}/POST", logged="INFO", data_trace=True)
    assert judged(
        api_data_trace_on,
        own=staged(settings=Known((method_settings(), traced), STAGES)),
        another=staged(settings=Known((method_settings(), other), STAGES)),
        nested=gateway(
            route("POST", "/orders/{id}"),
            stages=Known((stage(settings=Known((method_settings(), nested), STAGES)),), STAGES),
        ),
        mended=staged(
            settings=Known((method_settings(logged="INFO", data_trace=True), method_settings("orders/GET")), STAGES)
        ),
        silent=staged(**set_to(logged="OFF", data_trace=True)),
        unread=staged(settings=unknown(STAGES)),
    ) == {"own": FAIL, "another": PASS, "nested": FAIL, "mended": PASS, "silent": PASS, "unread": UNKNOWN}
    hit = only(api_data_trace_on, after(staged(settings=Known((method_settings(), traced), STAGES))))
    assert hit.locus.endswith("/live orders/GET")
    word = method_settings("$connect", logged="INFO", data_trace=True)
    chat = gateway(
        route("ANY", "$connect"),
        kind="websocket",
        stages=Known((stage(settings=Known((method_settings(), word), STAGES)),), STAGES),
    )
    assert verdicts(api_data_trace_on, {"chat": after(chat)}) == {"chat": FAIL}


def test_caches() -> None:
    plain = set_to(cache_encrypted=False)
    assert judged(
        api_cache_unencrypted,
        plain=staged(**plain),
        off=staged(**plain, cache=Known(False, STAGES)),
        uncached=staged(**set_to(cached=False, cache_encrypted=False)),
        sealed=staged(),
        unread=staged(**plain, cache=unknown(STAGES)),
    ) == {"plain": FAIL, "off": PASS, "uncached": PASS, "sealed": PASS, "unread": UNKNOWN}
    bare: dict[str, Any] = {"cache": Known(False, STAGES)}
    assert judged(
        api_cache_off,
        off=staged(**bare),
        writes=replace(staged(**bare), routes=(route("POST"),)),
        on=staged(),
        http=staged("http", cache=not_offered(STAGES, "only REST APIs have it")),
        unread=staged(cache=unknown(STAGES)),
    ) == {"off": FAIL, "writes": PASS, "on": PASS, "http": PASS, "unread": UNKNOWN}


def test_a_credential_in_a_stage_variable_is_told_without_its_value() -> None:
    secret = variable("PASSWORD", SecretVerdict.SECRET, confidence=Confidence.MEDIUM, detector="name")
    assert judged(
        api_stage_variable_secret,
        secret=staged(variables=Known((secret,), STAGES)),
        http=staged("http", variables=Known((secret,), STAGES)),
        clear=staged(variables=Known((variable("STAGE"),), STAGES)),
        unread=staged(variables=unknown(STAGES)),
    ) == {"secret": FAIL, "http": FAIL, "clear": PASS, "unread": UNKNOWN}
    hit = only(api_stage_variable_secret, after(staged(variables=Known((secret,), STAGES))))
    assert (hit.severity, hit.confidence) == (Severity.HIGH, Confidence.MEDIUM)
    assert hit.evidence[0].detail == "PASSWORD: 12 characters, not shown"


def test_a_request_log_says_who_what_when_and_how_it_ended() -> None:
    whole = (
        '{"id":"$context.requestId","ip":"$context.identity.sourceIp","at":$context.requestTimeEpoch,'
        '"route":"$context.routeKey","status":$context.status}'
    )

    def logged(text: str | None) -> Gateway:
        return staged(log_format=Known(text, STAGES))

    assert judged(
        api_log_format_incomplete,
        line=logged("$context.identity.sourceIp $context.requestTime $context.routeKey $context.status"),
        short=logged(whole.replace("$context.status", "1")),
        whole=logged(whole),
        none=logged(None),
        unread=staged(log_format=unknown(STAGES)),
    ) == {"line": FAIL, "short": FAIL, "whole": PASS, "none": PASS, "unread": UNKNOWN}
    lacks = only(api_log_format_incomplete, after(logged(whole.replace("$context.status", "1")))).message
    assert lacks.endswith(" lacks: with which result")


def test_changes_that_reach_all_callers_at_once() -> None:
    automatic: dict[str, Any] = {"canary": not_offered(STAGES, "only REST APIs have it")}
    assert judged(
        api_deployment_at_once,
        rest=staged(canary=Known(False, STAGES)),
        canary=staged(),
        http=staged("http", auto_deploy=Known(True, STAGES), **automatic),
        manual=staged("http", auto_deploy=Known(False, STAGES), **automatic),
        unread=staged(canary=unknown(STAGES)),
    ) == {"rest": FAIL, "canary": PASS, "http": FAIL, "manual": PASS, "unread": UNKNOWN}


def calling(address: str, *, verified: bool = True, internal: bool = False, **stage_of: Any) -> Gateway:
    backend = Backend(
        route="GET /rates",
        address=address,
        encrypted=address.startswith("https:"),
        verified=verified,
        internal=internal,
    )
    return replace(staged(**stage_of), backends=Known((backend,), "apigateway:GetResources"))


def test_backends_beside_the_function() -> None:
    assert judged(
        api_backend_plaintext,
        plain=calling("http://rates.example"),
        blind=calling("https://rates.example", verified=False),
        sound=calling("https://rates.example"),
        none=gateway(),
        unread=gateway(backends=unknown("apigateway:GetResources")),
    ) == {"plain": FAIL, "blind": FAIL, "sound": PASS, "none": PASS, "unread": UNKNOWN}
    assert only(api_backend_plaintext, after(calling("http://rates.example", internal=True))).severity is Severity.LOW
    bare: dict[str, Any] = {"client_certificate": Known(None, STAGES)}
    assert judged(
        api_client_certificate_absent,
        bare=calling("https://rates.example", **bare),
        inside=calling("https://rates.example", internal=True, **bare),
        functions=staged(**bare),
        shown=calling("https://rates.example"),
        unread=replace(staged(**bare), backends=unknown("apigateway:GetResources")),
    ) == {"bare": FAIL, "inside": PASS, "functions": PASS, "shown": PASS, "unread": UNKNOWN}


def under(*grants: Any, private: bool = False) -> Gateway:
    return gateway(grants=Known(grants or None, APIS), private=Known(private, APIS))


ANYONE = statement(Reach.ANY_PRINCIPAL)
DENIES = statement(Reach.NONE, effect=Effect.DENY, condition_keys=("aws:SourceVpce",))


def test_policies_of_rest_apis() -> None:
    other = statement(Reach.CROSS_ACCOUNT, accounts=(FOREIGN,))
    assert judged(
        api_policy_open,
        absent=under(),
        anyone=under(ANYONE),
        other=under(other),
        taken_back=under(ANYONE, DENIES),
        own=under(statement()),
        private=under(ANYONE, private=True),
        http=replace(under(), kind="http"),
        unread=gateway(grants=unknown(APIS)),
    ) == {
        "absent": FAIL,
        "anyone": FAIL,
        "other": FAIL,
        "taken_back": PASS,
        "own": PASS,
        "private": PASS,
        "http": PASS,
        "unread": UNKNOWN,
    }
    assert only(api_policy_open, after(under(other))).severity is Severity.MEDIUM
    assert judged(
        api_private_policy_loose,
        loose=under(ANYONE, private=True),
        taken_back=under(ANYONE, DENIES, private=True),
        narrow=under(statement(Reach.CONDITIONAL), private=True),
        absent=under(private=True),
        public=under(ANYONE),
        unread=gateway(grants=unknown(APIS), private=Known(True, APIS)),
    ) == {
        "loose": FAIL,
        "taken_back": PASS,
        "narrow": PASS,
        "absent": PASS,
        "public": PASS,
        "unread": UNKNOWN,
    }
    assert judged(
        api_endpoint_public,
        public=gateway(),
        private=under(ANYONE, private=True),
        http=gateway(kind="http"),
        unread=gateway(private=unknown(APIS)),
    ) == {"public": FAIL, "private": PASS, "http": PASS, "unread": UNKNOWN}


def asking(**changes: Any) -> Gateway:
    token: dict[str, Any] = {
        "id": "t1",
        "name": "accounts",
        "kind": "JWT",
        "seconds": None,
        "issuer": "https://login.example",
        "audience": ("shop",),
        "asked": True,
    }
    asked = route(auth=AuthMode.IDENTITY_PROVIDER, authorizer="t1")
    return gateway(
        asked, kind="http", authorizers=Known((Authorizer(**token | changes),), "apigatewayv2:GetAuthorizers")
    )


def test_tokens_and_how_long_an_answer_about_them_is_used() -> None:
    unread = gateway(kind="http", authorizers=unknown("apigatewayv2:GetAuthorizers"))
    assert judged(
        api_token_unrestricted,
        anyone=asking(audience=()),
        plain=asking(issuer="http://login.example"),
        sound=asking(),
        function=asking(kind="REQUEST", audience=(), issuer=None),
        unused=replace(asking(audience=()), routes=(route(),)),
        unread=unread,
    ) == {
        "anyone": FAIL,
        "plain": FAIL,
        "sound": PASS,
        "function": PASS,
        "unused": PASS,
        "unread": UNKNOWN,
    }
    wide = replace(asking(), routes=(route(authorizer="t1", scopes=Known((), "apigatewayv2:GetRoutes")),))
    assert judged(api_route_scopes_absent, wide=wide, scoped=asking(), unread=unread) == {
        "wide": FAIL,
        "scoped": PASS,
        "unread": UNKNOWN,
    }
    assert judged(
        api_authorizer_cache_long,
        hour=asking(kind="REQUEST", seconds=3600),
        minutes=asking(kind="REQUEST", seconds=300),
        silent=asking(kind="REQUEST"),
        unused=replace(asking(kind="REQUEST", seconds=3600), routes=(route(),)),
        unread=unread,
    ) == {"hour": FAIL, "minutes": PASS, "silent": PASS, "unused": PASS, "unread": UNKNOWN}


def test_names_keys_and_compression() -> None:
    def named(policy: str | None, *, mutual: bool = False) -> Gateway:
        domain = DomainName(name="shop.example", tls_policy=policy, mutual_tls=mutual)
        return gateway(domains=Known((domain,), "apigatewayv2:GetDomainNames"))

    unread = gateway(domains=unknown("apigatewayv2:GetDomainNames"))
    assert judged(
        api_domain_not_post_quantum,
        classic=named("TLS_1_2"),
        unnamed=named(None),
        hybrid=named("SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09"),
        none=gateway(domains=Known((), "apigatewayv2:GetDomainNames")),
        unread=unread,
    ) == {"classic": FAIL, "unnamed": FAIL, "hybrid": PASS, "none": PASS, "unread": UNKNOWN}
    assert judged(
        api_mutual_tls_absent, one_sided=named("TLS_1_2"), mutual=named("TLS_1_2", mutual=True), unread=unread
    ) == {"one_sided": FAIL, "mutual": PASS, "unread": UNKNOWN}
    free = Known(False, "apigateway:GetResources")
    assert judged(
        api_key_not_required,
        free=gateway(route(key=free)),
        keyed=gateway(),
        preflight=gateway(route("OPTIONS", key=free)),
        http=gateway(route(key=not_offered("apigatewayv2:GetRoutes", "HTTP APIs know no API keys")), kind="http"),
        private=gateway(route(key=free), public=Known(False, APIS)),
        unread=gateway(route(key=unknown("apigateway:GetResources"))),
    ) == {
        "free": FAIL,
        "keyed": PASS,
        "preflight": PASS,
        "http": PASS,
        "private": PASS,
        "unread": UNKNOWN,
    }
    assert judged(
        api_compression_off,
        large=gateway(compression=Known(False, APIS)),
        small=gateway(),
        unread=gateway(compression=unknown(APIS)),
    ) == {"large": FAIL, "small": PASS, "unread": UNKNOWN}


def test_a_permission_for_every_route_of_an_api() -> None:
    def admitting(path: str, *routes: Any, **changes: Any) -> Function:
        granted = statement(sources=(f"{gateway().id}/{path}",), services=("apigateway.amazonaws.com",))
        policy = QualifiedPolicy(qualifier=None, statements=Known((granted,), "lambda:GetPolicy"))
        return make(policies=Known((policy,), "lambda:GetPolicy"), **({"gateways": behind(gateway(*routes))} | changes))

    subjects = {
        "every": admitting("*/*/*"),
        "short": admitting("*"),
        "two": admitting("*/*"),
        "catch_all": admitting("*/*/*", route("ANY", "/{proxy+}")),
        "stage": admitting("*/GET/orders"),
        "authorizer": admitting("authorizers/*"),
        "dark": admitting("*/*/*", gateways=unknown("apigateway:GetResources")),
    }
    assert verdicts(api_permission_wide, subjects) == {
        "every": FAIL,
        "short": FAIL,
        "two": FAIL,
        "catch_all": PASS,
        "stage": PASS,
        "authorizer": PASS,
        "dark": UNKNOWN,
    }
    assert any(arn("execute-api", "a1b2c3d4e5") in form for form in repairs(api_permission_wide, subjects["every"]))
    assert len(found(api_permission_wide, subjects["every"])) == 1


def test_an_api_inside_virtual_networks_is_no_path_from_the_internet() -> None:
    api = gateway()
    by_api = trigger(TriggerKind.HTTP, service="apigateway", source=api.id, via=TriggerVia.SOURCE)
    triggers = (Known((by_api,), "apigateway:GetResources"),)

    def behind_public(public: Any) -> Function:
        return make(triggers=triggers, gateways=behind(replace(api, public=public)))

    assert verdicts(
        internet_reachable,
        {
            "public": behind_public(Known(True, APIS)),
            "private": behind_public(Known(False, APIS)),
            "unread": behind_public(unknown(APIS)),
        },
    ) == {"public": FAIL, "private": PASS, "unread": FAIL}


def test_usage_plans_that_limit_nothing_and_authorizers_that_no_route_asks() -> None:
    def planned(*plans: UsagePlan) -> Gateway:
        return staged(plans=Known(plans, "apigateway:GetUsagePlans"))

    free = UsagePlan(id="p1", name="freight", rate=20.0, quota=None)
    keyless = route(key=Known(False, "apigateway:GetResources"))
    assert judged(
        api_usage_plan_unlimited,
        free=planned(free),
        beside=planned(replace(free, id="p2", quota=1000), free),
        none=planned(),
        bound=planned(replace(free, quota=1000)),
        keyless=replace(planned(), routes=(keyless,)),
        unread=staged(plans=unknown("apigateway:GetUsagePlans")),
    ) == {"free": FAIL, "beside": FAIL, "none": FAIL, "bound": PASS, "keyless": PASS, "unread": UNKNOWN}
    hit = only(api_usage_plan_unlimited, after(planned(free)))
    assert hit.message.endswith("limits no key: usage plan freight has no quota")
    assert any("create-usage-plan" in form for form in repairs(api_usage_plan_unlimited, after(planned())))
    assert judged(
        api_authorizer_unused,
        unused=asking(asked=False),
        asked=asking(),
        unread=gateway(kind="http", authorizers=unknown("apigatewayv2:GetAuthorizers")),
    ) == {"unused": FAIL, "asked": PASS, "unread": UNKNOWN}
