"""Where and how roles of functions are held, what else runs as their identity, and who else may act on them."""

from dataclasses import replace
from typing import Any

from auditor.check import Check
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.handler import HandlerAuth
from auditor.model.identity import AssignmentLevel, RoleAssignment, RolePower
from auditor.model.inventory import Scope
from auditor.model.observed import Known, Unknown
from auditor.model.role_holders import CustomRole, HolderKind, RoleHolder, Workload, WorkloadKind
from auditor.model.severity import Severity
from auditor.model.trigger import TriggerVia
from checks.over_privilege.assignment_condition_loose import assignment_condition_loose
from checks.over_privilege.build_identity_default import build_identity_default
from checks.over_privilege.code_writable_by_others import code_writable_by_others
from checks.over_privilege.custom_role_escalates import custom_role_escalates
from checks.over_privilege.custom_role_owner import custom_role_owner
from checks.over_privilege.escalation_path import escalation_path
from checks.over_privilege.external_principal_in_project import external_principal_in_project
from checks.over_privilege.handler_needs_master_key import handler_needs_master_key
from checks.over_privilege.host_storage_shared import host_storage_shared
from checks.over_privilege.host_storage_writable_by_others import host_storage_writable_by_others
from checks.over_privilege.identity_on_other_compute import identity_on_other_compute
from checks.over_privilege.identity_usable_by_others import identity_usable_by_others
from checks.over_privilege.invoke_through_broad_role import invoke_through_broad_role
from checks.over_privilege.invoker_policy_writable_by_others import invoker_policy_writable_by_others
from checks.over_privilege.job_overrides_allowed import job_overrides_allowed
from checks.over_privilege.keys_readable_by_others import keys_readable_by_others
from checks.over_privilege.lock_role_absent import lock_role_absent
from checks.over_privilege.reference_identity_detached import reference_identity_detached
from checks.over_privilege.role_above_account import role_above_account
from checks.over_privilege.role_disrupts_logging import role_disrupts_logging
from checks.over_privilege.role_in_other_account import role_in_other_account
from checks.over_privilege.role_through_group import role_through_group
from checks.over_privilege.secret_in_other_project import secret_in_other_project
from checks.over_privilege.secrets_readable_beyond_references import secrets_readable_beyond_references
from checks.over_privilege.service_account_duties_unseparated import service_account_duties_unseparated
from checks.over_privilege.service_agent_basic_role import service_agent_basic_role
from checks.over_privilege.trigger_identity_default import trigger_identity_default
from checks.over_privilege.user_access_administrator_assigned import user_access_administrator_assigned
from tests.unit.checks import azure, gcp
from tests.unit.checks.azure import ASSIGNMENTS, SITES, make_azure
from tests.unit.checks.build import Surroundings, only, unknown, verdicts
from tests.unit.checks.gcp import LISTED, PROJECT, make_gcp
from tests.unit.checks.repairs import repairs

FAIL, PASS, UNKNOWN, OUTSIDE = Status.FAIL, Status.PASS, Status.UNKNOWN, Status.NOT_APPLICABLE
ACCOUNT, ABOVE = AssignmentLevel.ACCOUNT, AssignmentLevel.ORGANISATION
TAKEOVER, ADMIN, OWNER = RolePower.TAKEOVER, RolePower.ADMIN, RolePower.OWNER
PUBLISH = "microsoft.web/sites/publish/action"


def acting(*roles: RoleAssignment, **changes: Any) -> Function:
    return make_azure(identity=Known(azure.identity(*roles, principal="own"), SITES), **changes)


def running(*roles: RoleAssignment, **changes: Any) -> Function:
    return make_gcp(identity=Known(gcp.identity(*roles, principal="own"), LISTED), **changes)


def roles_unread(**changes: Any) -> Function:
    return make_azure(identity=Known(azure.identity(role_assignments=(unknown(ASSIGNMENTS),)), SITES), **changes)


