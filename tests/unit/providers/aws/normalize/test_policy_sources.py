"""What starts functions by the leave of their policies: user pools, devices, logs, rotation, e-mail, AWS Config.

Answers as botocore's models name their members (each service's API reference).
"""

import json
from typing import Any

import pytest

from auditor.analysis.triggers import known_triggers, source_name
from auditor.model.capture import Envelope
from auditor.model.function import Function
from auditor.model.observed import GapReason, Known
from auditor.model.trigger import Certainty, Trigger
from tests.unit.providers.aws.normalize.capture import ACCOUNT, ORDERS, REGION, RENDER, absent, arn, denied, ok
from tests.unit.providers.aws.normalize.test_sources import admitting, found, render, unread

POOL = arn("cognito-idp", "userpool/p1")
RULE = arn("iot", "rule/shelves")
GROUP = arn("logs", "log-group:/shop/web")
SECRET = arn("secretsmanager", "secret:db-AbCdEf")
MAIL = arn("ses", "receipt-rule-set/in:receipt-rule/all")
CONFIG = arn("config", "config-rule/config-rule-1")


def of(function: Function, service: str) -> Trigger:
    (trigger,) = [each for _, each, _ in known_triggers(function) if each.service == service]
    return trigger


def pool(**members: Any) -> list[Envelope]:
    described = {"UserPool": {"Id": "p1", **members}}
    return [
        ok("cognito-idp:ListUserPools", {"UserPools": [{"Id": "p1", "Name": "customers"}]}),
        ok("cognito-idp:DescribeUserPool", described, POOL),
        admitting("cognito-idp", POOL),
    ]


def topic_rule(**members: Any) -> list[Envelope]:
    rule = {"ruleName": "shelves", "sql": "SELECT * FROM 'shelves/#'", "actions": [], **members}
    return [
        ok("iot:ListTopicRules", {"rules": [{"ruleArn": RULE, "ruleName": "shelves"}]}),
        ok("iot:GetTopicRule", {"ruleArn": RULE, "rule": rule}, RULE),
        admitting("iot", RULE),
    ]


def filtered(*targets: str) -> list[Envelope]:
    rows = [
        {"filterName": "f", "logGroupName": "/shop/web", "filterPattern": "ERROR", "destinationArn": t} for t in targets
    ]
    return [
        ok("logs:DescribeSubscriptionFilters", {"subscriptionFilters": rows}, GROUP),
        ok("logs:DescribeAccountPolicies", {"accountPolicies": []}),
        admitting("logs", f"{GROUP}:*"),
    ]


def received(*actions: dict[str, Any], **rule: Any) -> list[Envelope]:
    given = {"Name": "all", "Enabled": True, "Recipients": ["shop@example.org"], "Actions": list(actions), **rule}
    answer = {"Metadata": {"Name": "in"}, "Rules": [given]}
    return [ok("ses:DescribeActiveReceiptRuleSet", answer), admitting("ses", MAIL)]


def rotated(**secret: Any) -> list[Envelope]:
    return [
        ok("secretsmanager:ListSecrets", {"SecretList": [{"ARN": SECRET, "Name": "db", **secret}]}),
        admitting("secretsmanager", SECRET),
    ]


def evaluated(**source: Any) -> list[Envelope]:
    rule = {"ConfigRuleArn": CONFIG, "ConfigRuleName": "tagged", "Source": source}
    return [ok("config:DescribeConfigRules", {"ConfigRules": [rule]}), admitting("config", CONFIG)]


BOTH = {
    "cognito-idp": (pool(LambdaConfig={"PreSignUp": RENDER}), POOL),
    "iot": (topic_rule(actions=[{"lambda": {"functionArn": RENDER}}]), RULE),
    "logs": (filtered(RENDER), GROUP),
    "ses": (received({"LambdaAction": {"FunctionArn": RENDER}}), MAIL),
    "secretsmanager": (rotated(RotationLambdaARN=RENDER, RotationEnabled=True), SECRET),
    "config": (evaluated(Owner="CUSTOM_LAMBDA", SourceIdentifier=RENDER), CONFIG),
}
"""By service: answers in which both ends name each other, and the source."""


@pytest.mark.parametrize("service", BOTH)
def test_both_ends_of_a_source_that_a_policy_admits(service: str) -> None:
    answers, source = BOTH[service]
    assert (service, source, Certainty.BOTH_ENDS, True) in found(render(*answers))
    elsewhere = render(*answers[:-1], admitting("s3", "arn:aws:s3:::none"), absent("s3:GetBucketPolicy", "none"))
    assert (service, source, Certainty.SOURCE_ONLY, True) in found(elsewhere), "it will be refused, and is told"


