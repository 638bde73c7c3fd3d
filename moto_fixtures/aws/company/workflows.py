"""A state machine, a pipeline and a GraphQL API: each starts functions through a role of its own."""

import json

from moto_fixtures.aws.company.blueprint import Blueprint
from moto_fixtures.aws.company.deploy_context import Workbench, allow, policy
from moto_fixtures.emulation.fake_secrets import payment_key


def workflows(bench: Workbench) -> None:
    """The role that the three services share, and what they start."""
    names = ("price-engine", "stock-counter", "wishlist-graph", "store-hours")
    started = [bench.arn("lambda", f"function:{name}") for name in names]
    trust = [
        {"Effect": "Allow", "Principal": {"Service": f"{name}.amazonaws.com"}, "Action": "sts:AssumeRole"}
        for name in ("appsync", "codepipeline", "states")  # a statement each: so moto looks for them
    ]
    role = bench.client("iam").create_role(RoleName="workflows", AssumeRolePolicyDocument=policy(*trust))["Role"]["Arn"]
    document = policy(allow("lambda:InvokeFunction", [*started, f"{started[0]}:live"]))
    bench.client("iam").put_role_policy(RoleName="workflows", PolicyName="invoke", PolicyDocument=document)
    _state_machine(bench, role)
    _careless_machine(bench, role)
    _pipeline(bench, role)
    _graphql(bench, role)


def _state_machine(bench: Workbench, role: str) -> None:
    price = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": f"{bench.arn('lambda', 'function:price-engine')}:live", "Payload.$": "$"},
        "End": True,
    }
    each = {"Type": "Map", "ItemProcessor": {"StartAt": "Price", "States": {"Price": price}}, "End": True}
    bench.client("stepfunctions").create_state_machine(
        name="price-list",
        roleArn=role,
        definition=json.dumps({"StartAt": "Each", "States": {"Each": each}}),
        loggingConfiguration={"level": "ALL", "includeExecutionData": False, "destinations": [_log_group(bench)]},
        tracingConfiguration={"enabled": True},
        encryptionConfiguration={"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": bench.made["key:env"]},
    )


def _log_group(bench: Workbench) -> dict[str, dict[str, str]]:
    return {"cloudWatchLogsLogGroup": {"logGroupArn": f"{bench.arn('logs', 'log-group:/fernhollow/workflows')}:*"}}


def _careless_machine(bench: Workbench, role: str) -> None:
    """A state machine with the platform's defaults, whose first step passes a key of a payment provider on."""
    pay = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "store-hours", "Payload": {"apiKey": payment_key("holiday-hours")}},
        "End": True,
    }
    bench.client("stepfunctions").create_state_machine(
        name="holiday-hours", roleArn=role, definition=json.dumps({"StartAt": "Ask", "States": {"Ask": pay}})
    )


def _pipeline(bench: Workbench, role: str) -> None:
    count = {
        "name": "Count",
        "actionTypeId": {"category": "Invoke", "owner": "AWS", "provider": "Lambda", "version": "1"},
        "configuration": {"FunctionName": "stock-counter"},
    }
    source = {
        "name": "Source",
        "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"},
        "configuration": {"S3Bucket": "fernhollow-build-artifacts", "S3ObjectKey": "storefront.zip"},
        "outputArtifacts": [{"name": "code"}],
    }
    bench.client("codepipeline").create_pipeline(
        pipeline={
            "name": "storefront",
            "roleArn": role,
            "artifactStore": {"type": "S3", "location": "fernhollow-build-artifacts"},
            "stages": [{"name": "Source", "actions": [source]}, {"name": "Check", "actions": [count]}],
        }
    )


def _graphql(bench: Workbench, role: str) -> None:
    client = bench.client("appsync")
    api = client.create_graphql_api(name="wishlists", authenticationType="API_KEY")["graphqlApi"]["apiId"]
    client.create_data_source(
        apiId=api,
        name="wishlists",
        type="AWS_LAMBDA",
        serviceRoleArn=role,
        lambdaConfig={"lambdaFunctionArn": bench.arn("lambda", "function:wishlist-graph")},
    )


def functions(_bench: Workbench) -> list[Blueprint]:
    """What a GraphQL API asks, whose callers show a key that all of them share."""
    return [Blueprint("wishlist-graph", "Behind a GraphQL API that asks for a shared key")]
