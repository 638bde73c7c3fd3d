"""Managed identities and service accounts: what they hold, how widely, and who shares them."""

from dataclasses import replace
from typing import Any

from auditor.model.exposure import Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.identity import AssignmentLevel, RolePower
from auditor.model.inventory import Scope
from auditor.model.observed import Known, not_offered
from auditor.model.severity import Confidence, Severity
from checks.exposure.role_trust_wide import role_trust_wide
from checks.over_privilege.default_identity import default_identity
from checks.over_privilege.default_identity_editor import default_identity_editor
from checks.over_privilege.identity_absent import identity_absent
from checks.over_privilege.role_admin import role_admin
from checks.over_privilege.role_basic_in_project import role_basic_in_project
from checks.over_privilege.role_service_wildcard import role_service_wildcard
from checks.over_privilege.role_shared import role_shared
from checks.over_privilege.role_takeover import role_takeover
from checks.over_privilege.role_wide_scope import role_wide_scope
from tests.unit.checks import azure, gcp
from tests.unit.checks.azure import ASSIGNMENTS, SITES, attached, binding, identity, make_azure
from tests.unit.checks.build import found, only, unknown, verdicts
from tests.unit.checks.gcp import LISTED, default_account, make_gcp, make_gen1
from tests.unit.checks.repairs import repairs

FAIL, PASS, UNKNOWN, OUTSIDE = Status.FAIL, Status.PASS, Status.UNKNOWN, Status.NOT_APPLICABLE
NONE: dict[str, Any] = {"identity": Known(None, SITES), "attached": Known((), SITES)}


def acting(*bindings: Any, **changes: Any) -> Function:
    return make_azure(identity=Known(identity(*bindings, **changes), SITES))


def running(*bindings: Any, **changes: Any) -> Function:
    return make_gcp(identity=Known(gcp.identity(*bindings, **changes), LISTED))


def test_identity_absent_counts_attached_identities() -> None:
    subjects = {
        "none": make_azure(**NONE),
        "system": make_azure(attached=unknown(SITES)),
        "attached-only": make_azure(identity=Known(None, SITES), attached=Known((attached(),), SITES)),
        "attached-denied": make_azure(identity=Known(None, SITES), attached=unknown(SITES)),
        "denied": make_azure(identity=unknown(SITES)),
    }
    assert verdicts(identity_absent, subjects, azure.AROUND) == {
        "none": FAIL,
        "system": PASS,
        "attached-only": PASS,
        "attached-denied": UNKNOWN,
        "denied": UNKNOWN,
    }
    assert repairs(identity_absent, subjects["none"])


def test_role_admin_at_every_scope_of_every_identity_of_an_app() -> None:
    def level(at: AssignmentLevel) -> Function:
        return acting(binding("Contributor", RolePower.ADMIN, at))

    owner = attached(binding("Owner", RolePower.OWNER, AssignmentLevel.ACCOUNT))
    unread: dict[str, Any] = {"role_assignments": (Known((binding(),), ASSIGNMENTS), unknown(ASSIGNMENTS))}
    subjects = {
        "management-group": level(AssignmentLevel.ORGANISATION),
        "subscription": level(AssignmentLevel.ACCOUNT),
        "resource-group": level(AssignmentLevel.GROUP),
        "resource": level(AssignmentLevel.RESOURCE),
        "attached": make_azure(attached=Known((owner,), SITES)),
        "attached-though-own-denied": make_azure(identity=unknown(SITES), attached=Known((owner,), SITES)),
        "takeover-is-no-admin": acting(binding("Website Contributor", RolePower.TAKEOVER, AssignmentLevel.ACCOUNT)),
        "sound": make_azure(),
        "none": make_azure(**NONE),
        "one-place-denied": acting(**unread),
        "attached-denied": make_azure(attached=unknown(SITES)),
        "denied": make_azure(identity=unknown(SITES)),
    }
    assert verdicts(role_admin, subjects, azure.AROUND) == {
        "management-group": FAIL,
        "subscription": FAIL,
        "resource-group": FAIL,
        "resource": FAIL,
        "attached": FAIL,
        "attached-though-own-denied": FAIL,
        "takeover-is-no-admin": PASS,
        "sound": PASS,
        "none": OUTSIDE,
        "one-place-denied": UNKNOWN,
        "attached-denied": UNKNOWN,
        "denied": UNKNOWN,
    }
    weighed = {name: only(role_admin, subjects[name]).severity for name in list(subjects)[:5]}
    assert weighed == {
        "management-group": Severity.CRITICAL,
        "subscription": Severity.CRITICAL,
        "resource-group": Severity.HIGH,
        "resource": Severity.MEDIUM,
        "attached": Severity.CRITICAL,
    }
    assert only(role_admin, subjects["attached"]).message == (
        f"id-orders holds Owner on /subscriptions/{azure.SUBSCRIPTION}"
    )
    assert any(
        "az role assignment delete --ids /subscriptions/" in form for form in repairs(role_admin, subjects["attached"])
    )


