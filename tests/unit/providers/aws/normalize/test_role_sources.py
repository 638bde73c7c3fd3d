"""What starts functions through a role of its own: state machines, pipelines and GraphQL APIs.

Answers as botocore's models name their members (AppSync, Step Functions and CodePipeline API references).
"""

import json
from typing import Any

from auditor.model.capture import Envelope
from auditor.model.exposure import AuthMode
from auditor.model.function import Function
from auditor.model.observed import GapReason, Known
from auditor.model.trigger import Certainty, Trigger
from tests.unit.providers.aws.normalize.capture import ACCOUNT, ORDERS, RENDER, arn, denied, ok
from tests.unit.providers.aws.normalize.test_sources import found, render, unread

MACHINE = arn("states", "stateMachine:fulfil")
API = arn("appsync", "apis/g1")
PIPELINE = arn("codepipeline", "release")
DETAILS = "iam:GetAccountAuthorizationDetails"


def by(function: Function, service: str) -> list[Trigger]:
    known = [trigger for group in function.triggers if isinstance(group, Known) for trigger in group.value]
    return [trigger for trigger in known if trigger.service == service]


def trusting(service: str) -> Envelope:
    """The account's details with a role that a service may assume."""
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}}]}
    role = {"Arn": f"arn:aws:iam::{ACCOUNT}:role/{service}", "AssumeRolePolicyDocument": trust}
    lists: dict[str, list[Any]] = {"UserDetailList": [], "GroupDetailList": [], "Policies": []}
    return ok(DETAILS, {"RoleDetailList": [role], **lists}, location="global")


def machine(*states: dict[str, Any]) -> list[Envelope]:
    definition = {"States": {f"S{place}": {"Type": "Task", **state} for place, state in enumerate(states)}}
    body = {"stateMachineArn": MACHINE, "name": "fulfil", "definition": json.dumps(definition)}
    listed = {"stateMachines": [{"stateMachineArn": MACHINE, "name": "fulfil"}]}
    return [ok("states:ListStateMachines", listed), ok("states:DescribeStateMachine", body, MACHINE)]


def invoking(name: str) -> dict[str, Any]:
    return {"Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "Parameters": {"FunctionName": name}}


def test_a_state_machine_names_its_function_in_each_of_lambdas_forms() -> None:
    expected = {("states", MACHINE, Certainty.SOURCE_ONLY, True)}
    forms: dict[str, dict[str, Any]] = {
        "resource": {"Resource": RENDER},
        "ARN": invoking(RENDER),
        "name": invoking("render"),
        "partial ARN": invoking(f"{ACCOUNT}:function:render"),
        "JSONata": {"Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": RENDER}},
        "SDK": {"Resource": "arn:aws:states:::aws-sdk:lambda:invoke", "Parameters": {"FunctionName": "render"}},
    }
    for form, state in forms.items():
        assert found(render(*machine(state))) == expected, form
    assert found(render(*machine(invoking("orders")))) == set()
    aliased = render(*machine(invoking("render:live")))
    assert [trigger.qualifier for trigger in by(aliased, "states")] == ["live"]


def test_a_state_machine_that_computes_a_name_may_start_any_function_if_a_role_lets_it() -> None:
    computed = [
        {"Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName.$": "$.name"}},
        {"Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "{% $name %}"}},
    ]
    for state in computed:
        gap = ("states:DescribeStateMachine", GapReason.NOT_COLLECTED)
        assert unread(render(*machine(state), trusting("states"))) == {gap}
        assert unread(render(*machine(state))) == set()


def test_a_list_that_was_refused_is_a_gap_where_a_role_trusts_the_service_and_nowhere_else() -> None:
    lists = {
        "states": "states:ListStateMachines",
        "codepipeline": "codepipeline:ListPipelines",
        "appsync": "appsync:ListGraphqlApis",
    }
    for service, operation in lists.items():
        assert unread(render(denied(operation), trusting(service))) == {(operation, GapReason.DENIED)}
        assert unread(render(denied(operation))) == set(), "no role of the account trusts the service"
        unknown = render(denied(operation), denied(DETAILS, location="global"))
        assert (operation, GapReason.DENIED) in unread(unknown)


