"""Exposure paths of Azure and Google Cloud: from an entry that asks for nothing to what the identity's roles give."""

from dataclasses import replace
from typing import Any

from auditor.model.exposure import AuthMode, Reach
from auditor.model.finding import Status
from auditor.model.function import Function
from auditor.model.handler import HandlerAuth
from auditor.model.identity import AssignmentLevel, RoleAssignment, RolePower
from auditor.model.observed import Known
from auditor.model.role_holders import Workload, WorkloadKind
from auditor.model.severity import Confidence, Severity
from checks.exposure.exposure_path import exposure_path
from tests.unit.checks import azure, gcp
from tests.unit.checks.azure import make_public
from tests.unit.checks.build import Surroundings, found, only, unknown, verdicts
from tests.unit.checks.gcp import make_gcp
from tests.unit.checks.repairs import repairs

SITES, ASSIGNMENTS, POLICY = "graph:Sites", "graph:RoleAssignments", "resourcemanager:GetProjectPolicy"
ACCOUNT, GROUP, RESOURCE = AssignmentLevel.ACCOUNT, AssignmentLevel.GROUP, AssignmentLevel.RESOURCE
OWNER, ADMIN, PLAIN, TAKEOVER = RolePower.OWNER, RolePower.ADMIN, RolePower.PLAIN, RolePower.TAKEOVER
SECRET = "microsoft.keyvault/vaults/secrets/getsecret/action"
READ_BLOB = "microsoft.storage/storageaccounts/blobservices/containers/blobs/read"
ASSIGN = "microsoft.managedidentity/userassignedidentities/assign/action"
DEPLOY = "microsoft.web/sites/write"
AROUND = azure.AROUND


def app(*roles: RoleAssignment, keys: bool = False, **changes: Any) -> Function:
    """An app that anyone may call, with these roles; with ``keys``, only those who know a key."""
    own = azure.identity(*roles, principal="own")
    opened = azure.http(auth=HandlerAuth.KEY if keys else HandlerAuth.ANONYMOUS)
    return make_public(opened, **({"identity": Known(own, SITES)} | changes))


def service(*roles: RoleAssignment, reach: Reach = Reach.ANONYMOUS, **changes: Any) -> Function:
    """A function of Google Cloud that anyone may call, with these roles."""
    entry = replace(gcp.endpoint(AuthMode.NONE), reach=Known(reach, "asset:ListPolicies"))
    opened: dict[str, Any] = {
        "identity": Known(gcp.identity(*roles, principal="own"), "run:ListServices"),
        "ingress": Known(gcp.public(), "run:ListServices"),
        "endpoints": Known((entry,), "run:ListServices"),
    }
    return make_gcp(**(opened | changes))


def test_exposure_path_by_roles() -> None:
    az, gc = azure.binding, gcp.binding
    unread = azure.identity(role_assignments=(unknown(ASSIGNMENTS),), principal="own")
    subjects = {
        "owner": (app(az("Owner", OWNER, ACCOUNT)), Status.FAIL),
        "owner behind keys": (app(az("Owner", OWNER, ACCOUNT), keys=True), Status.PASS),
        "owner in a network": (
            app(az("Owner", OWNER, ACCOUNT), ingress=Known(azure.ingress(), SITES)), Status.PASS,
        ),
        "one account's blobs": (app(az(permissions=(READ_BLOB,))), Status.PASS),
        "every account's blobs": (app(az("Data", PLAIN, ACCOUNT, permissions=(READ_BLOB,))), Status.FAIL),
        "one vault's secrets": (app(az("Secrets", PLAIN, RESOURCE, permissions=(SECRET,))), Status.FAIL),
        "no identity": (app(identity=Known(None, SITES), attached=Known((), SITES)), Status.NOT_APPLICABLE),
        "roles unread": (app(identity=Known(unread, SITES)), Status.UNKNOWN),
        "roles unread, callers sign in": (
            app(identity=Known(unread, SITES), ingress=Known(azure.ingress(), SITES)), Status.PASS,
        ),
        "owner, handlers unread": (app(az("Owner", OWNER, ACCOUNT), handlers=unknown("web:ListFunctions")), Status.UNKNOWN),
        "harmless, handlers unread": (app(az("Reader"), handlers=unknown("web:ListFunctions")), Status.PASS),
        "editor": (service(gc("editor", RolePower.BASIC)), Status.FAIL),
        "editor for callers who sign in": (service(gc("editor", RolePower.BASIC), reach=Reach.SCOPED), Status.PASS),
        "its database": (service(gc(permissions=("datastore.entities.get",))), Status.PASS),
        "every bucket": (
            service(gc("storage.objectViewer", permissions=("storage.objects.get", "datastore.entities.get"))), Status.FAIL,
        ),
    }  # fmt: skip
    told = {name: function for name, (function, _) in subjects.items()}
    assert verdicts(exposure_path, told, AROUND) == {name: status for name, (_, status) in subjects.items()}


