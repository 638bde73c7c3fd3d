"""A function URL's AuthType and the policy of its qualifier, taken together."""

from typing import Any

import pytest

from auditor.model.exposure import AuthMode, Reach, ResourceGrant
from auditor.model.observed import Gap, GapReason, Known, Unknown
from providers.aws.iam.endpoint import endpoint_reach, joint_reach
from providers.aws.iam.resource_policy import judge_policy

OWN = "111122223333"
OTHER = "444455556666"
URL = "lambda:InvokeFunctionUrl"
INVOKE = "lambda:InvokeFunction"


def grant(sid: str, action: Any, principal: Any = "*", effect: str = "Allow", **condition: Any) -> dict[str, Any]:
    return {"Sid": sid, "Effect": effect, "Principal": principal, "Action": action, "Condition": condition}


def judged(*statements: dict[str, Any]) -> tuple[ResourceGrant, ...]:
    return judge_policy({"Statement": list(statements)}, account=OWN, partition="aws")


def auth_type(value: str) -> dict[str, str]:
    return {"lambda:FunctionUrlAuthType": value}


OPEN = grant("open", URL, StringEquals=auth_type("NONE"))
SIGNED = grant("signed", URL, StringEquals=auth_type("AWS_IAM"))
VIA = grant("via", INVOKE, Bool={"lambda:InvokedViaFunctionUrl": "true"})
PLAIN = grant("plain", INVOKE)
FOREIGN = grant("foreign", [URL, INVOKE], {"AWS": OTHER})
ORG = grant("org", URL, StringEquals={"aws:PrincipalOrgID": "o-a1b2c3d4e5"})
ADDRESS = grant("address", URL, IpAddress={"aws:SourceIp": "8.8.8.8/32"})
NOT_ORG = grant("not-org", URL, StringNotEquals={"aws:PrincipalOrgID": "o-a1b2c3d4e5"})
CDN = grant("cdn", URL, {"Service": "cloudfront.amazonaws.com"})
DENY = grant("deny", "lambda:*", effect="Deny")
FUTURE = grant("future", URL, StringEquals={"aws:FutureKey": "x"})

CASES = [
    ("none-open-both", AuthMode.NONE, (OPEN, VIA), Reach.ANONYMOUS, "are both granted"),
    ("none-open-and-plain", AuthMode.NONE, (OPEN, PLAIN), Reach.ANONYMOUS, "are both granted"),
    ("none-open-alone", AuthMode.NONE, (OPEN,), Reach.ANONYMOUS, "only lambda:InvokeFunctionUrl is granted"),
    ("none-empty", AuthMode.NONE, (), Reach.NONE, "dormant"),
    ("none-plain-alone", AuthMode.NONE, (PLAIN,), Reach.NONE, "dormant"),
    ("none-signed-grant", AuthMode.NONE, (SIGNED,), Reach.NONE, "dormant"),
    ("none-foreign", AuthMode.NONE, (FOREIGN,), Reach.NONE, "without credentials"),
    ("none-org", AuthMode.NONE, (ORG,), Reach.NONE, "dormant"),
    ("none-not-org", AuthMode.NONE, (NOT_ORG,), Reach.EVERYONE_BUT, 'statement "not-org"'),
    ("none-address", AuthMode.NONE, (ADDRESS,), Reach.CONDITIONAL, 'statement "address"'),
    ("none-denied", AuthMode.NONE, (OPEN, DENY), Reach.NONE, "dormant"),
    ("none-future", AuthMode.NONE, (FUTURE,), Reach.UNRECOGNISED, 'statement "future"'),
    ("iam-empty", AuthMode.IAM, (), Reach.SCOPED, "only identities of this account"),
    ("iam-open-grant", AuthMode.IAM, (OPEN,), Reach.SCOPED, "only identities of this account"),
    ("iam-signed", AuthMode.IAM, (SIGNED, VIA), Reach.ANY_PRINCIPAL, "calls are signed"),
    ("iam-unconditioned", AuthMode.IAM, (grant("all", URL),), Reach.ANY_PRINCIPAL, "calls are signed"),
    ("iam-foreign", AuthMode.IAM, (FOREIGN,), Reach.CROSS_ACCOUNT, OTHER),
    ("iam-org", AuthMode.IAM, (ORG,), Reach.ORGANISATION, "organisation"),
    ("iam-service", AuthMode.IAM, (CDN,), Reach.SERVICE_WITHOUT_SOURCE, "confused deputy"),
    ("iam-plain-alone", AuthMode.IAM, (PLAIN,), Reach.SCOPED, "only identities of this account"),
    ("unknown-type", AuthMode.UNRECOGNISED, (OPEN,), Reach.UNRECOGNISED, "not one we know"),
]


