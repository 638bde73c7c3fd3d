"""What roles hold and amount to, and where they are bound."""

from datetime import UTC, datetime

import pytest

from auditor.model.identity import AssignmentLevel, RolePower
from auditor.model.observed import GapReason, Known, Unknown
from providers.gcp.iam.members import Home
from providers.gcp.iam.role_assignments import Holder, PolicyTarget, bound
from providers.gcp.iam.roles import INVOKE_FUNCTION, INVOKE_SERVICE, Roles, is_known

EMAIL = "orders@fernhollow-shop.iam.gserviceaccount.com"
NOW = datetime(2026, 11, 29, tzinfo=UTC)
ITSELF = f"projects/fernhollow-shop/serviceAccounts/{EMAIL}"
HOLDER = Holder(EMAIL, Home("fernhollow-shop", "413900112233", now=NOW), frozenset({"folders/5"}), frozenset({ITSELF}))
CUSTOM = "organizations/33/roles/ops"
PROJECT = PolicyTarget("projects/fernhollow-shop", AssignmentLevel.ACCOUNT, "fernhollow-shop")


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
        ("roles/storage.admin", RolePower.SERVICE),
        ("roles/pubsub.admin", RolePower.SERVICE),
        ("roles/run.admin", RolePower.TAKEOVER),
        ("roles/iam.serviceAccountAdmin", RolePower.ADMIN),
        ("roles/iam.roleAdmin", RolePower.TAKEOVER),
        ("roles/orgpolicy.policyAdmin", RolePower.TAKEOVER),
        ("roles/iam.serviceAccountKeyAdmin", RolePower.TAKEOVER),
        ("roles/iam.workloadIdentityUser", RolePower.TAKEOVER),
        ("roles/iam.workloadIdentityPoolAdmin", RolePower.TAKEOVER),
        ("roles/run.developer", RolePower.TAKEOVER),
        ("roles/cloudbuild.builds.editor", RolePower.TAKEOVER),
        ("roles/compute.instanceAdmin", RolePower.TAKEOVER),
        ("roles/compute.instanceAdmin.v1", RolePower.TAKEOVER),
        ("roles/deploymentmanager.editor", RolePower.TAKEOVER),
        ("roles/composer.admin", RolePower.TAKEOVER),
        ("roles/dataflow.developer", RolePower.TAKEOVER),
        ("roles/aiplatform.user", RolePower.PLAIN),
        ("roles/compute.networkAdmin", RolePower.PLAIN),
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
    held = bound(policy, PROJECT, Holder(EMAIL, Home("fernhollow-data", "7")), Roles({}))
    assert [(each.role, each.power, each.foreign, each.through) for each in held.found] == [
        ("owner", RolePower.OWNER, True, None),
        ("viewer", RolePower.BASIC, True, "allAuthenticatedUsers"),
    ]


def test_a_role_of_unknown_power_is_a_gap_beside_the_others() -> None:
    member = f"serviceAccount:{EMAIL}"
    policy = {"bindings": [{"role": CUSTOM, "members": [member]}, {"role": "roles/owner", "members": [member]}]}
    held = bound(policy, PROJECT, HOLDER, Roles({}))
    assert [each.role for each in held.found] == ["owner"]
    assert held.gap is not None
    assert held.gap.operation == "iam:GetRole"


@pytest.mark.parametrize(
    ("resource", "role", "power"),
    [
        ("projects/p/topics/t", "roles/pubsub.admin", RolePower.PLAIN),
        ("projects/p/secrets/s", "roles/secretmanager.secretAccessor", RolePower.PLAIN),
        ("projects/p/serviceAccounts/7", "roles/iam.serviceAccountTokenCreator", RolePower.TAKEOVER),
        ("projects/p/serviceAccounts/7", "roles/iam.serviceAccountAdmin", RolePower.TAKEOVER),
        ("projects/p/serviceAccounts/7", "roles/iam.serviceAccountViewer", RolePower.PLAIN),
        ("projects/p/locations/l/functions/f", "roles/cloudfunctions.developer", RolePower.TAKEOVER),
        ("projects/p/locations/l/services/s", "roles/run.admin", RolePower.TAKEOVER),
        ("projects/p/locations/l/repositories/r", "roles/artifactregistry.writer", RolePower.TAKEOVER),
        ("projects/_/buckets/gcf-sources-1-x", "roles/storage.admin", RolePower.TAKEOVER),
        ("projects/_/buckets/images", "roles/storage.admin", RolePower.PLAIN),
        (ITSELF, "roles/iam.serviceAccountTokenCreator", RolePower.PLAIN),
    ],
)
def test_z10_on_one_resource_a_role_is_weighed_by_what_it_takes_over_there(
    resource: str, role: str, power: RolePower
) -> None:
    target = PolicyTarget(resource, AssignmentLevel.RESOURCE, "p")
    policy = {"bindings": [{"role": role, "members": [f"serviceAccount:{EMAIL}"]}]}
    (found,) = bound(policy, target, HOLDER, Roles({})).found
    assert found.power is power
    assert bool(found.reaches) is (power is RolePower.TAKEOVER)


def test_z10_a_custom_role_is_named_for_what_its_permissions_reach() -> None:
    permissions = frozenset(
        {"iam.serviceAccounts.actAs", "cloudfunctions.functions.create", "logging.logEntries.create"}
    )
    roles = Roles({CUSTOM: Known(permissions, "iam:GetRole")})
    policy = {"bindings": [{"role": CUSTOM, "members": [f"serviceAccount:{EMAIL}"]}]}
    (found,) = bound(policy, PROJECT, HOLDER, roles).found
    assert found.power is RolePower.TAKEOVER
    assert found.reaches == (
        "attach every service account there to code of its own",
        "replace the code of functions, or who may call them",
    )


@pytest.mark.parametrize(
    ("expression", "held"),
    [
        ('request.time < timestamp("2026-01-01T00:00:00Z")', None),
        ('request.time < timestamp("2027-01-01T00:00:00Z")', False),
        ('request.time > timestamp("2027-01-01T00:00:00Z")', True),
        ("resource.name.startsWith('projects/_/buckets/a')", True),
    ],
)
def test_z11_a_role_under_a_condition(expression: str, held: bool | None) -> None:
    condition = {"title": "when", "expression": expression}
    policy = {"bindings": [{"role": "roles/owner", "members": [f"serviceAccount:{EMAIL}"], "condition": condition}]}
    found = [(each.condition, each.conditional) for each in bound(policy, PROJECT, HOLDER, Roles({})).found]
    assert found == ([] if held is None else [(expression, held)])


@pytest.mark.parametrize(
    ("member", "held"),
    [
        ("allAuthenticatedUsers", True),
        (f"principal://iam.googleapis.com/projects/-/serviceAccounts/{EMAIL}", True),
        ("principalSet://cloudresourcemanager.googleapis.com/projects/413900112233/type/ServiceAccount", True),
        ("principalSet://cloudresourcemanager.googleapis.com/folders/5/type/ServiceAccount", True),
        ("principalSet://cloudresourcemanager.googleapis.com/folders/6/type/ServiceAccount", False),
        ("principalSet://cloudresourcemanager.googleapis.com/projects/9/type/ServiceAccount", False),
        (f"deleted:serviceAccount:{EMAIL}?uid=1", False),
        ("domain:fernhollow.example", False),
    ],
)
def test_z12_every_form_of_member_that_the_account_is_among(member: str, held: bool) -> None:
    policy = {"bindings": [{"role": "roles/owner", "members": [member]}]}
    assert bool(bound(policy, PROJECT, HOLDER, Roles({})).found) is held
