"""Both ends of a trigger: what a function's policy admits, and what its source says it sends."""

from typing import Any

from auditor.model.capture import Depth, Envelope
from auditor.model.exposure import AuthMode
from auditor.model.function import Function
from auditor.model.observed import GapReason, Known, Unknown
from auditor.model.trigger import Certainty
from providers.aws.normalize import normalize
from tests.unit.providers.aws.normalize.capture import (
    ORDERS,
    REGION,
    RENDER,
    absent,
    arn,
    capture,
    denied,
    ok,
    policy,
    statement,
)

API = arn("execute-api", "a1b2")
RULE = arn("events", "rule/nightly")
TOPIC = arn("sns", "news")


def render(*changes: Envelope, **rest: Any) -> Function:
    return {function.name: function for function in normalize(capture(*changes, **rest)).functions}["render"]


def admitting(service: str, source: str) -> Envelope:
    given = statement("S", {"Service": f"{service}.amazonaws.com"}, ArnLike={"AWS:SourceArn": source})
    return ok("lambda:GetPolicy", {"Policy": policy(given)}, RENDER)


def found(function: Function) -> set[tuple[str, str | None, Certainty, bool]]:
    """What starts it, but for what ``orders`` hands over in every capture."""
    return {
        (trigger.service, trigger.source, trigger.certainty, trigger.enabled)
        for group in function.triggers
        if isinstance(group, Known)
        for trigger in group.value
        if trigger.service != "lambda"
    }


def unread(function: Function) -> set[tuple[str, GapReason]]:
    return {(group.gap.operation, group.gap.reason) for group in function.triggers if isinstance(group, Unknown)}


def invoked(function: str) -> str:
    return f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations"


def rest_api(uri: str, **method: Any) -> list[Envelope]:
    given = {"authorizationType": "NONE", "apiKeyRequired": False, "methodIntegration": {"uri": uri}, **method}
    stage = {"stageName": "live", "methodSettings": {"*/*": {"throttlingRateLimit": 50.0, "throttlingBurstLimit": 20}}}
    return [
        ok(
            "apigateway:GetRestApis",
            {"items": [{"id": "a1b2", "name": "shop", "endpointConfiguration": {"types": ["REGIONAL"]}}]},
        ),
        ok(
            "apigateway:GetResources",
            {"items": [{"id": "r", "path": "/{proxy+}", "resourceMethods": {"ANY": given}}]},
            "a1b2",
        ),
        ok("apigateway:GetStages", {"item": [stage]}, "a1b2"),
    ]


def test_a_rest_route_names_its_method_path_and_how_it_asks() -> None:
    function = render(
        *rest_api(invoked(f"{RENDER}:live"), apiKeyRequired=True, requestValidatorId="v"),
        admitting("apigateway", f"{API}/*/GET/x"),
    )
    gateway = function.gateways.need()[0]
    route = gateway.routes[0]
    assert (route.method, route.path, route.auth, route.qualifier) == ("ANY", "/{proxy+}", AuthMode.KEY, "live")
    assert (route.catch_all, route.validated.need()) == (True, True)
    stage = gateway.stages.need()[0]
    assert (stage.rate, stage.burst, stage.firewall.need(), stage.access_log.need()) == (50.0, 20, False, False)
    assert (gateway.public.need(), gateway.default_address.need(), gateway.domains.need()) == (True, True, ())


def test_a_private_api_and_one_whose_policy_admits_its_own_account_are_not_public() -> None:
    listed = {"id": "a1b2", "name": "shop"}
    own = policy(statement("Own", {"AWS": "111122223333"}, "execute-api:Invoke"))
    anyone = policy(statement("Any", "*", "execute-api:Invoke")).replace('"', '\\"')
    expected = {
        '{"types": ["PRIVATE"]}': ({"endpointConfiguration": {"types": ["PRIVATE"]}}, False),
        "own": ({"policy": own}, False),
        "anyone": ({"policy": anyone}, True),
        "none": ({}, True),
    }
    for name, (more, public) in expected.items():
        answers = rest_api(invoked(RENDER))
        answers[0] = ok("apigateway:GetRestApis", {"items": [listed | more]})
        assert render(*answers).gateways.need()[0].public.need() is public, name


def test_a_function_that_a_stage_variable_names_is_found_where_its_policy_admits_the_api() -> None:
    variable = invoked(f"arn:aws:lambda:{REGION}:111122223333:function:${{stageVariables.target}}")
    admitted = render(*rest_api(variable), admitting("apigateway", f"{API}/*/GET/x"))
    assert ("apigateway", API, Certainty.BOTH_ENDS, True) in found(admitted)
    assert [gateway.id for gateway in admitted.gateways.need()] == [API]
    assert render(*rest_api(variable)).gateways.need() == ()


