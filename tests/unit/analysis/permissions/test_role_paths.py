"""Paths on clouds that grant by roles: what is reached, by which steps, and what only looks like a path."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.analysis.permissions.role_capabilities import role_capabilities
from auditor.analysis.permissions.role_estate import RoleEstate
from auditor.analysis.permissions.role_paths import RolePaths
from auditor.analysis.permissions.role_techniques import permissions_of
from auditor.analysis.role_assignments import assignment_site
from auditor.model.function import Function
from auditor.model.identity import AssignmentLevel, RoleAssignment, RolePower
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.observed import Known
from auditor.model.role_holders import OWN, Denial, HolderKind, RoleHolder, Workload, WorkloadKind
from tests.unit.checks import azure, gcp
from tests.unit.checks.azure import ASSIGNMENTS, SITES, make_azure
from tests.unit.checks.gcp import LISTED, PROJECT, make_gcp

ACCOUNT, GROUP, RESOURCE = AssignmentLevel.ACCOUNT, AssignmentLevel.GROUP, AssignmentLevel.RESOURCE
ABOVE = "/providers/microsoft.management/managementgroups/fernhollow"
ASSIGN = "microsoft.managedidentity/userassignedidentities/assign/action"
VM, RUN = azure.arm("microsoft.compute/virtualmachines", "agent"), "microsoft.compute/virtualmachines/runcommand/action"
UAMI = azure.arm("microsoft.managedidentity/userassignedidentities", "deployer")
EVERYTHING = tuple(sorted(permissions_of(Cloud.AZURE)))
OWNER = azure.binding("Owner", RolePower.OWNER, ACCOUNT, permissions=EVERYTHING)


def held(
    *permissions: str,
    level: AssignmentLevel = ACCOUNT,
    scope: str = "",
    power: RolePower = RolePower.TAKEOVER,
    **changes: Any,
) -> RoleAssignment:
    made = azure.binding("Helper", power, level, permissions=permissions, **changes)
    return replace(made, scope=scope, id=f"{scope}/helper") if scope else made


def holder(name: str, *roles: RoleAssignment, kind: HolderKind = HolderKind.APPLICATION) -> RoleHolder:
    return RoleHolder(id=name, name=name, kind=kind, outside=OWN, roles=roles)


def app(name: str, *roles: RoleAssignment, **changes: Any) -> Function:
    own = azure.identity(*roles, name=name, principal=name) if roles else azure.identity(name=name, principal=name)
    return make_azure(name, **{"identity": Known(own, SITES), **changes})


def subscription(
    *holders: RoleHolder,
    workloads: Iterable[Workload] = (),
    denials: Iterable[Denial] = (),
    above: tuple[str, ...] = (),
) -> Scope:
    return azure.scope(
        role_holders=(Known(holders, ASSIGNMENTS),),
        workloads=(Known(tuple(workloads), "graph:Workloads"),),
        denials=(Known(tuple(denials), "authorization:ListDenyAssignments"),),
        above=above,
    )


def reached(scope: Scope, *functions: Function, start: str = "start") -> list[tuple[str, str, bool]]:
    """Who is reached, by which techniques, and whether it is in doubt."""
    paths = RolePaths(RoleEstate((scope,), functions), functions[0].cloud)
    told = (
        (path.reached, " > ".join(step.technique.id for step in path.steps), bool(path.doubt))
        for path in paths.paths(start)
    )
    return list(told)


IDENTITY = Workload(id=UAMI, name="deployer", kind=WorkloadKind.IDENTITY, runs_as=("deployer",))
MACHINE = Workload(id=VM, name="agent", kind=WorkloadKind.MACHINE, runs_as=("agent",))
OF_DEPLOYER, OF_AGENT = holder("deployer", OWNER), holder("agent", OWNER)
DENY = Denial(
    id="lock-down", principals=("start",), excepted=(), permissions=(ASSIGN,), excepted_permissions=(),
    scope=f"/subscriptions/{azure.SUBSCRIPTION}", level=ACCOUNT, account=azure.SUBSCRIPTION, conditional=False,
)  # fmt: skip


def test_azure_a_technique_needs_every_permission_a_target_and_a_principal_behind_it() -> None:
    write = "microsoft.web/sites/write"
    elsewhere = azure.arm("microsoft.managedidentity/userassignedidentities", "other")
    cases: dict[str, tuple[Scope, RoleAssignment, list[tuple[str, str, bool]]]] = {
        "attach": (subscription(OF_DEPLOYER, workloads=[IDENTITY]), held(ASSIGN, write), [("deployer", "attach-identity", False)]),
        "nothing-to-attach-it-to": (subscription(OF_DEPLOYER, workloads=[IDENTITY]), held(ASSIGN), []),
        "no-such-identity": (subscription(OF_DEPLOYER), held(ASSIGN, write), []),
        "on-that-identity-alone": (
            subscription(OF_DEPLOYER, workloads=[IDENTITY]),
            held(ASSIGN, write, level=RESOURCE, scope=UAMI), [("deployer", "attach-identity", False)],
        ),
        "on-another-identity": (
            subscription(OF_DEPLOYER, workloads=[IDENTITY]), held(ASSIGN, write, level=RESOURCE, scope=elsewhere), [],
        ),
        "a-weak-identity": (subscription(holder("deployer", held()), workloads=[IDENTITY]), held(ASSIGN, write), []),
        "denied": (subscription(OF_DEPLOYER, workloads=[IDENTITY], denials=[DENY]), held(ASSIGN, write), []),
        "denied-others": (
            subscription(OF_DEPLOYER, workloads=[IDENTITY], denials=[replace(DENY, principals=("*",), excepted=("start",))]),
            held(ASSIGN, write), [("deployer", "attach-identity", False)],
        ),
        "denied-perhaps": (
            subscription(OF_DEPLOYER, workloads=[IDENTITY], denials=[replace(DENY, conditional=True)]),
            held(ASSIGN, write), [("deployer", "attach-identity", True)],
        ),
        "machine": (subscription(OF_AGENT, workloads=[MACHINE]), held(RUN), [("agent", "run-on-machine", False)]),
        "machine-that-runs-as-nothing": (
            subscription(OF_AGENT, workloads=[replace(MACHINE, runs_as=())]), held(RUN), [],
        ),
        "machine-that-an-identity-is-attached-to": (
            subscription(OF_DEPLOYER, workloads=[IDENTITY, replace(MACHINE, runs_as=(), attached=(UAMI,))]),
            held(RUN), [("deployer", "run-on-machine", False)],
        ),
        "above-where-it-holds": (
            subscription(OF_AGENT, workloads=[MACHINE], above=(ABOVE,)),
            held(RUN, level=AssignmentLevel.ORGANISATION, account=None), [("agent", "run-on-machine", False)],
        ),
        "above-another-subscription": (
            subscription(OF_AGENT, workloads=[MACHINE]),
            held(RUN, level=AssignmentLevel.ORGANISATION, account=None), [],
        ),
        "its-condition-is-about-another-action": (
            subscription(OF_AGENT, workloads=[MACHINE]),
            held(RUN, condition="((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (x))"),
            [("agent", "run-on-machine", False)],
        ),
        "its-condition-names-the-action": (
            subscription(OF_AGENT, workloads=[MACHINE]),
            held(RUN, condition="((!(ActionMatches{'Microsoft.Compute/virtualMachines/runCommand/action'})) OR (x))"),
            [("agent", "run-on-machine", True)],
        ),
        "limited-by-the-role": (
            subscription(OF_AGENT, workloads=[MACHINE]), held(limited_permissions=(RUN,)), [("agent", "run-on-machine", True)],
        ),
    }  # fmt: skip
    assert {name: reached(scope, app("start", role)) for name, (scope, role, _) in cases.items()} == {
        name: expected for name, (_, _, expected) in cases.items()
    }


def test_azure_code_of_other_apps_and_chains() -> None:
    write, swap = "microsoft.web/sites/write", "microsoft.web/sites/slotsswap/action"
    strong = app("strong", OWNER)
    between = app("between", held(RUN))
    scope = subscription(OF_AGENT, workloads=[MACHINE])
    assert reached(scope, app("start", held(write)), strong) == [("strong", "replace-app", False)]
    assert reached(scope, app("start", held(swap)), strong) == [("strong", "swap-slots", True)]
    only_between = held(write, level=RESOURCE, scope=azure.site_id("between"))
    chain = [("agent", "replace-app > run-on-machine", False), ("between", "replace-app", False)]
    assert reached(scope, app("start", only_between), between) == chain
    slot = make_azure("strong", slot="staging", identity=Known(azure.identity(OWNER, principal="strong"), SITES))
    assert reached(scope, app("start", held(write)), slot) == []
    of_slots = held("microsoft.web/sites/slots/write")
    assert reached(scope, app("start", of_slots), slot) == [("strong", "replace-app", False)]


def test_azure_granting_roles_and_widening_ones_own() -> None:
    grant, define = "microsoft.authorization/roleassignments/write", "microsoft.authorization/roledefinitions/write"
    scope = subscription(OF_DEPLOYER, workloads=[IDENTITY])
    group = held(grant, level=GROUP)
    inside = reached(scope, app("start", group))
    assert [(way, doubt) for _, way, doubt in inside] == [
        ("grant-roles > attach-identity", False), ("grant-roles", False),
    ]  # fmt: skip
    assert reached(scope, app("start", held(define))) == []
    own = reached(scope, app("start", held(define, custom=True)))
    assert own[0][1:] == ("widen-own-role", False)
    assert reached(scope, app("start", OWNER)) == []  # an administrator has nothing left to reach


def account(email: str, *roles: RoleAssignment) -> RoleHolder:
    return holder(email, *roles, kind=HolderKind.SERVICE_ACCOUNT)


def bound(*permissions: str, scope: str = f"projects/{PROJECT}", **changes: Any) -> RoleAssignment:
    level = ACCOUNT if scope.count("/") == 1 else RESOURCE
    given = {"permissions": permissions, "power": RolePower.TAKEOVER, **changes}
    return replace(gcp.binding("helper", **given), scope=scope, level=level, id=f"{scope}#helper")


def project(*holders: RoleHolder, denials: Iterable[Denial] = ()) -> Scope:
    emails = ("start", "strong", "123@cloudbuild.gserviceaccount.com")
    accounts = tuple(
        Workload(
            id=f"projects/{PROJECT}/serviceAccounts/{email}", name=email, kind=WorkloadKind.IDENTITY, runs_as=(email,)
        )
        for email in emails[:2]
    )
    return Scope(
        id=f"gcp/{PROJECT}", cloud=Cloud.GCP, name=PROJECT, locations=(), number="123",
        role_holders=(Known(holders, "resourcemanager:GetProjectPolicy"),),
        workloads=(Known(accounts, "iam:ListServiceAccounts"),),
        denials=(Known(tuple(denials), "iam:ListDenyPolicies"),),
    )  # fmt: skip


def runs(name: str, email: str, *roles: RoleAssignment) -> Function:
    return make_gcp(name, identity=Known(gcp.identity(*roles, principal=email), LISTED))


def test_google_tokens_keys_and_code_of_service_accounts() -> None:
    strong = account("strong", replace(gcp.binding("owner", RolePower.OWNER), id="owner"))
    build = account("123@cloudbuild.gserviceaccount.com", replace(gcp.binding("owner", RolePower.OWNER), id="b"))
    only = f"projects/{PROJECT}/serviceAccounts/strong"
    act, create = "iam.serviceAccounts.actAs", "cloudfunctions.functions.create"
    token = "iam.serviceAccounts.getAccessToken"
    cases: dict[str, tuple[tuple[RoleAssignment, ...], str]] = {
        "token": ((bound(token),), "mint-token"),
        "token-of-that-account": ((bound(token, scope=only),), "mint-token"),
        "token-of-itself": ((bound(token, scope=f"projects/{PROJECT}/serviceAccounts/start"),), ""),
        "key": ((bound("iam.serviceAccountKeys.create"),), "create-key"),
        "signature": ((bound("iam.serviceAccounts.signBlob"),), "sign"),
        "policy-of-the-account": ((bound("iam.serviceAccounts.setIamPolicy", scope=only),), "open-account"),
        "deploys": ((bound(act, scope=only), bound(create)), "deploy-as"),
        "acts-without-deploying": ((bound(act),), ""),
        "deploys-without-acting": ((bound(create),), ""),
        "acts-here-deploys-elsewhere": ((bound(act), bound(create, scope="projects/other", account="other")), ""),
        "builds": ((bound("cloudbuild.builds.create"),), "run-build"),
        "delegates": ((bound("iam.serviceAccounts.implicitDelegation"),), "delegate?"),
        "at-night": ((bound(token, condition="request.time.getHours() < 5", conditional=True),), "mint-token?"),
        "until-a-day-that-has-not-come": ((bound(token, condition="request.time < timestamp('2030-01-01')"),), "mint-token"),
        "calls-only": ((bound("iam.serviceAccounts.getOpenIdToken"),), ""),
    }  # fmt: skip
    found = {}
    for name, (roles, _) in cases.items():
        ways = reached(project(strong, build), runs("start", "start", *roles))
        found[name] = f"{ways[0][1]}{'?' if ways[0][2] else ''}" if ways else ""
    assert found == {name: expected for name, (_, expected) in cases.items()}


def test_google_deny_policies_and_granting() -> None:
    strong = account("strong", replace(gcp.binding("owner", RolePower.OWNER), id="owner"))
    minting = bound("iam.serviceAccounts.getAccessToken")
    deny = replace(
        DENY, principals=("start",), permissions=("iam.serviceaccounts.getaccesstoken",),
        scope=f"projects/{PROJECT}", account=PROJECT,
    )  # fmt: skip
    start = runs("start", "start", minting)
    assert reached(project(strong, denials=[deny]), start) == []
    excepted = replace(deny, excepted_permissions=("iam.serviceaccounts.*",))
    assert [way for _, way, _ in reached(project(strong, denials=[excepted]), start)] == ["mint-token"]
    granting = runs("start", "start", bound("resourcemanager.projects.setIamPolicy"))
    assert [way for _, way, _ in reached(project(strong), granting)] == ["grant-roles"]
    on_bucket = bound("resourcemanager.projects.setIamPolicy", scope=f"projects/{PROJECT}/buckets/b")
    assert reached(project(strong), runs("start", "start", on_bucket)) == []


def test_who_can_take_a_function_over_and_by_what() -> None:
    write, keys = "microsoft.web/sites/write", "microsoft.storage/storageaccounts/listkeys/action"
    people = (
        holder("developer", held(write, level=GROUP), kind=HolderKind.PERSON),
        holder("storage-operator", held(keys), kind=HolderKind.GROUP),
        holder("identity-operator", held(ASSIGN)),
        holder("reader", held()),
        holder("own", held(write)),
    )
    scope = subscription(*people, workloads=[IDENTITY])
    attached = Known((azure.attached(principal="deployer", id=UAMI),), SITES)
    function = make_azure("shop", identity=Known(azure.identity(principal="own"), SITES), attached=attached)
    takers = RolePaths(RoleEstate((scope,), (function,)), Cloud.AZURE).takers(function)
    assert sorted((taker.holder.id, taker.step.technique.id) for taker in takers) == [("developer", "replace-app")]
    open_keys = azure.host_storage(shared_key=Known(True, "graph:StorageAccounts"))
    stored = azure.storage(host=Known(open_keys, "web:ListApplicationSettings"))
    flexible = azure.hosting(azure.HostingKind.FLEX_CONSUMPTION)
    changed = replace(function, storage=Known(stored, SITES), hosting=Known(flexible, SITES))
    takers = RolePaths(RoleEstate((scope,), (changed,)), Cloud.AZURE).takers(changed)
    assert sorted((taker.holder.id, taker.step.technique.id) for taker in takers) == [
        ("developer", "replace-app"), ("storage-operator", "read-storage-keys"),
    ]  # fmt: skip


def test_denials_of_groups_and_of_one_scope_alone() -> None:
    write = "microsoft.web/sites/write"
    member = held(ASSIGN, write, through="crew")
    other = f"/subscriptions/{azure.SUBSCRIPTION}/resourcegroups/other"
    cases: dict[str, tuple[Denial, RoleAssignment, list[bool]]] = {
        "of-a-group-it-is-in": (replace(DENY, principals=(), groups=("crew",)), member, []),
        "of-a-group-it-may-be-in": (replace(DENY, principals=(), groups=("crew",)), held(ASSIGN, write), [True]),
        "but-of-a-group-it-is-in": (replace(DENY, principals=("*",), excepted_groups=("crew",)), member, [False]),
        "but-of-a-group-it-may-be-in": (replace(DENY, principals=("*",), excepted_groups=("crew",)), held(ASSIGN, write), [True]),
        "by-a-pattern": (replace(DENY, principals=("st*",)), held(ASSIGN, write), []),
        "in-another-resource-group": (replace(DENY, scope=other, level=GROUP), held(ASSIGN, write), [False]),
        "on-the-subscription-alone": (replace(DENY, below=False), held(ASSIGN, write), [False]),
        "of-what-it-needs-besides": (replace(DENY, permissions=(write,)), held(ASSIGN, write), []),
    }  # fmt: skip
    found = {
        name: [doubt for _, _, doubt in reached(subscription(OF_DEPLOYER, workloads=[IDENTITY], denials=[denial]), app("start", role))]
        for name, (denial, role, _) in cases.items()
    }  # fmt: skip
    assert found == {name: expected for name, (_, _, expected) in cases.items()}


def test_a_denied_capability_is_none_and_one_that_may_be_denied_depends() -> None:
    secrets = "microsoft.keyvault/vaults/secrets/getsecret/action"
    start = app("start", held(secrets, scope=f"/subscriptions/{azure.SUBSCRIPTION}"))

    def able(*denials: Denial) -> list[tuple[str, tuple[str, ...]]]:
        estate = RoleEstate((subscription(denials=denials),), (start,))
        return [(found.kind.value, found.conditions) for _, found in role_capabilities(start, estate)]

    deny = replace(DENY, permissions=(secrets,))
    assert able() == [("read-secrets", ())]
    assert able(deny) == []
    assert able(replace(deny, conditional=True)) == [("read-secrets", ("lock-down may deny it",))]
    assert able(replace(deny, scope=f"{deny.scope}/resourcegroups/other", level=GROUP)) == [("read-secrets", ())]


SITE_WRITE, GRANT = "microsoft.web/sites/write", "microsoft.authorization/roleassignments/write"
NAMES = ("start", "agent", "deployer", "a0", "a1", "a2")
ROLES = (
    *(held(RUN), held(ASSIGN, SITE_WRITE), held(*EVERYTHING, level=RESOURCE, scope=VM), held(GRANT, level=GROUP)),
    *(held(RUN, condition="@Resource[name] StringEquals 'x'", conditional=True), held(SITE_WRITE), OWNER),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from(ROLES), max_size=2), min_size=len(NAMES), max_size=len(NAMES)))
def test_principals_with_the_same_roles_lead_where_each_of_them_would(chosen: list[list[RoleAssignment]]) -> None:
    """A role without permissions makes each of them different: then all are followed."""
    apps = [app(name) for name in NAMES[3:]]
    told = []
    for alike in (True, False):
        marks = [
            () if alike else (held(level=RESOURCE, scope=f"/mark/{name}", power=RolePower.PLAIN),) for name in NAMES
        ]
        holders = [holder(name, *roles, *mark) for name, roles, mark in zip(NAMES, chosen, marks, strict=True)]
        told.append(sorted(reached(subscription(*holders, workloads=[IDENTITY, MACHINE]), *apps)))
    assert told[0] == told[1]


def test_paths_are_looked_for_again_without_assignments_that_are_taken_back() -> None:
    start = held(RUN)
    scope = subscription(OF_AGENT, holder("start", start), workloads=[MACHINE])
    paths = RolePaths(RoleEstate((scope,), (app("start", start),)), Cloud.AZURE)
    assert [path.reached for path in paths.paths("start")] == ["agent"]
    for taken, left in ((start, []), (OWNER, []), (held(ASSIGN, scope="/elsewhere"), ["agent"])):
        lesser = paths.without(frozenset({assignment_site(taken, "start")}))
        assert [path.reached for path in lesser.paths("start")] == left, taken
    assert [path.reached for path in paths.paths("start")] == ["agent"]
