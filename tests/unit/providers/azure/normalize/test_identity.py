"""Managed identities and the roles they hold."""

import pytest

from auditor.model.identity import AssignmentLevel, IdentityKind, RolePower
from auditor.model.observed import GapReason, Known, Unknown
from tests.unit.providers.azure.normalize.capture import (
    ASSIGNMENTS,
    BLOB_OWNER,
    CONTRIBUTOR,
    CUSTOM,
    DEFINITIONS,
    GROUP,
    OTHER,
    OWN_PRINCIPAL,
    SHARED,
    SHARED_PRINCIPAL,
    SUBSCRIPTION,
    TENANT,
    assignment,
    definition,
    federated,
    gap,
    ok,
    rows,
    site_row,
)
from tests.unit.providers.azure.normalize.reading import listed, orders

BULK, LISTED = "graph:RoleAssignments", "authorization:ListRoleAssignments"


def holding(*assignments, **changes):
    """The bindings of ``orders`` with these assignments."""
    function = orders(rows(BULK, *assignments), rows(LISTED, *assignments), **changes)
    return function.identity.need().role_assignments


def test_the_own_identity_and_the_attached_one() -> None:
    function = orders()
    own, [attached] = function.identity.need(), function.attached.need()
    assert (own.id, own.name, own.kind) == (f"{function.id}#system", "orders", IdentityKind.MANAGED_IDENTITY)
    assert (own.account, own.exists.need()) == (SUBSCRIPTION, True)
    assert (attached.id, attached.name, attached.exists) == (
        SHARED.lower(),
        "id-orders",
        Known(True, "graph:Identities"),
    )


@pytest.mark.parametrize("identity", [None, {"type": "None"}])
def test_no_identity(identity) -> None:
    function = orders(*listed(site_row("orders") | {"identity": identity}))
    assert (function.identity, function.attached) == (Known(None, "graph:Sites"), Known((), "graph:Sites"))


def test_the_first_attached_identity_stands_in_for_none_of_its_own() -> None:
    names = {SHARED: {"principalId": SHARED_PRINCIPAL}, SHARED.replace("id-orders", "id-zz"): {"principalId": "p"}}
    function = orders(
        *listed(site_row("orders") | {"identity": {"type": "UserAssigned", "userAssignedIdentities": names}}),
        gap("msi:GetIdentity", SHARED.replace("id-orders", "id-zz").lower(), GapReason.NOT_FOUND),
    )
    assert function.identity.need().id == SHARED.lower()
    assert [each.name for each in function.attached.need()] == ["id-zz"]
    assert function.attached.need()[0].exists == Known(False, "msi:GetIdentity")


def test_an_identity_type_newer_than_our_table() -> None:
    function = orders(*listed(site_row("orders") | {"identity": {"type": "Borrowed"}}))
    assert function.identity.gap.reason is GapReason.UNRECOGNISED


def test_the_roles_of_an_identity() -> None:
    [group] = orders().identity.need().role_assignments
    blob, deployer = sorted(group.need(), key=lambda role: role.custom)
    assert (blob.role, blob.custom, blob.power, blob.level) == (
        "Storage Blob Data Owner",
        False,
        RolePower.PLAIN,
        AssignmentLevel.RESOURCE,
    )
    assert (deployer.role, deployer.custom, deployer.power, deployer.level) == (
        "Orders deployer",
        True,
        RolePower.TAKEOVER,
        AssignmentLevel.GROUP,
    )
    assert (blob.account, blob.foreign, blob.condition) == (SUBSCRIPTION, False, None)
    assert group.source == BULK


def test_principals_are_compared_whatever_their_case() -> None:
    [group] = holding(assignment(1, CONTRIBUTOR, OWN_PRINCIPAL.upper(), f"/subscriptions/{SUBSCRIPTION}"))
    [role] = group.need()
    assert (role.role, role.power, role.level) == ("Contributor", RolePower.ADMIN, AssignmentLevel.ACCOUNT)