@pytest.mark.parametrize(("auth", "statements", "reach", "phrase"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_url_and_policy_together(
    auth: AuthMode, statements: tuple[dict[str, Any], ...], reach: Reach, phrase: str
) -> None:
    answer, reason = endpoint_reach(auth, Known(judged(*statements), "lambda:GetPolicy"))
    assert answer == Known(reach, "lambda:GetPolicy"), reason
    assert phrase in reason


def test_second_permission_is_required_when_known() -> None:
    answer, reason = endpoint_reach(AuthMode.NONE, Known(judged(OPEN)), needs_both=True)
    assert answer == Known(Reach.NONE)
    assert "dormant" in reason
    answer, reason = endpoint_reach(AuthMode.NONE, Known(judged(OPEN)), needs_both=False)
    assert answer == Known(Reach.ANONYMOUS)
    assert "is enough" in reason


@pytest.mark.parametrize("auth", [AuthMode.NONE, AuthMode.IAM])
def test_unread_policy_leaves_the_url_unknown(auth: AuthMode) -> None:
    gap = Unknown(Gap(GapReason.DENIED, "lambda:GetPolicy", "lambda:GetPolicy"))
    answer, reason = endpoint_reach(auth, gap)
    assert answer == gap
    assert "could not be read" in reason


JOINT = [
    ("open-with-none", OPEN, (AuthMode.NONE,), Reach.ANONYMOUS, "no credentials"),
    ("open-with-iam", OPEN, (AuthMode.IAM,), Reach.NONE, "dormant: the URL's AuthType is AWS_IAM"),
    ("open-without-url", OPEN, (), Reach.NONE, "dormant: the qualifier has no function URL"),
    ("via-without-url", VIA, (), Reach.NONE, "dormant"),
    ("via-with-iam", VIA, (AuthMode.IAM,), Reach.ANY_PRINCIPAL, "must be signed"),
    ("via-with-none", VIA, (AuthMode.NONE,), Reach.ANONYMOUS, "as open as"),
    ("plain-without-url", PLAIN, (), Reach.ANY_PRINCIPAL, "must be signed"),
    ("plain-with-none", PLAIN, (AuthMode.NONE,), Reach.ANONYMOUS, "Anyone"),
    ("foreign-without-url", FOREIGN, (), Reach.CROSS_ACCOUNT, OTHER),
    ("signed-with-none", SIGNED, (AuthMode.NONE,), Reach.NONE, "dormant: the URL's AuthType is NONE"),
    ("deny", DENY, (AuthMode.NONE,), Reach.NONE, "grants nothing"),
]


@pytest.mark.parametrize(("given", "auths", "reach", "phrase"), [c[1:] for c in JOINT], ids=[c[0] for c in JOINT])
def test_statement_seen_with_its_urls(
    given: dict[str, Any], auths: tuple[AuthMode, ...], reach: Reach, phrase: str
) -> None:
    (statement,) = judged(given)
    now, reason = joint_reach(statement, auths)
    assert now is reach, reason
    assert phrase in reason