def test_where_and_how_a_role_is_held() -> None:
    az, gc = azure.binding, gcp.binding
    loose = "@Principal[x] StringEquals 'y'"
    exact = "(@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {a})"
    sinks, secret = "logging.sinks.delete", "secretmanager.versions.access"
    cases: list[tuple[Any, dict[str, tuple[Function, Status]]]] = [
        (role_above_account, {
            "management-group": (acting(az("Contributor", ADMIN, ABOVE)), FAIL),
            "subscription": (acting(az("Contributor", ADMIN, ACCOUNT)), PASS),
            "reader-above": (acting(az("Reader", RolePower.PLAIN, ABOVE)), PASS),
            "organisation": (running(gc("owner", OWNER, ABOVE)), FAIL),
            "unread": (roles_unread(), UNKNOWN),
        }),
        (custom_role_escalates, {
            "publishes": (acting(az("Mine", TAKEOVER, ACCOUNT, custom=True, permissions=(PUBLISH,))), FAIL),
            "built-in": (acting(az("Theirs", TAKEOVER, ACCOUNT, permissions=(PUBLISH,))), PASS),
            "reads": (acting(az("Mine", RolePower.PLAIN, ACCOUNT, custom=True)), PASS),
            "acts": (running(gc("x", TAKEOVER, custom=True, permissions=("iam.serviceAccounts.actAs",))), FAIL),
            "unread": (roles_unread(), UNKNOWN),
        }),
        (assignment_condition_loose, {
            "names-no-role": (acting(az("RBAC", ADMIN, ACCOUNT, condition=loose)), FAIL),
            "names-the-roles": (acting(az("RBAC", ADMIN, ACCOUNT, condition=exact)), PASS),
            "data-role": (acting(az("Blob", RolePower.PLAIN, ACCOUNT, condition=loose)), PASS),
            "always-true": (running(gc("owner", OWNER, condition="(true)")), FAIL),
            "until": (running(gc("owner", OWNER, condition="request.time < timestamp('2030-01-01T00:00:00Z')")), PASS),
            "unread": (roles_unread(), UNKNOWN),
        }),
        (role_through_group, {
            "group": (acting(az("Contributor", ADMIN, ACCOUNT, through="crew")), FAIL),
            "itself": (acting(az("Contributor", ADMIN, ACCOUNT)), PASS),
            "reads-through-a-group": (acting(az("Reader", RolePower.PLAIN, ACCOUNT, through="crew")), PASS),
            "unread": (roles_unread(), UNKNOWN),
        }),
        (role_disrupts_logging, {
            "deletes-sinks": (running(gc("logging.configWriter", permissions=(sinks,))), FAIL),
            "writes-entries": (running(gc("logging.logWriter")), PASS),
            "administers": (running(gc("owner", OWNER, permissions=(sinks,))), PASS),
            "stops-diagnostics": (
                acting(az("Monitor", level=ACCOUNT, permissions=("microsoft.insights/diagnosticsettings/delete",))), FAIL,
            ),
            "unread": (roles_unread(), UNKNOWN),
        }),
        (role_in_other_account, {
            "other-project": (running(gc("owner", OWNER, foreign=True)), FAIL),
            "own-project": (running(gc("owner", OWNER)), PASS),
            "reads-there": (running(gc("viewer", RolePower.PLAIN, foreign=True)), PASS),
            "unread": (roles_unread(), UNKNOWN),
        }),
        (secrets_readable_beyond_references, {
            "project": (running(gc("secretmanager.secretAccessor", TAKEOVER, permissions=(secret,))), FAIL),
            "one-secret": (
                running(gc("secretmanager.secretAccessor", level=AssignmentLevel.RESOURCE, permissions=(secret,))), PASS,
            ),
            "administers": (running(gc("owner", OWNER, permissions=(secret,))), PASS),
        }),
    ]  # fmt: skip
    for check, subjects in cases:
        told = {name: function for name, (function, _) in subjects.items()}
        expected = {name: status for name, (_, status) in subjects.items()}
        assert verdicts(check, told, azure.AROUND) == expected, check.id
        failing = next(function for function, status in subjects.values() if status is FAIL)
        assert repairs(check, failing, context=azure.AROUND)
    assert only(role_above_account, acting(az("Contributor", ADMIN, ABOVE)), azure.AROUND).severity is Severity.CRITICAL


def holder(
    name: str, *roles: RoleAssignment, kind: HolderKind = HolderKind.PERSON, outside: bool = False
) -> RoleHolder:
    return RoleHolder(id=name, name=name, kind=kind, outside=Known(outside, "asset:ListPolicies"), roles=roles)


def seen(
    *holders: RoleHolder, functions: tuple[Function, ...] = (), workloads: tuple[Workload, ...] = ()
) -> Surroundings:
    """The surroundings in which those principals hold roles on the test subscription and project."""
    facts: dict[str, Any] = {
        "role_holders": (Known(holders, ASSIGNMENTS),),
        "workloads": (Known(workloads, "graph:Workloads"),),
        "denials": (Known((), "authorization:ListDenyAssignments"),),
    }
    scopes = (azure.scope(**facts), replace(gcp.scope(**facts), number=gcp.NUMBER))
    return Surroundings(where=azure.location(), scopes=scopes, functions=functions)


