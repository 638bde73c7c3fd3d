"""A whole collection against a scripted Resource Manager: what is asked, in what order, and what is recorded."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from auditor.errors import NoScopeError, UsageError
from auditor.model.capture import Depth
from auditor.model.environment import Variable
from auditor.model.redacted import JudgedValue, encode
from auditor.model.secret import SecretVerdict
from auditor.model.severity import Confidence
from auditor.provider import CollectOptions
from providers.azure.operations import BY_ID, OPERATIONS, TABLES
from providers.azure.provider import AzureProvider
from tests.unit.providers.azure.collector.conftest import (
    FIRST,
    GRAPH,
    SECOND,
    Asked,
    Cloudlet,
    Endpoint,
    Kept,
    Told,
    refused,
    site,
)

Options = Callable[..., CollectOptions]

EACH_STANDARD = {
    "GET functions",
    "GET config/authsettingsv2",
    "GET basicpublishingcredentialspolicies",
    "GET config/configreferences/appsettings",
    "GET privateendpointconnections",
    "POST config/appsettings/list",
    "POST config/connectionstrings/list",
}
EACH_FULL = {
    "GET providers/microsoft.insights/diagnosticsettings",
    "GET config/logs",
    "GET sourcecontrols/web",
    "GET siteextensions",
    "GET hybridconnectionrelays",
    "GET backups",
    "POST config/azurestorageaccounts/list",
    "GET providers/microsoft.insights/metrics",
}


def collect(options: CollectOptions, kept: Kept) -> None:
    AzureProvider().collect(options, kept, kept)


def about(endpoint: Endpoint, name: str) -> set[str]:
    """What was asked about one app or slot: method and the path below it."""
    prefix = site(FIRST, name)["id"].lower() + "/"
    under = [a for a in endpoint.asked if a.path.startswith(prefix)]
    return {f"{a.method} {a.path[len(prefix) :]}" for a in under if "/slots/" in prefix or "slots/" not in a.path}


def config(row: dict[str, object]) -> dict[str, object]:
    kind = f"{row['type']}/config/web"
    return {**row, "id": f"{row['id']}/config/web", "type": kind, "properties": {"minTlsVersion": "1.2"}}


def tables(endpoint: Endpoint) -> list[str]:
    return sorted(a.body["query"].split(" ", 1)[0] for a in endpoint.asked if a.path == GRAPH)


def test_a_standard_run_asks_each_app_and_slot_what_has_no_bulk_form(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    rows = [site(FIRST, "orders"), site(FIRST, "orders/Staging")]
    cloud.rows = [*rows, *map(config, rows)]
    collect(options(), kept)
    assert about(endpoint, "orders") == EACH_STANDARD
    assert about(endpoint, "orders/Staging") == EACH_STANDARD
    assert tables(endpoint) == ["appserviceresources", "authorizationresources", "resources"]
    assert kept.gaps() == {}
    assert kept.told("web:ListFunctions") == {"orders": "ok", "staging": "ok"}
    assert kept.scopes == {FIRST: ["westeurope"]}
    assert {e.location for e in kept.envelopes} == {"global"}
    assert kept.expected == kept.finished == len(endpoint.asked)


def test_a_full_run_asks_more_and_slots_have_no_sticky_names_of_their_own(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    listed: dict[str, Any] = {"privateEndpointConnections": []}
    cloud.rows = [site(FIRST, "orders"), site(FIRST, "orders/staging", properties=listed)]
    cloud.rows += [config(row) for row in cloud.rows]
    collect(options(Depth.FULL), kept)
    assert about(endpoint, "orders") == EACH_STANDARD | EACH_FULL | {"GET config/slotconfignames"}
    assert about(endpoint, "orders/staging") == (EACH_STANDARD | EACH_FULL) - {"GET privateendpointconnections"}
    assert tables(endpoint) == sorted(TABLES)
    assert {a.query["interval"] for a in endpoint.asked if a.path.endswith("/metrics")} == {"P1D"}
    span = next(a.query["timespan"] for a in endpoint.asked if a.path.endswith("/metrics"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z/\d{4}-\d\d-\d\dT00:00:00Z", span)


@pytest.mark.parametrize(("asked", "read"), [(7, 7), (92, 92), (400, 92)])
def test_activity_decides_over_how_many_days_metrics_are_read(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options, asked: int, read: int
) -> None:
    cloud.rows = [site(FIRST, "orders")]
    collect(options(Depth.STANDARD, tiers=("activity",), activity_days=asked), kept)
    start, end = next(a.query["timespan"] for a in endpoint.asked if a.path.endswith("/metrics")).split("/")
    assert (datetime.fromisoformat(end) - datetime.fromisoformat(start)).days == read


def test_a_quick_run_asks_no_app(cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options) -> None:
    cloud.rows = [site(FIRST, "orders")]
    collect(options(Depth.QUICK), kept)
    assert about(endpoint, "orders") == set()
    assert {e.operation for e in kept.envelopes} >= {"web:ListFunctionAppStacks", "authorization:ListLocks"}


@pytest.mark.parametrize(("depth", "each"), [(Depth.QUICK, set[str]()), (Depth.STANDARD, EACH_STANDARD)])
def test_a_run_that_asks_for_activity_measures_each_app_at_any_depth(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options, depth: Depth, each: set[str]
) -> None:
    cloud.rows = [site(FIRST, "orders")]
    cloud.rows += [config(row) for row in cloud.rows]
    collect(options(depth, tiers=("activity",)), kept)
    assert about(endpoint, "orders") == each | {"GET providers/microsoft.insights/metrics"}


def test_only_declared_calls_are_sent(cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options) -> None:
    cloud.subscriptions = [FIRST, SECOND]
    cloud.rows = [site(FIRST, "orders"), site(SECOND, "bills")]
    collect(options(Depth.FULL), kept)
    declared = [
        (o.method, re.compile(re.sub(r"\\{\w+\\}", ".+", re.escape(o.path.lower())).replace("\\{id\\}", ".+")))
        for o in OPERATIONS
    ]
    for asked in endpoint.asked:
        assert any(asked.method == method and path.fullmatch(asked.path) for method, path in declared), asked
        assert asked.query["api-version"] in {o.api_version for o in OPERATIONS}


def test_a_subscription_without_function_apps_is_asked_nothing_more(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    cloud.rows = [site(FIRST, "shopfront", kind="app,linux"), site(FIRST, "flows", kind="functionapp,workflowapp")]
    collect(options(Depth.FULL), kept)
    assert sorted(endpoint.paths()) == [
        "GET /subscriptions",
        f"GET /subscriptions/{FIRST}/providers/microsoft.app/containerapps",
        f"GET /subscriptions/{FIRST}/providers/microsoft.authorization/permissions",
        f"GET /subscriptions/{FIRST}/providers/microsoft.web/sites",
        f"POST {GRAPH}",
    ]
    assert kept.rows("graph:Sites", FIRST) == [["flows", "shopfront"]]
    assert kept.scopes == {FIRST: []}


def test_bulk_answers_are_split_by_scope_and_type_and_read_page_by_page(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    vault = {**site(SECOND, "safe"), "type": "microsoft.keyvault/vaults"}
    cloud.subscriptions = [FIRST, SECOND]
    cloud.rows = [site(FIRST, "a"), site(FIRST, "b"), site(FIRST, "c"), site(SECOND, "d"), vault]
    cloud.page = 2
    collect(options(Depth.QUICK), kept)
    assert kept.rows("graph:Sites", FIRST) == [["a", "b"], ["c"]]
    assert kept.rows("graph:Sites", SECOND) == [["d"]]
    assert kept.rows("graph:Vaults", SECOND) == [["safe"]]
    assert kept.rows("graph:Vaults", FIRST) == [[]]
    assert [e.page for e in kept.of("graph:Sites", FIRST)] == [0, 1]
    tokens = [a.body["options"].get("$skipToken") for a in endpoint.asked if "keyvault" in str(a.body).lower()]
    assert tokens == [None, "2", "4"]
    assert all("$skipToken" not in e.body for e in kept.envelopes if e.operation.startswith("graph:"))


def test_rows_above_subscriptions_go_to_every_scope_with_apps(cloud: Cloudlet, kept: Kept, options: Options) -> None:
    kind = "microsoft.authorization/roleassignments"
    above = {"id": "/providers/Microsoft.Authorization/roleAssignments/up", "name": "up", "type": kind}
    own = {**above, "id": f"/subscriptions/{SECOND}/x", "name": "own", "subscriptionId": SECOND}
    cloud.subscriptions = [FIRST, SECOND]
    cloud.rows = [site(FIRST, "orders"), {**above, "subscriptionId": ""}, own]
    collect(options(Depth.QUICK), kept)
    assert kept.rows("graph:RoleAssignments", FIRST) == [["up"]]
    assert kept.rows("graph:RoleAssignments", SECOND) == [["own"]]


def test_a_failed_bulk_query_is_a_gap_of_each_scope_and_the_lists_stand_in(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    cloud.subscriptions = [FIRST, SECOND]
    cloud.rows = [site(FIRST, "orders"), site(SECOND, "bills")]
    cloud.answers["graph resources"] = refused("AuthorizationFailed")
    cloud.answers["graph authorizationresources"] = refused("BadRequest", status=400)
    cloud.answers["/sites/orders/slots"] = Told({"value": [site(FIRST, "orders/staging")]})
    collect(options(), kept)
    for operation in TABLES["resources"]:
        assert {e.scope: str(e.reason) for e in kept.of(operation.id)} == {FIRST: "DENIED", SECOND: "DENIED"}
    assert kept.told("graph:RoleAssignments") == {"": "SERVICE_ERROR"}
    assert kept.told("authorization:ListRoleDefinitions") == {"": "ok"}
    assert kept.told("web:ListPlans") == {"": "ok"}
    assert kept.told("web:ListSlots") == {"orders": "ok", "bills": "ok"}
    assert kept.told("web:ListFunctions") == {"orders": "ok", "staging": "ok", "bills": "ok"}
    assert kept.told("web:GetConfiguration") == {"orders": "ok", "staging": "ok", "bills": "ok"}


def test_a_bulk_answer_that_breaks_off_keeps_what_it_said(cloud: Cloudlet, kept: Kept, options: Options) -> None:
    def script(asked: Asked) -> Told:
        return cloud.graph(asked) if "$skipToken" not in asked.body["options"] else refused("Forbidden")

    cloud.rows, cloud.page = [site(FIRST, "a"), site(FIRST, "b")], 1
    cloud.answers["graph resources"] = script
    collect(options(Depth.QUICK), kept)
    assert [(e.page, str(e.reason or e.outcome)) for e in kept.of("graph:Sites")] == [(0, "ok"), (1, "DENIED")]
    assert kept.told("graph:Vaults") == {"": "DENIED"}
    assert kept.told("web:ListSlots") == {"b": "ok"}


def test_a_result_cut_short_without_a_continuation_is_no_whole_answer(
    cloud: Cloudlet, kept: Kept, options: Options
) -> None:
    cloud.answers["graph resources"] = Told({"data": [site(FIRST, "orders")], "resultTruncated": "true"})
    collect(options(Depth.QUICK), kept)
    assert [str(e.reason or e.outcome) for e in kept.of("graph:Sites")] == ["ok", "MALFORMED"]


def test_silence_where_sites_may_not_be_listed_is_no_word_that_there_are_none(
    cloud: Cloudlet, kept: Kept, options: Options
) -> None:
    cloud.subscriptions = [FIRST, SECOND]
    cloud.rows = [site(SECOND, "bills")]
    cloud.answers[f"{FIRST}/providers/microsoft.web/sites"] = refused("AuthorizationFailed", "may not list")
    collect(options(Depth.QUICK), kept)
    assert {e.scope: str(e.reason or e.outcome) for e in kept.of("graph:Sites")} == {FIRST: "DENIED", SECOND: "ok"}
    assert "may not list" in kept.of("graph:Sites", FIRST)[0].message
    assert kept.of("graph:Vaults", FIRST)[0].body == {"data": []}


def test_an_app_resource_graph_does_not_know_yet_is_asked_for_its_slots_and_configuration(
    cloud: Cloudlet, kept: Kept, options: Options
) -> None:
    known, new = site(FIRST, "known"), site(FIRST, "new")
    cloud.rows = [known, config(known)]
    cloud.answers[f"{FIRST}/providers/microsoft.web/sites"] = Told({"value": [known, new]})
    collect(options(), kept)
    assert kept.told("web:ListSlots") == {"new": "ok"}
    assert kept.told("web:GetConfiguration") == {"new": "ok"}
    assert kept.told("web:ListFunctions") == {"known": "ok", "new": "ok"}


def test_a_denied_settings_tier_leaves_the_rest(cloud: Cloudlet, kept: Kept, options: Options) -> None:
    cloud.rows = [site(FIRST, "orders"), site(FIRST, "orders/staging")]
    cloud.answers["/list"] = refused("AuthorizationFailed")
    collect(options(Depth.FULL), kept)
    denied = {"web:ListApplicationSettings", "web:ListConnectionStrings", "web:ListMounts"}
    assert kept.gaps() == {operation: {"DENIED"} for operation in denied}
    needed = {e.subject.rsplit("/", 1)[-1]: e.permission for e in kept.of("web:ListApplicationSettings")}
    assert needed == {
        "orders": "Microsoft.Web/sites/config/list/action",
        "staging": "Microsoft.Web/sites/slots/config/list/action",
    }


def test_globs_and_tags_choose_the_apps_that_are_asked(cloud: Cloudlet, kept: Kept, options: Options) -> None:
    cloud.rows = [
        site(FIRST, "orders", tags={"Team": "shop"}),
        site(FIRST, "orders/staging", tags={"team": "shop"}),
        site(FIRST, "bills", tags=None),
    ]
    collect(options(functions=("ORDERS*",)), kept)
    assert set(kept.told("web:ListFunctions")) == {"orders", "staging"}
    again = Kept()
    collect(options(tags=(("team", "shop"),), functions=("orders", "bills")), again)
    assert set(again.told("web:ListFunctions")) == {"orders"}


def test_a_stopped_run_records_what_was_left(cloud: Cloudlet, kept: Kept, options: Options) -> None:
    chosen = options(max_workers=1)
    cloud.rows = [site(FIRST, "orders"), site(FIRST, "bills")]

    def stopping(asked: Asked) -> Told:
        chosen.stop.set()
        return Told({"value": []})

    cloud.answers["/functions"] = stopping
    collect(chosen, kept)
    assert sorted(kept.told("web:ListFunctions").values()) == ["INTERRUPTED", "ok"]
    assert kept.told("web:GetAuthSettings") == {"orders": "INTERRUPTED", "bills": "INTERRUPTED"}
    assert {e.message for e in kept.envelopes if e.reason} == {"The run was stopped before this was asked."}


def test_a_run_stopped_before_it_began_asks_nothing(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    chosen = options()
    chosen.stop.set()
    collect(chosen, kept)
    assert endpoint.asked == []
    assert kept.scopes == {}


def test_host_storage_is_asked_about_where_its_id_is_known(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    account = f"/subscriptions/{FIRST}/resourceGroups/Shop-RG/providers/Microsoft.Storage/storageAccounts"
    listed = {**site(FIRST, "x"), "id": f"{account}/packages", "name": "packages"}
    role = {**site(FIRST, "role"), "properties": {"scope": f"{account}/Hidden/blobServices/default"}}
    packaged = {"deployment": {"storage": {"value": "https://packages.blob.core.windows.net/code"}}}
    cloud.rows = [
        site(FIRST, "orders", properties={"functionAppConfig": packaged}),
        site(FIRST, "bills"),
        site(FIRST, "stray"),
        {**listed, "type": "microsoft.storage/storageaccounts"},
        {**role, "type": "microsoft.authorization/roleassignments"},
    ]
    for app, name in (("bills", "hidden"), ("stray", "nowhere")):
        key = Variable(
            name="AzureWebJobsStorage",
            length=40,
            verdict=SecretVerdict.SECRET,
            confidence=Confidence.HIGH,
            detector="key",
            reference=None,
            digest="",
            value=None,
        )
        value = {"AzureWebJobsStorage": encode(JudgedValue(key, {"account": name}))}
        cloud.answers[f"/{app}/config/appsettings/list"] = Told({"properties": value})
    collect(options(Depth.FULL), kept)
    assert kept.told("storage:GetAccount") == {"hidden": "ok"}
    assert kept.told("storage:GetBlobServices") == {"hidden": "ok", "packages": "ok"}
    assert kept.told("storage:ListContainers") == {"hidden": "ok", "packages": "ok"}
    assert f"GET {account.lower()}/hidden" in endpoint.paths()


def test_container_apps_of_functions_are_asked_how_they_authenticate(
    cloud: Cloudlet, kept: Kept, options: Options
) -> None:
    def container(name: str, **facts: object) -> dict[str, object]:
        return {**site(FIRST, name), "kind": "", "type": "microsoft.app/containerapps", **facts}

    home = "/subscriptions/x/environments/E1"
    orders = site(FIRST, "orders", properties={"managedEnvironmentId": home})
    described = {"configuration": {"ingress": {}}, "managedEnvironmentId": home.lower()}
    cloud.rows = [
        orders,
        {**container("orders", properties=described), "id": f"/subscriptions/{FIRST}/managed/orders"},
        container("owned", managedBy=str(orders["id"]).upper(), properties=described),
        container("native", kind="functionapp"),
        container("stranger", properties=described),
    ]
    cloud.answers["/native/authconfigs/current"] = refused("AuthConfigNotFound", status=404)
    collect(options(Depth.FULL), kept)
    assert kept.told("app:GetAuthConfig") == {"orders": "ok", "owned": "ok", "native": "absent"}
    assert kept.told("app:GetContainerApp") == {"native": "ok"}


def test_a_management_group_is_read_through_its_subscriptions(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    below = [
        {
            "id": f"/subscriptions/{SECOND}",
            "type": "Microsoft.Management/managementGroups/subscriptions",
            "name": SECOND,
        },
        {"id": "/x/Shop", "type": "Microsoft.Management/managementGroups", "name": "Shop"},
    ]
    cloud.subscriptions = [FIRST, SECOND]
    cloud.rows = [site(FIRST, "orders"), site(SECOND, "bills")]
    cloud.answers["/managementgroups/fern/descendants"] = Told({"value": below})
    collect(options(Depth.QUICK, settings={"management_group": "Fern"}), kept)
    assert set(kept.scopes) == {SECOND}
    assert [a.body["managementGroups"] for a in endpoint.asked if a.body] == [["Fern"]] * 3
    assert kept.of("management:ListDescendants")[0].body == {"value": [below[0]]}
    assert kept.rows("graph:Sites", SECOND) == [["bills"]]


def test_subscriptions_are_chosen_by_id(cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options) -> None:
    cloud.subscriptions = [FIRST, SECOND]
    missing = "33333333-3333-3333-3333-333333333333"
    collect(options(settings={"subscription_id": f"{SECOND.upper()}, {missing}"}), kept)
    assert set(kept.scopes) == {SECOND}
    assert kept.errors == [f"Azure subscription {missing} is not visible to these credentials: it was not read."]
    assert [a.body["subscriptions"] for a in endpoint.asked if a.body] == [[SECOND]]
    with pytest.raises(UsageError, match="'prod' is not the id of a subscription"):
        collect(options(settings={"subscription_id": "prod"}), kept)


def test_a_named_subscription_is_read_even_where_subscriptions_cannot_be_listed(
    cloud: Cloudlet, kept: Kept, options: Options
) -> None:
    cloud.rows = [site(FIRST, "orders")]
    cloud.answers["/subscriptions"] = refused("AuthorizationFailed")
    with pytest.raises(NoScopeError, match="The Azure subscriptions cannot be listed"):
        collect(options(), kept)
    collect(options(settings={"subscription_id": FIRST}), kept)
    assert kept.told("resources:ListSubscriptions") == {"": "DENIED"}
    assert kept.told("web:ListFunctions") == {"orders": "ok"}


def test_credentials_that_see_nothing_are_said_so(cloud: Cloudlet, kept: Kept, options: Options) -> None:
    cloud.subscriptions = []
    with pytest.raises(NoScopeError, match="see no subscription"):
        collect(options(), kept)


def test_one_answer_about_runtimes_is_recorded_for_each_scope(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    cloud.subscriptions = [FIRST, SECOND]
    cloud.rows = [site(FIRST, "orders"), site(SECOND, "bills")]
    collect(options(Depth.QUICK), kept)
    assert endpoint.paths("/functionappstacks") == ["GET /providers/microsoft.web/functionappstacks"]
    assert [e.scope for e in kept.of("web:ListFunctionAppStacks")] == [FIRST, SECOND]


def test_resource_providers_are_never_registered(
    cloud: Cloudlet, endpoint: Endpoint, kept: Kept, options: Options
) -> None:
    cloud.rows = [site(FIRST, "orders")]
    message = "The subscription is not registered to use namespace 'Microsoft.Security'."
    cloud.answers["/providers/microsoft.security/pricings"] = refused("MissingSubscriptionRegistration", message, 409)
    collect(options(Depth.QUICK), kept)
    assert kept.told("security:ListPricings") == {"": "NOT_OFFERED"}
    assert not [path for path in endpoint.paths() if "register" in path]
    assert {a.method for a in endpoint.asked} == {"GET", "POST"}
    assert {a.path for a in endpoint.asked if a.method == "POST"} == {GRAPH}


def test_every_operation_knows_where_it_goes() -> None:
    for operation in BY_ID.values():
        assert operation.path.startswith(("/", "{id}")), operation.id
        assert operation.api_version, operation.id