def test_role_admin_of_service_accounts() -> None:
    through = gcp.binding("owner", RolePower.OWNER, AssignmentLevel.ORGANISATION, through="allAuthenticatedUsers")
    subjects = {
        "owner": running(gcp.binding("owner", RolePower.OWNER)),
        "editor": running(gcp.binding("editor", RolePower.BASIC)),
        "service-admin": running(gcp.binding("storage.admin", RolePower.ADMIN)),
        "through-a-group": running(through),
        "viewer": running(gcp.binding("viewer", RolePower.BASIC)),
        "plain": make_gcp(),
        "first-generation": make_gen1(identity=Known(gcp.identity(gcp.binding("editor", RolePower.BASIC)), LISTED)),
        "folder-denied": running(role_assignments=(Known((), "p"), unknown("resourcemanager:GetFolderPolicy"))),
        "denied": make_gcp(identity=unknown(LISTED)),
    }
    assert verdicts(role_admin, subjects, gcp.AROUND) == {
        "owner": FAIL,
        "editor": FAIL,
        "service-admin": FAIL,
        "through-a-group": FAIL,
        "viewer": PASS,
        "plain": PASS,
        "first-generation": FAIL,
        "folder-denied": UNKNOWN,
        "denied": UNKNOWN,
    }
    assert only(role_admin, subjects["through-a-group"]).message.endswith(
        "holds owner on organizations/998877665544 through allAuthenticatedUsers"
    )
    assert any("--role=roles/owner" in form for form in repairs(role_admin, subjects["owner"]))


def test_role_shared_between_apps_of_different_trust() -> None:
    one = attached()
    shared = make_azure(attached=Known((one,), SITES))
    slot = make_azure("orders", "staging", attached=Known((one,), SITES))
    own = make_azure("billing")
    with_others = azure.around({one.id: ("billing", "orders", "orders/staging")})
    with_slots = azure.around({one.id: ("orders", "orders/staging")})
    subjects = {
        "shared": shared,
        "slot": slot,
        "own": own,
        "none": make_azure(**NONE),
        "denied": make_azure(attached=unknown(SITES)),
    }
    assert verdicts(role_shared, subjects, with_others) == {
        "shared": FAIL,
        "slot": FAIL,
        "own": PASS,
        "none": OUTSIDE,
        "denied": UNKNOWN,
    }
    assert verdicts(role_shared, {"shared": shared, "slot": slot}, with_slots) == {"shared": PASS, "slot": PASS}
    assert only(role_shared, shared, with_others).message == "orders shares identity id-orders with billing"
    assert repairs(role_shared, shared, context=with_others)


def test_role_shared_service_accounts() -> None:
    account = gcp.identity().id
    context = gcp.around({account: ("billing", "orders", "returns")})
    subjects = {
        "shared": make_gcp(attached=unknown(LISTED)),
        "alone": make_gcp("stock"),
        "denied": make_gcp(identity=unknown(LISTED)),
    }
    assert verdicts(role_shared, subjects, context) == {"shared": FAIL, "alone": PASS, "denied": UNKNOWN}
    assert (
        only(role_shared, subjects["shared"], context).message
        == f"orders shares identity {account} with billing, returns"
    )
    assert repairs(role_shared, subjects["shared"], context=context)