def test_an_http_api_has_routes_a_default_and_an_authorizing_function() -> None:
    api = {"ApiId": "w1", "Name": "web", "ProtocolType": "HTTP", "CorsConfiguration": {"AllowOrigins": ["*"]}}
    domain = {"DomainName": "shop.example", "DomainNameConfigurations": [{"SecurityPolicy": "TLS_1_0"}]}
    answers = [
        ok("apigatewayv2:GetApis", {"Items": [api]}),
        ok("apigatewayv2:GetIntegrations", {"Items": [{"IntegrationId": "i", "IntegrationUri": RENDER}]}, "w1"),
        ok(
            "apigatewayv2:GetRoutes",
            {
                "Items": [
                    {"RouteKey": "$default", "Target": "integrations/i"},
                    {
                        "RouteKey": "POST /x",
                        "Target": "integrations/i",
                        "AuthorizationType": "CUSTOM",
                        "AuthorizerId": "g",
                    },
                ]
            },
            "w1",
        ),
        ok("apigatewayv2:GetStages", {"Items": [{"StageName": "$default"}]}, "w1"),
        ok("apigatewayv2:GetAuthorizers", {"Items": [{"AuthorizerUri": invoked(ORDERS)}]}, "w1"),
        ok("apigatewayv2:GetDomainNames", {"Items": [domain]}),
        ok("apigatewayv2:GetApiMappings", {"Items": [{"ApiId": "w1", "Stage": "$default"}]}, "shop.example"),
    ]
    functions = {function.name: function for function in normalize(capture(*answers)).functions}
    gateway = functions["render"].gateways.need()[0]
    assert [(route.method, route.path, route.auth) for route in gateway.routes] == [
        ("ANY", "$default", AuthMode.NONE),
        ("POST", "/x", AuthMode.IDENTITY_PROVIDER),
    ]
    assert [(name.name, name.tls_policy, name.mutual_tls) for name in gateway.domains.need()] == [
        ("shop.example", "TLS_1_0", False)
    ]
    cors = gateway.cors.need()
    assert cors is not None
    assert cors.origins == ("*",)
    assert ("apigateway", arn("execute-api", "w1"), Certainty.SOURCE_ONLY, True) in found(functions["orders"])
    rest = [answer for answer in answers if answer.operation != "apigatewayv2:GetAuthorizers"]
    silent = normalize(capture(*rest, denied("apigatewayv2:GetAuthorizers", "w1")))
    assert ("apigatewayv2:GetAuthorizers", GapReason.DENIED) in unread(silent.functions[0])


def test_a_bucket_is_asked_only_where_a_policy_names_it_and_its_silence_is_a_gap_there_alone() -> None:
    asked = "s3:GetBucketNotificationConfiguration"
    functions = {f.name: f for f in normalize(capture(denied(asked, "incoming"), without=[asked])).functions}
    assert (asked, GapReason.DENIED) in unread(functions["orders"])
    assert unread(functions["render"]) == set()
    gone = render(admitting("s3", "arn:aws:s3:::old"), absent(asked, "old"))
    assert found(gone) == {("s3", "arn:aws:s3:::old", Certainty.SOURCE_GONE, True)}
    quiet = render(admitting("s3", "arn:aws:s3:::old"), ok(asked, {}, "old"))
    assert found(quiet) == {("s3", "arn:aws:s3:::old", Certainty.FUNCTION_ONLY, True)}
    assert unread(render(admitting("s3", "arn:aws:s3:::old"))) == {(asked, GapReason.NOT_COLLECTED)}


def test_a_policy_that_admits_s3_of_the_account_is_joined_with_the_bucket_that_says_it_sends() -> None:
    given = statement("S", {"Service": "s3.amazonaws.com"}, StringEquals={"AWS:SourceAccount": ORDERS.split(":")[4]})
    policed = ok("lambda:GetPolicy", {"Policy": policy(given)}, RENDER)
    asked, listed = "s3:GetBucketNotificationConfiguration", ok("s3:ListBuckets", {"Buckets": [{"Name": "uploads"}]})
    sent = {"LambdaFunctionConfigurations": [{"LambdaFunctionArn": RENDER, "Events": ["s3:ObjectCreated:*"]}]}
    told = render(policed, listed, ok(asked, sent, "uploads"))
    assert found(told) == {("s3", "arn:aws:s3:::uploads", Certainty.BOTH_ENDS, True)}
    assert unread(told) == set()
    quiet = render(policed, listed, ok(asked, {}, "uploads"))
    assert (found(quiet), unread(quiet)) == ({("s3", None, Certainty.FUNCTION_ONLY, True)}, set())
    assert unread(render(policed, denied("s3:ListBuckets"))) == {("s3:ListBuckets", GapReason.DENIED)}
    assert unread(render(policed, listed, denied(asked, "uploads"))) == {(asked, GapReason.DENIED)}


