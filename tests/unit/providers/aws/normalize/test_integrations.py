"""Routes of API Gateway that write to event sources: which source the answers name, and what they leave open."""

from typing import Any

import pytest

from auditor.model.capture import Envelope
from auditor.model.exposure import AuthMode
from auditor.model.observed import GapReason, Known, Unknown
from auditor.model.redacted import placeholder
from auditor.model.trigger import Trigger
from providers.aws.normalize.sources.integrations import (
    Place,
    Target,
    target_of_subtype,
    target_of_uri,
)
from tests.unit.providers.aws.normalize.capture import ACCOUNT, REGION, arn, denied, ok
from tests.unit.providers.aws.normalize.test_writers import QUEUE, queue, told

HERE = Place("aws", REGION, ACCOUNT)


def rest(uri: str, auth: str = "NONE") -> list[Envelope]:
    method = {
        "authorizationType": auth,
        "apiKeyRequired": False,
        "methodIntegration": {"type": "AWS", "httpMethod": "POST", "uri": uri},
    }
    resource = {"id": "r", "path": "/in", "resourceMethods": {"POST": method}}
    return [
        ok("apigateway:GetRestApis", {"items": [{"id": "a1b2", "name": "shop"}]}),
        ok("apigateway:GetResources", {"items": [resource]}, "a1b2"),
    ]


def http(**integration: Any) -> list[Envelope]:
    return [
        ok("apigatewayv2:GetApis", {"Items": [{"ApiId": "w1", "Name": "web", "ProtocolType": "HTTP"}]}),
        ok(
            "apigatewayv2:GetIntegrations",
            {"Items": [{"IntegrationId": "i", "IntegrationType": "AWS_PROXY", **integration}]},
            "w1",
        ),
        ok("apigatewayv2:GetRoutes", {"Items": [{"RouteKey": "POST /in", "Target": "integrations/i"}]}, "w1"),
    ]


def called(service: str, form: str) -> str:
    return f"arn:aws:apigateway:{REGION}:{service}:{form}"


@pytest.mark.parametrize(
    ("uri", "method", "target"),
    [
        (called("sqs", f"path/{ACCOUNT}/work"), "POST", Target("sqs", QUEUE)),
        (called("sqs", f"path/{ACCOUNT}/{{queue}}"), "POST", Target("sqs", None)),
        (called("sqs", f"path/{ACCOUNT}/${{stageVariables.queue}}"), "POST", Target("sqs", None)),
        (called("sqs", "action/SendMessage"), "POST", Target("sqs", None)),
        (called("sqs", "action/ReceiveMessage"), "POST", None),
        (called("s3", "path/uploads/{key}"), "PUT", Target("s3", "arn:aws:s3:::uploads")),
        (called("uploads.s3", "path/{key}"), "PUT", Target("s3", "arn:aws:s3:::uploads")),
        (called("s3", "path/{bucket}/{key}"), "PUT", Target("s3", None)),
        (called("s3", "path/uploads/{key}"), "GET", None),
        (called("sns", "action/Publish"), "POST", Target("sns", None)),
        (called("events", "action/PutEvents"), "POST", Target("events", None)),
        (called("kinesis", "action/PutRecord"), "POST", Target("kinesis", None)),
        (called("kinesis", "action/DescribeStream"), "POST", None),
        (called("states", "action/StartExecution"), "POST", Target("states", None)),
        (called("dynamodb", "action/PutItem"), "POST", Target("dynamodb", None)),
        (called("dynamodb", "action/GetItem"), "POST", None),
        (called("lambda", "path/2015-03-31/functions/f/invocations"), "POST", None),
        ("http://rates.example/sqs", "POST", None),
        ("", None, None),
    ],
)
def test_the_uri_of_an_integration_names_the_service_and_maybe_the_source(
    uri: str, method: str | None, target: Target | None
) -> None:
    assert target_of_uri(uri, method) == target


@pytest.mark.parametrize(
    ("subtype", "parameters", "target"),
    [
        ("SQS-SendMessage", {"QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/work"}, Target("sqs", QUEUE)),
        ("SQS-SendMessage", {"QueueUrl": "$request.header.queue"}, Target("sqs", None)),
        ("SQS-SendMessage", placeholder("dropped"), Target("sqs", None)),
        ("SQS-ReceiveMessage", {"QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/work"}, None),
        ("EventBridge-PutEvents", {}, Target("events", arn("events", "event-bus/default"))),
        ("EventBridge-PutEvents", {"EventBusName": "shop"}, Target("events", arn("events", "event-bus/shop"))),
        ("Kinesis-PutRecord", {"StreamName": "visits"}, Target("kinesis", arn("kinesis", "stream/visits"))),
        (
            "StepFunctions-StartExecution",
            {"StateMachineArn": arn("states", "stateMachine:pay:live")},
            Target("states", arn("states", "stateMachine:pay")),
        ),
    ],
)
def test_the_parameters_of_a_subtype_name_the_source(subtype: str, parameters: object, target: Target | None) -> None:
    assert target_of_subtype(subtype, parameters, HERE) == target


def seen(trigger: Trigger) -> list[tuple[str, ...]]:
    return [
        (each.value.gateway, each.value.route.method, each.value.route.path, each.value.route.auth.value, each.source)
        if isinstance(each, Known)
        else (each.gap.operation, each.gap.reason.value)
        for each in trigger.written_by
    ]


def test_a_trigger_has_the_routes_that_write_to_its_source() -> None:
    api, resources, integrations = arn("execute-api", "a1b2"), "apigateway:GetResources", "apigatewayv2:GetIntegrations"
    path = called("sqs", f"path/{ACCOUNT}/work")
    none, iam = AuthMode.NONE.value, AuthMode.IAM.value
    url = {"QueueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/work"}
    roles = denied("iam:GetAccountAuthorizationDetails", location="global")
    refused = [denied("apigateway:GetResources", "a1b2")]
    cases: dict[str, tuple[list[Envelope], list[tuple[str, ...]]]] = {
        "open": (rest(path), [(api, "POST", "/in", none, resources)]),
        "signed": (rest(path, "AWS_IAM"), [(api, "POST", "/in", iam, resources)]),
        "another queue": (rest(called("sqs", f"path/{ACCOUNT}/other")), []),
        "some queue": (rest(called("sqs", "action/SendMessage")), [(resources, GapReason.NOT_COLLECTED.value)]),
        "some queue, signed": (rest(called("sqs", "action/SendMessage"), "AWS_IAM"), []),
        "some topic": (rest(called("sns", "action/Publish")), []),
        "http": (
            http(IntegrationSubtype="SQS-SendMessage", RequestParameters=url),
            [(arn("execute-api", "w1"), "POST", "/in", none, integrations)],
        ),
        "resources refused": ([*rest(path)[:1], *refused, roles], [(resources, GapReason.DENIED.value)]),
        "list refused": ([denied("apigatewayv2:GetApis"), roles], [("apigatewayv2:GetApis", GapReason.DENIED.value)]),
        "list refused, and no role trusts API Gateway": ([denied("apigatewayv2:GetApis")], []),
    }
    for name, (answers, expected) in cases.items():
        assert seen(told(QUEUE, queue(), *answers)) == expected, name
    public = told(QUEUE, queue(), *rest(path)).written_by[0]
    assert not isinstance(public, Unknown)
    assert public.value.public.need() is True
