"""What is read of the settings of APIs of API Gateway: stages, policies, authorizers, backends."""

from typing import Any

import pytest

from auditor.model.capture import Envelope
from auditor.model.gateway import Authorizer, Backend, Gateway, MethodSettings, Stage, UsagePlan
from auditor.model.observed import GapReason, Known, Unknown
from auditor.model.secret import SecretVerdict
from providers.aws.normalize import normalize
from providers.aws.normalize.sources.gateways import backend
from tests.unit.providers.aws.normalize.capture import RENDER, capture, denied, ok, policy, statement, variable
from tests.unit.providers.aws.normalize.test_sources import invoked, rest_api

PLAIN = MethodSettings(
    methods="*/*", logged="OFF", data_trace=False, metrics=False, cached=False, cache_encrypted=False
)
"""What API Gateway does where nothing is set."""


def gateway_of(*answers: Envelope) -> Gateway:
    functions = {function.name: function for function in normalize(capture(*answers)).functions}
    (found,) = functions["render"].gateways.need()
    return found


def rest(**stage: Any) -> Stage:
    answers = rest_api(invoked(RENDER))
    answers[2] = ok("apigateway:GetStages", {"item": [{"stageName": "live", **stage}]}, "a1b2")
    return gateway_of(*answers).stages.need()[0]


def http_api(*changes: Envelope, protocol: str = "HTTP", **stage: Any) -> list[Envelope]:
    route = {"RouteKey": "GET /x", "Target": "integrations/i", "AuthorizationType": "JWT", "AuthorizerId": "t"}
    integrations = [
        {"IntegrationId": "i", "IntegrationType": "AWS_PROXY", "IntegrationUri": RENDER},
        {"IntegrationId": "b", "IntegrationType": "HTTP_PROXY", "IntegrationUri": "http://rates.example/x?y=z"},
        {
            "IntegrationId": "v",
            "IntegrationType": "HTTP_PROXY",
            "IntegrationUri": "arn:aws:servicediscovery:eu-west-1:111122223333:service/s",
            "ConnectionType": "VPC_LINK",
            "TlsConfig": {"ServerNameToVerify": "rates.example"},
        },
    ]
    token = {
        "AuthorizerId": "t",
        "Name": "accounts",
        "AuthorizerType": "JWT",
        "JwtConfiguration": {"Issuer": "https://login.example", "Audience": ["shop"]},
    }
    return [
        ok("apigatewayv2:GetApis", {"Items": [{"ApiId": "w1", "Name": "web", "ProtocolType": protocol}]}),
        ok("apigatewayv2:GetIntegrations", {"Items": integrations}, "w1"),
        ok("apigatewayv2:GetRoutes", {"Items": [route]}, "w1"),
        ok("apigatewayv2:GetStages", {"Items": [{"StageName": "$default", **stage}]}, "w1"),
        ok("apigatewayv2:GetAuthorizers", {"Items": [token]}, "w1"),
        *changes,
    ]


def test_a_stage_of_a_rest_api_that_sets_nothing_logs_traces_and_caches_nothing() -> None:
    found = rest()
    assert found.settings.need() == (PLAIN,)
    assert (found.log_format.need(), found.client_certificate.need(), found.variables.need()) == (None, None, ())
    assert (found.traced.need(), found.cache.need(), found.canary.need()) == (False, False, False)
    assert isinstance(found.auto_deploy, Unknown)
    assert found.auto_deploy.gap.reason is GapReason.NOT_OFFERED


def test_what_a_stage_of_a_rest_api_sets() -> None:
    found = rest(
        methodSettings={"x~1y/GET": {"loggingLevel": "INFO", "dataTraceEnabled": True, "cachingEnabled": True}},
        accessLogSettings={"destinationArn": "arn", "format": "$context.requestId"},
        tracingEnabled=True,
        cacheClusterEnabled=True,
        clientCertificateId="c3r71f",
        variables={"PASSWORD": variable("secret", confidence="medium", detector="name")},
        canarySettings={"stageVariableOverrides": {"NEXT": variable()}},
    )
    own = MethodSettings(
        methods="x~1y/GET", logged="INFO", data_trace=True, metrics=False, cached=True, cache_encrypted=False
    )
    assert found.settings.need() == (PLAIN, own)
    assert (found.log_format.need(), found.client_certificate.need()) == ("$context.requestId", "c3r71f")
    assert (found.traced.need(), found.cache.need(), found.canary.need()) == (True, True, True)
    assert [(each.name, each.verdict) for each in found.variables.need()] == [
        ("PASSWORD", SecretVerdict.SECRET),
        ("NEXT", SecretVerdict.CLEAR),
    ]


