"""Where another account owns what was denied, a grant to the auditor is not what is missing."""

import pytest

from auditor.engine.resource_owners import allow_advice, other_owners

OWN, OTHER = "123456789012", "999988887777"
SUBSCRIPTION = "aaaaaaaa-1111-2222-3333-444444444444"
ELSEWHERE = "bbbbbbbb-1111-2222-3333-444444444444"


def layer(account: str) -> str:
    return f"arn:aws:lambda:eu-west-1:{account}:layer:shared:1"


@pytest.mark.parametrize(
    ("scope", "denied", "owner"),
    [
        (OWN, layer(OTHER), OTHER),
        (SUBSCRIPTION, f"/subscriptions/{ELSEWHERE.upper()}/resourceGroups/g", ELSEWHERE),
        ("shop", "//cloudkms.googleapis.com/projects/vault/locations/eu", "vault"),
        ("shop", "projects/vault", "vault"),
    ],
)
def test_a13_the_owner_is_named_by_the_resources_id(scope: str, denied: str, owner: str) -> None:
    assert other_owners(scope, 3, (denied,), "denied") == (owner,)


@pytest.mark.parametrize(
    ("scope", "answered", "denied", "message"),
    [
        pytest.param(OWN, 0, (layer(OTHER),), "", id="it never succeeded"),
        pytest.param(OWN, 3, (layer(OTHER), layer(OWN)), "", id="an own one as well"),
        pytest.param(OWN, 3, (layer(OTHER), "shared"), "", id="an id without an account"),
        pytest.param(OWN, 3, ("",), "", id="a call about no resource"),
        pytest.param("shop", 3, ("projects/4711/secrets/s",), "", id="a project's number"),
        pytest.param(
            OWN, 3, (layer(OTHER),), "because no identity-based policy allows the action", id="the caller's own policy"
        ),
        pytest.param(OWN, 3, (layer(OTHER),), "with an explicit deny in a service control policy", id="a deny"),
    ],
)
def test_a13_a_grant_is_advised_where_it_may_help(
    scope: str, answered: int, denied: tuple[str, ...], message: str
) -> None:
    assert other_owners(scope, answered, denied, message) == ()


def test_a13_the_advice_names_the_owners() -> None:
    assert f"{OTHER} must allow it" in allow_advice((OTHER,))