def test_a_subscription_counts_once_it_is_confirmed() -> None:
    def subscribed(subscription: str) -> Envelope:
        row = {"SubscriptionArn": subscription, "TopicArn": TOPIC, "Protocol": "lambda", "Endpoint": RENDER}
        return ok("sns:ListSubscriptions", {"Subscriptions": [row]})

    confirmed = render(subscribed(f"{TOPIC}:1"), admitting("sns", TOPIC))
    assert found(confirmed) == {("sns", TOPIC, Certainty.BOTH_ENDS, True)}
    assert found(render(subscribed("PendingConfirmation"))) == {("sns", TOPIC, Certainty.SOURCE_ONLY, False)}
    refused = denied("sns:ListSubscriptions")
    assert unread(render(refused, admitting("sns", TOPIC))) == {("sns:ListSubscriptions", GapReason.DENIED)}
    assert unread(render(refused)) == set()


def test_rules_tell_schedules_from_patterns_and_whether_they_are_on() -> None:
    bus = {"Name": "default", "Arn": arn("events", "event-bus/default")}
    answers = [
        ok("events:ListEventBuses", {"EventBuses": [bus]}),
        ok(
            "events:ListRules",
            {"Rules": [{"Arn": RULE, "State": "DISABLED", "ScheduleExpression": "rate(1 day)"}]},
            "default",
        ),
        ok("events:ListTargetsByRule", {"Targets": [{"Id": "1", "Arn": RENDER}]}, RULE),
    ]
    assert found(render(*answers, admitting("events", RULE))) == {("events", RULE, Certainty.BOTH_ENDS, False)}
    other = arn("events", "rule/gone")
    assert found(render(*answers[:2], answers[2], admitting("events", other))) == {
        ("events", RULE, Certainty.SOURCE_ONLY, False),
        ("events", other, Certainty.SOURCE_GONE, True),
    }
    unlisted = render(denied("events:ListRules", "default"), answers[0], admitting("events", other))
    assert ("events", other, Certainty.FUNCTION_ONLY, True) in found(unlisted)
    assert ("events:ListRules", GapReason.DENIED) in unread(unlisted)


def test_pipes_and_schedules_start_functions_by_a_role_and_forward_to_other_sources() -> None:
    pipe = {
        "Arn": arn("pipes", "pipe/p"),
        "CurrentState": "RUNNING",
        "Source": arn("sqs", "in"),
        "Target": arn("sqs", "out"),
    }
    schedule = {"Arn": arn("scheduler", "schedule/default/s"), "State": "ENABLED", "Target": {"Arn": RENDER}}
    answers = [
        ok("pipes:ListPipes", {"Pipes": [pipe | {"Enrichment": RENDER}]}),
        ok("scheduler:ListSchedules", {"Schedules": [schedule]}),
    ]
    assert found(render(*answers)) == {
        ("pipes", pipe["Arn"], Certainty.SOURCE_ONLY, True),
        ("scheduler", schedule["Arn"], Certainty.SOURCE_ONLY, True),
    }
    flows = [flow for group in normalize(capture(*answers)).locations[0].flows for flow in group.need()]
    assert {(flow.source, flow.target) for flow in flows} == {
        (pipe["Source"], pipe["Arn"]),
        (pipe["Arn"], pipe["Target"]),
    }
    assert unread(render(denied("scheduler:ListSchedules"))) == {("scheduler:ListSchedules", GapReason.DENIED)}


def test_at_depth_quick_one_gap_stands_for_all_that_is_not_asked() -> None:
    sources = [e.operation for e in capture(depth=Depth.QUICK).envelopes if ":" in e.operation]
    shallow = render(
        depth=Depth.QUICK,
        without=[
            name
            for name in sources
            if name.split(":")[0] in {"apigateway", "apigatewayv2", "sns", "events", "pipes", "scheduler"}
        ],
    )
    reasons = [group.gap.reason for group in shallow.triggers if isinstance(group, Unknown)]
    assert reasons.count(GapReason.NOT_AT_DEPTH) == len(reasons) == 1
