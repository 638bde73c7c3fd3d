"""What an app may do: decided by the roles of its identities at every scope, with the chain in order."""

import pytest

from auditor.analysis.permissions.role_techniques import permissions_of
from auditor.cli.selection import all_providers
from auditor.engine.explain import explain
from auditor.errors import UsageError
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.provider import PermissionQuestion
from providers.azure.normalize import normalize
from providers.azure.normalize.permissions import decide
from tests.unit.providers.azure.normalize.capture import (
    ACCOUNT,
    BLOB_OWNER,
    CONTRIBUTOR,
    CUSTOM,
    DEFINITIONS,
    GROUP,
    ORDERS,
    OTHER,
    OWN_PRINCIPAL,
    SHARED_PRINCIPAL,
    SUBSCRIPTION,
    VAULT,
    arm,
    assignment,
    definition,
    deny_assignment,
    gap,
    rows,
)
from tests.unit.providers.azure.normalize.reading import BASE, app

DENIALS = "authorization:ListDenyAssignments"
BULK, LISTED, ASSIGNED = "graph:RoleAssignments", "authorization:ListRoleAssignments", "authorization:ListAssignedRoles"
SCOPE = f"/subscriptions/{SUBSCRIPTION}"
ABOVE = "/providers/Microsoft.Management/managementGroups/fernhollow"
BLOB = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
SITE = arm("Microsoft.Web/sites", "menu")
OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
GROUP_ID = "aaaaaaaa-0000-4000-8000-00000000000f"


def decided(action, resource, *changes, context=None):
    capture = BASE.plus(*changes)
    question = PermissionQuestion(action, resource, context or {})
    return decide(capture, app(normalize(capture), ORDERS), question)


def holding(*assignments):
    return rows(BULK, *assignments), rows(LISTED, *assignments)


def answer(action, resource, *changes):
    return str(decided(action, resource, *changes).answer)


def chain(decision):
    return [(step.layer, str(step.effect or ""), step.statement) for step in decision.proof]


def test_the_chain_goes_from_the_management_groups_down_to_the_resource() -> None:
    found = decided("Microsoft.Web/sites/write", SITE)
    assert (found.answer, found.principal, found.before) == ("yes", f"{ORDERS}#system", ())
    assert chain(found) == [
        ("deny assignment", "", ""),
        ("management group scope", "", ""),
        ("subscription scope", "", ""),
        ("resource group scope", "allow", "Orders deployer"),
        ("resource scope", "", ""),
    ]
    assert found.why.startswith(f"Orders deployer on {SCOPE}/resourcegroups/{GROUP}".lower().replace("o", "O", 1))
    assert '"notActions":["microsoft.web/sites/delete"]' in found.proof[3].text


def test_what_not_actions_take_away_only_another_role_gives() -> None:
    found = decided("Microsoft.Web/sites/delete", SITE)
    assert (found.answer, found.why) == ("no", "No role allows it. So it is for all of them.")
    assert ("resource group scope", "", "Orders deployer") in chain(found)
    both = holding(assignment(1, CUSTOM, OWN_PRINCIPAL, SCOPE), assignment(2, CONTRIBUTOR, OWN_PRINCIPAL, SCOPE))
    assert answer("Microsoft.Web/sites/delete", SITE, *both, rows(DENIALS)) == "yes"


@pytest.mark.parametrize(
    ("scope", "resource", "expected"),
    [
        (ABOVE, SITE, "yes"),
        ("/", SITE, "yes"),
        (SCOPE, SITE, "yes"),
        (SCOPE, "*", "yes"),
        (f"{SCOPE}/resourceGroups/{GROUP}", f"{SCOPE}/resourceGroups/{GROUP}/*", "yes"),
        (f"{SCOPE}/resourceGroups/{GROUP}", "*", "conditional"),
        (f"{SCOPE}/resourceGroups/{GROUP}-2", SITE, "no"),
        (SITE, f"{SITE}-2", "no"),
        (SITE, f"{SITE}/slots/staging", "yes"),
        (f"{SITE}/slots/staging", SITE, "no"),
        (ABOVE, ABOVE, "yes"),
        (SCOPE, ABOVE, "unknown"),
        (SCOPE, f"/subscriptions/{OTHER}", "unknown"),
    ],
)
def test_an_assignment_holds_on_its_scope_and_below(scope, resource, expected) -> None:
    assert (
        answer("Microsoft.Web/sites/write", resource, *holding(assignment(1, OWNER, OWN_PRINCIPAL, scope))) == expected
    )


