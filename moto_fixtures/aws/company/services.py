"""A user pool that anyone may sign up to, and what devices, logs, rotation, e-mail and AWS Config start."""

from typing import Any

from moto_fixtures.aws.company.blueprint import Blueprint
from moto_fixtures.aws.company.deploy_context import Workbench

_GROUP = "/fernhollow/audit"
_RULE = "shelf_sensors"
_MAIL = "receipt-rule-set/inbound:receipt-rule/suppliers"


def services(bench: Workbench) -> None:
    """What stands before the functions: the user pool, the rule of devices, the log group and the secret."""
    pools = bench.client("cognito-idp")
    pool = pools.create_user_pool(PoolName="customers", LambdaConfig={"PreSignUp": _function(bench, "signup-guard")})
    bench.made["pool:customers"] = bench.arn("cognito-idp", f"userpool/{pool['UserPool']['Id']}")
    action = {"lambda": {"functionArn": _function(bench, "operations-inbox")}}
    bench.client("iot").create_topic_rule(
        ruleName=_RULE, topicRulePayload={"sql": "SELECT * FROM 'shelves/+/weight'", "actions": [action]}
    )
    bench.client("logs").create_log_group(logGroupName=_GROUP, kmsKeyId=bench.made["key:logs"])
    bench.client("logs").put_retention_policy(logGroupName=_GROUP, retentionInDays=400)


def subscriptions(bench: Workbench) -> None:
    """What is set up once the functions stand: each of these services checks that it may call them."""
    inbox = _function(bench, "operations-inbox")
    bench.client("logs").put_subscription_filter(
        logGroupName=_GROUP, filterName="alerts", filterPattern="ERROR", destinationArn=inbox
    )
    mail = bench.client("ses")
    mail.create_receipt_rule_set(RuleSetName="inbound")
    rule: dict[str, Any] = {"Name": "suppliers", "Enabled": True, "Recipients": ["suppliers@fernhollow.example"]}
    rule["Actions"] = [{"LambdaAction": {"FunctionArn": inbox, "InvocationType": "Event"}}]
    mail.create_receipt_rule(RuleSetName="inbound", Rule=rule)
    mail.set_active_receipt_rule_set(RuleSetName="inbound")
    details = [{"EventSource": "aws.config", "MessageType": "ConfigurationItemChangeNotification"}]
    source = {"Owner": "CUSTOM_LAMBDA", "SourceIdentifier": inbox, "SourceDetails": details}
    bench.client("config").put_config_rule(ConfigRule={"ConfigRuleName": "buckets-tagged", "Source": source})
    bench.client("secretsmanager").rotate_secret(
        SecretId=bench.made["secret:checkout"],
        RotationLambdaARN=inbox,
        RotationRules={"AutomaticallyAfterDays": 30},
    )


def _function(bench: Workbench, name: str) -> str:
    return bench.arn("lambda", f"function:{name}")


def functions(bench: Workbench) -> list[Blueprint]:
    """What the user pool starts, and what the other services do."""
    sources = {
        "iot": bench.arn("iot", f"rule/{_RULE}"),
        "logs": bench.arn("logs", f"log-group:{_GROUP}:*"),
        "ses": bench.arn("ses", _MAIL),
        "secretsmanager": bench.made["secret:checkout"],
        "config": "",
    }
    return [
        Blueprint(
            "signup-guard",
            "Started by sign-ups to a user pool that anyone may sign up to",
            permissions=(_admits(bench, "cognito-idp", bench.made["pool:customers"]),),
        ),
        Blueprint(
            "operations-inbox",
            "Started by devices, logs, e-mail, rotation and AWS Config",
            permissions=tuple(_admits(bench, service, source) for service, source in sources.items()),
        ),
    ]


def _admits(bench: Workbench, service: str, source: str) -> dict[str, str]:
    given = {"Principal": f"{service}.amazonaws.com", "SourceAccount": bench.account}
    return {**given, "SourceArn": source} if source else given