def test_role_wide_scope_is_about_data_roles_above_a_resource_group() -> None:
    def holds(role: str, at: AssignmentLevel, power: RolePower = RolePower.PLAIN) -> Function:
        return acting(binding(role, power, at))

    wide = RolePower.TAKEOVER
    subjects = {
        "blobs-of-subscription": holds("Storage Blob Data Contributor", AssignmentLevel.ACCOUNT, wide),
        "secrets-of-management-group": holds("Key Vault Secrets User", AssignmentLevel.ORGANISATION, wide),
        "queue-sender-of-subscription": holds("Azure Service Bus Data Sender", AssignmentLevel.ACCOUNT),
        "blobs-of-group": holds("Storage Blob Data Contributor", AssignmentLevel.GROUP),
        "blobs-of-account": make_azure(),
        "reader-of-subscription": holds("Reader", AssignmentLevel.ACCOUNT),
        "owner-of-subscription": holds("Owner", AssignmentLevel.ACCOUNT, RolePower.OWNER),
        "none": make_azure(**NONE),
        "denied": acting(role_assignments=(unknown(ASSIGNMENTS),)),
    }
    assert verdicts(role_wide_scope, subjects, azure.AROUND) == {
        "blobs-of-subscription": FAIL,
        "secrets-of-management-group": FAIL,
        "queue-sender-of-subscription": FAIL,
        "blobs-of-group": PASS,
        "blobs-of-account": PASS,
        "reader-of-subscription": PASS,
        "owner-of-subscription": PASS,
        "none": OUTSIDE,
        "denied": UNKNOWN,
    }
    assert any(
        "--role 'Storage Blob Data Contributor'" in form
        for form in repairs(role_wide_scope, subjects["blobs-of-subscription"])
    )


def test_a_default_account_is_shared_whether_it_is_an_editor_or_not() -> None:
    editor = gcp.binding("editor", RolePower.BASIC)
    unread: dict[str, Any] = {"role_assignments": (unknown("resourcemanager:GetProjectPolicy"),)}
    subjects = {
        "compute-editor": make_gcp(identity=Known(default_account(editor), LISTED)),
        "appspot-editor": make_gen1(identity=Known(default_account(editor, generation=1), LISTED)),
        "compute-deprivileged": make_gcp(identity=Known(default_account(), LISTED)),
        "compute-viewer": make_gcp(identity=Known(default_account(gcp.binding("viewer", RolePower.BASIC)), LISTED)),
        "compute-roles-denied": make_gcp(identity=Known(default_account(**unread), LISTED)),
        "own-editor": running(editor),
        "own-roles-denied": running(**unread),
        "denied": make_gcp(identity=unknown(LISTED)),
    }
    assert verdicts(default_identity, subjects, gcp.AROUND) == {
        "compute-editor": FAIL,
        "appspot-editor": FAIL,
        "compute-deprivileged": FAIL,
        "compute-viewer": FAIL,
        "compute-roles-denied": FAIL,
        "own-editor": PASS,
        "own-roles-denied": PASS,
        "denied": UNKNOWN,
    }
    assert verdicts(default_identity_editor, subjects, gcp.AROUND) == {
        "compute-editor": FAIL,
        "appspot-editor": FAIL,
        "compute-deprivileged": PASS,
        "compute-viewer": PASS,
        "compute-roles-denied": UNKNOWN,
        "own-editor": OUTSIDE,
        "own-roles-denied": OUTSIDE,
        "denied": UNKNOWN,
    }
    assert verdicts(role_admin, {"compute-editor": subjects["compute-editor"]}, gcp.AROUND) == {
        "compute-editor": OUTSIDE
    }
    assert only(default_identity_editor, subjects["compute-editor"]).severity is Severity.CRITICAL
    assert "-compute@developer" in only(default_identity, subjects["compute-deprivileged"]).message
    assert repairs(default_identity, subjects["compute-deprivileged"])
    assert any("--role=roles/editor" in form for form in repairs(default_identity_editor, subjects["compute-editor"]))


def test_z10_takeover_roles_of_azure_are_named_for_what_they_reach() -> None:
    def takes(role: str, level: AssignmentLevel, *reaches: str, custom: bool = False) -> Function:
        return acting(binding(role, RolePower.TAKEOVER, level, reaches=reaches, custom=custom))

    attach = "attach every user-assigned identity there to compute of its own, and run as it"
    subjects = {
        "subscription": takes("Managed Identity Operator", AssignmentLevel.ACCOUNT, attach),
        "group": takes("Website Contributor", AssignmentLevel.GROUP, "replace the code"),
        "resource": takes("Storage Account Contributor", AssignmentLevel.RESOURCE, "read the keys"),
        "vaults": takes("Key Vault Contributor", AssignmentLevel.ACCOUNT, "give itself the secrets"),
        "custom-of-data": takes("Orders Data Fixer", AssignmentLevel.ACCOUNT, "read the keys", custom=True),
        "wide-data": takes("Storage Blob Data Owner", AssignmentLevel.ACCOUNT, "replace every blob"),
        "administrator": acting(binding("Contributor", RolePower.ADMIN, AssignmentLevel.ACCOUNT)),
        "sound": make_azure(),
        "none": make_azure(**NONE),
        "denied": make_azure(identity=unknown(SITES)),
    }
    taken = verdicts(role_takeover, subjects, azure.AROUND)
    assert taken == {
        "subscription": FAIL,
        "group": FAIL,
        "resource": FAIL,
        "vaults": FAIL,
        "custom-of-data": FAIL,
        "wide-data": PASS,
        "administrator": PASS,
        "sound": PASS,
        "none": OUTSIDE,
        "denied": UNKNOWN,
    }
    wide = verdicts(role_wide_scope, subjects, azure.AROUND)
    assert {name for name, status in wide.items() if status is FAIL} == {"wide-data"}
    hit = only(role_takeover, subjects["subscription"])
    assert hit.severity is None
    assert hit.message.endswith(f"on /subscriptions/{azure.SUBSCRIPTION}, with which it can {attach}")
    assert any(
        "az role assignment delete --ids /subscriptions/" in form for form in repairs(role_takeover, subjects["group"])
    )


