"""Functions that are container apps of their own: listed, judged like every function, and nothing of a site assumed."""

from typing import Any

from auditor.model.exposure import AuthMode, Reach
from auditor.model.function import Function
from auditor.model.handler import HandlerAuth
from auditor.model.hosting import HostingKind, ServiceState
from auditor.model.ingress import IngressScope
from auditor.model.observed import GapReason, Known, Unknown
from auditor.model.secret import SecretVerdict
from auditor.model.tags import Tags
from auditor.model.trigger import TriggerKind
from providers.azure.normalize import normalize
from tests.unit.providers.azure.normalize.capture import (
    BLOB_OWNER,
    CONTAINER_APP,
    DEFINITIONS,
    ENVIRONMENT,
    SUBSCRIPTION,
    MemoryCapture,
    absent,
    account_row,
    arm,
    assignment,
    facts,
    gap,
    ok,
    rows,
    site,
    site_row,
    variable,
)

BOOK = arm("Microsoft.App/containerApps", "Book-Slots")
ID = BOOK.lower()
PRINCIPAL = "aaaaaaaa-0000-4000-8000-00000000000b"


def row(identifier: str = BOOK, **changes: Any) -> dict[str, Any]:
    """A container app that is a function, open to the internet, with one variable of each kind."""
    properties = {
        "runningStatus": "Running",
        "managedEnvironmentId": ENVIRONMENT,
        "configuration": {
            "ingress": {"external": True, "allowInsecure": False, "fqdn": "book-slots.kitchen.azurecontainerapps.io"},
            "registries": [{"server": "fernhollow.azurecr.io", "identity": "system", "passwordSecretRef": ""}],
            "secrets": [{"name": "db", "value": None}],
            "secretSources": [
                {"name": "db", "keyVaultUrl": "https://kv-orders.vault.azure.net/secrets/db/0a1b", "identity": "system"}
            ],
        },
        "template": {
            "containers": [
                {
                    "image": "fernhollow.azurecr.io/book@sha256:abc",
                    "resources": {"cpu": 0.5, "memory": "1.5Gi"},
                    "env": [
                        {"name": "AzureWebJobsStorage__accountName", "value": variable(value="ordersstate")},
                        {"name": "API_TOKEN", "value": variable("secret")},
                    ],
                    "envSources": [{"name": "DB", "secretRef": "db"}],
                }
            ],
            "scale": {"minReplicas": 2, "maxReplicas": None},
        },
    } | changes.pop("properties", {})
    return {
        "id": identifier.lower(),
        "name": identifier.rpartition("/")[2],
        "kind": "functionapp",
        "location": "West Europe",
        "managedBy": "",
        "tags": {"owner": "slots"},
        "identity": {"type": "SystemAssigned", "principalId": PRINCIPAL},
        "properties": properties,
    } | changes


FUNCTIONS = {
    "value": [
        {
            "name": "Book-Slots/book",
            "properties": {
                "triggerType": "httpTrigger",
                "invokeUrlTemplate": "https://book-slots.kitchen.azurecontainerapps.io/api/slots/{id}",
                "language": "python",
                "isDisabled": False,
            },
        },
        {"name": "Book-Slots/expire", "properties": {"triggerType": "timerTrigger", "isDisabled": True}},
    ]
}
AROUND = (
    rows("graph:Sites"),
    rows("web:ListSites"),
    rows("app:ListContainerApps"),
    rows("graph:ManagedEnvironments", {"id": ENVIRONMENT.lower(), "properties": {"publicNetworkAccess": "Enabled"}}),
    rows("graph:StorageAccounts", account_row()),
    rows("graph:FrontEnds"),
    rows("graph:RoleAssignments", assignment(1, BLOB_OWNER, PRINCIPAL, f"/subscriptions/{SUBSCRIPTION}")),
    rows("authorization:ListRoleAssignments", assignment(1, BLOB_OWNER, PRINCIPAL, f"/subscriptions/{SUBSCRIPTION}")),
    rows("graph:RoleDefinitions", *DEFINITIONS),
    absent("app:GetAuthConfig", ID),
    ok("app:ListFunctions", FUNCTIONS, ID),
)


def functions(*answers: Any, listed: tuple[dict[str, Any], ...] = (row(),)) -> dict[str, Function]:
    capture = MemoryCapture(facts(), [*AROUND, rows("graph:ContainerApps", *listed)]).plus(*answers)
    return {function.id: function for function in normalize(capture).functions}


