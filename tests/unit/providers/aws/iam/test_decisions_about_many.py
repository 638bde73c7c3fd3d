"""What spares a decision about each of many resources: it has to say what that decision would have said."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.analysis.permissions.decision import Answer
from auditor.model.identity import PermissionPolicy, PolicyOrigin
from auditor.model.observed import Gap, GapReason, Known, Unknown
from auditor.model.principals import Principal, PrincipalKind
from auditor.model.wildcards import covers
from providers.aws.iam.authorizer import DETAILS, AccountAuthorizer

ACCOUNT = "111122223333"
ME = f"arn:aws:iam::{ACCOUNT}:user/team/me"
EVERY_FUNCTION = f"arn:aws:lambda:*:{ACCOUNT}:function:*"
EVERY_ROLE = f"arn:aws:iam::{ACCOUNT}:role/*"
FUNCTIONS = [
    f"arn:aws:lambda:{place}:{ACCOUNT}:function:{name}"
    for place in ("us-east-1", "eu-west-1")
    for name in ("me", "pay")
]
ROLES = [f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("me", "team/me", "pay")]
CASES = [(EVERY_FUNCTION, FUNCTIONS, "lambda:UpdateFunctionCode"), (EVERY_ROLE, ROLES, "iam:PassRole")]

resources = st.sampled_from(
    [
        *("*", EVERY_FUNCTION, EVERY_ROLE, *FUNCTIONS, *ROLES),
        *(
            f"arn:aws:lambda:us-*:{ACCOUNT}:function:*",
            f"arn:aws:lambda:*:{ACCOUNT}:function:p?y",
            "arn:aws:lambda:*:*:function:p*",
        ),
        *(
            "arn:aws:lambda:*:*:function:${aws:username}",
            f"arn:aws:iam::{ACCOUNT}:role/team/*",
            "arn:aws:iam::*:role/${aws:SourceIp}",
        ),
        *("arn:aws:lambda:::team-*/*", "arn:aws:s3:::bucket/*"),
    ]
)
conditions = st.sampled_from(
    [
        *(
            None,
            None,
            {"StringEquals": {"aws:RequestedRegion": "us-east-1"}},
            {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
        ),
        *({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, {"StringNotEquals": {"aws:ResourceTag/team": "pay"}}),
        *({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, {"StringEquals": {"aws:ResourceAccount": ACCOUNT}}),
    ]
)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, object]:
    """One statement about functions, roles or anything."""
    made: dict[str, object] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    made["Action"] = draw(st.sampled_from(["*", "lambda:Update*", "iam:PassRole", "s3:*"]))
    made[draw(st.sampled_from(["Resource", "Resource", "Resource", "NotResource"]))] = draw(
        st.lists(resources, min_size=1, max_size=2)
    )
    condition = draw(conditions)
    return made | ({"Condition": condition} if condition else {})


def policy(listed: list[dict[str, object]]) -> PermissionPolicy:
    text = json.dumps({"Version": "2012-10-17", "Statement": listed})
    return PermissionPolicy(name="inline", id="inline", origin=PolicyOrigin.INLINE, document=Known(text))


def unread() -> PermissionPolicy:
    gap = Gap(GapReason.DENIED, DETAILS, DETAILS)
    return PermissionPolicy(
        name="p", id=f"arn:aws:iam::{ACCOUNT}:policy/p", origin=PolicyOrigin.CUSTOMER, document=Unknown(gap)
    )


def authorizer(policies: list[PermissionPolicy], boundary: PermissionPolicy | None) -> AccountAuthorizer:
    me = Principal(
        id=ME, name="me", kind=PrincipalKind.USER, policies=Known(tuple(policies)), boundary=Known(boundary), trust=Known(None),
        groups=(), tags=Known(()),
    )  # fmt: skip
    return AccountAuthorizer(ACCOUNT, "aws", [me], organization="")


many = st.lists(st.lists(statements(), min_size=1, max_size=3).map(policy) | st.builds(unread), min_size=1, max_size=3)
bounds = st.none() | st.lists(statements(), min_size=1, max_size=2).map(policy)


@settings(max_examples=400, deadline=None)
@given(many, bounds, st.sampled_from(CASES))
def test_an_answer_about_all_of_a_kind_is_the_answer_about_each(policies, boundary, case):
    every, each, action = case
    decide = authorizer(policies, boundary)
    about_all = decide.may(ME, action, every)
    if about_all.of_each:
        for resource in each:
            found = decide.may(ME, action, resource)
            assert (found.answer, found.conditions) == (about_all.answer, about_all.conditions)


@settings(max_examples=400, deadline=None)
@given(many, bounds, st.sampled_from(CASES))
def test_what_is_ruled_out_at_a_glance_is_not_allowed(policies, boundary, case):
    decide = authorizer(policies, boundary)
    _, each, action = case
    for resource in each:
        if decide.rules_out(ME, action, resource):
            assert decide.may(ME, action, resource).answer is Answer.NO


def test_a_policy_about_other_functions_rules_this_one_out_and_one_with_a_variable_does_not():
    pay, me = FUNCTIONS[1], FUNCTIONS[0]
    named = authorizer([policy([{"Effect": "Allow", "Action": "lambda:*", "Resource": pay}])], None)
    assert named.rules_out(ME, "lambda:UpdateFunctionCode", me)
    assert not named.rules_out(ME, "lambda:UpdateFunctionCode", pay)
    variable = "arn:aws:lambda:*:*:function:${aws:username}"
    own = authorizer([policy([{"Effect": "Allow", "Action": "lambda:*", "Resource": variable}])], None)
    assert not own.rules_out(ME, "lambda:UpdateFunctionCode", me)
    assert own.may(ME, "lambda:UpdateFunctionCode", me).answer is Answer.YES
    assert not authorizer([unread()], None).rules_out(ME, "lambda:UpdateFunctionCode", me)


def test_what_depends_on_the_region_alone_is_asked_of_each_function():
    condition = {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
    found = authorizer(
        [policy([{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": condition}])], None
    )
    assert not found.may(ME, "lambda:UpdateFunctionCode", EVERY_FUNCTION).of_each
    assert [found.may(ME, "lambda:UpdateFunctionCode", each).answer for each in (FUNCTIONS[0], FUNCTIONS[2])] == [
        Answer.YES,
        Answer.NO,
    ]


def test_what_depends_on_tags_is_asked_of_each_function():
    condition = {"StringEquals": {"aws:ResourceTag/env": "prod"}}
    found = authorizer(
        [policy([{"Effect": "Allow", "Action": "lambda:*", "Resource": "*", "Condition": condition}])], None
    )
    action = "lambda:UpdateFunctionCode"
    assert not found.may(ME, action, EVERY_FUNCTION).of_each
    tags = {"prod": Answer.YES, "dev": Answer.NO}
    for value, answer in tags.items():
        context = {"aws:resourcetag/env": (value,), "aws:resourcetag/": ()}
        assert found.may(ME, action, FUNCTIONS[0], context).answer is answer
    assert found.may(ME, action, FUNCTIONS[0], {"aws:resourcetag/": ()}).answer is Answer.NO
    assert found.may(ME, action, FUNCTIONS[0]).answer is Answer.CONDITIONAL


@settings(max_examples=600, deadline=None)
@given(st.text("ab*?", max_size=6), st.text("ab", max_size=6))
def test_a_pattern_covers_what_its_letters_and_wildcards_spell(pattern, text):
    def spelt(at: int, here: int) -> bool:
        if at == len(pattern):
            return here == len(text)
        if pattern[at] == "*":
            return any(spelt(at + 1, place) for place in range(here, len(text) + 1))
        return here < len(text) and pattern[at] in ("?", text[here]) and spelt(at + 1, here + 1)

    assert covers(pattern, text) is spelt(0, 0)


@settings(max_examples=600, deadline=None)
@given(st.text("ab*?", max_size=5), st.text("ab*?", max_size=5), st.text("ab", max_size=5))
def test_what_a_covered_pattern_covers_is_covered(wide, narrow, text):
    if covers(wide, narrow) and covers(narrow, text):
        assert covers(wide, text)