def test_actions_give_no_data_and_data_actions_no_resource() -> None:
    owner = holding(assignment(1, OWNER, OWN_PRINCIPAL, SCOPE))
    assert answer(BLOB, ACCOUNT, *owner) == "no"
    assert answer("Microsoft.Storage/storageAccounts/listKeys/action", ACCOUNT, *owner) == "yes"
    data = holding(assignment(1, BLOB_OWNER, OWN_PRINCIPAL, ACCOUNT))
    assert answer(BLOB, f"{ACCOUNT}/blobServices/default/containers/orders", *data) == "yes"
    assert answer("Microsoft.Storage/storageAccounts/listKeys/action", ACCOUNT, *data) == "no"


def test_a_kind_of_action_that_is_not_known_is_not_guessed() -> None:
    found = decided("Contoso.Clouds/skies/read", SITE, *holding(assignment(1, OWNER, OWN_PRINCIPAL, SCOPE)))
    assert (found.answer, found.gap.reason) == ("unknown", GapReason.UNRECOGNISED)
    assert answer("Contoso.Clouds/skies/read", SITE, *holding()) == "no"


def test_a_condition_binds_the_actions_that_it_names() -> None:
    condition = (
        f"((!(ActionMatches{{'{BLOB}'}})) OR"
        " (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'orders'))"
    )
    held = holding(assignment(1, BLOB_OWNER, OWN_PRINCIPAL, ACCOUNT, condition=condition))
    found = decided(BLOB, ACCOUNT, *held)
    assert (found.answer, found.conditions) == (
        "conditional",
        ("@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name]",),
    )
    assert answer(BLOB.replace("/read", "/write"), ACCOUNT, *held) == "yes"


def test_the_best_of_several_identities_counts() -> None:
    found = decided("Microsoft.Web/sites/write", SITE, *holding(assignment(1, OWNER, SHARED_PRINCIPAL, SCOPE)))
    assert found.answer == "yes"
    assert found.principal.endswith("/userassignedidentities/id-orders")
    assert "has 2 identities" in found.why


def test_roles_of_groups() -> None:
    of_group = assignment(1, OWNER, GROUP_ID, SCOPE, principalType="Group")
    asked = [rows(ASSIGNED, of_group, subject=OWN_PRINCIPAL), rows(ASSIGNED, subject=SHARED_PRINCIPAL)]
    found = decided("Microsoft.Web/sites/write", SITE, *holding(of_group), *asked)
    assert found.answer == "yes"
    assert GROUP_ID in next(step.text for step in found.proof if step.effect)
    untold = decided("Microsoft.Web/sites/write", SITE, *holding(of_group), gap(ASSIGNED, OWN_PRINCIPAL), asked[1])
    assert (untold.answer, untold.gap.operation) == ("unknown", ASSIGNED)


def test_what_is_unread_outranks_a_no_and_never_a_yes() -> None:
    unread = decided("Microsoft.Web/sites/delete", SITE, gap(LISTED))
    assert (unread.answer, unread.gap.permission) == ("unknown", f"permission of {LISTED}")
    assert answer("Microsoft.Web/sites/write", SITE, gap(LISTED)) == "yes"


def test_a_role_that_could_not_be_read_is_judged_by_the_table_of_built_in_roles_or_not_at_all() -> None:
    unread = gap("graph:RoleDefinitions"), gap("authorization:ListRoleDefinitions")
    built_in = holding(assignment(1, CONTRIBUTOR, OWN_PRINCIPAL, SCOPE))
    assert answer("Microsoft.Web/sites/write", SITE, *built_in, *unread) == "yes"
    found = decided("Microsoft.Web/sites/write", SITE, *unread)
    assert (found.answer, found.gap.operation) == ("unknown", "graph:RoleDefinitions")


