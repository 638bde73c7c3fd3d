"""What roles hold and amount to, and where they are bound."""

import pytest

from auditor.model.identity import BindingLevel, RolePower
from auditor.model.observed import GapReason, Known, Unknown
from providers.gcp.iam.bindings import Place, bound
from providers.gcp.iam.roles import INVOKE_FUNCTION, INVOKE_SERVICE, Roles, is_known

EMAIL = "orders@fernhollow-shop.iam.gserviceaccount.com"
CUSTOM = "organizations/33/roles/ops"
PROJECT = Place("projects/fernhollow-shop", BindingLevel.ACCOUNT, "fernhollow-shop")


@pytest.mark.parametrize(
    ("role", "held"),
    [
        ("roles/run.invoker", (INVOKE_SERVICE,)),
        ("roles/cloudfunctions.invoker", (INVOKE_FUNCTION,)),
        ("roles/cloudfunctions.developer", (INVOKE_FUNCTION, INVOKE_SERVICE)),
        ("roles/editor", (INVOKE_FUNCTION, INVOKE_SERVICE)),
        ("roles/writer", (INVOKE_FUNCTION, INVOKE_SERVICE)),
        ("roles/viewer", ()),
        ("roles/run.viewer", ()),
    ],
)
def test_which_roles_invoke(role: str, held: tuple[str, ...]) -> None:
    assert Roles({}).holds(role, (INVOKE_FUNCTION, INVOKE_SERVICE)) == Known(held, "")


@pytest.mark.parametrize(
    ("role", "power"),
    [
        ("roles/owner", RolePower.OWNER),
        ("roles/editor", RolePower.BASIC),
        ("roles/viewer", RolePower.BASIC),
        ("roles/storage.admin", RolePower.ADMIN),
        ("roles/iam.securityAdmin", RolePower.ADMIN),
        ("roles/resourcemanager.projectIamAdmin", RolePower.ADMIN),
        ("roles/iam.serviceAccountTokenCreator", RolePower.TAKEOVER),
        ("roles/iam.serviceAccountUser", RolePower.TAKEOVER),
        ("roles/cloudfunctions.developer", RolePower.TAKEOVER),
        ("roles/secretmanager.secretAccessor", RolePower.TAKEOVER),
        ("roles/artifactregistry.writer", RolePower.TAKEOVER),
        ("roles/pubsub.publisher", RolePower.PLAIN),
        ("roles/run.invoker", RolePower.PLAIN),
    ],
)
def test_what_roles_amount_to(role: str, power: RolePower) -> None:
    assert Roles({}).power(role) == Known(power, "")


def test_custom_roles_are_judged_by_their_permissions() -> None:
    for permissions, power in (
        ({"resourcemanager.projects.setIamPolicy"}, RolePower.ADMIN),
        ({"iam.serviceAccounts.actAs"}, RolePower.TAKEOVER),
        ({"pubsub.topics.publish"}, RolePower.PLAIN),
    ):
        roles = Roles({CUSTOM: Known(frozenset(permissions), "iam:GetRole")})
        assert roles.power(CUSTOM) == Known(power, "iam:GetRole")


def test_a_role_we_do_not_know_is_unrecognised_and_an_unread_one_uncollected() -> None:
    newer, unread = Roles({}).power("roles/run.spectator"), Roles({}).power(CUSTOM)
    assert isinstance(newer, Unknown)
    assert isinstance(unread, Unknown)
    assert (newer.gap.reason, unread.gap.reason) == (GapReason.UNRECOGNISED, GapReason.NOT_COLLECTED)
    assert is_known("roles/cloudfunctions.serviceAgent")


def test_a_binding_tells_where_and_how_it_holds() -> None:
    policy = {
        "bindings": [
            {"role": "roles/owner", "members": [f"serviceAccount:{EMAIL.upper()}"]},
            {"role": "roles/viewer", "members": ["allAuthenticatedUsers"]},
            {"role": "roles/editor", "members": ["serviceAccount:other@fernhollow-shop.iam.gserviceaccount.com"]},
        ]
    }
    held = bound(policy, PROJECT, EMAIL, "fernhollow-data", Roles({}))
    assert [(each.role, each.power, each.foreign, each.through) for each in held.found] == [
        ("owner", RolePower.OWNER, True, None),
        ("viewer", RolePower.BASIC, True, "allAuthenticatedUsers"),
    ]


def test_a_role_of_unknown_power_is_a_gap_beside_the_others() -> None:
    member = f"serviceAccount:{EMAIL}"
    policy = {"bindings": [{"role": CUSTOM, "members": [member]}, {"role": "roles/owner", "members": [member]}]}
    held = bound(policy, PROJECT, EMAIL, "fernhollow-shop", Roles({}))
    assert [each.role for each in held.found] == ["owner"]
    assert held.gap is not None
    assert held.gap.operation == "iam:GetRole"


@pytest.mark.parametrize(
    ("resource", "role", "power"),
    [
        ("projects/p/topics/t", "roles/pubsub.admin", RolePower.PLAIN),
        ("projects/p/secrets/s", "roles/secretmanager.secretAccessor", RolePower.PLAIN),
        ("projects/p/serviceAccounts/7", "roles/iam.serviceAccountTokenCreator", RolePower.TAKEOVER),
        ("projects/_/buckets/gcf-sources-1-x", "roles/storage.admin", RolePower.ADMIN),
    ],
)
def test_on_one_resource_a_role_is_weighed_by_what_the_resource_is(resource: str, role: str, power: RolePower) -> None:
    place = Place(resource, BindingLevel.RESOURCE, "p")
    policy = {"bindings": [{"role": role, "members": [f"serviceAccount:{EMAIL}"]}]}
    assert [each.power for each in bound(policy, place, EMAIL, "p", Roles({})).found] == [power]
