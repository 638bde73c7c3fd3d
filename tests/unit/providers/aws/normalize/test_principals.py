"""Every principal of an account is read, and what of it cannot be read is unknown."""

from auditor.model.observed import Known, Unknown
from auditor.model.principals import PrincipalKind
from providers.aws.normalize import normalize
from tests.unit.providers.aws.normalize.capture import ACCOUNT, GLOBAL, ROLE, capture, ok

DETAILS = "iam:GetAccountAuthorizationDetails"
USER = f"arn:aws:iam::{ACCOUNT}:user/staff/ada"
GROUP = f"arn:aws:iam::{ACCOUNT}:group/staff/developers"


def test_roles_users_and_groups_with_what_decides_about_them() -> None:
    found = {principal.id: principal for principal in normalize(capture()).scopes[0].principals.need()}
    assert {name: principal.kind for name, principal in found.items()} == {
        ROLE: PrincipalKind.ROLE,
        USER: PrincipalKind.USER,
        GROUP: PrincipalKind.GROUP,
    }
    assert found[USER].groups == (GROUP,)
    assert [policy.name for policy in found[USER].policies.need()] == ["own", "AWSLambdaBasicExecutionRole"]
    assert found[ROLE].instance_profiles.need() == (f"arn:aws:iam::{ACCOUNT}:instance-profile/orders",)
    assert found[ROLE].tags.need() == (("team", "orders"),)
    assert "lambda.amazonaws.com" in (found[ROLE].trust.need() or "")
    assert found[GROUP].trust == Known(None, DETAILS)


def test_without_the_list_of_users_nobody_can_say_who_there_is() -> None:
    answer = ok(DETAILS, {"RoleDetailList": [], "GroupDetailList": [], "Policies": []}, location=GLOBAL)
    found = normalize(capture(answer)).scopes[0].principals
    assert isinstance(found, Unknown)
    assert found.gap.message == "UserDetailList is missing"