def vault(*policies, **properties):
    body = {"publicNetworkAccess": "Enabled", "enableRbacAuthorization": False, "accessPolicies": list(policies)}
    return rows("graph:Vaults", {"id": VAULT.lower(), "properties": body | properties})


def test_a_vault_that_does_not_heed_roles_is_decided_by_its_access_policies() -> None:
    action, owner = "Microsoft.KeyVault/vaults/secrets/getSecret/action", "00482a5a-887f-4fb3-b363-3b7fe8e74483"
    administrator = holding(
        assignment(1, owner, OWN_PRINCIPAL, SCOPE), assignment(2, owner, "someone", SCOPE, principalType="User")
    )
    own = {"tenantId": "t", "objectId": OWN_PRINCIPAL.upper(), "permissions": {"secrets": ["Get"], "keys": []}}
    cases = {
        "by role": (vault(enableRbacAuthorization=True), "yes"),
        "by policy": (vault(own), "yes"),
        "none": (vault(), "no"),
        "another permission": (vault(own | {"permissions": {"secrets": ["List"]}}), "no"),
        "on behalf of users": (vault(own | {"applicationId": "app"}), "no"),
        "another principal": (vault(own | {"objectId": "someone"}), "no"),
        "perhaps a group": (vault(own | {"objectId": "nobody-knows"}), "unknown"),
        "unread": (gap("graph:Vaults"), "unknown"),
    }
    found = {
        name: answer(action, f"{VAULT}/secrets/database", *administrator, held) for name, (held, _) in cases.items()
    }
    assert found == {name: expected for name, (_, expected) in cases.items()}


def test_questions_that_cannot_be_asked_are_answered_with_what_was_meant() -> None:
    cases = {
        ("Microsoft.Storage/storageAcounts/read", SITE): "did you mean Microsoft.Storage/storageAccounts/read?",
        ("Microsoft.Wbe/sites/write", SITE): "did you mean",
        ("s3:GetObject", SITE): "is not one action of Azure: write it as Provider/type/verb",
        ("Microsoft.Web/sites/*", SITE): "is not one action of Azure",
        ("Microsoft.Web/sites/write", "arn:aws:s3:::b"): "is not the id of a resource of Azure",
        ("Microsoft.Web/sites/write", f"{SCOPE}/*/sites"): "is not the id of a resource of Azure",
    }
    for (action, resource), sentence in cases.items():
        with pytest.raises(UsageError, match=sentence.replace("?", r"\?").replace("*", r"\*")):
            decided(action, resource)
    with pytest.raises(UsageError, match="--context settles condition keys of AWS only"):
        decided("Microsoft.Web/sites/write", SITE, context={"key": ("value",)})


def test_the_definitions_that_azure_answers_are_the_ones_that_decide() -> None:
    narrowed = [*DEFINITIONS, definition(CONTRIBUTOR, "Contributor", actions=["Microsoft.Web/sites/read"])]
    held = holding(assignment(1, CONTRIBUTOR, OWN_PRINCIPAL, SCOPE))
    assert answer("Microsoft.Web/sites/write", SITE, *held, rows("graph:RoleDefinitions", *narrowed)) == "no"


def test_the_engine_says_whom_it_was_decided_for() -> None:
    held = holding(assignment(1, OWNER, SHARED_PRINCIPAL, SCOPE))
    question = PermissionQuestion("Microsoft.Web/sites/write", SITE)
    found = explain(BASE.plus(*held), all_providers(), "orders", question)
    assert (found.decision.answer, found.function.id) == ("yes", ORDERS)
    assert found.identity.endswith("/userassignedidentities/id-orders")


WRITE = "Microsoft.Web/sites/write"