def test_a_state_machine_says_how_it_is_set_up() -> None:
    def setup(**answer: Any) -> Any:
        listed, described = machine(invoking("render"))
        body = {**described.body, "type": "STANDARD", **answer}
        function = render(listed, ok("states:DescribeStateMachine", body, MACHINE))
        (trigger,) = by(function, "states")
        return trigger.workflow.need()

    plain = setup()
    facts = (plain.express, plain.log_level, plain.traced, plain.customer_key)
    assert [fact.need() for fact in facts] == [False, "OFF", False, False]
    assert plain.credentials.gap.reason is GapReason.NOT_COLLECTED, "an earlier release did not look"
    careful = setup(
        type="EXPRESS",
        loggingConfiguration={"level": "ERROR"},
        tracingConfiguration={"enabled": True},
        encryptionConfiguration={"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "k"},
        foundAt=["States/Pay/Parameters/apiKey"],
    )
    facts = (careful.express, careful.log_level, careful.traced, careful.customer_key)
    assert [fact.need() for fact in facts] == [True, "ERROR", True, True]
    assert careful.credentials.need() == ("States/Pay/Parameters/apiKey",)
    assert setup(loggingConfiguration={"level": "LOUD"}).log_level.gap.reason is GapReason.UNRECOGNISED


def test_a_definition_that_cannot_be_read_is_malformed() -> None:
    listed, described = machine(invoking("render"))
    damaged = ok("states:DescribeStateMachine", {**described.body, "definition": "{"}, MACHINE)
    function = render(listed, damaged, trusting("states"))
    assert unread(function) == {("states:DescribeStateMachine", GapReason.MALFORMED)}


def action(provider: str, **more: Any) -> dict[str, Any]:
    kind = {"category": "Invoke", "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": "Check", "actionTypeId": kind, "configuration": {"FunctionName": "render"}, **more}


def test_a_pipeline_starts_the_functions_of_its_own_region_or_of_the_one_that_its_action_names() -> None:
    def released(*actions: dict[str, Any]) -> list[Envelope]:
        stages = {"name": "release", "stages": [{"name": "Check", "actions": list(actions)}]}
        listed = ok("codepipeline:ListPipelines", {"pipelines": [{"name": "release"}]})
        return [listed, ok("codepipeline:GetPipeline", {"pipeline": stages}, "release")]

    started = render(*released(action("Lambda")))
    assert found(started) == {("codepipeline", PIPELINE, Certainty.SOURCE_ONLY, True)}
    assert [trigger.asynchronous for trigger in by(started, "codepipeline")] == [True]
    assert found(render(*released(action("Lambda", region="us-east-1"), action("StepFunctions")))) == set()


def graphql(mode: str, **more: Any) -> list[Envelope]:
    api = {"apiId": "g1", "arn": API, "name": "wishes", "authenticationType": mode, **more}
    sources = [
        {"name": "wishes", "type": "AWS_LAMBDA", "lambdaConfig": {"lambdaFunctionArn": RENDER}},
        {"name": "nothing", "type": "NONE"},
    ]
    return [
        ok("appsync:ListGraphqlApis", {"graphqlApis": [api]}),
        ok("appsync:ListDataSources", {"dataSources": sources}, "g1"),
    ]


def test_a_graphql_api_is_a_gateway_that_asks_as_its_default_mode_says() -> None:
    modes = {
        "API_KEY": AuthMode.KEY,
        "AWS_IAM": AuthMode.IAM,
        "AMAZON_COGNITO_USER_POOLS": AuthMode.IDENTITY_PROVIDER,
        "AWS_TOMORROW": AuthMode.UNRECOGNISED,
    }
    for mode, expected in modes.items():
        function = render(*graphql(mode))
        gateway = function.gateways.need()[0]
        assert found(function) == {("appsync", API, Certainty.SOURCE_ONLY, True)}
        assert [(route.method, route.path, route.auth) for route in gateway.routes] == [("GRAPHQL", "wishes", expected)]
        assert (gateway.id, gateway.name, gateway.kind, gateway.public.need()) == (API, "wishes", "graphql", True)
    private = render(*graphql("AWS_IAM", visibility="PRIVATE")).gateways.need()[0]
    assert private.public.need() is False


def test_a_graphql_api_says_whether_it_has_a_firewall_and_logs() -> None:
    bare = render(*graphql("API_KEY")).gateways.need()[0].stages.need()[0]
    assert (bare.firewall.need(), bare.access_log.need()) == (False, False)
    acl = arn("wafv2", "regional/webacl/a/1")
    kept = graphql("API_KEY", wafWebAclArn=acl, logConfig={"fieldLogLevel": "ERROR", "cloudWatchLogsRoleArn": "r"})
    stage = render(*kept).gateways.need()[0].stages.need()[0]
    assert (stage.firewall.need(), stage.access_log.need()) == (True, True)


def test_a_function_that_authorizes_the_callers_of_a_graphql_api_is_started_by_it() -> None:
    api = graphql("AWS_LAMBDA", lambdaAuthorizerConfig={"authorizerUri": ORDERS})
    assert found(render(*api)) == {("appsync", API, Certainty.SOURCE_ONLY, True)}
    (listed, _) = graphql("AWS_LAMBDA", lambdaAuthorizerConfig={"authorizerUri": RENDER})
    function = render(listed, ok("appsync:ListDataSources", {"dataSources": []}, "g1"))
    assert found(function) == {("appsync", API, Certainty.SOURCE_ONLY, True)}
    assert function.gateways.need() == ()


def test_damage_to_an_api_leaves_its_gateways_unknown_where_a_role_trusts_appsync() -> None:
    (_, sources) = graphql("API_KEY")
    nameless = ok("appsync:ListGraphqlApis", {"graphqlApis": [{"arn": API, "authenticationType": "API_KEY"}]})
    function = render(nameless, sources, trusting("appsync"))
    assert unread(function) == {("appsync:ListGraphqlApis", GapReason.MALFORMED)}
    assert not function.gateways_listed.known
