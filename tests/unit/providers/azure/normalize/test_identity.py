"""Managed identities and the roles they hold."""

import pytest

from auditor.model.identity import BindingLevel, IdentityKind, RolePower
from auditor.model.observed import GapReason, Known, Unknown
from tests.unit.providers.azure.normalize.capture import (
    ASSIGNMENTS,
    CONTRIBUTOR,
    CUSTOM,
    GROUP,
    OTHER,
    OWN_PRINCIPAL,
    SHARED,
    SHARED_PRINCIPAL,
    SUBSCRIPTION,
    assignment,
    definition,
    gap,
    rows,
    site_row,
)
from tests.unit.providers.azure.normalize.reading import listed, orders

BULK, LISTED = "graph:RoleAssignments", "authorization:ListRoleAssignments"


def holding(*assignments, **changes):
    """The bindings of ``orders`` with these assignments."""
    function = orders(rows(BULK, *assignments), rows(LISTED, *assignments), **changes)
    return function.identity.need().bindings


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
        *listed(site_row("orders") | {"identity": {"type": "UserAssigned", "userAssignedIdentities": names}})
    )
    assert function.identity.need().id == SHARED.lower()
    assert [each.name for each in function.attached.need()] == ["id-zz"]
    assert function.attached.need()[0].exists == Known(False, "graph:Identities")


def test_an_identity_type_newer_than_our_table() -> None:
    function = orders(*listed(site_row("orders") | {"identity": {"type": "Borrowed"}}))
    assert function.identity.gap.reason is GapReason.UNRECOGNISED


def test_the_roles_of_an_identity() -> None:
    [group] = orders().identity.need().bindings
    blob, deployer = sorted(group.need(), key=lambda role: role.custom)
    assert (blob.role, blob.custom, blob.power, blob.level) == (
        "Storage Blob Data Owner",
        False,
        RolePower.PLAIN,
        BindingLevel.RESOURCE,
    )
    assert (deployer.role, deployer.custom, deployer.power, deployer.level) == (
        "Orders deployer",
        True,
        RolePower.TAKEOVER,
        BindingLevel.GROUP,
    )
    assert (blob.account, blob.foreign, blob.condition) == (SUBSCRIPTION, False, None)
    assert group.source == BULK


def test_principals_are_compared_whatever_their_case() -> None:
    [group] = holding(assignment(1, CONTRIBUTOR, OWN_PRINCIPAL.upper(), f"/subscriptions/{SUBSCRIPTION}"))
    [role] = group.need()
    assert (role.role, role.power, role.level) == ("Contributor", RolePower.ADMIN, BindingLevel.ACCOUNT)


def test_roles_above_and_beside_the_subscription() -> None:
    above = assignment(1, CONTRIBUTOR, OWN_PRINCIPAL, "/providers/Microsoft.Management/managementGroups/fernhollow")
    root = assignment(2, CONTRIBUTOR, OWN_PRINCIPAL, "/")
    beside = assignment(3, CONTRIBUTOR, OWN_PRINCIPAL, f"/subscriptions/{OTHER}/resourceGroups/x")
    [group] = holding(above, root, beside)
    found = {(role.level, role.account, role.foreign) for role in group.need()}
    assert found == {
        (BindingLevel.ORGANISATION, None, False),
        (BindingLevel.GROUP, OTHER, True),
    }


def test_an_assignment_in_both_answers_is_one_and_in_either_is_kept() -> None:
    only_bulk, only_listed = ASSIGNMENTS[0], ASSIGNMENTS[1]
    function = orders(rows(BULK, only_bulk), rows(LISTED, only_listed))
    groups = function.identity.need().bindings
    assert [(group.source, [role.role for role in group.need()]) for group in groups] == [
        (BULK, ["Storage Blob Data Owner"]),
        (LISTED, ["Orders deployer"]),
    ]


def test_the_silence_of_the_graph_is_no_proof() -> None:
    function = orders(rows(BULK), gap(LISTED))
    [group] = function.identity.need().bindings
    assert (group.gap.operation, group.gap.reason) == (LISTED, GapReason.DENIED)
    partly = orders(gap(LISTED)).identity.need().bindings
    assert [isinstance(group, Unknown) for group in partly] == [False, True]


def test_without_definitions_built_in_roles_keep_their_names_and_custom_ones_are_unknown() -> None:
    groups = (
        orders(gap("graph:RoleDefinitions"), without=("authorization:ListRoleDefinitions",)).identity.need().bindings
    )
    assert [role.role for role in groups[0].need()] == ["Storage Blob Data Owner"]
    assert groups[1].gap.operation == "graph:RoleDefinitions"


def test_definitions_from_the_fallback() -> None:
    custom = definition(
        CUSTOM, "Orders deployer", "CustomRole", actions=["*"], notActions=["Microsoft.Authorization/*"]
    )
    function = orders(gap("graph:RoleDefinitions"), rows("authorization:ListRoleDefinitions", custom))
    roles = {role.role: role.power for role in function.identity.need().bindings[0].need()}
    assert roles["Orders deployer"] is RolePower.ADMIN


def test_what_the_roles_grant() -> None:
    groups = [group.need() for group in orders().identity.need().grants]
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