def denying(actions=("Microsoft.Web/sites/*",), **changes):
    return rows(DENIALS, deny_assignment(actions, **{"excluded": (), **changes}))


def test_a_deny_assignment_decides_whatever_roles_allow() -> None:
    found = decided(WRITE, SITE, denying())
    assert (found.answer, found.why) == ("no", f"stack on {SCOPE.lower()} denies it. So it is for all of them.")
    assert chain(found)[0] == ("deny assignment", "deny", "stack")
    here = f"{SCOPE}/resourceGroups/{GROUP}"
    own, other = (OWN_PRINCIPAL, "ServicePrincipal"), (SHARED_PRINCIPAL, "ServicePrincipal")
    cases = {
        "this-group": (denying(scope=here), "no"),
        "another-group": (denying(scope=f"{here}-2"), "yes"),
        "above": (denying(scope=ABOVE), "no"),
        "its-scope-alone": (denying(doNotApplyToChildScopes=True), "yes"),
        "another-action": (denying(("Microsoft.Web/sites/delete",)), "yes"),
        "data-of-that-name": (denying((), data=("Microsoft.Web/sites/*",)), "yes"),
        "not-this-principal": (denying(principals=(other,)), "yes"),
        "this-principal": (denying(principals=(own,)), "no"),
        "excluded": (denying(excluded=(own,)), "yes"),
        "a-group": (denying(principals=((GROUP_ID, "Group"),)), "conditional"),
        "all-but-a-group": (denying(excluded=((GROUP_ID, "Group"),)), "conditional"),
        "under-a-condition": (denying(condition="@Resource[a:b] StringEquals 'c'"), "conditional"),
    }
    assert {name: str(decided(WRITE, SITE, change).answer) for name, (change, _) in cases.items()} == {
        name: expected for name, (_, expected) in cases.items()
    }
    doubtful = decided(WRITE, SITE, denying(excluded=((GROUP_ID, "Group"),)))
    assert doubtful.conditions == (f"membership of group {GROUP_ID}",)
    assert decided(
        WRITE, "*", denying(scope=here), *holding(assignment(1, CONTRIBUTOR, OWN_PRINCIPAL, SCOPE))
    ).conditions == ("resource",)


def test_unread_deny_assignments_blank_no_decision() -> None:
    found = decided(WRITE, SITE, gap(DENIALS))
    assert (found.answer, found.before) == ("yes", ("deny assignments",))
    half = decided(WRITE, SITE, rows(DENIALS, deny_assignment(("Microsoft.Web/*",), excluded=()), {"id": "x"}))
    assert (half.answer, half.before) == ("no", ("deny assignments",))


def test_what_paths_need_is_denied_by_plane() -> None:
    def denied_by(*changes):
        (scope,) = normalize(BASE.plus(*changes)).scopes
        return scope.denials

    blobs = "microsoft.storage/storageaccounts/blobservices/containers/blobs/write"
    [none] = denied_by()  # */delete takes nothing that a path needs but the logs
    assert {name for each in none.need() for name in each.permissions} <= {
        name for name in permissions_of(Cloud.AZURE) if name.endswith("/delete")
    }
    [control] = denied_by(denying(("*",), excluded=((OWN_PRINCIPAL, "ServicePrincipal"), (GROUP_ID, "Group"))))
    denial, doubtful = control.need()  # of the rest, built-in roles do not tell whether it is on data
    assert (doubtful.conditional, blobs in doubtful.permissions) == (True, False)
    assert "microsoft.authorization/roleassignments/write" in denial.permissions
    assert blobs not in denial.permissions
    assert (denial.excepted, denial.excepted_groups, denial.principals) == ((OWN_PRINCIPAL,), (GROUP_ID,), ("*",))
    [data] = denied_by(denying((), data=("Microsoft.Storage/*",)))
    assert [each.permissions for each in data.need() if blobs in each.permissions]
    known, lost = denied_by(rows(DENIALS, deny_assignment(), {"id": "x"}))
    assert (len(known.need()) > 0, lost.gap.reason) == (True, GapReason.MALFORMED)