@pytest.mark.parametrize(
    ("member", "damage", "reason"),
    [
        ("settings", {"methodSettings": {"*/*": {"loggingLevel": "WARN"}}}, GapReason.UNRECOGNISED),
        ("settings", {"methodSettings": {"x/GET": 7}}, GapReason.MALFORMED),
        ("traced", {"tracingEnabled": "yes"}, GapReason.MALFORMED),
        ("cache", {"cacheClusterEnabled": 1}, GapReason.MALFORMED),
        ("client_certificate", {"clientCertificateId": 7}, GapReason.MALFORMED),
        ("variables", {"variables": {"PASSWORD": "never judged"}}, GapReason.MALFORMED),
        ("canary", {"canarySettings": []}, GapReason.MALFORMED),
        ("log_format", {"accessLogSettings": {"format": 7}}, GapReason.MALFORMED),
    ],
)
def test_damage_of_one_member_leaves_the_rest_of_the_stage_known(
    member: str, damage: dict[str, Any], reason: GapReason
) -> None:
    found = rest(**damage)
    fact = getattr(found, member)
    assert isinstance(fact, Unknown)
    assert fact.gap.reason is reason
    assert found.name == "live"


def test_the_policy_endpoint_and_compression_of_a_rest_api() -> None:
    answers = rest_api(invoked(RENDER))
    anyone = policy(statement("Any", "*", "execute-api:Invoke"))
    listed = {"id": "a1b2", "name": "shop", "endpointConfiguration": {"types": ["PRIVATE"]}, "policy": anyone}
    answers[0] = ok("apigateway:GetRestApis", {"items": [listed | {"minimumCompressionSize": 0}]})
    found = gateway_of(*answers)
    assert (found.private.need(), found.public.need(), found.compression.need()) == (True, False, True)
    grants = found.grants.need()
    assert grants is not None
    assert [grant.sid for grant in grants] == ["Any"]
    bare = gateway_of(*rest_api(invoked(RENDER)))
    assert (bare.private.need(), bare.public.need(), bare.compression.need()) == (False, True, False)
    assert bare.grants == Known(None, "apigateway:GetRestApis")
    answers[0] = ok("apigateway:GetRestApis", {"items": [listed | {"policy": "{"}]})
    assert isinstance(gateway_of(*answers).grants, Unknown)
    assert gateway_of(*answers).public == Known(False, "apigateway:GetRestApis")


def test_backends_and_authorizers_of_a_rest_api() -> None:
    answers = rest_api(invoked(RENDER), authorizationType="CUSTOM", authorizerId="g", authorizationScopes=["a"])
    body = answers[1].body
    assert isinstance(body, dict)
    blind = {
        "authorizationType": "NONE",
        "apiKeyRequired": False,
        "methodIntegration": {
            "type": "HTTP",
            "uri": "https://user@rates.example/v1",
            "tlsConfig": {"insecureSkipVerification": True},
        },
    }
    body["items"].append({"id": "s", "path": "/rates", "resourceMethods": {"GET": blind}})
    body["items"][0]["resourceMethods"]["ANY"]["methodIntegration"]["type"] = "AWS_PROXY"
    guard = {"id": "g", "name": "staff", "type": "TOKEN", "authorizerResultTtlInSeconds": 600}
    found = gateway_of(*answers, ok("apigateway:GetAuthorizers", {"items": [guard]}, "a1b2"))
    assert found.backends.need() == (
        Backend(
            route="GET /rates",
            address="https://rates.example",
            encrypted=True,
            verified=False,
            internal=False,
            id="s",
        ),
    )
    assert found.authorizers.need() == (
        Authorizer(id="g", name="staff", kind="TOKEN", seconds=600, issuer=None, audience=(), asked=True),
    )
    assert (found.routes[0].key.need(), found.routes[0].scopes.need()) == (False, ("a",))
    unread = gateway_of(*answers, denied("apigateway:GetAuthorizers", "a1b2"))
    assert isinstance(unread.authorizers, Unknown)
    assert unread.authorizers.gap.operation == "apigateway:GetAuthorizers"