IDENTITY = azure.arm("microsoft.managedidentity/userassignedidentities", "id-orders")
AS_IDENTITY = Workload(id=IDENTITY, name="id-orders", kind=WorkloadKind.IDENTITY, runs_as=("shared",))


def test_who_else_can_change_a_function_or_use_its_identity() -> None:
    group = AssignmentLevel.GROUP
    listkeys = "microsoft.storage/storageaccounts/listkeys/action"
    assign = "microsoft.managedidentity/userassignedidentities/assign/action"
    attached = Known((azure.attached(azure.binding("Owner", OWNER, ACCOUNT), principal="shared", id=IDENTITY),), SITES)
    app = acting(azure.binding(), attached=attached)
    keyed = azure.storage(host=Known(azure.host_storage(shared_key=Known(True, SITES)), SITES))
    flexible = acting(
        storage=Known(keyed, SITES), hosting=Known(azure.hosting(azure.HostingKind.FLEX_CONSUMPTION), SITES)
    )
    cases = [
        (code_writable_by_others, app, (PUBLISH,), ("microsoft.web/sites/read",)),
        (identity_usable_by_others, app, (assign, "microsoft.compute/virtualmachines/write"), (assign,)),
        (keys_readable_by_others, app, ("microsoft.web/sites/host/listkeys/action",), (PUBLISH,)),
        (host_storage_writable_by_others, flexible, (listkeys,), (PUBLISH,)),
    ]
    for check, function, enough, too_little in cases:
        able = azure.binding("Helper", TAKEOVER, group, permissions=enough)
        unable = azure.binding("Helper", TAKEOVER, group, permissions=too_little)
        everything = azure.binding("Owner", OWNER, ACCOUNT, permissions=enough)
        around = seen(holder("anna", able), workloads=(AS_IDENTITY,), functions=(function,))
        hit = only(check, function, around)
        assert hit.message.startswith("anna holds Helper on /subscriptions/")
        assert repairs(check, function, hit, context=around)
        for other in (holder("anna", unable), holder("anna", everything), holder("own", able)):
            quiet = seen(other, workloads=(AS_IDENTITY,), functions=(function,))
            assert verdicts(check, {"app": function}, quiet) == {"app": PASS}, (check.id, other)
        unlisted = replace(around, scopes=(azure.scope(role_holders=(unknown(ASSIGNMENTS),)),))
        assert verdicts(check, {"app": function}, unlisted) == {"app": UNKNOWN}
    around = seen(holder("anna", azure.binding("Helper", TAKEOVER, group, permissions=(PUBLISH,))), functions=(app,))
    assert only(code_writable_by_others, app, around).severity is Severity.CRITICAL  # its identity is an Owner
    service = running()
    opener = gcp.binding("run.admin", TAKEOVER, permissions=("run.services.setIamPolicy",))
    around = seen(holder("user:anna", opener), functions=(service,))
    assert verdicts(invoker_policy_writable_by_others, {"service": service}, around) == {"service": FAIL}


def test_an_escalation_path_names_its_steps_and_is_unknown_where_targets_were_not_read() -> None:
    run = "microsoft.compute/virtualmachines/runcommand/action"
    machine = Workload(
        id=azure.arm("microsoft.compute/virtualmachines", "agent"),
        name="agent",
        kind=WorkloadKind.MACHINE,
        runs_as=("agent",),
    )
    boss = holder("agent", azure.binding("Owner", OWNER, ACCOUNT), kind=HolderKind.APPLICATION)
    start = acting(azure.binding("Runner", TAKEOVER, ACCOUNT, permissions=(run,)))
    around = seen(boss, workloads=(machine,), functions=(start,))
    hit = only(escalation_path, start, around)
    assert "runs a command on machine agent, which is Owner of /subscriptions/" in hit.message
    assert hit.severity is Severity.CRITICAL
    assert [evidence.detail.partition(":")[0] for evidence in hit.evidence][1:] == [run]
    assert repairs(escalation_path, start, context=around)
    plain = acting(azure.binding())
    unlisted = replace(around, scopes=(azure.scope(workloads=(unknown("graph:Workloads"),)),), functions=(start, plain))
    subjects = {"may-run": start, "may-not": plain, "owner": acting(azure.binding("Owner", OWNER, ACCOUNT))}
    assert verdicts(escalation_path, subjects, unlisted) == {"may-run": UNKNOWN, "may-not": PASS, "owner": OUTSIDE}


