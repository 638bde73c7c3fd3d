"""Statements by name, each with the reach it must be given and a phrase of the reason."""

import json
from datetime import date
from typing import Any, NamedTuple

import pytest

from auditor.model.exposure import AccessGrant, AuthMode, Effect, Reach
from providers.aws.iam.policy_owner import ResourceKind
from providers.aws.iam.resource_policy import judge_policy

OWN = "111122223333"
OTHER = "444455556666"
P = "arn:aws"
FUNCTION = f"{P}:lambda:eu-west-1:{OWN}:function:orders"
S3 = {"Service": "s3.amazonaws.com"}
APIGW = {"Service": "apigateway.amazonaws.com"}
EVENTS = {"Service": "events.amazonaws.com"}
ALEXA = {"Service": "alexa-appkit.amazon.com"}
GITHUB = "token.actions.githubusercontent.com"
ORG = "o-a1b2c3d4e5"


def statement(principal: Any = "*", *conditions: tuple[str, str, Any], **extra: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": "lambda:InvokeFunction"}
    for operator, key, value in conditions:
        made.setdefault("Condition", {}).setdefault(operator, {})[key] = value
    made["Resource"] = FUNCTION
    made.update(extra)
    return {name: value for name, value in made.items() if value is not None}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def judge(*statements: dict[str, Any], kind: ResourceKind = ResourceKind.FUNCTION) -> tuple[AccessGrant, ...]:
    return judge_policy(policy(*statements), account=OWN, partition="aws", kind=kind)


class Case(NamedTuple):
    sid: str
    given: dict[str, Any]
    reach: Reach
    phrase: str


EXPECTED = [  # the sixteen statements every evaluator is compared on
    Case("star", statement(), Reach.ANY_PRINCIPAL, "calls must be signed"),
    Case(
        "star-url-none",
        statement("*", ("StringEquals", "lambda:FunctionUrlAuthType", "NONE"), Action="lambda:InvokeFunctionUrl"),
        Reach.ANONYMOUS,
        "through a function URL that asks for no credentials",
    ),
    Case(
        "star-url-iam",
        statement("*", ("StringEquals", "lambda:FunctionUrlAuthType", "AWS_IAM"), Action="lambda:InvokeFunctionUrl"),
        Reach.ANY_PRINCIPAL,
        "through a function URL, with a signed call",
    ),
    Case(
        "star-via-url",
        statement("*", ("Bool", "lambda:InvokedViaFunctionUrl", "true")),
        Reach.ANONYMOUS,
        "as open as the URL's AuthType, and dormant while there is none",
    ),
    Case(
        "star-principal-arn-star",
        statement("*", ("StringLike", "aws:PrincipalArn", "*")),
        Reach.ANY_PRINCIPAL,
        "restricts nothing",
    ),
    Case(
        "star-org",
        statement("*", ("StringEquals", "aws:PrincipalOrgID", ORG)),
        Reach.ORGANISATION,
        f"organisation {ORG}",
    ),
    Case(
        "star-foreign-source-account",
        statement("*", ("StringEquals", "aws:SourceAccount", OTHER)),
        Reach.CROSS_ACCOUNT,
        f"of another account ({OTHER})",
    ),
    Case(
        "star-any-address",
        statement("*", ("IpAddress", "aws:SourceIp", "0.0.0.0/0")),
        Reach.ANY_PRINCIPAL,
        "every address and restricts nothing",
    ),
    Case(
        "star-one-address",
        statement("*", ("IpAddress", "aws:SourceIp", "8.8.8.8/32")),
        Reach.CONDITIONAL,
        "only from aws:SourceIp 8.8.8.8/32",
    ),
    Case("s3-bare", statement(S3), Reach.SERVICE_WITHOUT_SOURCE, "confused deputy"),
    Case(
        "s3-arn-only",
        statement(S3, ("ArnLike", "AWS:SourceArn", f"{P}:s3:::uploads")),
        Reach.SERVICE_WITHOUT_ACCOUNT,
        "a bucket name can change owner",
    ),
    Case(
        "apigateway-normal",
        statement(APIGW, ("ArnLike", "AWS:SourceArn", f"{P}:execute-api:eu-west-1:{OWN}:a1b2c3/*/GET/x")),
        Reach.SCOPED,
        "of this account",
    ),
    Case("external-root", statement({"AWS": f"{P}:iam::{OTHER}:root"}), Reach.CROSS_ACCOUNT, f"account ({OTHER})"),
    Case(
        "external-update-code",
        statement({"AWS": f"{P}:iam::{OTHER}:root"}, Action="lambda:UpdateFunctionCode"),
        Reach.CROSS_ACCOUNT,
        "change the function's code",
    ),
    Case(
        "not-principal",
        statement(None, NotPrincipal={"AWS": f"{P}:iam::{OWN}:root"}),
        Reach.EVERYONE_BUT,
        "admits everyone who is not named",
    ),
    Case(
        "star-not-org",
        statement("*", ("StringNotEquals", "aws:PrincipalOrgID", ORG)),
        Reach.EVERYONE_BUT,
        f"excludes only {ORG}",
    ),
]

PRINCIPALS = [
    Case("aws-star", statement({"AWS": "*"}), Reach.ANY_PRINCIPAL, "with credentials of their own"),
    Case("aws-list-star", statement({"AWS": [f"{P}:iam::{OWN}:root", "*"]}), Reach.ANY_PRINCIPAL, "nothing narrows"),
    Case("empty", statement({}), Reach.ANY_PRINCIPAL, "nothing narrows"),
    Case("empty-text", statement({"AWS": ""}), Reach.ANY_PRINCIPAL, "nothing narrows"),
    Case("type-star", statement({"*": "*"}), Reach.ANY_PRINCIPAL, "nothing narrows"),
    Case("own-id", statement({"AWS": OWN}), Reach.SCOPED, "of this account"),
    Case("own-root", statement({"AWS": f"{P}:iam::{OWN}:root"}), Reach.SCOPED, "of this account"),
    Case("own-role", statement({"AWS": f"{P}:iam::{OWN}:role/app"}), Reach.SCOPED, "role/app"),
    Case("foreign-id", statement({"AWS": OTHER}), Reach.CROSS_ACCOUNT, OTHER),
    Case("foreign-role", statement({"AWS": f"{P}:iam::{OTHER}:role/ci"}), Reach.CROSS_ACCOUNT, OTHER),
    Case("foreign-user", statement({"AWS": f"{P}:iam::{OTHER}:user/ann"}), Reach.CROSS_ACCOUNT, OTHER),
    Case("foreign-session", statement({"AWS": f"{P}:sts::{OTHER}:assumed-role/ci/one"}), Reach.CROSS_ACCOUNT, OTHER),
    Case("own-and-foreign", statement({"AWS": [OWN, OTHER]}), Reach.CROSS_ACCOUNT, OTHER),
    Case("other-partition", statement({"AWS": f"arn:aws-cn:iam::{OWN}:root"}), Reach.CROSS_ACCOUNT, "another account"),
    Case("any-account-arn", statement({"AWS": f"{P}:iam::*:root"}), Reach.ANY_PRINCIPAL, "nothing narrows"),
    Case("deleted", statement({"AWS": "AIDAEXAMPLEEXAMPLE123"}), Reach.NONE, "deleted"),
    Case("deleted-and-foreign", statement({"AWS": ["AROAEXAMPLEEXAMPLE123", OTHER]}), Reach.CROSS_ACCOUNT, OTHER),
    Case("canonical", statement({"CanonicalUser": "79a59df900b949e55d96a1e6"}), Reach.CROSS_ACCOUNT, "another account"),
    Case("unknown-type", statement({"Quantum": "x"}), Reach.UNRECOGNISED, "of no form known"),
    Case("federated-on-function", statement({"Federated": "graph.facebook.com"}), Reach.UNRECOGNISED, "no meaning"),
    Case("mixed-service", statement({"AWS": OWN, **S3}), Reach.SERVICE_WITHOUT_SOURCE, "s3.amazonaws.com"),
    Case("oai", statement({"AWS": f"{P}:iam::cloudfront:user/x"}), Reach.UNRECOGNISED, "of no form known"),
    Case("variable", statement({"AWS": "${aws:PrincipalArn}"}), Reach.UNRECOGNISED, "of no form known"),
]

BESIDE = [  # as some APIs write what belongs into the condition, or under the wrong type of principal
    Case(
        "url-none-beside",
        statement(Action="lambda:InvokeFunctionUrl", FunctionUrlAuthType="NONE"),
        Reach.ANONYMOUS,
        "through a function URL that asks for no credentials",
    ),
    Case(
        "url-iam-beside",
        statement(Action="lambda:InvokeFunctionUrl", FunctionUrlAuthType="AWS_IAM"),
        Reach.ANY_PRINCIPAL,
        "with a signed call",
    ),
    Case("skill-as-text", statement(ALEXA["Service"]), Reach.SERVICE_WITHOUT_SOURCE, "lambda:EventSourceToken"),
    Case("skill-as-aws", statement({"AWS": ALEXA["Service"]}), Reach.SERVICE_WITHOUT_SOURCE, "confused deputy"),
    Case(
        "skill-as-text-fixed",
        statement(ALEXA["Service"], ("StringEquals", "lambda:EventSourceToken", "amzn1.ask.skill.one")),
        Reach.SCOPED,
        "for a known source",
    ),
    Case("service-as-text", statement("s3.amazonaws.com"), Reach.SERVICE_WITHOUT_SOURCE, "s3.amazonaws.com"),
]

SERVICES = [
    Case("any-service", statement({"Service": "*"}), Reach.SERVICE_WITHOUT_SOURCE, "confused deputy"),
    Case(
        "s3-both",
        statement(S3, ("ArnLike", "AWS:SourceArn", f"{P}:s3:::uploads"), ("StringEquals", "AWS:SourceAccount", OWN)),
        Reach.SCOPED,
        f"aws:sourceaccount fixes {OWN}".replace("aws:sourceaccount", "AWS:SourceAccount"),
    ),
    Case("s3-account", statement(S3, ("StringEquals", "aws:SourceAccount", OWN)), Reach.SCOPED, "of this account"),
    Case(
        "s3-foreign-account",
        statement(S3, ("ArnLike", "AWS:SourceArn", f"{P}:s3:::uploads"), ("StringEquals", "AWS:SourceAccount", OTHER)),
        Reach.CROSS_ACCOUNT,
        OTHER,
    ),
    Case(
        "s3-two-accounts",
        statement(S3, ("StringEquals", "aws:SourceAccount", [OWN, OTHER])),
        Reach.CROSS_ACCOUNT,
        OTHER,
    ),
    Case(
        "s3-all-buckets",
        statement(S3, ("ArnLike", "aws:SourceArn", f"{P}:s3:::*")),
        Reach.SERVICE_WITHOUT_SOURCE,
        "restricts nothing",
    ),
    Case(
        "s3-prefix",
        statement(S3, ("ArnLike", "aws:SourceArn", f"{P}:s3:::uploads-*")),
        Reach.SERVICE_WITHOUT_SOURCE,
        "anybody can create",
    ),
    Case(
        "s3-objects",
        statement(S3, ("ArnLike", "aws:SourceArn", f"{P}:s3:::uploads/*")),
        Reach.SERVICE_WITHOUT_ACCOUNT,
        "without its account",
    ),
    Case(
        "s3-star-arn-own-account",
        statement(S3, ("ArnLike", "aws:SourceArn", f"{P}:s3:::*"), ("StringEquals", "aws:SourceAccount", OWN)),
        Reach.SCOPED,
        "of this account",
    ),
    Case("s3-star", statement(S3, ("ArnLike", "aws:SourceArn", "*")), Reach.SERVICE_WITHOUT_SOURCE, "is a wildcard"),
    Case(
        "s3-if-exists",
        statement(S3, ("StringEqualsIfExists", "aws:SourceAccount", OWN)),
        Reach.SERVICE_WITHOUT_SOURCE,
        "confused deputy",
    ),
    Case(
        "s3-not-equals",
        statement(S3, ("StringNotEquals", "aws:SourceAccount", OWN)),
        Reach.SERVICE_WITHOUT_SOURCE,
        "confused deputy",
    ),
    Case(
        "s3-present",
        statement(S3, ("Null", "aws:SourceAccount", "false")),
        Reach.SERVICE_WITHOUT_SOURCE,
        "with any value",
    ),
    Case(
        "s3-present-if-exists",
        statement(S3, ("Null", "aws:SourceAccount", "false"), ("StringEqualsIfExists", "aws:SourceAccount", OWN)),
        Reach.SCOPED,
        "of this account",
    ),
    Case(
        "s3-address",
        statement(S3, ("IpAddress", "aws:SourceIp", "10.0.0.0/8")),
        Reach.SERVICE_WITHOUT_SOURCE,
        "no condition fixes",
    ),
    Case(
        "s3-caller-org",
        statement(S3, ("StringEquals", "aws:PrincipalOrgID", ORG)),
        Reach.SERVICE_WITHOUT_SOURCE,
        "no condition fixes",
    ),
    Case("s3-source-org", statement(S3, ("StringEquals", "aws:SourceOrgID", ORG)), Reach.ORGANISATION, ORG),
    Case(
        "s3-source-path",
        statement(S3, ("ForAnyValue:StringLike", "aws:SourceOrgPaths", f"{ORG}/r-ab12/*")),
        Reach.ORGANISATION,
        ORG,
    ),
    Case(
        "s3-variable",
        statement(S3, ("StringEquals", "aws:SourceAccount", "${aws:PrincipalAccount}")),
        Reach.SERVICE_WITHOUT_SOURCE,
        "no fixed account",
    ),
    Case(
        "s3-resource-account",
        statement(S3, ("StringEquals", "aws:SourceAccount", "${aws:ResourceAccount}")),
        Reach.SCOPED,
        "of this account",
    ),
    Case(
        "events-account",
        statement(EVENTS, ("ArnLike", "aws:SourceArn", f"{P}:events:*:{OWN}:*")),
        Reach.SCOPED,
        "of this account",
    ),
    Case(
        "events-any-account",
        statement(EVENTS, ("ArnLike", "aws:SourceArn", f"{P}:events:eu-west-1:*:rule/nightly")),
        Reach.SERVICE_WITHOUT_SOURCE,
        "leaves the account open",
    ),
    Case(
        "events-foreign",
        statement(EVENTS, ("ArnEquals", "aws:SourceArn", f"{P}:events:eu-west-1:{OTHER}:rule/r")),
        Reach.CROSS_ACCOUNT,
        OTHER,
    ),
    Case(
        "events-rule",
        statement(EVENTS, ("StringEquals", "aws:SourceArn", f"{P}:events:eu-west-1:{OWN}:rule/r")),
        Reach.SCOPED,
        "rule/r",
    ),
    Case(
        "apigateway-every-api",
        statement(APIGW, ("ArnLike", "aws:SourceArn", f"{P}:execute-api:eu-west-1:{OWN}:*")),
        Reach.SCOPED,
        "of this account",
    ),
    Case(
        "apigateway-open-account",
        statement(APIGW, ("ArnLike", "aws:SourceArn", f"{P}:execute-api:eu-west-1:*:a1b2c3/*/GET/x")),
        Reach.SERVICE_WITHOUT_ACCOUNT,
        "leaves its account open",
    ),
    Case(
        "apigateway-all-open",
        statement(APIGW, ("ArnLike", "aws:SourceArn", f"{P}:execute-api:*:*:*/*/*/*")),
        Reach.SERVICE_WITHOUT_SOURCE,
        "leaves the account open",
    ),
    Case(
        "apigateway-management-arn",
        statement(APIGW, ("ArnLike", "aws:SourceArn", f"{P}:apigateway:eu-west-1::/restapis/a1b2c3")),
        Reach.SERVICE_WITHOUT_ACCOUNT,
        "names no account",
    ),
    Case("alexa-bare", statement(ALEXA), Reach.SERVICE_WITHOUT_SOURCE, "lambda:EventSourceToken"),
    Case(
        "alexa-skill",
        statement(ALEXA, ("StringEquals", "lambda:EventSourceToken", "amzn1.ask.skill.one")),
        Reach.SCOPED,
        "fixes one event source",
    ),
    Case(
        "alexa-open",
        statement(ALEXA, ("StringLike", "lambda:EventSourceToken", "*")),
        Reach.SERVICE_WITHOUT_SOURCE,
        "confused deputy",
    ),
    Case(
        "service-unknown-key",
        statement(S3, ("StringEquals", "aws:FutureKey", OWN)),
        Reach.SERVICE_WITHOUT_SOURCE,
        "aws:FutureKey",
    ),
    Case(
        "star-service-flag",
        statement("*", ("Bool", "aws:PrincipalIsAWSService", "true")),
        Reach.SERVICE_WITHOUT_SOURCE,
        "every AWS service",
    ),
    Case(
        "star-service-flag-account",
        statement("*", ("Bool", "aws:PrincipalIsAWSService", "true"), ("StringEquals", "aws:SourceAccount", OWN)),
        Reach.SCOPED,
        "of this account",
    ),
    Case(
        "star-service-name",
        statement("*", ("StringEquals", "aws:PrincipalServiceName", "s3.amazonaws.com")),
        Reach.SERVICE_WITHOUT_SOURCE,
        "on behalf of any AWS customer",
    ),
]

CONDITIONS = [
    Case("own-source", statement("*", ("StringEquals", "aws:SourceAccount", OWN)), Reach.SCOPED, "of this account"),
    Case(
        "star-own-topic",
        statement("*", ("ArnEquals", "aws:SourceArn", f"{P}:sns:eu-west-1:{OWN}:news")),
        Reach.SCOPED,
        "news",
    ),
    Case(
        "star-source-star", statement("*", ("ArnLike", "aws:SourceArn", "*")), Reach.ANY_PRINCIPAL, "restricts nothing"
    ),
    Case("caller-own", statement("*", ("StringEquals", "aws:PrincipalAccount", OWN)), Reach.SCOPED, "of this account"),
    Case("caller-foreign", statement("*", ("StringEquals", "aws:PrincipalAccount", OTHER)), Reach.CROSS_ACCOUNT, OTHER),
    Case(
        "caller-both",
        statement("*", ("StringEquals", "aws:PrincipalAccount", [OWN, OTHER])),
        Reach.CROSS_ACCOUNT,
        OTHER,
    ),
    Case(
        "caller-foreign-from-address",
        statement("*", ("StringEquals", "aws:PrincipalAccount", OTHER), ("IpAddress", "aws:SourceIp", "8.8.8.8")),
        Reach.CROSS_ACCOUNT,
        "8.8.8.8",
    ),
    Case("caller-kms", statement("*", ("StringEquals", "kms:CallerAccount", OWN)), Reach.SCOPED, "kms:CallerAccount"),
    Case(
        "caller-arn",
        statement("*", ("ArnLike", "aws:PrincipalArn", f"{P}:iam::{OWN}:role/*")),
        Reach.SCOPED,
        "of this account",
    ),
    Case(
        "caller-arn-any-account",
        statement("*", ("ArnLike", "aws:PrincipalArn", f"{P}:iam::*:role/admin")),
        Reach.ANY_PRINCIPAL,
        "fixes no account",
    ),
    Case(
        "caller-arn-list-with-star",
        statement("*", ("StringLike", "aws:PrincipalArn", [f"{P}:iam::{OWN}:role/a", "*"])),
        Reach.ANY_PRINCIPAL,
        "restricts nothing",
    ),
    Case(
        "case-of-keys",
        statement("*", ("stringequals", "AWS:PRINCIPALORGID", ORG)),
        Reach.ORGANISATION,
        ORG,
    ),
    Case("org-star", statement("*", ("StringLike", "aws:PrincipalOrgID", "o-*")), Reach.ANY_PRINCIPAL, "no fixed"),
    Case(
        "org-if-exists",
        statement("*", ("StringEqualsIfExists", "aws:PrincipalOrgID", ORG)),
        Reach.ANY_PRINCIPAL,
        "lets requests without the key through",
    ),
    Case(
        "org-for-all",
        statement("*", ("ForAllValues:StringEquals", "aws:PrincipalOrgID", ORG)),
        Reach.ANY_PRINCIPAL,
        "lets requests without the key through",
    ),
    Case(
        "org-for-all-present",
        statement(
            "*", ("ForAllValues:StringEquals", "aws:PrincipalOrgID", ORG), ("Null", "aws:PrincipalOrgID", "false")
        ),
        Reach.ORGANISATION,
        ORG,
    ),
    Case("org-present", statement("*", ("Null", "aws:PrincipalOrgID", "false")), Reach.ANY_PRINCIPAL, "any value"),
    Case("org-absent", statement("*", ("Null", "aws:PrincipalOrgID", "true")), Reach.ANY_PRINCIPAL, "lacks the key"),
    Case(
        "org-path",
        statement("*", ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", f"{ORG}/r-ab/ou-ab-1/*")),
        Reach.ORGANISATION,
        ORG,
    ),
    Case(
        "org-path-open",
        statement("*", ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-*/r-ab/*")),
        Reach.ANY_PRINCIPAL,
        "no fixed organisation",
    ),
    Case(
        "org-of-resource",
        statement("*", ("StringEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}")),
        Reach.ORGANISATION,
        "ResourceOrgID",
    ),
    Case(
        "org-variable",
        statement("*", ("StringEquals", "aws:PrincipalOrgID", "${aws:PrincipalTag/org}")),
        Reach.ANY_PRINCIPAL,
        "no fixed",
    ),
    Case(
        "foreign-in-org",
        statement({"AWS": OTHER}, ("StringEquals", "aws:PrincipalOrgID", ORG)),
        Reach.ORGANISATION,
        ORG,
    ),
    Case(
        "foreign-from-address",
        statement({"AWS": OTHER}, ("IpAddress", "aws:SourceIp", "8.8.8.8/32")),
        Reach.CROSS_ACCOUNT,
        "8.8.8.8",
    ),
    Case(
        "foreign-unknown-key",
        statement({"AWS": OTHER}, ("StringEquals", "aws:FutureKey", "x")),
        Reach.CROSS_ACCOUNT,
        OTHER,
    ),
    Case("tls", statement("*", ("Bool", "aws:SecureTransport", "true")), Reach.ANY_PRINCIPAL, "open to everyone"),
    Case("agent", statement("*", ("StringLike", "aws:UserAgent", "curl*")), Reach.ANY_PRINCIPAL, "user agent"),
    Case("referer", statement("*", ("StringEquals", "aws:Referer", "https://x")), Reach.ANY_PRINCIPAL, "referer"),
    Case("mfa", statement("*", ("Bool", "aws:MultiFactorAuthPresent", "true")), Reach.ANY_PRINCIPAL, "MFA"),
    Case(
        "time",
        statement("*", ("DateLessThan", "aws:CurrentTime", "2030-01-01T00:00:00Z")),
        Reach.ANY_PRINCIPAL,
        "nothing",
    ),
    Case("age", statement("*", ("NumericLessThan", "aws:MultiFactorAuthAge", "60")), Reach.ANY_PRINCIPAL, "nothing"),
    Case(
        "username", statement("*", ("StringEquals", "aws:username", "ann")), Reach.ANY_PRINCIPAL, "any account can name"
    ),
    Case("tag", statement("*", ("StringEquals", "aws:PrincipalTag/team", "x")), Reach.CONDITIONAL, "no proof"),
    Case("tag-open", statement("*", ("StringLike", "aws:PrincipalTag/team", "*")), Reach.ANY_PRINCIPAL, "is open"),
    Case("vpc", statement("*", ("StringEquals", "aws:SourceVpc", "vpc-0a1b")), Reach.CONDITIONAL, "vpc-0a1b"),
    Case("vpce", statement("*", ("StringEquals", "aws:SourceVpce", "vpce-0a1b")), Reach.CONDITIONAL, "vpce-0a1b"),
    Case("vpce-open", statement("*", ("StringLike", "aws:SourceVpce", "vpce-*")), Reach.ANY_PRINCIPAL, "is open"),
    Case("vpce-not", statement("*", ("StringNotEquals", "aws:SourceVpce", "vpce-1")), Reach.EVERYONE_BUT, "excludes"),
    Case("vpce-own", statement("*", ("StringEquals", "aws:VpceAccount", OWN)), Reach.CONDITIONAL, "this account"),
    Case("vpce-foreign", statement("*", ("StringEquals", "aws:VpceAccount", OTHER)), Reach.CROSS_ACCOUNT, OTHER),
    Case("vpc-source-ip", statement("*", ("IpAddress", "aws:VpcSourceIp", "10.0.0.1")), Reach.ANY_PRINCIPAL, "any VPC"),
    Case("address-not", statement("*", ("NotIpAddress", "aws:SourceIp", "8.8.8.8/32")), Reach.EVERYONE_BUT, "8.8.8.8"),
    Case("address-six", statement("*", ("IpAddress", "aws:SourceIp", "::/0")), Reach.ANY_PRINCIPAL, "every address"),
    Case("address-global-six", statement("*", ("IpAddress", "aws:SourceIp", "2000::/3")), Reach.ANY_PRINCIPAL, "every"),
    Case(
        "address-halves",
        statement("*", ("IpAddress", "aws:SourceIp", ["0.0.0.0/1", "128.0.0.0/1"])),
        Reach.ANY_PRINCIPAL,
        "every address",
    ),
    Case("address-half", statement("*", ("IpAddress", "aws:SourceIp", "128.0.0.0/1")), Reach.EVERYONE_BUT, "half of"),
    Case(
        "address-list-with-any",
        statement("*", ("IpAddress", "aws:SourceIp", ["8.8.8.8/32", "0.0.0.0/0"])),
        Reach.ANY_PRINCIPAL,
        "every address",
    ),
    Case("address-private", statement("*", ("IpAddress", "aws:SourceIp", "10.0.0.0/8")), Reach.CONDITIONAL, "private"),
    Case(
        "address-word", statement("*", ("IpAddress", "aws:SourceIp", "office")), Reach.ANY_PRINCIPAL, "no fixed address"
    ),
    Case(
        "address-if-exists",
        statement("*", ("IpAddressIfExists", "aws:SourceIp", "8.8.8.8")),
        Reach.ANY_PRINCIPAL,
        "without the key",
    ),
    Case("unknown-key", statement("*", ("StringEquals", "aws:FutureKey", "x")), Reach.UNRECOGNISED, "aws:FutureKey"),
    Case("unknown-key-not", statement("*", ("StringNotEquals", "x:y", "x")), Reach.UNRECOGNISED, "x:y"),
    Case("unknown-operator", statement("*", ("Sounds", "aws:SourceIp", "x")), Reach.UNRECOGNISED, "Sounds"),
    Case("unknown-quantifier", statement("*", ("ForSome:StringLike", "aws:SourceIp", "x")), Reach.UNRECOGNISED, "For"),
    Case(
        "unknown-key-and-org",
        statement("*", ("StringEquals", "aws:FutureKey", "x"), ("StringEquals", "aws:PrincipalOrgID", ORG)),
        Reach.ORGANISATION,
        ORG,
    ),
    Case("unknown-element", statement(Mood="x"), Reach.UNRECOGNISED, "Mood"),
    Case(
        "url-unknown-type",
        statement("*", ("StringEquals", "lambda:FunctionUrlAuthType", "JWT")),
        Reach.UNRECOGNISED,
        "AuthType JWT",
    ),
    Case(
        "url-both-types",
        statement("*", ("StringEquals", "lambda:FunctionUrlAuthType", ["AWS_IAM", "NONE"])),
        Reach.ANONYMOUS,
        "no credentials",
    ),
    Case(
        "url-not-none",
        statement("*", ("StringNotEquals", "lambda:FunctionUrlAuthType", "NONE")),
        Reach.ANY_PRINCIPAL,
        "excludes URLs",
    ),
    Case(
        "url-not-via", statement("*", ("Bool", "lambda:InvokedViaFunctionUrl", "false")), Reach.ANY_PRINCIPAL, "signed"
    ),
    Case(
        "not-principal-in-org",
        statement(None, ("StringEquals", "aws:PrincipalOrgID", ORG), NotPrincipal={"AWS": OTHER}),
        Reach.ORGANISATION,
        ORG,
    ),
    Case("update-only", statement(Action="lambda:UpdateFunctionCode"), Reach.ANY_PRINCIPAL, "change the function's"),
]

ALL = EXPECTED + PRINCIPALS + BESIDE + SERVICES + CONDITIONS


@pytest.mark.parametrize(
    "action", ["lambda:*", "*", "lambda:Invoke*", ["lambda:InvokeFunction", "lambda:InvokeFunctionUrl"]]
)
def test_a8_both_permissions_together_admit_unsigned_calls_through_a_url(action: Any) -> None:
    (grant,) = judge(statement(Action=action))
    assert (grant.reach, grant.unsigned, grant.endpoint_only) == (Reach.ANONYMOUS, True, False)
    assert "through a URL even without credentials" in grant.reason


def test_a8_invoking_alone_takes_a_signature() -> None:
    (plain,) = judge(statement())
    assert plain.reason == (
        'Anyone with credentials of their own may invoke the function: Principal is "*" and nothing narrows whom it'
        " admits; calls must be signed, because an unsigned one needs lambda:InvokeFunctionUrl too."
    )
    (via_url,) = judge(statement("*", ("Bool", "lambda:InvokedViaFunctionUrl", "true")))
    (of_organisation,) = judge(statement("*", ("StringEquals", "aws:PrincipalOrgID", ORG)))
    assert [grant.unsigned for grant in (plain, via_url, of_organisation)] == [True, True, False]


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.sid)
def test_statement_is_judged(case: Case) -> None:
    (grant,) = judge({"Sid": case.sid, **case.given})
    assert (grant.sid, grant.reach) == (case.sid, case.reach), grant.reason
    assert case.phrase in grant.reason
    assert grant.effect is Effect.ALLOW


TRUST = [
    Case("lambda", statement({"Service": "lambda.amazonaws.com"}), Reach.SCOPED, "of the same account"),
    Case("backup", statement({"Service": "backup.amazonaws.com"}), Reach.SERVICE_WITHOUT_SOURCE, "confused deputy"),
    Case("trust-star", statement(), Reach.ANY_PRINCIPAL, "take the role"),
    Case("trust-aws-star", statement({"AWS": "*"}), Reach.ANY_PRINCIPAL, "credentials of their own"),
    Case("trust-foreign", statement({"AWS": OTHER}), Reach.CROSS_ACCOUNT, OTHER),
    Case(
        "trust-external-id",
        statement({"AWS": OTHER}, ("StringEquals", "sts:ExternalId", "7f3a")),
        Reach.CROSS_ACCOUNT,
        "sts:ExternalId",
    ),
    Case(
        "star-external-id",
        statement("*", ("StringEquals", "sts:ExternalId", "7f3a")),
        Reach.CONDITIONAL,
        "no proof of who calls",
    ),
    Case("trust-mfa", statement("*", ("Bool", "aws:MultiFactorAuthPresent", "true")), Reach.ANY_PRINCIPAL, "MFA"),
    Case(
        "github-bare",
        statement({"Federated": f"{P}:iam::{OWN}:oidc-provider/{GITHUB}"}),
        Reach.ANY_PRINCIPAL,
        "no condition fixes the subject",
    ),
    Case(
        "github-audience",
        statement(
            {"Federated": f"{P}:iam::{OWN}:oidc-provider/{GITHUB}"},
            ("StringEquals", f"{GITHUB}:aud", "sts.amazonaws.com"),
        ),
        Reach.ANY_PRINCIPAL,
        "no condition fixes the subject",
    ),
    Case(
        "github-repository",
        statement(
            {"Federated": f"{P}:iam::{OWN}:oidc-provider/{GITHUB}"},
            ("StringLike", f"{GITHUB}:sub", "repo:acme/shop:*"),
        ),
        Reach.SCOPED,
        "repo:acme/shop",
    ),
    Case(
        "github-owner",
        statement(
            {"Federated": f"{P}:iam::{OWN}:oidc-provider/{GITHUB}"}, ("StringLike", f"{GITHUB}:sub", "repo:acme/*")
        ),
        Reach.SCOPED,
        "repo:acme/",
    ),
    Case(
        "github-open-owner",
        statement(
            {"Federated": f"{P}:iam::{OWN}:oidc-provider/{GITHUB}"}, ("StringLike", f"{GITHUB}:sub", "repo:*/shop:*")
        ),
        Reach.ANY_PRINCIPAL,
        "fixes no tenant",
    ),
    Case(
        "github-if-exists",
        statement(
            {"Federated": f"{P}:iam::{OWN}:oidc-provider/{GITHUB}"},
            ("StringLikeIfExists", f"{GITHUB}:sub", "repo:acme/shop:*"),
        ),
        Reach.ANY_PRINCIPAL,
        "no condition fixes the subject",
    ),
    Case(
        "own-issuer-bare",
        statement({"Federated": f"{P}:iam::{OWN}:oidc-provider/id.acme.example"}),
        Reach.CONDITIONAL,
        "every identity",
    ),
    Case(
        "own-issuer-subject",
        statement(
            {"Federated": f"{P}:iam::{OWN}:oidc-provider/id.acme.example"},
            ("StringEquals", "id.acme.example:sub", "system:serviceaccount:shop:api"),
        ),
        Reach.SCOPED,
        "serviceaccount",
    ),
    Case("saml", statement({"Federated": f"{P}:iam::{OWN}:saml-provider/adfs"}), Reach.SCOPED, "SAML"),
    Case(
        "foreign-provider",
        statement({"Federated": f"{P}:iam::{OTHER}:saml-provider/adfs"}),
        Reach.CROSS_ACCOUNT,
        "another account",
    ),
    Case("google-bare", statement({"Federated": "accounts.google.com"}), Reach.ANY_PRINCIPAL, "anybody who has"),
    Case(
        "google-application",
        statement({"Federated": "accounts.google.com"}, ("StringEquals", "accounts.google.com:aud", "app-1")),
        Reach.CONDITIONAL,
        "named application",
    ),
]


@pytest.mark.parametrize("case", TRUST, ids=lambda case: case.sid)
def test_role_trust_is_judged(case: Case) -> None:
    action = "sts:AssumeRoleWithWebIdentity" if "Federated" in str(case.given["Principal"]) else "sts:AssumeRole"
    given = {**case.given, "Sid": case.sid, "Action": action}
    del given["Resource"]
    (grant,) = judge(given, kind=ResourceKind.ROLE_TRUST)
    assert (grant.sid, grant.reach) == (case.sid, case.reach), grant.reason
    assert case.phrase in grant.reason
    assert not grant.invokes


HANDED_OUT = [
    ("tag-session", {"AWS": "*"}, "sts:TagSession", Reach.NONE),
    ("source-identity", "*", ["sts:SetSourceIdentity", "sts:TagSession"], Reach.NONE),
    ("context", "*", "sts:SetContext", Reach.NONE),
    ("identity-of-caller", "*", "sts:GetCallerIdentity", Reach.NONE),
    ("another-service", "*", "lambda:InvokeFunction", Reach.NONE),
    ("empty", {}, "sts:AssumeRole", Reach.NONE),
    ("empty-list", {"AWS": []}, "sts:AssumeRole", Reach.NONE),
    ("empty-text", {"AWS": ""}, "sts:AssumeRole", Reach.NONE),
    ("federated-without-token", {"Federated": f"{P}:iam::{OWN}:oidc-provider/{GITHUB}"}, "sts:AssumeRole", Reach.NONE),
    ("account-with-token", {"AWS": OTHER}, "sts:AssumeRoleWithWebIdentity", Reach.NONE),
    ("service-with-token", {"Service": "backup.amazonaws.com"}, "sts:AssumeRoleWithSAML", Reach.NONE),
    ("assume", "*", "sts:AssumeRole", Reach.ANY_PRINCIPAL),
    ("assume-and-tag", {"AWS": "*"}, ["sts:TagSession", "sts:AssumeRole"], Reach.ANY_PRINCIPAL),
    ("wildcard", "*", "sts:Assume*", Reach.ANY_PRINCIPAL),
    ("whole-service", "*", "sts:*", Reach.ANY_PRINCIPAL),
    ("account", {"AWS": OTHER}, "sts:AssumeRole", Reach.CROSS_ACCOUNT),
    ("mixed", {"AWS": ["", OTHER]}, "sts:AssumeRole", Reach.CROSS_ACCOUNT),
]


@pytest.mark.parametrize(
    ("principal", "action", "reach"), [case[1:] for case in HANDED_OUT], ids=[case[0] for case in HANDED_OUT]
)
def test_a9_only_an_action_that_hands_out_credentials_lets_a_role_be_taken(
    principal: Any, action: Any, reach: Reach
) -> None:
    (grant,) = judge(statement(principal, Action=action, Resource=None), kind=ResourceKind.ROLE_TRUST)
    assert grant.reach is reach, grant.reason
    assert ("No principal may take the role" in grant.reason) is (reach is Reach.NONE)


@pytest.mark.parametrize(
    ("principal", "condition"),
    [
        ("*", ("StringEquals", "aws:PrincipalOrgID", ORG)),
        ("*", ("StringLike", "aws:PrincipalOrgID", ORG)),
        ("*", ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", f"{ORG}/r-ab12/*")),
        (S3, ("StringEquals", "aws:SourceOrgID", ORG)),
        ({"AWS": OTHER}, ("StringEquals", "aws:PrincipalOrgID", ORG)),
    ],
    ids=["id", "like", "path", "source", "member"],
)
def test_a10_a_foreign_organisation_is_another_account(principal: Any, condition: tuple[str, str, Any]) -> None:
    document = policy(statement(principal, condition))
    reaches = {}
    for name, own in {"own": ORG, "foreign": "o-zzzzzzzzzz", "in-none": "", "unread": None}.items():
        (grant,) = judge_policy(document, account=OWN, partition="aws", organization=own)
        reaches[name] = grant.reach, grant.own_organization
    assert reaches == {
        "own": (Reach.ORGANISATION, True),
        "foreign": (Reach.CROSS_ACCOUNT, False),
        "in-none": (Reach.CROSS_ACCOUNT, False),
        "unread": (Reach.ORGANISATION, False),
    }


def test_a10_an_organisation_we_could_not_read_is_said_to_be_unread() -> None:
    (grant,) = judge(statement("*", ("StringEquals", "aws:PrincipalOrgID", ORG)))
    assert f"fixes organisation {ORG}; whether it is the account's own is unknown" in grant.reason


DEAD = [
    ("other-service", statement(Action="s3:GetObject"), "s3:GetObject cannot be done to a function"),
    (
        "contradictory",
        statement("*", ("StringEquals", "aws:SourceVpce", "vpce-1"), ("StringNotEquals", "aws:SourceVpce", "vpce-1")),
        "its conditions on aws:SourceVpce can never hold together",
    ),
    (
        "missing-and-present",
        statement("*", ("StringEquals", "aws:PrincipalOrgID", ORG), ("Null", "aws:PrincipalOrgID", "true")),
        "missing and present at once",
    ),
    ("literal-star", statement("*", ("StringEquals", "aws:PrincipalArn", f"{P}:iam::*:role/x")), "is ever equal to"),
    ("no-account", statement(S3, ("StringEquals", "aws:SourceAccount", "1111-2222-3333")), "is ever equal to"),
    (
        "expired",
        statement("*", ("DateLessThan", "aws:CurrentTime", "2026-06-30T00:00:00Z")),
        "aws:CurrentTime ended before 2026-11-24",
    ),
]


@pytest.mark.parametrize(("given", "why"), [case[1:] for case in DEAD], ids=[case[0] for case in DEAD])
def test_a4_a_statement_that_no_request_meets_grants_nothing(given: dict[str, Any], why: str) -> None:
    (grant,) = judge_policy(policy(given), account=OWN, partition="aws", today=date(2026, 11, 24))
    assert (grant.reach, grant.invokes, grant.modifies, grant.unsigned) == (Reach.NONE, False, False, False)
    assert why in grant.reason


FIXED = [
    ("org", ("StringEquals", "aws:PrincipalOrgID", ORG), Reach.ORGANISATION),
    ("org-path", ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", [f"{ORG}/r-ab/*"]), Reach.ORGANISATION),
    ("source-org", ("StringEquals", "aws:SourceOrgID", ORG), Reach.ORGANISATION),
    ("org-of-the-resource", ("StringEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}"), Reach.ORGANISATION),
    ("own-account", ("StringEquals", "aws:PrincipalAccount", OWN), Reach.SCOPED),
    ("own-source-account", ("StringEquals", "aws:SourceAccount", OWN), Reach.SCOPED),
    ("accounts", ("StringEquals", "aws:PrincipalAccount", [OWN, OTHER]), Reach.CROSS_ACCOUNT),
    ("arn-of-an-account", ("ArnLike", "aws:SourceArn", f"{P}:sns:*:{OWN}:*"), Reach.SCOPED),
    ("vpc-endpoint", ("StringEquals", "aws:SourceVpce", ["vpce-1", "vpce-2"]), Reach.CONDITIONAL),
    ("vpc", ("StringEquals", "aws:SourceVpc", "vpc-1"), Reach.CONDITIONAL),
]
OPEN_BESIDE = [
    ("ArnLike", "aws:PrincipalArn", f"{P}:iam::*:role/deploy-*"),
    ("StringLike", "aws:PrincipalArn", "*"),
    ("StringLike", "aws:userid", "AROA*"),
]


@pytest.mark.parametrize("beside", OPEN_BESIDE, ids=lambda condition: condition[1])
@pytest.mark.parametrize(("fixed", "reach"), [case[1:] for case in FIXED], ids=[case[0] for case in FIXED])
def test_a6_a_pattern_beside_what_fixes_the_source_is_no_open_source(
    fixed: tuple[str, str, Any], reach: Reach, beside: tuple[str, str, Any]
) -> None:
    (grant,) = judge(statement("*", fixed, beside))
    assert (grant.reach, grant.source_wildcard) == (reach, False), grant.reason


def test_a6_a_bucket_pattern_beside_the_own_account_is_no_open_source() -> None:
    arn, account = ("ArnLike", "aws:SourceArn", f"{P}:s3:::*"), ("StringEquals", "aws:SourceAccount", OWN)
    (grant,) = judge(statement(S3, arn, account))
    assert (grant.reach, grant.source_wildcard) == (Reach.SCOPED, False)


@pytest.mark.parametrize(
    "beside",
    [
        ("StringEqualsIfExists", "aws:PrincipalOrgID", ORG),
        ("ForAllValues:StringEquals", "aws:PrincipalOrgID", ORG),
        ("StringNotEquals", "aws:PrincipalOrgID", ORG),
        ("StringLike", "aws:PrincipalOrgID", "o-*"),
        ("StringEquals", "aws:PrincipalOrgID", [ORG, "${aws:PrincipalTag/org}"]),
        ("Bool", "aws:SecureTransport", "true"),
    ],
    ids=lambda condition: condition[0],
)
def test_a6_what_does_not_fix_the_source_leaves_the_pattern_open(beside: tuple[str, str, Any]) -> None:
    (grant,) = judge(statement("*", ("ArnLike", "aws:PrincipalArn", f"{P}:iam::*:role/x"), beside))
    assert grant.source_wildcard
    assert grant.reach.public


DENIES = [
    ("unconditional", statement(), statement(Effect="Deny"), Reach.NONE, 'Deny of statement "deny"'),
    ("aws-star", statement(), statement({"AWS": "*"}, Effect="Deny"), Reach.NONE, "takes it away"),
    ("every-action", statement(), statement(Effect="Deny", Action="lambda:*", Resource="*"), Reach.NONE, "takes it"),
    ("star-action", statement(Action="lambda:*"), statement(Effect="Deny", Action="*"), Reach.NONE, "takes it"),
    ("other-action", statement(), statement(Effect="Deny", Action="lambda:GetFunction"), Reach.ANY_PRINCIPAL, "Anyone"),
    ("part-of-actions", statement(Action="lambda:*"), statement(Effect="Deny"), Reach.ANONYMOUS, "Anyone"),
    ("other-resource", statement(), statement(Effect="Deny", Resource=FUNCTION + ":1"), Reach.ANY_PRINCIPAL, "Anyone"),
    ("not-action", statement(), statement(Effect="Deny", Action=None, NotAction="lambda:Get*"), Reach.NONE, "takes"),
    (
        "outside-org",
        statement(),
        statement("*", ("StringNotEquals", "aws:PrincipalOrgID", ORG), Effect="Deny"),
        Reach.ORGANISATION,
        'Deny of statement "deny"',
    ),
    (
        "outside-org-if-exists",
        statement(),
        statement("*", ("StringNotEqualsIfExists", "aws:PrincipalOrgID", ORG), Effect="Deny"),
        Reach.ORGANISATION,
        ORG,
    ),
    (
        "outside-org-but-services",
        statement(),
        statement(
            "*",
            ("StringNotEquals", "aws:PrincipalOrgID", ORG),
            ("BoolIfExists", "aws:PrincipalIsAWSService", "false"),
            Effect="Deny",
        ),
        Reach.SERVICE_WITHOUT_SOURCE,
        "every AWS service",
    ),
    (
        "without-tls",
        statement(),
        statement("*", ("Bool", "aws:SecureTransport", "false"), Effect="Deny"),
        Reach.ANY_PRINCIPAL,
        "Anyone",
    ),
    (
        "outside-address",
        statement(),
        statement("*", ("NotIpAddress", "aws:SourceIp", "8.8.8.8/32"), Effect="Deny"),
        Reach.CONDITIONAL,
        "8.8.8.8",
    ),
    (
        "without-org",
        statement(),
        statement("*", ("Null", "aws:PrincipalOrgID", "true"), Effect="Deny"),
        Reach.ANY_PRINCIPAL,
        "any value",
    ),
    (
        "one-account",
        statement(),
        statement("*", ("StringEquals", "aws:PrincipalAccount", OTHER), Effect="Deny"),
        Reach.EVERYONE_BUT,
        OTHER,
    ),
    (
        "unknown-key",
        statement(),
        statement("*", ("StringNotEquals", "aws:FutureKey", "x"), Effect="Deny"),
        Reach.ANY_PRINCIPAL,
        "Anyone",
    ),
    (
        "not-principal",
        statement(),
        statement(None, Effect="Deny", NotPrincipal={"AWS": f"{P}:iam::{OWN}:root"}),
        Reach.SCOPED,
        "spares",
    ),
    ("named-foreign", statement({"AWS": OTHER}), statement({"AWS": OTHER}, Effect="Deny"), Reach.NONE, "takes"),
    (
        "root-covers-role",
        statement({"AWS": f"{P}:iam::{OTHER}:role/ci"}),
        statement({"AWS": f"{P}:iam::{OTHER}:root"}, Effect="Deny"),
        Reach.NONE,
        "takes",
    ),
    ("named-only", statement(), statement({"AWS": OTHER}, Effect="Deny"), Reach.ANY_PRINCIPAL, "Anyone"),
    (
        "service-other-account",
        statement(S3),
        statement("*", ("StringNotEquals", "aws:SourceAccount", OWN), Effect="Deny"),
        Reach.SCOPED,
        "of this account",
    ),
    (
        "url-none-forbidden",
        statement("*", ("StringEquals", "lambda:FunctionUrlAuthType", "NONE")),
        statement("*", ("StringNotEquals", "lambda:FunctionUrlAuthType", "AWS_IAM"), Effect="Deny"),
        Reach.NONE,
        "never hold together",
    ),
]


@pytest.mark.parametrize(("allow", "deny", "reach", "phrase"), [d[1:] for d in DENIES], ids=[d[0] for d in DENIES])
def test_deny_of_the_same_document_counts(
    allow: dict[str, Any], deny: dict[str, Any], reach: Reach, phrase: str
) -> None:
    allowed, denied = judge({"Sid": "allow", **allow}, {"Sid": "deny", **deny})
    assert allowed.reach is reach, allowed.reason
    assert phrase in allowed.reason
    assert (denied.effect, denied.reach) == (Effect.DENY, Reach.NONE)


def test_fields_of_a_public_url_grant() -> None:
    (grant,) = judge(next(case.given for case in EXPECTED if case.sid == "star-url-none"))
    assert (grant.through_endpoint, grant.endpoint_only, grant.invokes) == (AuthMode.NONE, True, True)


def test_fields_of_a_grant_through_any_url() -> None:
    (grant,) = judge(next(case.given for case in EXPECTED if case.sid == "star-via-url"))
    assert (grant.through_endpoint, grant.endpoint_only) == (None, True)


def test_url_action_alone_counts_only_through_a_url() -> None:
    (grant,) = judge(statement(Action="lambda:InvokeFunctionUrl"))
    assert (grant.through_endpoint, grant.endpoint_only) == (None, True)


def test_fields_of_a_service_grant() -> None:
    arn = f"{P}:s3:::uploads"
    (grant,) = judge(statement(S3, ("ArnLike", "AWS:SourceArn", arn), ("StringEquals", "AWS:SourceAccount", OWN)))
    assert grant.services == ("s3.amazonaws.com",)
    assert grant.sources == (arn,)
    assert grant.accounts == (OWN,)
    assert grant.condition_keys == ("AWS:SourceArn", "AWS:SourceAccount")
    assert (grant.source_wildcard, grant.modifies, grant.endpoint_only) == (False, False, False)


@pytest.mark.parametrize("arn", [f"{P}:s3:::*", "*", f"{P}:events:eu-west-1:*:rule/x"])
def test_open_source_is_marked(arn: str) -> None:
    (grant,) = judge(statement(S3, ("ArnLike", "aws:SourceArn", arn)))
    assert grant.source_wildcard


def test_wildcard_stage_is_no_open_source() -> None:
    (grant,) = judge(next(case.given for case in EXPECTED if case.sid == "apigateway-normal"))
    assert not grant.source_wildcard


@pytest.mark.parametrize(
    ("actions", "runs", "changes"),
    [
        ("lambda:InvokeFunction", True, False),
        ("lambda:invokefunction", True, False),
        ("lambda:Invoke*", True, False),
        ("lambda:UpdateFunctionCode", False, True),
        ("lambda:AddPermission", False, True),
        ("lambda:PutResourcePolicy", False, True),
        (["lambda:GetFunction", "lambda:UpdateFunctionConfiguration"], False, True),
        ("lambda:*", True, True),
        ("*", True, True),
        ("lambda:GetFunction", False, False),
    ],
)
def test_what_actions_amount_to(actions: Any, runs: bool, changes: bool) -> None:
    (grant,) = judge(statement({"AWS": OTHER}, Action=actions))
    assert (grant.invokes, grant.modifies) == (runs, changes)


def test_not_action_grants_the_rest() -> None:
    (grant,) = judge(statement({"AWS": OTHER}, Action=None, NotAction="lambda:GetFunction"))
    assert (grant.invokes, grant.modifies) == (True, True)
    assert grant.actions == ("everything but lambda:GetFunction",)


def test_trusted_service_needs_no_source() -> None:
    (grant,) = judge_policy(policy(statement(S3)), account=OWN, partition="aws", trusted_services=("s3",))
    assert grant.reach is Reach.SCOPED


@pytest.mark.parametrize(
    ("kind", "reach"),
    [
        (ResourceKind.LAYER, Reach.ANY_PRINCIPAL),
        (ResourceKind.KEY, Reach.ANY_PRINCIPAL),
        (ResourceKind.REPOSITORY, Reach.ANY_PRINCIPAL),
        (ResourceKind.SECRET, Reach.ANY_PRINCIPAL),
        (ResourceKind.QUEUE, Reach.ANONYMOUS),
        (ResourceKind.FILE_SYSTEM, Reach.ANONYMOUS),
    ],
)
def test_public_on_other_kinds(kind: ResourceKind, reach: Reach) -> None:
    (grant,) = judge(statement(Action="*"), kind=kind)
    assert (grant.reach, grant.invokes, grant.modifies) == (reach, False, True)


def test_file_system_through_its_mount_targets() -> None:
    given = statement(
        {"AWS": "*"}, ("Bool", "elasticfilesystem:AccessedViaMountTarget", "true"), Action="elasticfilesystem:Client*"
    )
    (grant,) = judge(given, kind=ResourceKind.FILE_SYSTEM)
    assert grant.reach is Reach.CONDITIONAL
