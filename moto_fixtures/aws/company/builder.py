"""Turns blueprints into functions, through the calls a deployment would make."""

from typing import Any

from moto_fixtures.aws.company.blueprint import Blueprint
from moto_fixtures.aws.company.deploy_context import COMPANY_TAGS, HOME, Workbench, allow, policy

ALIAS = "live"


def baseline(bench: Workbench) -> None:
    """The organization of the account, and the customer policy every function's role carries: its logs, traces, and the dead-letter queue."""
    document = policy(
        allow(
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            f"arn:aws:logs:*:{bench.account}:log-group:/aws/lambda/*:*",
        ),
        allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"),
        allow("sqs:SendMessage", f"arn:aws:sqs:*:{bench.account}:dead-letters"),
    )
    made = bench.client("iam").create_policy(PolicyName="fernhollow-function-baseline", PolicyDocument=document)
    bench.client("organizations").create_organization(FeatureSet="ALL")
    bench.made["policy:baseline"] = made["Policy"]["Arn"]


def build(bench: Workbench, plan: Blueprint) -> None:
    """One function with its role, log group, alias, permissions, URL, source and asynchronous settings."""
    client = bench.client("lambda", plan.region)
    role = bench.made[plan.role] if plan.role else _own_role(bench, plan)
    client.create_function(FunctionName=plan.name, Role=role, **_settings(bench, plan))
    if plan.log is not None:
        _log_group(bench, plan)
    if plan.published:
        client.create_alias(FunctionName=plan.name, Name=ALIAS, FunctionVersion="1")
    if plan.reserved is not None:
        client.put_function_concurrency(FunctionName=plan.name, ReservedConcurrentExecutions=plan.reserved)
    for index, permission in enumerate(plan.permissions):
        _permit(client, plan.name, index, permission)
    for index, permission in enumerate(plan.alias_permissions):
        _permit(client, plan.name, index, permission, Qualifier=ALIAS)
    if plan.statements:
        _whole_policy(bench, plan)
    if plan.url is not None:
        _url(client, plan)
    if plan.source is not None:
        client.create_event_source_mapping(FunctionName=plan.name, **plan.source)
    if plan.invoke is not None:
        client.put_function_event_invoke_config(FunctionName=plan.name, **plan.invoke)
    if plan.after is not None:
        plan.after(client, plan.name)


def _own_role(bench: Workbench, plan: Blueprint) -> str:
    own = policy(*plan.access) if plan.access else ""
    return bench.role(f"{plan.name}-role", managed=(bench.made["policy:baseline"],), own=own)


def _settings(bench: Workbench, plan: Blueprint) -> dict[str, Any]:
    """CreateFunction members: the sound defaults, then the blueprint's own; None takes a default away."""
    abroad = "" if plan.region == HOME else ":eu"
    settings: dict[str, Any] = {
        "Runtime": "python3.14",
        "Handler": "app.handler",
        "Description": plan.stands_for,
        "Timeout": 15,
        "MemorySize": 512,
        "Architectures": ["arm64"],
        "TracingConfig": {"Mode": "Active"},
        "LoggingConfig": {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"},
        "DeadLetterConfig": {"TargetArn": bench.made[f"queue:dead-letters:{plan.region}"]},
        "Layers": [bench.made[f"layer:insights{abroad}"]],
        "Code": {"S3Bucket": "fernhollow-build-artifacts", "S3Key": bench.made[f"signed-key{abroad}"]},
        "Publish": plan.published,
        "Tags": dict(COMPANY_TAGS if plan.tags is None else plan.tags),
    }
    if plan.signing:
        settings["CodeSigningConfigArn"] = bench.made[f"signing:{plan.signing}{abroad}"]
    settings.update(plan.settings)
    return {member: value for member, value in settings.items() if value is not None}


def _log_group(bench: Workbench, plan: Blueprint) -> None:
    logs, group = bench.client("logs", plan.region), plan.log
    if group is None:
        return
    suffix = "" if plan.region == HOME else ":eu"
    key = {"kmsKeyId": bench.made[f"key:{group.key}{suffix}"]} if group.key else {}
    name = group.name or f"/aws/lambda/{plan.name}"
    logs.create_log_group(logGroupName=name, **key)
    if group.retention is not None:
        logs.put_retention_policy(logGroupName=name, retentionInDays=group.retention)


def _permit(client: Any, name: str, index: int, permission: Any, **more: str) -> None:
    request = {"StatementId": f"grant-{index}", "Action": "lambda:InvokeFunction", **permission, **more}
    client.add_permission(FunctionName=name, **request)


def _whole_policy(bench: Workbench, plan: Blueprint) -> None:
    arn = bench.arn("lambda", f"function:{plan.name}", plan.region)
    statements = [
        {"Sid": f"grant-{index}", "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": arn, **statement}
        for index, statement in enumerate(plan.statements)
    ]
    bench.client("lambda", plan.region).put_resource_policy(ResourceArn=arn, Policy=policy(*statements))


def _url(client: Any, plan: Blueprint) -> None:
    url = plan.url
    if url is None:
        return
    on = {"Qualifier": ALIAS} if url.on_alias else {}
    cors = {"Cors": dict(url.cors)} if url.cors else {}
    client.create_function_url_config(FunctionName=plan.name, AuthType=url.auth, InvokeMode=url.mode, **cors, **on)
    if url.grants:
        open_url = {"Action": "lambda:InvokeFunctionUrl", "Principal": "*", "FunctionUrlAuthType": url.auth}
        _permit(client, plan.name, 90, open_url, **on)
        _permit(client, plan.name, 91, {"Principal": "*", "InvokedViaFunctionUrl": True}, **on)