SILENT = {
    "cognito-idp": (pool(LambdaConfig={"PreSignUp": ORDERS}), POOL),
    "iot": (topic_rule(actions=[{"sns": {"targetArn": "t"}}]), RULE),
    "logs": (filtered(ORDERS), GROUP),
    "ses": (received({"S3Action": {"BucketName": "b"}}), MAIL),
    "secretsmanager": (rotated(), SECRET),
    "config": (evaluated(Owner="AWS", SourceIdentifier="S3_BUCKET_LOGGING_ENABLED"), CONFIG),
}


@pytest.mark.parametrize("service", SILENT)
def test_a_source_that_says_it_sends_elsewhere_leaves_what_the_policy_says(service: str) -> None:
    answers, _ = SILENT[service]
    told = of(render(*answers), service)
    assert (told.certainty, told.enabled) == (Certainty.FUNCTION_ONLY, True)
    assert unread(render(*answers)) == set()


@pytest.mark.parametrize("service", BOTH)
def test_a_refusal_is_a_gap_of_functions_that_admit_the_service_and_of_no_other(service: str) -> None:
    answers, _ = BOTH[service]
    operation = answers[0].operation
    refused = denied(operation, answers[0].subject)
    assert unread(render(refused, answers[-1])) == {(operation, GapReason.DENIED)}
    assert unread(render(refused)) == set()


def test_a_source_that_is_on_no_list_is_gone() -> None:
    other = {
        "cognito-idp": arn("cognito-idp", "userpool/p2"),
        "iot": arn("iot", "rule/old"),
        "secretsmanager": arn("secretsmanager", "secret:old-AbCdEf"),
        "config": arn("config", "config-rule/config-rule-2"),
    }
    for service, source in other.items():
        answers, _ = SILENT[service]
        assert of(render(*answers[:-1], admitting(service, source)), service).certainty is Certainty.SOURCE_GONE
    gone = render(*filtered()[1:], absent("logs:DescribeSubscriptionFilters", GROUP))
    assert of(gone, "logs").certainty is Certainty.SOURCE_GONE


def test_a_user_pool_tells_on_which_occasions_and_whether_anyone_may_sign_up() -> None:
    config = {
        "PreSignUp": RENDER,
        "CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": RENDER},
        "KMSKeyID": arn("kms", "key/1"),
    }
    opened = of(render(*pool(LambdaConfig=config)), "cognito-idp")
    assert opened.filters == ("CustomEmailSender", "PreSignUp")
    assert opened.open_to.need() == ("anyone who signs up",)
    closed = pool(LambdaConfig=config, AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
    assert of(render(*closed), "cognito-idp").open_to.need() == ()


def test_a_rule_of_devices_may_be_off_and_may_start_a_function_where_an_action_failed() -> None:
    answers = topic_rule(ruleDisabled=True, errorAction={"lambda": {"functionArn": RENDER}})
    assert ("iot", RULE, Certainty.BOTH_ENDS, False) in found(render(*answers))


def test_e_mail_starts_nothing_without_an_active_rule_set() -> None:
    idle = render(ok("ses:DescribeActiveReceiptRuleSet", {}), admitting("ses", MAIL))
    assert (of(idle, "ses").certainty, unread(idle)) == (Certainty.FUNCTION_ONLY, set())
    answers, _ = BOTH["ses"]
    mail = of(render(*answers), "ses")
    assert (mail.open_to.need(), mail.filters) == (("anyone who sends e-mail",), ("shop@example.org",))
    assert source_name(mail) == "SES receipt rule all"


def test_a_policy_that_admits_log_groups_by_a_pattern_leaves_unknown_which_of_them_send() -> None:
    wide = render(*filtered()[:-1], admitting("logs", arn("logs", "log-group:/shop/*")))
    assert unread(wide) == {("logs:DescribeSubscriptionFilters", GapReason.NOT_COLLECTED)}


def test_a_policy_of_the_account_sends_every_log_group() -> None:
    document = json.dumps({"DestinationArn": RENDER, "FilterPattern": "", "Distribution": "Random"})
    everywhere = {"policyName": "all", "policyDocument": document, "policyType": "SUBSCRIPTION_FILTER_POLICY"}
    answers = filtered()
    answers[1] = ok("logs:DescribeAccountPolicies", {"accountPolicies": [everywhere]})
    answers[2] = admitting("logs", arn("logs", "log-group:*"))
    source = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:*"
    assert ("logs", source, Certainty.BOTH_ENDS, True) in found(render(*answers))


def test_a_service_that_is_named_with_its_region_is_the_same_service() -> None:
    answers, _ = BOTH["logs"]
    regional = render(*answers[:-1], admitting(f"logs.{REGION}", f"{GROUP}:*"))
    assert ("logs", GROUP, Certainty.BOTH_ENDS, True) in found(regional)


def test_what_others_may_send_to_a_source_without_a_policy_stays_known() -> None:
    answers, _ = BOTH["cognito-idp"]
    trigger = of(render(*answers), "cognito-idp")
    assert isinstance(trigger.open_to, Known)
    assert trigger.source_grants.gap.reason is GapReason.NOT_OFFERED
