"""A function URL's AuthType and the policy of its qualifier, taken together."""

from datetime import date
from typing import Any

import pytest

from auditor.model.exposure import AccessGrant, AuthMode, Reach
from auditor.model.observed import Gap, GapReason, Known, Unknown
from providers.aws.iam.endpoint import endpoint_reach
from providers.aws.iam.resource_policy import judge_policy
from providers.aws.iam.url_permissions import second_permission

OWN = "111122223333"
OTHER = "444455556666"
URL = "lambda:InvokeFunctionUrl"
INVOKE = "lambda:InvokeFunction"


def grant(sid: str, action: Any, principal: Any = "*", effect: str = "Allow", **condition: Any) -> dict[str, Any]:
    return {"Sid": sid, "Effect": effect, "Principal": principal, "Action": action, "Condition": condition}


def judged(*statements: dict[str, Any]) -> tuple[AccessGrant, ...]:
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


def test_a7_the_second_permission_is_needed_where_the_urls_age_says_so() -> None:
    young = second_permission(date(2026, 5, 2), date(2026, 6, 1))
    answer, reason = endpoint_reach(AuthMode.NONE, Known(judged(OPEN)), young)
    assert answer == Known(Reach.NONE)
    assert (
        "dormant: lambda:InvokeFunctionUrl is granted, but lambda:InvokeFunction is not; this URL was made on" in reason
    )
    old = second_permission(date(2024, 5, 2), date(2026, 6, 1))
    answer, reason = endpoint_reach(AuthMode.NONE, Known(judged(OPEN)), old)
    assert answer == Known(Reach.ANONYMOUS)
    assert "is enough: this URL is older than October 2025" in reason


_NEEDED = [
    ("made-after-the-rule", date(2025, 11, 2), date(2026, 3, 1), False, True),
    ("made-on-the-day-it-was-complete", date(2025, 11, 1), date(2025, 11, 1), False, True),
    ("made-in-the-month-of-the-change", date(2025, 10, 14), date(2026, 3, 1), False, None),
    ("made-before", date(2025, 9, 30), date(2026, 3, 1), False, False),
    ("made-before-and-the-exception-is-over", date(2022, 4, 7), date(2026, 11, 1), False, True),
    ("made-before-on-its-last-day", date(2022, 4, 7), date(2026, 10, 31), True, False),
    ("made-after-in-an-excepted-account", date(2026, 1, 5), date(2026, 3, 1), True, None),
    ("made-after-when-no-account-is-excepted", date(2026, 1, 5), date(2026, 11, 29), True, True),
    ("age-unknown", None, date(2026, 3, 1), False, None),
    ("age-unknown-and-the-exception-is-over", None, date(2026, 11, 29), False, True),
]


@pytest.mark.parametrize(
    ("created", "today", "older", "needed"), [case[1:] for case in _NEEDED], ids=[case[0] for case in _NEEDED]
)
def test_a7_which_urls_need_both_permissions(
    created: date | None, today: date, older: bool, needed: bool | None
) -> None:
    found = second_permission(created, today, older_beside=older)
    assert found.needed is needed
    assert found.why


YOUNG = second_permission(date(2026, 5, 2), date(2026, 11, 24))
BY_URL = grant("by-url", URL)
BOTH_IN_ONE = grant("both", [URL, INVOKE])
WILDCARD = grant("wild", "lambda:Invoke*")
VIA_SIGNED = grant("via-org", INVOKE, {"AWS": OTHER}, Bool={"lambda:InvokedViaFunctionUrl": "true"})
COMBINATIONS = [
    ("url-permission-alone", AuthMode.NONE, (OPEN,), Reach.NONE),
    ("url-permission-alone-without-condition", AuthMode.NONE, (BY_URL,), Reach.NONE),
    ("invoke-via-url-alone", AuthMode.NONE, (VIA,), Reach.NONE),
    ("invoke-alone", AuthMode.NONE, (PLAIN,), Reach.NONE),
    ("both", AuthMode.NONE, (OPEN, VIA), Reach.ANONYMOUS),
    ("both-in-one-statement", AuthMode.NONE, (BOTH_IN_ONE,), Reach.ANONYMOUS),
    ("both-by-a-wildcard", AuthMode.NONE, (WILDCARD,), Reach.ANONYMOUS),
    ("the-second-for-one-account-only", AuthMode.NONE, (OPEN, FOREIGN), Reach.NONE),
    ("the-second-for-one-account-through-the-url", AuthMode.NONE, (OPEN, VIA_SIGNED), Reach.NONE),
    ("the-url-permission-for-signed-calls-only", AuthMode.NONE, (SIGNED, VIA), Reach.NONE),
    ("signed-both", AuthMode.IAM, (SIGNED, VIA), Reach.ANY_PRINCIPAL),
    ("signed-url-permission-alone", AuthMode.IAM, (SIGNED,), Reach.SCOPED),
    ("signed-account-with-both", AuthMode.IAM, (FOREIGN,), Reach.CROSS_ACCOUNT),
    ("signed-account-with-one", AuthMode.IAM, (grant("one", URL, {"AWS": OTHER}),), Reach.SCOPED),
]


@pytest.mark.parametrize(
    ("auth", "statements", "reach"), [case[1:] for case in COMBINATIONS], ids=[case[0] for case in COMBINATIONS]
)
def test_a7_the_combinations_of_the_two_permissions(
    auth: AuthMode, statements: tuple[dict[str, Any], ...], reach: Reach
) -> None:
    answer, reason = endpoint_reach(auth, Known(judged(*statements), "lambda:GetPolicy"), YOUNG)
    assert answer == Known(reach, "lambda:GetPolicy"), reason


@pytest.mark.parametrize("auth", [AuthMode.NONE, AuthMode.IAM])
def test_unread_policy_leaves_the_url_unknown(auth: AuthMode) -> None:
    gap = Unknown(Gap(GapReason.DENIED, "lambda:GetPolicy", "lambda:GetPolicy"))
    answer, reason = endpoint_reach(auth, gap)
    assert answer == gap
    assert "could not be read" in reason