def test_the_severity_is_that_of_reach_and_power() -> None:
    az, gc = azure.binding, gcp.binding
    condition = "resource.name.startsWith('a')"
    subjects = {
        "owner of the subscription": app(az("Owner", OWNER, ACCOUNT)),
        "owner of a group": app(az("Owner", OWNER, GROUP)),
        "owner of one resource": app(az("Owner", OWNER, RESOURCE)),
        "secrets": app(az("Secrets", PLAIN, RESOURCE, permissions=(SECRET,))),
        "secrets under a condition": service(
            gc("x", permissions=("secretmanager.versions.access",), condition=condition, conditional=True)
        ),
        "editor": service(gc("editor", RolePower.BASIC)),
        "every token": service(gc("x", TAKEOVER, permissions=("iam.serviceAccounts.getOpenIdToken",))),
    }
    assert {name: only(exposure_path, each, AROUND).severity for name, each in subjects.items()} == {
        "owner of the subscription": Severity.CRITICAL,
        "owner of a group": Severity.HIGH,
        "owner of one resource": Severity.MEDIUM,
        "secrets": Severity.HIGH,
        "secrets under a condition": Severity.MEDIUM,
        "editor": Severity.CRITICAL,
        "every token": Severity.MEDIUM,
    }
    assert only(exposure_path, subjects["secrets under a condition"], AROUND).confidence is Confidence.MEDIUM


def around(*functions: Function, workloads: tuple[Workload, ...] = ()) -> Surroundings:
    facts: dict[str, Any] = {
        "role_holders": (Known((), ASSIGNMENTS),),
        "workloads": (Known(workloads, "graph:Workloads"),),
    }
    return Surroundings(where=azure.location(), scopes=(azure.scope(**facts),), functions=functions)


def test_an_administrator_that_the_identity_becomes_counts_as_one() -> None:
    boss = azure.make_azure(
        "boss", identity=Known(azure.identity(azure.binding("Owner", OWNER, ACCOUNT), principal="boss"), SITES)
    )
    start = app(azure.binding("Publisher", TAKEOVER, ACCOUNT, permissions=(DEPLOY,)))
    hit = only(exposure_path, start, around(start, boss))
    assert hit.severity is Severity.CRITICAL
    assert hit.message.startswith("Internet → function orders (")
    assert (
        "→ identity orders → it replaces the code or settings of boss, which is Owner of /subscriptions/" in hit.message
    )
    alone = around(start)
    assert not found(exposure_path, start, alone)
    unlisted = replace(alone, scopes=(azure.scope(workloads=(unknown("graph:Workloads"),), role_holders=()),))
    assert verdicts(exposure_path, {"targets unread": start}, unlisted) == {"targets unread": Status.UNKNOWN}


def test_the_fix_closes_the_first_hop_and_names_the_change_of_the_next() -> None:
    hit = only(exposure_path, app(azure.binding("Owner", OWNER, ACCOUNT)), AROUND)
    told = repairs(exposure_path, app(azure.binding("Owner", OWNER, ACCOUNT)), context=AROUND)
    assert "globalValidation.requireAuthentication=true" in told[-2]
    assert f"# az role assignment delete --ids {hit.values['assignment']}" in told[-2]
    google = repairs(exposure_path, service(gcp.binding("editor", RolePower.BASIC)), context=AROUND)[-2]
    assert google.startswith("gcloud run services update orders ")
    assert "--invoker-iam-check\n# or, where callers" in google
    assert f"# gcloud projects remove-iam-policy-binding {gcp.PROJECT} --member=serviceAccount:orders@" in google
    assert [item.source for item in hit.evidence][-1] == ASSIGNMENTS


def test_attaching_an_identity_that_does_not_exist_leads_nowhere() -> None:
    start = app(azure.binding("Operator", TAKEOVER, ACCOUNT, permissions=(ASSIGN, DEPLOY)))
    assert not found(exposure_path, start, around(start))
    boss = Workload(id="/subscriptions/x/boss", name="boss", kind=WorkloadKind.IDENTITY, runs_as=("boss",))
    assert not found(exposure_path, start, around(start, workloads=(boss,)))