def test_an_http_api_names_its_tokens_backends_and_what_its_stage_does() -> None:
    found = gateway_of(
        *http_api(
            AutoDeploy=True,
            StageVariables={"NEXT": variable()},
            DefaultRouteSettings={"DetailedMetricsEnabled": True},
            AccessLogSettings={"DestinationArn": "arn", "Format": "$context.status"},
        )
    )
    stage = found.stages.need()[0]
    assert [(each.methods, each.metrics, each.logged) for each in stage.settings.need()] == [("*/*", True, "OFF")]
    assert (stage.auto_deploy.need(), stage.log_format.need()) == (True, "$context.status")
    assert [each.name for each in stage.variables.need()] == ["NEXT"]
    assert found.authorizers.need() == (
        Authorizer(
            id="t",
            name="accounts",
            kind="JWT",
            seconds=None,
            issuer="https://login.example",
            audience=("shop",),
            asked=True,
        ),
    )
    assert [(each.route, each.address, each.encrypted, each.internal) for each in found.backends.need()] == [
        ("integration b", "http://rates.example", False, False),
        ("integration v", "arn:aws:servicediscovery:eu-west-1:111122223333:service/s", True, True),
    ]
    for fact in (stage.traced, stage.cache, stage.canary, found.compression, found.grants, found.routes[0].key):
        assert isinstance(fact, Unknown)
        assert fact.gap.reason is GapReason.NOT_OFFERED


def test_tokens_that_could_not_be_read_leave_what_starts_a_function_known() -> None:
    answers = [each for each in http_api() if each.operation != "apigatewayv2:GetAuthorizers"]
    function = {
        each.name: each for each in normalize(capture(*answers, denied("apigatewayv2:GetAuthorizers", "w1"))).functions
    }["render"]
    assert isinstance(function.gateways.need()[0].authorizers, Unknown)
    assert function.gateways_listed == Known(True, function.gateways_listed.source)


def test_of_an_address_only_scheme_and_host_are_kept() -> None:
    found = {
        uri: backend("r", uri, verified=True, internal=False).address
        for uri in ("HTTPS://a.example?token=x", "http://user:word@b.example/x", "http://${stageVariables.host}/x")
    }
    assert list(found.values()) == ["https://a.example", "http://b.example", "http://${stageVariables.host}"]


def test_usage_plans_belong_to_the_stages_they_name() -> None:
    plans = [
        {
            "id": "p1",
            "name": "freight",
            "apiStages": [{"apiId": "a1b2", "stage": "live"}],
            "throttle": {"rateLimit": 9.0},
        },
        {"id": "p2", "name": "search", "apiStages": [{"apiId": "a1b2", "stage": "test"}], "quota": {"limit": 7}},
        {"id": "p3", "name": "empty"},
    ]
    answers = rest_api(invoked(RENDER))
    listed = gateway_of(*answers, ok("apigateway:GetUsagePlans", {"items": plans}))
    assert listed.stages.need()[0].plans.need() == (UsagePlan(id="p1", name="freight", rate=9.0, quota=None),)
    unread = gateway_of(*answers, denied("apigateway:GetUsagePlans")).stages.need()[0].plans
    assert isinstance(unread, Unknown)
    assert unread.gap.reason is GapReason.DENIED
    assert isinstance(gateway_of(*answers).stages.need()[0].plans, Unknown)


def test_an_authorizer_that_no_route_names_is_not_asked() -> None:
    answers = rest_api(invoked(RENDER), authorizationType="CUSTOM", authorizerId="g")
    guards = [{"id": name, "name": name, "type": "TOKEN"} for name in ("g", "h")]
    found = gateway_of(*answers, ok("apigateway:GetAuthorizers", {"items": guards}, "a1b2"))
    assert [(each.id, each.asked) for each in found.authorizers.need()] == [("g", True), ("h", False)]
