"""What functions of Azure and Google Cloud can do and become, as rows of the report."""

from dataclasses import replace

from auditor.analysis.permissions.role_estate import RoleEstate
from auditor.analysis.permissions.role_paths import RolePaths
from auditor.analysis.permissions.role_permissions import permissions_by_roles
from auditor.model.access import EffectivePermissions
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Scope
from auditor.model.observed import GapReason, Known, Observed, Unknown
from auditor.model.role_holders import HolderKind
from tests.unit.analysis.permissions.test_role_paths import (
    ASSIGN,
    DENY,
    IDENTITY,
    MACHINE,
    OF_AGENT,
    OF_DEPLOYER,
    OWNER,
    RUN,
    app,
    held,
    holder,
    subscription,
)
from tests.unit.checks import azure
from tests.unit.checks.azure import SITES, make_azure
from tests.unit.checks.build import unknown

PUBLISH = "microsoft.web/sites/publish/action"


def told(scope: Scope, *functions: Function) -> dict[str, Observed[EffectivePermissions]]:
    paths = RolePaths(RoleEstate((scope,), functions), Cloud.AZURE)
    by_id = dict(permissions_by_roles(functions, paths))
    return {function.name: by_id[function.id] for function in functions}


def test_paths_are_told_step_by_step_with_names_and_proof() -> None:
    start = app("start", held(RUN))
    found = told(subscription(OF_AGENT, workloads=[MACHINE]), start)["start"].need()
    [path] = found.escalation
    assert (path.source, path.target, path.administrator) == ("start", "agent", True)
    assert path.gains == (f"Owner of /subscriptions/{azure.SUBSCRIPTION}",)
    [step] = path.steps
    assert (step.technique, step.sentence, step.actions) == (
        "run-on-machine",
        "runs a command on machine agent",
        (RUN,),
    )
    assert (step.object, step.proof[0].policy) == (MACHINE.id, "Helper")
    assert (found.administrator, found.administrators, found.before) == (False, ("agent",), ())


def test_who_can_take_a_function_over_besides_administrators() -> None:
    taker = holder("anna", held(PUBLISH), kind=HolderKind.PERSON)
    start = app("start", held(RUN))
    found = told(subscription(taker, OF_DEPLOYER), start)["start"].need()
    assert [(path.source, path.target, path.steps[0].technique) for path in found.takeover] == [
        ("anna", start.id, "replace-app")
    ]
    assert (found.takers, found.administrators) == (1, ("deployer",))
    denied = replace(DENY, principals=("anna",), permissions=("microsoft.web/*",))
    assert told(subscription(taker, denials=[denied]), start)["start"].need().takeover == ()


def test_what_was_not_read_is_said_and_hides_nothing_that_was() -> None:
    start = app("start", held(ASSIGN, "microsoft.web/sites/write"))
    lost = unknown("graph:Workloads")
    whole = subscription(OF_DEPLOYER, workloads=[IDENTITY])
    part = replace(whole, workloads=(*whole.workloads, lost), denials=(lost,))
    found = told(part, start)["start"].need()
    assert [path.target for path in found.escalation] == ["deployer"]
    assert (found.before, isinstance(found.complete, Unknown)) == (("deny assignments",), True)
    assert told(whole, start)["start"].need().complete == Known(True, SITES)


def test_without_an_identity_there_is_nothing_to_tell() -> None:
    none = make_azure("none", identity=Known(None, SITES), attached=Known((), SITES))
    unread = make_azure("unread", identity=unknown(SITES), attached=unknown(SITES))
    administrator = app("boss", OWNER)
    found = told(subscription(), none, unread, administrator)
    assert found["none"].gap.reason is GapReason.NOT_OFFERED
    assert found["unread"] == unread.identity
    boss = found["boss"].need()
    assert (boss.administrator, boss.escalation) == (True, ())
    assert boss.capabilities[0].kind.value == "administer"