def test_z10_takeover_roles_are_named_for_what_they_reach() -> None:
    mint = ("obtain credentials of every service account there", "call services as every service account there")
    creator = gcp.binding("iam.serviceAccountTokenCreator", RolePower.TAKEOVER, reaches=mint)
    one = gcp.binding(
        "run.developer",
        RolePower.TAKEOVER,
        AssignmentLevel.RESOURCE,
        scope=f"projects/{gcp.PROJECT}/locations/{gcp.LOCATION}/services/web",
        reaches=("replace the code of Cloud Run services and jobs, or who may call them",),
    )
    subjects = {
        "project": running(creator),
        "one-service": running(one),
        "conditional": running(replace(creator, condition="resource.name == 'x'", conditional=True)),
        "one-service-is-no-administrator": running(gcp.binding("storage.admin", RolePower.SERVICE)),
        "administrator": running(gcp.binding("owner", RolePower.OWNER)),
        "plain": running(gcp.binding()),
        "unread": running(role_assignments=(unknown("resourcemanager:GetProjectPolicy"),)),
        "denied": make_gcp(identity=unknown(LISTED)),
    }
    assert verdicts(role_takeover, subjects, gcp.AROUND) == {
        "project": FAIL,
        "one-service": FAIL,
        "conditional": FAIL,
        "one-service-is-no-administrator": PASS,
        "administrator": PASS,
        "plain": PASS,
        "unread": UNKNOWN,
        "denied": UNKNOWN,
    }
    hit = only(role_takeover, subjects["project"])
    assert hit.severity is None
    assert hit.message.endswith(f"on projects/{gcp.PROJECT}, with which it can {'; '.join(mint)}")
    doubtful = only(role_takeover, subjects["conditional"])
    assert (doubtful.severity, doubtful.confidence) == (Severity.MEDIUM, Confidence.MEDIUM)
    assert "under the condition resource.name == 'x', which could not be evaluated" in doubtful.message
    assert any(
        "run services remove-iam-policy-binding web" in form for form in repairs(role_takeover, subjects["one-service"])
    )
    service = only(role_service_wildcard, subjects["one-service-is-no-administrator"])
    assert (service.severity, service.locus.partition("/")[2]) == (
        Severity.MEDIUM,
        f"storage.admin@projects/{gcp.PROJECT}",
    )
    assert verdicts(role_admin, {"storage.admin": subjects["one-service-is-no-administrator"]}) == {
        "storage.admin": PASS
    }


def test_z16_basic_roles_are_high_for_service_accounts_and_whole_domains_only() -> None:
    read = "resourcemanager:GetProjectPolicy"

    def granted(*pairs: tuple[str, str]) -> Scope:
        return gcp.scope(guardrails=Known(gcp.guardrails(basic_roles=Known(pairs, read)), read))

    lead, staff = "user:lead@fernhollow.example", "group:staff@fernhollow.example"
    subjects = {
        "owner-and-viewer": granted(("roles/owner", lead), ("roles/viewer", staff)),
        "none": gcp.scope(),
        "denied": gcp.scope(guardrails=Known(gcp.guardrails(basic_roles=unknown(read)), read)),
        "no-functions": gcp.scope(
            guardrails=Known(gcp.guardrails(basic_roles=not_offered(LISTED, "the project has no functions")), read)
        ),
    }
    assert verdicts(role_basic_in_project, subjects, gcp.AROUND) == {
        "owner-and-viewer": FAIL,
        "none": PASS,
        "denied": UNKNOWN,
        "no-functions": OUTSIDE,
    }
    robot, all_staff = "serviceAccount:ci@fernhollow-build.iam.gserviceaccount.com", "domain:fernhollow.example"
    everyone = granted(
        *(("roles/owner", member) for member in (lead, staff, robot, all_staff)), ("roles/viewer", robot)
    )
    assert [(hit.locus, hit.severity) for hit in found(role_basic_in_project, everyone)] == [
        (f"roles/owner {lead}", Severity.LOW),
        (f"roles/owner {staff}", Severity.LOW),
        (f"roles/owner {robot}", None),
        (f"roles/owner {all_staff}", None),
        (f"roles/viewer {robot}", Severity.LOW),
    ]
    used = gcp.around({robot.partition(":")[2]: ("orders",)})
    assert found(role_basic_in_project, granted(("roles/editor", robot)), used) == ()
    assert repairs(role_basic_in_project, subjects["owner-and-viewer"])