def test_what_else_runs_as_the_identity_and_shares_its_storage() -> None:
    attached = Known((azure.attached(principal="shared", id=IDENTITY),), SITES)
    app, other = acting(attached=attached), make_azure("other")
    lonely = make_azure("alone", storage=Known(azure.storage(host=Known(None, SITES)), SITES))
    machine = Workload(id="vm", name="agent", kind=WorkloadKind.MACHINE, runs_as=(), attached=(IDENTITY,))
    around = seen(workloads=(AS_IDENTITY, machine), functions=(app, other, make_azure(slot="staging")))
    assert verdicts(identity_on_other_compute, {"app": app, "other": other}, around) == {"app": FAIL, "other": PASS}
    assert repairs(identity_on_other_compute, app, context=around)
    unlisted = replace(around, scopes=(azure.scope(workloads=(unknown("graph:Workloads"),)),))
    assert verdicts(identity_on_other_compute, {"app": app}, unlisted) == {"app": UNKNOWN}
    assert verdicts(host_storage_shared, {"app": app, "none": lonely}, around) == {"app": FAIL, "none": OUTSIDE}
    assert "as other do" in only(host_storage_shared, app, around).message
    assert repairs(host_storage_shared, app, context=around)
    by_itself = replace(around, functions=(app, make_azure(slot="staging")))
    assert verdicts(host_storage_shared, {"app": app}, by_itself) == {"app": PASS}


def test_settings_of_identities() -> None:
    admin = azure.http(auth=HandlerAuth.ADMIN_KEY)
    subjects = {
        "admin": make_azure(handlers=Known((admin,), SITES)),
        "key": make_azure(),
        "unread": make_azure(handlers=unknown()),
    }
    assert verdicts(handler_needs_master_key, subjects, azure.AROUND) == {"admin": FAIL, "key": PASS, "unread": UNKNOWN}

    def resolving(name: str | None) -> Function:
        return make_azure(storage=Known(azure.storage(reference_identity=Known(name, SITES)), SITES))

    hidden = make_azure(storage=Known(azure.storage(reference_identity=unknown(SITES)), SITES))
    subjects = {"own": resolving(None), "detached": resolving("gone"), "unread": hidden}
    assert verdicts(reference_identity_detached, subjects, azure.AROUND) == {
        "own": PASS,
        "detached": FAIL,
        "unread": UNKNOWN,
    }
    assert repairs(reference_identity_detached, resolving("gone"))

    def built(account: str | None) -> Function:
        return make_gcp(deployment=Known(gcp.deployment(build=gcp.build(identity=Known(account, LISTED))), LISTED))

    subjects = {
        "own": make_gcp(), "unset": built(None), "legacy": built(f"{gcp.NUMBER}@cloudbuild.gserviceaccount.com"),
        "compute": built(f"{gcp.NUMBER}-compute@developer.gserviceaccount.com"),
    }  # fmt: skip
    expected = {"own": PASS, "unset": FAIL, "legacy": FAIL, "compute": FAIL}
    assert verdicts(build_identity_default, subjects, gcp.AROUND) == expected
    assert repairs(build_identity_default, built(None))

    def delivered(account: str | None, *unread: Unknown) -> Function:
        event = gcp.trigger(via=TriggerVia.EVENT_TRIGGER, deliverer=Known(account, LISTED))
        return make_gcp(triggers=(*unread, Known((event,), LISTED)))

    events, jobs = unknown("eventarc:ListTriggers"), unknown("cloudscheduler:ListJobs")
    own = "events@x.iam.gserviceaccount.com"
    subjects = {
        "own": delivered(own), "own, others unread": delivered(own, events), "own, callers unread": delivered(own, jobs),
        "unset": delivered(None), "unset, others unread": delivered(None, events, jobs),
        "http": make_gcp(triggers=()), "unread": make_gcp(triggers=(jobs, events)),
    }  # fmt: skip
    assert verdicts(trigger_identity_default, subjects, gcp.AROUND) == {
        "own": PASS, "own, others unread": UNKNOWN, "own, callers unread": PASS,
        "unset": FAIL, "unset, others unread": FAIL,
        "http": OUTSIDE, "unread": UNKNOWN,
    }  # fmt: skip

    def referring(project: str) -> Function:
        reference = gcp.secret_reference(store=f"projects/{project}/secrets/payment")
        return make_gcp(storage=Known(gcp.storage(references=Known((reference,), LISTED)), LISTED))

    subjects = {"own": referring(PROJECT), "own-number": referring(gcp.NUMBER), "other": referring("elsewhere")}
    expected = {"own": PASS, "own-number": PASS, "other": FAIL}
    assert verdicts(secret_in_other_project, subjects, seen()) == expected
    assert repairs(secret_in_other_project, referring("elsewhere"), context=seen())


