"""Which policies leave open that somebody calls a URL of the function, and when that is asked about."""

import json
from itertools import permutations

import pytest

from providers.aws.collect.urls import UrlQuestions, may_admit_to_a_url


def policy(*statements: dict[str, object]) -> str:
    everyone = {"Effect": "Allow", "Principal": "*", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [{**everyone, **one} for one in statements]})


@pytest.mark.parametrize(
    ("document", "may"),
    [
        ("", False),
        (policy({"Action": "lambda:InvokeFunction"}), False),
        (policy({"Action": "lambda:InvokeFunction"}, {"Action": "lambda:InvokeFunctionUrl"}), True),
        (policy({"Action": ["lambda:GetPolicy", "LAMBDA:invokeFunctionURL"]}), True),
        (policy({"Action": "lambda:*"}), True),
        (policy({"Action": "lambda:InvokeFunctionUr?"}), True),
        (policy({"NotAction": "lambda:InvokeFunction"}), True),
        (policy({"Action": "lambda:InvokeFunctionUrl", "Effect": "Deny"}), False),
        (policy({"Action": "lambda:InvokeFunction", "Grants": "more"}), True),
        ("{", True),
        ("[]", True),
    ],
)
def test_what_a_policy_may_admit(document: str, may: bool) -> None:
    assert may_admit_to_a_url(document) is may


@pytest.mark.parametrize(("admits", "published"), [(False, False), (True, False), (False, True), (True, True)])
def test_a_function_is_asked_once_both_are_known_in_either_order(admits: bool, published: bool) -> None:
    for order in permutations(("policy", "versions")):
        asked: list[tuple[str, bool]] = []

        def ask(arn: str, aged: bool, into: list[tuple[str, bool]] = asked) -> None:
            into.append((arn, aged))

        questions = UrlQuestions(ask)
        for number, what in enumerate(order):
            assert len(asked) == 0, f"asked after {number} answers"
            if what == "policy":
                questions.policy("arn", matters=admits)
            else:
                questions.versions("arn", any_published=published)
        assert asked == [("arn", not (admits or published))]