def test_roles_above_and_beside_the_subscription() -> None:
    above = assignment(1, CONTRIBUTOR, OWN_PRINCIPAL, "/providers/Microsoft.Management/managementGroups/fernhollow")
    root = assignment(2, CONTRIBUTOR, OWN_PRINCIPAL, "/")
    beside = assignment(3, CONTRIBUTOR, OWN_PRINCIPAL, f"/subscriptions/{OTHER}/resourceGroups/x")
    [group] = holding(above, root, beside)
    found = {(role.level, role.account, role.foreign) for role in group.need()}
    assert found == {
        (AssignmentLevel.ORGANISATION, None, False),
        (AssignmentLevel.GROUP, OTHER, True),
    }


def test_an_assignment_in_both_answers_is_one_and_in_either_is_kept() -> None:
    only_bulk, only_listed = ASSIGNMENTS[0], ASSIGNMENTS[1]
    function = orders(rows(BULK, only_bulk), rows(LISTED, only_listed))
    groups = function.identity.need().role_assignments
    assert [(group.source, [role.role for role in group.need()]) for group in groups] == [
        (BULK, ["Storage Blob Data Owner"]),
        (LISTED, ["Orders deployer"]),
    ]


def test_the_silence_of_the_graph_is_no_proof() -> None:
    function = orders(rows(BULK), gap(LISTED))
    [group] = function.identity.need().role_assignments
    assert (group.gap.operation, group.gap.reason) == (LISTED, GapReason.DENIED)
    partly = orders(gap(LISTED)).identity.need().role_assignments
    assert [isinstance(group, Unknown) for group in partly] == [False, True]


def test_without_definitions_built_in_roles_keep_their_names_and_custom_ones_are_unknown() -> None:
    groups = (
        orders(gap("graph:RoleDefinitions"), without=("authorization:ListRoleDefinitions",))
        .identity.need()
        .role_assignments
    )
    assert [role.role for role in groups[0].need()] == ["Storage Blob Data Owner"]
    assert groups[1].gap.operation == "graph:RoleDefinitions"


def test_definitions_from_the_fallback() -> None:
    custom = definition(
        CUSTOM, "Orders deployer", "CustomRole", actions=["*"], notActions=["Microsoft.Authorization/*"]
    )
    function = orders(gap("graph:RoleDefinitions"), rows("authorization:ListRoleDefinitions", custom))
    roles = {role.role: role.power for role in function.identity.need().role_assignments[0].need()}
    assert roles["Orders deployer"] is RolePower.ADMIN


def test_what_the_roles_grant() -> None:
    groups = [group.need() for group in orders().identity.need().statements]
    assert {grant.statement for group in groups for grant in group} == {"permissions[0]", "permissions[0].data"}
    web = next(grant for group in groups for grant in group if grant.actions == ("microsoft.web/sites/*",))
    assert web.not_actions == ("microsoft.web/sites/delete",)
    assert web.resources == (f"/subscriptions/{SUBSCRIPTION}/resourcegroups/{GROUP}".lower(),)


def test_a_condition_is_kept() -> None:
    narrowed = assignment(
        1, CONTRIBUTOR, OWN_PRINCIPAL, f"/subscriptions/{SUBSCRIPTION}", condition="(@Resource[x] == 'y')"
    )
    [group] = holding(narrowed)
    assert group.need()[0].condition == "(@Resource[x] == 'y')"


GROUP_OF = "bbbbbbbb-0000-4000-8000-00000000000a"
ASSIGNED = "authorization:ListAssignedRoles"


def through_group(*answers, elsewhere=()):
    """The bindings of ``orders`` where a group holds Contributor in its subscription."""
    held = assignment(9, CONTRIBUTOR, GROUP_OF, f"/subscriptions/{SUBSCRIPTION}", principalType="Group")
    function = orders(
        rows(BULK, *ASSIGNMENTS, held, *elsewhere),
        rows(LISTED, *ASSIGNMENTS, held),
        rows("graph:RoleDefinitions", *DEFINITIONS, definition(CONTRIBUTOR, "Contributor", actions=["*"])),
        *answers,
    )
    return held, function.identity.need()


