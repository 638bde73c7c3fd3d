"""Policies, aliases, URLs, sources and settings, each on its own qualifier."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Clients = Callable[..., Any]
Create = Callable[..., dict[str, Any]]


def _published(client: Clients, create: Create, name: str) -> Any:
    create(name, Publish=True)
    client("lambda").create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    return client("lambda")


def _statements(answer: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(answer["Policy"])["Statement"]
    return found


def test_statements_are_composed_as_lambda_composes_them(client: Clients, create: Create) -> None:
    arn = create("granted")["FunctionArn"]
    lam = client("lambda")
    grants: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "any": ({"Principal": "*"}, {"Principal": "*"}),
        "account": ({"Principal": "998877665544"}, {"Principal": {"AWS": "arn:aws:iam::998877665544:root"}}),
        "bucket": (
            {"Principal": "s3.amazonaws.com", "SourceArn": "arn:aws:s3:::b", "SourceAccount": "123456789012"},
            {
                "Principal": {"Service": "s3.amazonaws.com"},
                "Condition": {
                    "ArnLike": {"AWS:SourceArn": "arn:aws:s3:::b"},
                    "StringEquals": {"AWS:SourceAccount": "123456789012"},
                },
            },
        ),
        "org": (
            {"Principal": "*", "PrincipalOrgID": "o-abcdefghij"},
            {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}},
        ),
        "url": (
            {"Principal": "*", "InvokedViaFunctionUrl": True},
            {"Principal": "*", "Condition": {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}},
        ),
    }
    for sid, (request, _) in grants.items():
        lam.add_permission(FunctionName="granted", StatementId=sid, Action="lambda:InvokeFunction", **request)
    told = {statement.pop("Sid"): statement for statement in _statements(lam.get_policy(FunctionName="granted"))}
    always = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": arn}
    assert told == {sid: {**always, **expected} for sid, (_, expected) in grants.items()}
    with pytest.raises(ClientError, match="ResourceConflictException"):
        lam.add_permission(FunctionName="granted", StatementId="any", Action="lambda:InvokeFunction", Principal="*")


def test_each_qualifier_has_its_own_policy(client: Clients, create: Create) -> None:
    lam = _published(client, create, "qualified")
    lam.add_permission(
        FunctionName="qualified", Qualifier="live", StatementId="s", Action="lambda:InvokeFunction", Principal="*"
    )
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        lam.get_policy(FunctionName="qualified")
    (statement,) = _statements(lam.get_policy(FunctionName="qualified", Qualifier="live"))
    assert statement["Resource"].endswith(":function:qualified:live")
    assert _statements(lam.get_policy(FunctionName="qualified:live")) == [statement]
    lam.remove_permission(FunctionName="qualified", Qualifier="live", StatementId="s")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        lam.get_policy(FunctionName="qualified", Qualifier="live")


def test_a_whole_policy_may_be_put_and_is_read_both_ways(client: Clients, create: Create) -> None:
    arn = create("whole")["FunctionArn"]
    statement = {"Effect": "Allow", "NotPrincipal": {"AWS": "1"}, "Action": "lambda:*", "Resource": arn}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client("lambda").put_resource_policy(ResourceArn=arn, Policy=document)
    assert _statements(client("lambda").get_policy(FunctionName="whole")) == [statement]
    assert _statements(client("lambda").get_resource_policy(ResourceArn=arn)) == [statement]


def test_urls_of_every_qualifier_are_listed(client: Clients, create: Create) -> None:
    lam = _published(client, create, "addressed")
    cors = {"AllowOrigins": ["*"], "AllowCredentials": True}
    lam.create_function_url_config(FunctionName="addressed", AuthType="AWS_IAM", Cors=cors)
    lam.create_function_url_config(
        FunctionName="addressed", Qualifier="live", AuthType="NONE", InvokeMode="RESPONSE_STREAM"
    )
    plain, alias = lam.list_function_url_configs(FunctionName="addressed")["FunctionUrlConfigs"]
    assert (plain["AuthType"], plain["Cors"], plain["InvokeMode"]) == ("AWS_IAM", cors, "BUFFERED")
    assert (alias["AuthType"], alias["InvokeMode"]) == ("NONE", "RESPONSE_STREAM")
    assert alias["FunctionArn"].endswith(":function:addressed:live")
    assert plain["FunctionUrl"] != alias["FunctionUrl"]


def test_aliases_page_by_fifty_and_keep_their_weights(client: Clients, create: Create) -> None:
    lam = _published(client, create, "many-aliases")
    for number in range(51):
        lam.create_alias(FunctionName="many-aliases", Name=f"a{number}", FunctionVersion="1")
    weights = {"AdditionalVersionWeights": {"1": 0.25}}
    lam.update_alias(FunctionName="many-aliases", Name="live", RoutingConfig=weights)
    first = lam.list_aliases(FunctionName="many-aliases")
    second = lam.list_aliases(FunctionName="many-aliases", Marker=first["NextMarker"])
    assert len(first["Aliases"]) == 50
    assert [alias["Name"] for alias in second["Aliases"]] == ["a49", "a50"]
    assert first["Aliases"][0]["RoutingConfig"] == weights


def test_asynchronous_settings_are_listed_for_every_qualifier(client: Clients, create: Create) -> None:
    lam = _published(client, create, "async")
    foreign = {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:998877665544:q"}}
    lam.put_function_event_invoke_config(FunctionName="async", MaximumRetryAttempts=0)
    lam.put_function_event_invoke_config(FunctionName="async", Qualifier="live", DestinationConfig=foreign)
    plain, alias = lam.list_function_event_invoke_configs(FunctionName="async")["FunctionEventInvokeConfigs"]
    assert (plain["FunctionArn"].rpartition(":")[2], plain["MaximumRetryAttempts"]) == ("$LATEST", 0)
    assert (alias["FunctionArn"].rpartition(":")[2], alias["DestinationConfig"]) == ("live", foreign)
    assert "MaximumRetryAttempts" not in alias


def test_sources_of_any_kind_page_by_a_hundred_and_keep_their_members(client: Clients, create: Create) -> None:
    _published(client, create, "fed")
    lam = client("lambda")
    pattern = {"Filters": [{"Pattern": "{}"}]}
    for number in range(101):
        lam.create_event_source_mapping(
            FunctionName="fed:live",
            EventSourceArn=f"arn:aws:kinesis:us-east-1:123456789012:stream/s{number}",
            StartingPosition="LATEST",
            FilterCriteria=pattern,
        )
    first = lam.list_event_source_mappings(MaxItems=10_000)
    second = lam.list_event_source_mappings(Marker=first["NextMarker"])
    assert len(first["EventSourceMappings"]) == 100
    (last,) = second["EventSourceMappings"]
    assert last["EventSourceArn"].endswith(":stream/s100")
    assert last["FilterCriteria"] == pattern
    assert last["FunctionArn"].endswith(":function:fed:live")
    assert (last["State"], last["BatchSize"]) == ("Enabled", 100)


def test_recursion_and_runtime_settings_are_kept(client: Clients, create: Create) -> None:
    create("settled")
    lam = client("lambda")
    lam.put_function_recursion_config(FunctionName="settled", RecursiveLoop="Allow")
    arn = lam.get_function_configuration(FunctionName="settled")["RuntimeVersionConfig"]["RuntimeVersionArn"]
    lam.put_runtime_management_config(FunctionName="settled", UpdateRuntimeOn="Manual", RuntimeVersionArn=arn)
    assert lam.get_function_recursion_config(FunctionName="settled")["RecursiveLoop"] == "Allow"
    managed = lam.get_runtime_management_config(FunctionName="settled")
    assert (managed["UpdateRuntimeOn"], managed["RuntimeVersionArn"]) == ("Manual", arn)


def test_the_account_keeps_a_hundred_executions_unreserved(client: Clients, create: Create) -> None:
    create("greedy")
    lam = client("lambda")
    lam.put_function_concurrency(FunctionName="greedy", ReservedConcurrentExecutions=900)
    limit = lam.get_account_settings()["AccountLimit"]
    assert (limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"]) == (1000, 100)
    with pytest.raises(ClientError, match="UnreservedConcurrentExecution"):
        lam.put_function_concurrency(FunctionName="settled", ReservedConcurrentExecutions=1)
    lam.delete_function_concurrency(FunctionName="greedy")
    assert "ReservedConcurrentExecutions" not in lam.get_function_concurrency(FunctionName="greedy")


def test_layers_tell_their_sharing_and_who_may_not_ask(client: Clients) -> None:
    lam = client("lambda")
    layer = {"LayerName": "shared", "VersionNumber": 1}
    made = lam.publish_layer_version(LayerName="shared", Content={"ZipFile": b"x"})["LayerVersionArn"]
    assert lam.get_layer_version_by_arn(Arn=made)["LayerVersionArn"] == made
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        lam.get_layer_version_policy(**layer)
    lam.add_layer_version_permission(**layer, StatementId="all", Principal="*", Action="lambda:GetLayerVersion")
    (statement,) = _statements(lam.get_layer_version_policy(**layer))
    assert (statement["Principal"], statement["Resource"]) == ("*", made)
    with pytest.raises(ClientError, match="AccessDeniedException"):
        lam.get_layer_version_by_arn(Arn=made.replace("123456789012", "998877665544"))
    lam.delete_layer_version(**layer)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        lam.get_layer_version_by_arn(Arn=made)