def book(*answers: Any, **changes: Any) -> Function:
    return functions(*answers, listed=(row(**changes),))[ID]


def test_z7_it_is_listed_with_its_place_tags_and_hosting() -> None:
    function = book()
    assert (function.name, function.location, function.source) == ("book-slots", "westeurope", "graph:ContainerApps")
    assert function.tags.need() == Tags({"owner": "slots"})
    hosting = function.hosting.need()
    assert (hosting.kind, hosting.system, hosting.container) == (HostingKind.CONTAINER_APPS, "linux", True)
    assert (hosting.state.need(), hosting.plan.need(), hosting.slots.need()) == (ServiceState.ACTIVE, None, ())
    assert function.runtime.need() is None
    assert (function.limits.memory_mb.need(), function.limits.min_instances.need()) == (1536, 2)
    assert (function.limits.max_instances.need(), function.limits.cpus.need()) == (10, 0.5)


def test_z7_its_ingress_decides_who_reaches_it() -> None:
    function = book()
    assert function.ingress.need().scope == Known(IngressScope.ALL, "graph:ContainerApps")
    assert function.transport.need().https_only.need() is True
    closed = book(properties={"configuration": {"ingress": {"external": False}}})
    assert closed.ingress.need().scope.need() is IngressScope.INTERNAL
    without = book(properties={"configuration": {"ingress": None}})
    assert without.ingress.need().scope.need() is IngressScope.INTERNAL


def test_z7_its_handlers_are_those_of_the_container_apps_api() -> None:
    book_slot, expire = book().handlers.need()
    assert book_slot.http is not None
    assert (book_slot.http.auth, book_slot.http.methods, book_slot.http.route) == (
        HandlerAuth.UNREPORTED,
        None,
        "slots/{id}",
    )
    assert (expire.name, expire.enabled, expire.http, expire.run_on_startup) == ("expire", False, None, None)
    [endpoint] = book().endpoints.need()
    assert (endpoint.url, endpoint.auth) == (
        "https://book-slots.kitchen.azurecontainerapps.io/api/slots/{id}",
        AuthMode.UNRECOGNISED,
    )
    assert endpoint.reach.need() is Reach.UNRECOGNISED
    down = book(gap("app:ListFunctions", ID, GapReason.SERVICE_ERROR))
    assert down.handlers.gap.reason is GapReason.SERVICE_ERROR


def test_z7_a_required_sign_in_settles_who_calls() -> None:
    on = {"platform": {"enabled": True}, "globalValidation": {"unauthenticatedClientAction": "Return401"}}
    function = book(ok("app:GetAuthConfig", {"properties": on}, ID))
    assert (function.authentication.need().enabled.need(), function.authentication.need().required.need()) == (
        True,
        True,
    )
    [endpoint] = function.endpoints.need()
    assert (endpoint.auth, endpoint.reach.need()) == (AuthMode.IDENTITY_PROVIDER, Reach.SCOPED)
    assert book().authentication.need().enabled.need() is False
    assert isinstance(book(gap("app:GetAuthConfig", ID)).authentication, Unknown)


def test_z7_its_variables_are_its_settings() -> None:
    function = book()
    variables = {found.name: found.verdict for found in function.environment.need().variables}
    assert variables == {
        "AzureWebJobsStorage__accountName": SecretVerdict.CLEAR,
        "API_TOKEN": SecretVerdict.SECRET,
        "DB": SecretVerdict.REFERENCE,
    }
    assert function.storage.need().host.need().id.endswith("/ordersstate")
    [reference] = function.storage.need().references.need()
    assert (reference.setting, reference.store, reference.version) == ("db", "kv-orders", "0a1b")
    registry = function.deployment.need().registry.need()
    assert registry is not None
    assert (registry.host, registry.password.need()) == ("fernhollow.azurecr.io", False)


def test_z7_its_identity_holds_its_roles() -> None:
    identity = book().identity.need()
    assert identity is not None
    assert identity.id == f"{ID}#system"
    assert [role.role for group in identity.role_assignments for role in group.need()] == ["Storage Blob Data Owner"]


