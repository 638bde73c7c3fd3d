"""Documents are read as AWS writes them, or refused with a sentence."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from auditor.model.exposure import Effect
from auditor.model.identity import PolicyOrigin
from auditor.model.wildcards import covers
from providers.aws.iam.document import PolicyMalformedError, parse_document
from providers.aws.iam.identity_policy import read_grants
from providers.aws.iam.patterns import covers_action
from providers.aws.iam.policy_owner import PolicyOwner, ResourceKind
from providers.aws.iam.resource_policy import judge_policy

ONE = {"Sid": "one", "Effect": "Allow", "Action": "S3:GetObject", "Resource": "*"}
HOME = PolicyOwner("111122223333", "aws", ResourceKind.ROLE_TRUST)


@pytest.mark.parametrize(
    "document",
    [
        {"Statement": ONE},
        {"Statement": [ONE]},
        json.dumps({"Statement": ONE}),
        quote(json.dumps({"Statement": [ONE]})),
        "\n  " + json.dumps({"statement": [{name.lower(): value for name, value in ONE.items()}]}),
    ],
    ids=["object", "list", "text", "url-encoded", "lower-case"],
)
def test_forms_of_one_document(document: Any) -> None:
    (statement,) = parse_document(document)
    assert (statement.sid, statement.effect, statement.actions) == ("one", Effect.ALLOW, ("S3:GetObject",))


def test_percent_sign_in_plain_json_is_kept() -> None:
    (statement,) = parse_document(json.dumps({"Statement": {**ONE, "Sid": "50%7B"}}))
    assert statement.sid == "50%7B"


def test_condition_values_of_every_json_kind() -> None:
    condition = {"Bool": {"aws:SecureTransport": True}, "NumericLessThan": {"aws:MultiFactorAuthAge": [60, 1.5]}}
    (statement,) = parse_document({"Statement": {**ONE, "Condition": condition}})
    assert [item.values for item in statement.conditions] == [("true",), ("60", "1.5")]


def test_canonical_text_does_not_depend_on_order() -> None:
    (forth,) = parse_document({"Statement": ONE})
    (back,) = parse_document({"Statement": dict(reversed(ONE.items()))})
    assert forth.text == back.text == '{"Action":"S3:GetObject","Effect":"Allow","Resource":"*","Sid":"one"}'


@pytest.mark.parametrize(
    ("document", "phrase"),
    [
        ("", "is empty"),
        ("{", "is not JSON"),
        ("[1]", "is not a JSON object"),
        ("{}", "has no Statement"),
        ('{"Statement": 3}', "neither an object nor a list"),
        ('{"Statement": ["x"]}', "Statement 1 is not a JSON object"),
        ('{"Statement": {"Action": "x"}}', "neither Allow nor Deny"),
        ('{"Statement": {"Effect": "Maybe", "Action": "x"}}', "neither Allow nor Deny"),
        ('{"Statement": {"Effect": "Allow"}}', "neither Action nor NotAction"),
        ('{"Statement": {"Effect": "Allow", "Action": "x", "NotAction": "y"}}', "Action and its negation"),
        ('{"Statement": {"Effect": "Allow", "effect": "Deny", "Action": "x"}}', "twice"),
        ('{"Statement": {"Effect": "Allow", "Effect": "Deny", "Action": "x"}}', "twice"),
        ('{"Statement": {"Effect": "Allow", "Action": {"a": 1}}}', "not a string"),
        ('{"Statement": {"Effect": "Allow", "Action": "x", "Condition": "y"}}', "Condition is not"),
        ('{"Statement": {"Effect": "Allow", "Action": "x", "Condition": {"Bool": 1}}}', "Condition Bool"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_malformed_documents_say_why(document: str, phrase: str) -> None:
    with pytest.raises(PolicyMalformedError, match=phrase):
        parse_document(document)


def test_resource_policy_without_principal_is_malformed() -> None:
    with pytest.raises(PolicyMalformedError, match="names no Principal"):
        judge_policy({"Statement": ONE}, account="111122223333", partition="aws")


def test_empty_policy_has_no_grants() -> None:
    assert judge_policy({"Statement": []}, account="111122223333", partition="aws") == ()


def test_identity_grants_keep_their_place_and_lose_the_case_of_actions() -> None:
    second = {"Effect": "Deny", "NotAction": ["IAM:*"], "NotResource": "A", "Condition": {"Bool": {"aws:X": "true"}}}
    grants = read_grants({"Statement": [ONE, second]}, policy="inline", origin=PolicyOrigin.INLINE, home=HOME)
    assert [grant.statement for grant in grants] == ["one", "statement 2"]
    assert grants[0].actions == ("s3:getobject",)
    assert (grants[1].not_actions, grants[1].not_resources) == (("iam:*",), ("A",))
    assert grants[1].condition_keys == ("aws:X",)
    assert grants[1].policy == "inline"


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*", "", True),
        ("*", "a*b?", True),
        ("a*", "a*", True),
        ("a?c", "a*c", False),
        ("a?c", "a?c", True),
        ("a?c", "abc", True),
        ("lambda:Invoke*", "lambda:InvokeFunction", True),
        ("a*b*c", "aXXbYYc", True),
        ("a*b*c", "aXXbYY", False),
        ("", "", True),
        ("", "a", False),
        ("abc", "*", False),
    ],
)
def test_covers(pattern: str, text: str, expected: bool) -> None:
    assert covers(pattern, text) is expected


def test_hostile_pattern_is_quick() -> None:
    assert not covers("a*" * 2_000 + "b", "a" * 4_000)


def test_actions_ignore_case() -> None:
    assert covers_action("LAMBDA:invoke*", "lambda:InvokeFunction")