def test_roles_of_the_account() -> None:
    uaa = azure.binding(
        "User Access Administrator", ADMIN, ACCOUNT, role_id="/x/18d7d88d-d35e-4fb5-a5c3-7773c20a72d9"
    )  # fmt: skip
    owner = CustomRole(id="r", name="Everything", owner=True, manages_locks=True)
    narrow = replace(owner, owner=False, manages_locks=False)

    def on_azure(*holders: RoleHolder, roles: tuple[CustomRole, ...] = ()) -> Scope:
        return azure.scope(role_holders=(Known(holders, ASSIGNMENTS),), custom_roles=Known(roles, ASSIGNMENTS))

    def on_google(*holders: RoleHolder) -> Scope:
        return gcp.scope(role_holders=(Known(holders, "resourcemanager:GetProjectPolicy"),))

    agent = holder(
        "service-1@gcp-sa-x.iam.gserviceaccount.com",
        gcp.binding("editor", RolePower.BASIC),
        kind=HolderKind.SERVICE_AGENT,
    )
    both = holder("user:anna", gcp.binding("iam.serviceAccountAdmin"), gcp.binding("iam.serviceAccountUser"))
    runs, calls = gcp.binding("run.developer", permissions=("run.jobs.runWithOverrides",)), ("run.routes.invoke",)
    cases: list[tuple[Any, Scope, Scope]] = [
        (user_access_administrator_assigned, on_azure(holder("anna", uaa)), on_azure(holder("anna", azure.binding()))),
        (custom_role_owner, on_azure(roles=(owner,)), on_azure(roles=(narrow,))),
        (lock_role_absent, on_azure(roles=(narrow,)), on_azure(roles=(owner,))),
        (service_account_duties_unseparated, on_google(both), on_google(replace(both, roles=both.roles[:1]))),
        (service_agent_basic_role, on_google(agent), on_google(replace(agent, roles=(gcp.binding("x.serviceAgent"),)))),
        (external_principal_in_project,
            on_google(holder("user:a@b.example", gcp.binding(), outside=True)), on_google(holder("user:a", gcp.binding())),
        ),
        (job_overrides_allowed, on_google(holder("user:anna", runs)), on_google(holder("user:anna", gcp.binding()))),
        (invoke_through_broad_role,
            on_google(holder("user:anna", gcp.binding("run.developer", permissions=calls))),
            on_google(holder("user:anna", gcp.binding("run.invoker", permissions=calls))),
        ),
    ]  # fmt: skip
    for check, bad, good in cases:
        hidden = replace(good, role_holders=(unknown(ASSIGNMENTS),), custom_roles=unknown(ASSIGNMENTS))
        subjects = {"bad": bad, "good": good, "unread": hidden}
        assert verdicts(check, subjects) == {"bad": FAIL, "good": PASS, "unread": UNKNOWN}, check.id
        assert repairs(check, bad)


def test_a_role_is_taken_back_where_it_was_granted() -> None:
    def command(of: Check, *roles: RoleAssignment, kind: HolderKind = HolderKind.PERSON) -> tuple[str | None, str]:
        hit = only(of, gcp.scope(role_holders=(Known((holder("anna", *roles, kind=kind),), ASSIGNMENTS),)))
        return hit.command, hit.values.get("on_name", "")

    calls, runs = ("run.routes.invoke",), ("run.jobs.runWithOverrides",)
    above = AssignmentLevel.ORGANISATION
    organisation = "gcloud organizations remove-iam-policy-binding {on_name} --member={member} --role={granted}"
    folder = "gcloud resource-manager folders remove-iam-policy-binding {on_name} --member={member} --role={granted}"
    project = "gcloud projects remove-iam-policy-binding {on_name} --member={member} --role={granted}"
    wide = gcp.binding("run.developer", level=above, permissions=calls)
    assert command(invoke_through_broad_role, wide) == (organisation, "998877665544")
    over = gcp.binding("run.developer", permissions=runs, scope="folders/77", level=above)
    assert command(job_overrides_allowed, over) == (folder, "77")
    basic = gcp.binding("editor", RolePower.BASIC)
    assert command(service_agent_basic_role, basic, kind=HolderKind.SERVICE_AGENT) == (project, gcp.PROJECT)
