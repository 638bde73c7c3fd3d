"""What must hold of every policy, not only of those we thought of."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.model.exposure import Effect, Reach
from providers.aws.iam.policy_owner import ResourceKind
from providers.aws.iam.resource_policy import judge_policy

OWN, OTHER, ORG = "111122223333", "444455556666", "o-a1b2c3d4e5"

PRINCIPALS = st.sampled_from(
    [
        "*",
        {"AWS": "*"},
        {"AWS": OWN},
        {"AWS": f"arn:aws:iam::{OTHER}:root"},
        {"AWS": [f"arn:aws:iam::{OTHER}:role/ci", "AIDAEXAMPLEEXAMPLE123"]},
        {"Service": "s3.amazonaws.com"},
        {"Service": ["events.amazonaws.com", "sns.amazonaws.com"]},
        {"AWS": OWN, "Service": "sns.amazonaws.com"},
    ]
)
CONDITIONS = st.sampled_from(
    [
        (operator, key, value)
        for key, values in {
            "aws:SourceArn": (f"arn:aws:sns:eu-west-1:{OWN}:t", "arn:aws:s3:::b", "arn:aws:s3:::*", "*"),
            "aws:SourceAccount": (OWN, OTHER, "*"),
            "aws:PrincipalOrgID": (ORG, "o-*", "${aws:PrincipalOrgID}"),
            "aws:PrincipalArn": (f"arn:aws:iam::{OTHER}:role/a", "*"),
            "aws:PrincipalAccount": (OWN, OTHER),
            "aws:UserAgent": ("x",),
            "lambda:FunctionUrlAuthType": ("NONE", "AWS_IAM"),
        }.items()
        for value in values
        for operator in (
            "StringEquals",
            "StringLike",
            "StringNotEquals",
            "StringEqualsIfExists",
            "ForAllValues:StringLike",
            "ForAnyValue:StringNotLike",
        )
    ]
    + [("IpAddress", "aws:SourceIp", value) for value in ("8.8.8.8", "0.0.0.0/0", "10.0.0.0/8")]
    + [("NotIpAddress", "aws:SourceIp", "8.8.8.8"), ("Bool", "aws:SecureTransport", "false")]
    + [("Bool", "aws:PrincipalIsAWSService", value) for value in ("true", "false")]
    + [("Null", key, value) for key in ("aws:PrincipalOrgID", "aws:SourceArn") for value in ("true", "false")]
)
ACTIONS = st.sampled_from(
    ["lambda:InvokeFunction", "lambda:*", "*", "lambda:Invoke*", ["lambda:GetFunction", "lambda:InvokeFunction"]]
)


@st.composite
def statements(draw: st.DrawFn, effect: str | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "Effect": effect or draw(st.sampled_from(["Allow", "Allow", "Deny"])),
        "Action": draw(ACTIONS),
        "Resource": "*",
    }
    made[draw(st.sampled_from(["Principal", "Principal", "Principal", "NotPrincipal"]))] = draw(PRINCIPALS)
    for operator, key, value in draw(st.lists(CONDITIONS, max_size=3)):
        made.setdefault("Condition", {}).setdefault(operator, {})[key] = value
    return made


def reaches(*listed: dict[str, Any]) -> list[Reach]:
    grants = judge_policy({"Statement": list(listed)}, account=OWN, partition="aws")
    return [grant.reach for grant in grants]


@settings(deadline=None)
@given(st.lists(statements(), min_size=1, max_size=3), statements(effect="Deny"))
def test_adding_a_deny_never_widens(listed: list[dict[str, Any]], deny: dict[str, Any]) -> None:
    before = reaches(*listed)
    after = reaches(*listed, deny)[:-1]
    assert all(new.rank >= old.rank for new, old in zip(after, before, strict=True))


@settings(deadline=None)
@given(st.lists(statements(), min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_order_of_statements_does_not_matter(listed: list[dict[str, Any]], random: Any) -> None:
    named = [{**item, "Sid": f"s{place}"} for place, item in enumerate(listed)]
    shuffled = random.sample(named, len(named))

    def verdicts(given: list[dict[str, Any]]) -> dict[str, tuple[Reach, str]]:
        grants = judge_policy({"Statement": given}, account=OWN, partition="aws")
        return {grant.sid: (grant.reach, grant.text) for grant in grants}

    assert verdicts(named) == verdicts(shuffled)


@settings(deadline=None)
@given(statements(effect="Allow"), st.sampled_from(["aws:Tomorrow", "lambda:Novel", "plain"]), st.booleans())
def test_unknown_key_never_narrows_to_safe(item: dict[str, Any], key: str, negated: bool) -> None:
    (before,) = reaches(item)
    operator = "StringNotEquals" if negated else "StringEquals"
    condition = {name: dict(keys) for name, keys in item.get("Condition", {}).items()}
    condition.setdefault(operator, {})[key] = OWN
    (after,) = reaches({**item, "Condition": condition})
    assert after in (before, Reach.UNRECOGNISED)


@settings(deadline=None)
@given(statements(effect="Allow"), statements(effect="Deny"))
def test_unknown_condition_of_a_deny_takes_nothing(item: dict[str, Any], deny: dict[str, Any]) -> None:
    puzzling = {**deny, "Condition": {**deny.get("Condition", {}), "Resembles": {"aws:SourceArn": "x"}}}
    assert reaches(item, puzzling)[0] is reaches(item)[0]


@settings(deadline=None)
@given(st.lists(statements(), min_size=1, max_size=3), st.sampled_from(["aws-cn", "aws-us-gov", "aws-eusc"]))
def test_partition_does_not_matter(listed: list[dict[str, Any]], partition: str) -> None:
    text = json.dumps({"Statement": listed})
    here = judge_policy(text, account=OWN, partition="aws")
    there = judge_policy(text.replace("arn:aws:", f"arn:{partition}:"), account=OWN, partition=partition)
    assert [grant.reach for grant in here] == [grant.reach for grant in there]


@settings(deadline=None)
@given(statements(), st.sampled_from(list(ResourceKind)))
def test_every_statement_has_a_sentence(item: dict[str, Any], kind: ResourceKind) -> None:
    (grant,) = judge_policy({"Statement": item}, account=OWN, partition="aws", kind=kind)
    assert grant.reason.endswith(".")
    assert (grant.effect is Effect.DENY) <= (grant.reach is Reach.NONE)