def test_role_shared_is_unknown_where_another_function_was_not_read() -> None:
    attached_one, account = attached(), gcp.identity().id
    elsewhere = f"azure/{azure.SUBSCRIPTION[:-4]}7777"
    gap = unknown(SITES).gap
    azure_doubt = replace(azure.around({attached_one.id: ("orders",)}), unread={elsewhere: gap})
    apps = {
        "attached": make_azure(attached=Known((attached_one,), SITES)),
        "system-assigned alone": make_azure(),
        "none": make_azure(**NONE),
    }
    assert verdicts(role_shared, apps, azure_doubt) == {
        "attached": UNKNOWN,
        "system-assigned alone": PASS,
        "none": OUTSIDE,
    }
    crowd = replace(azure.around({attached_one.id: ("billing", "orders")}), unread={elsewhere: gap})
    assert verdicts(role_shared, {"attached": apps["attached"]}, crowd) == {"attached": FAIL}
    gcp_doubt = replace(gcp.around({account: ("stock",)}), unread={"gcp/another-project": gap})
    assert verdicts(role_shared, {"alone": make_gcp("stock")}, gcp_doubt) == {"alone": UNKNOWN}


def acted_as(*grants: Any, **changes: Any) -> Function:
    trust = (Known(grants, "iam:GetServiceAccountPolicy"),)
    return make_gcp(identity=Known(gcp.identity(trust=trust, **changes), LISTED))


def test_role_trust_wide_of_service_accounts() -> None:
    act: dict[str, Any] = {"sid": "roles/iam.serviceAccountUser", "actions": ("iam.serviceAccounts.actAs",)}
    people: dict[str, Any] = {"principals": ("group:release@partner.example",), "accounts": ()}
    subjects = {
        "everyone": acted_as(gcp.grant(Reach.ANONYMOUS, **act)),
        "any-account": acted_as(gcp.grant(Reach.ANY_PRINCIPAL, **act)),
        "partner": acted_as(gcp.grant(Reach.CROSS_ACCOUNT, **act)),
        "partner-group": acted_as(gcp.grant(Reach.CROSS_ACCOUNT, **act, **people)),
        "domain": acted_as(gcp.grant(Reach.ORGANISATION, **act)),
        "own-people": acted_as(gcp.grant(Reach.SCOPED, **act)),
        "nobody": acted_as(),
        "strange-role": acted_as(gcp.grant(Reach.UNRECOGNISED, **act)),
        "denied": make_gcp(identity=Known(gcp.identity(trust=(unknown("iam:GetServiceAccountPolicy"),)), LISTED)),
    }
    assert verdicts(role_trust_wide, subjects, gcp.AROUND) == {
        "everyone": FAIL,
        "any-account": FAIL,
        "partner": FAIL,
        "partner-group": FAIL,
        "domain": FAIL,
        "own-people": PASS,
        "nobody": PASS,
        "strange-role": UNKNOWN,
        "denied": UNKNOWN,
    }
    severities = {name: found(role_trust_wide, subjects[name], gcp.AROUND)[0].severity for name in list(subjects)[:5]}
    assert severities == {
        "everyone": Severity.CRITICAL,
        "any-account": Severity.CRITICAL,
        "partner": Severity.HIGH,
        "partner-group": Severity.HIGH,
        "domain": Severity.MEDIUM,
    }
    group = only(role_trust_wide, subjects["partner-group"], gcp.AROUND)
    assert group.evidence[-1].detail == "members of group:release@partner.example were not read"
    inherited = acted_as(gcp.grant(Reach.ANONYMOUS, sid=f"project:{gcp.PROJECT}/roles/iam.serviceAccountUser"))
    assert any("gcloud projects remove-iam-policy-binding" in form for form in repairs(role_trust_wide, inherited))
    assert any(
        "gcloud iam service-accounts remove-iam-policy-binding" in form
        for form in repairs(role_trust_wide, subjects["everyone"])
    )