def test_z7_triggers_whose_bindings_are_not_told_leave_a_gap_behind() -> None:
    queue = {"name": "Book-Slots/take", "properties": {"triggerType": "queueTrigger", "isDisabled": False}}
    known, untold = book(ok("app:ListFunctions", {"value": [queue]}, ID)).triggers
    [trigger] = known.need()
    assert (trigger.kind, trigger.source) == (TriggerKind.QUEUE, None)
    assert isinstance(trigger.authentication, Unknown)
    assert untold.gap.reason is GapReason.NOT_COLLECTED
    own, deliveries = book().triggers
    assert [trigger.kind for trigger in own.need()] == [TriggerKind.HTTP, TriggerKind.SCHEDULE]
    assert deliveries.gap.operation.startswith("eventgrid:")


def test_z7_no_fact_of_a_site_is_malformed_or_assumed() -> None:
    gaps = [part for part in repr(book()).split("Unknown(Gap(") if part.startswith(("MALFORMED", "NOT_COLLECTED"))]
    assert {part.split(", ")[1] for part in gaps} <= {"''", "'graph:Components'", "'graph:Registries'", "'graph:Vaults'",
                                                      "'authorization:ListLocks'", "'eventgrid:ListRegionalSubscriptions'",
                                                      "'security:ListPricings'", "'storage:GetBlobServices'",
                                                      "'storage:ListContainers'"}, gaps  # fmt: skip


def test_z7_what_a_site_manages_is_no_function_of_its_own() -> None:
    menu = row(CONTAINER_APP, managedBy=site("menu"))
    beside = row(arm("Microsoft.App/containerApps", "soup"))
    soup = site_row("soup", managedEnvironmentId=ENVIRONMENT, sku=None) | {
        "kind": "functionapp,linux,container,azurecontainerapps"
    }
    web, flows = (
        row(arm("Microsoft.App/containerApps", "web"), kind=""),
        row(arm("Microsoft.App/containerApps", "flows"), kind="workflowapp,functionapp"),
    )
    found = functions(rows("graph:Sites", soup), listed=(row(), menu, beside, web, flows))
    assert sorted(found) == [ID, site("soup").lower()]


def test_z7_the_list_of_resource_manager_has_what_resource_graph_has_not_yet() -> None:
    fresh = arm("Microsoft.App/containerApps", "fresh")
    found = functions(rows("app:ListContainerApps", row(fresh)))
    assert sorted(found) == [ID, fresh.lower()]
    assert found[fresh.lower()].source == "app:ListContainerApps"


def test_z7_container_apps_that_may_not_be_read_leave_the_place_open() -> None:
    refused = [gap(operation) for operation in ("graph:ContainerApps", "app:ListContainerApps")]
    inventory = normalize(MemoryCapture(facts(), [*AROUND]).plus(*refused))
    [place] = inventory.locations
    assert place.functions.gap.reason is GapReason.DENIED
    [scope] = inventory.scopes
    assert scope.guardrails.gap.reason is GapReason.DENIED


def test_z7_a_container_app_of_a_kind_that_cannot_be_read_is_counted_and_unknown() -> None:
    found = functions(listed=(row(kind=7),))
    assert list(found) == [ID]
    assert found[ID].identity.gap.reason is GapReason.MALFORMED


def test_z7_a_stopped_container_app_is_stopped() -> None:
    assert book(properties={"runningStatus": "Stopped"}).hosting.need().state.need() is ServiceState.STOPPED
    assert isinstance(book(properties={"runningStatus": "Sideways"}).hosting.need().state, Unknown)


def test_the_identity_that_reads_secrets_is_the_one_they_name() -> None:
    def read(*identities: str | None) -> Any:
        base = row()
        sources = [
            {"name": f"s{number}", "keyVaultUrl": "https://kv-orders.vault.azure.net/secrets/db", "identity": identity}
            for number, identity in enumerate(identities)
        ]
        configuration = {**base["properties"]["configuration"], "secretSources": sources}
        made = functions(listed=(row(properties={"configuration": configuration}),))
        return made[ID].storage.need().reference_identity

    shared = arm("Microsoft.ManagedIdentity/userAssignedIdentities", "Slots")
    assert read("system").need() is None
    assert read(shared).need() == shared.lower()
    assert read(shared, "system").gap.reason is GapReason.NOT_COLLECTED
    assert read(None).gap.reason is GapReason.NOT_COLLECTED