def test_s15_a_role_held_through_a_group_is_held() -> None:
    held, _ = through_group()
    _, identity = through_group(rows(ASSIGNED, ASSIGNMENTS[0], held, subject=OWN_PRINCIPAL))
    roles = {role.role: role.through for group in identity.role_assignments for role in group.need()}
    assert roles["Contributor"] == GROUP_OF
    assert roles["Storage Blob Data Owner"] is None
    assert any("*" in grant.actions for group in identity.statements for grant in group.need())


def test_s15_a_member_of_no_such_group_holds_nothing_more() -> None:
    _, identity = through_group(rows(ASSIGNED, ASSIGNMENTS[0], subject=OWN_PRINCIPAL))
    roles = [role.role for group in identity.role_assignments for role in group.need()]
    assert "Contributor" not in roles


@pytest.mark.parametrize("reason", [GapReason.DENIED, GapReason.THROTTLED])
def test_s15_membership_that_was_not_read_leaves_roles_unknown(reason: GapReason) -> None:
    _, identity = through_group(gap(ASSIGNED, OWN_PRINCIPAL, reason))
    unread = [group.gap for group in identity.role_assignments if isinstance(group, Unknown)]
    assert [found.reason for found in unread] == [reason]
    assert isinstance(identity.statements[-1], Unknown)
    _, never_asked = through_group()
    assert [group.gap.reason for group in never_asked.role_assignments if isinstance(group, Unknown)] == [
        GapReason.NOT_COLLECTED
    ]


def test_s15_a_group_that_azure_named_may_hold_more_elsewhere() -> None:
    held, _ = through_group()
    elsewhere = assignment(10, BLOB_OWNER, GROUP_OF, f"/subscriptions/{OTHER}", principalType="Group")
    _, identity = through_group(rows(ASSIGNED, held, subject=OWN_PRINCIPAL), elsewhere=(elsewhere,))
    found = [role for group in identity.role_assignments for role in group.need() if role.through]
    assert sorted((role.role, role.account) for role in found) == [
        ("Contributor", SUBSCRIPTION),
        ("Storage Blob Data Owner", OTHER),
    ]


def test_s12_an_identity_that_resource_graph_does_not_have_is_asked_about() -> None:
    def exists(*answers):
        return orders(rows("graph:Identities"), *answers).attached.need()[0].exists

    body = {"id": SHARED, "properties": {"principalId": SHARED_PRINCIPAL}}
    assert exists(ok("msi:GetIdentity", body, SHARED.lower())) == Known(True, "msi:GetIdentity")
    assert exists(gap("msi:GetIdentity", SHARED.lower(), GapReason.NOT_FOUND)) == Known(False, "msi:GetIdentity")
    assert isinstance(exists(gap("msi:GetIdentity", SHARED.lower())), Unknown)
    assert isinstance(exists(), Unknown)


def test_who_may_act_as_an_attached_identity() -> None:
    function = orders()
    own, [attached] = function.identity.need(), function.attached.need()
    assert own.federated == (Known((), "graph:Sites"),)
    [group] = attached.federated
    main, everyone = group.need()
    assert (main.subject, main.expression) == ("repo:fernhollow/orders:ref:refs/heads/main", None)
    assert (everyone.subject, everyone.expression) == (None, "claims['sub'] matches 'repo:fernhollow/*'")
    assert main.id == f"{SHARED}/federatedIdentityCredentials/main".lower()
    assert attached.tenant == Known(TENANT.lower(), "graph:Identities")


def test_a_credential_that_says_neither_subject_nor_expression_hides_no_other() -> None:
    listed = rows(
        "msi:ListFederatedCredentials", federated("odd"), federated("main", subject="x"), subject=SHARED.lower()
    )
    [attached] = orders(listed).attached.need()
    known, lost = attached.federated
    assert [each.name for each in known.need()] == ["main"]
    assert isinstance(lost, Unknown)
    assert lost.gap.reason is GapReason.MALFORMED


def test_unread_federated_credentials_are_unknown() -> None:
    [attached] = orders(gap("msi:ListFederatedCredentials", SHARED.lower())).attached.need()
    assert [isinstance(group, Unknown) for group in attached.federated] == [False, True]
