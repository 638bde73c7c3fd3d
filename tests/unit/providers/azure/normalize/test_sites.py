"""Which apps are functions, what they are called, where they run and on what."""

import pytest

from auditor.model.capture import Depth
from auditor.model.hosting import HostingKind, ServiceState
from auditor.model.observed import GapReason, Known, Unknown
from auditor.model.tags import Tags
from providers.azure.normalize import normalize
from tests.unit.providers.azure.normalize.capture import (
    GROUP,
    MENU,
    ORDERS,
    PLAN,
    STAGING,
    SUBSCRIPTION,
    THUMBS,
    MemoryCapture,
    capture,
    config_row,
    facts,
    gap,
    ok,
    rows,
    site,
    site_row,
)
from tests.unit.providers.azure.normalize.reading import app, listed, one, orders, read


def test_sites_and_slots_are_functions_of_their_own() -> None:
    inventory = read()
    assert [(function.id, function.name) for function in inventory.functions] == [
        (MENU, "menu"),
        (ORDERS, "orders"),
        (STAGING, "orders/staging"),
        (THUMBS, "thumbs"),
    ]
    slot = app(inventory, STAGING).hosting.need()
    assert (slot.slot, slot.parent) == ("staging", ORDERS)
    assert app(inventory).hosting.need().slots == Known(("staging",), "graph:Sites")
    assert [place.id for place in inventory.locations] == [f"azure/{SUBSCRIPTION}/westeurope"]
    assert inventory.locations[0].functions == Known(4, "graph:Sites")
    assert inventory.scopes[0].name == SUBSCRIPTION


@pytest.mark.parametrize(
    ("kind", "properties", "expected", "system", "container"),
    [
        ("functionapp", {"sku": "Dynamic", "reserved": False}, HostingKind.CONSUMPTION, "windows", False),
        ("functionapp,linux", {"sku": "Dynamic"}, HostingKind.CONSUMPTION, "linux", False),
        ("functionapp,linux", {"sku": "ElasticPremium"}, HostingKind.PREMIUM, "linux", False),
        ("functionapp,linux,container", {"sku": "ElasticPremium"}, HostingKind.PREMIUM, "linux", True),
        ("functionapp", {"sku": "PremiumV3", "reserved": False}, HostingKind.DEDICATED, "windows", False),
        ("functionapp", {"sku": "Basic", "reserved": False}, HostingKind.DEDICATED, "windows", False),
        ("functionapp", {"sku": "IsolatedV2", "reserved": False}, HostingKind.DEDICATED, "windows", False),
        ("functionapp,linux", {"sku": "FlexConsumption"}, HostingKind.FLEX_CONSUMPTION, "linux", False),
        (
            "functionapp,linux",
            {"sku": None, "functionAppConfig": {"runtime": {}}},
            HostingKind.FLEX_CONSUMPTION,
            "linux",
            False,
        ),
        ("functionapp,linux,container,azurecontainerapps", {"sku": None}, HostingKind.CONTAINER_APPS, "linux", True),
        ("functionapp,linux,kubernetes", {"sku": "Kubernetes"}, HostingKind.KUBERNETES, "linux", False),
        ("functionapp", {"sku": "Hyperscale", "reserved": False}, HostingKind.UNRECOGNISED, "windows", False),
    ],
)
def test_kinds_are_told_exactly(kind, properties, expected, system, container) -> None:
    hosting = one(kind=kind, **properties).hosting.need()
    assert (hosting.kind, hosting.system, hosting.container) == (expected, system, container)


def test_without_a_sku_the_plan_tells_the_kind() -> None:
    plan = {
        "id": PLAN.lower(),
        "sku": {"name": "Y1", "tier": "Dynamic", "capacity": 0},
        "properties": {"numberOfSites": 1, "zoneRedundant": False},
    }
    function = orders(*listed(site_row("orders", sku=None)), rows("graph:Plans", plan))
    assert function.hosting.need().kind is HostingKind.CONSUMPTION


def test_web_apps_and_workflows_are_not_functions() -> None:
    web = site_row("shop") | {"kind": "app,linux"}
    old = site_row("old") | {"kind": None}
    old["properties"]["kind"] = None
    flow = site_row("flow") | {"kind": "functionapp,workflowapp"}
    inventory = read(*listed(site_row("orders"), web, old, flow))
    assert [function.name for function in inventory.functions] == ["orders"]
    assert inventory.scopes[0].guardrails.need().workflows == Known((site("flow").lower(),), "graph:Sites")


def test_ids_of_the_graph_and_of_arm_are_the_same_app() -> None:
    lowered, mixed = site_row("orders"), site_row("orders") | {"id": site("Orders"), "location": "West Europe"}
    inventory = read(rows("graph:Sites", lowered), rows("web:ListSites", mixed))
    assert [(function.id, function.source) for function in inventory.functions] == [(ORDERS, "graph:Sites")]


def test_an_app_that_only_arm_lists_is_read_too() -> None:
    row = site_row("orders") | {"id": site("orders"), "location": "West Europe"}
    function = orders(rows("graph:Sites"), rows("web:ListSites", row))
    assert (function.source, function.location) == ("web:ListSites", "westeurope")
    assert function.transport.need().https_only == Known(True, "web:ListSites")


def test_where_the_graph_did_not_answer_slots_are_asked_of_each_app() -> None:
    row, slot = site_row("orders"), site_row("orders", "staging")
    inventory = read(
        gap("graph:Sites", reason=GapReason.THROTTLED),
        rows("web:ListSites", row),
        rows("web:ListSlots", slot, subject=ORDERS),
    )
    assert [function.id for function in inventory.functions] == [ORDERS, STAGING]
    assert inventory.locations[0].functions == Known(2, "graph:Sites")
    alone = read(gap("graph:Sites", reason=GapReason.THROTTLED), rows("web:ListSites", row))
    assert isinstance(alone.locations[0].functions, Unknown)
    assert isinstance(app(alone).hosting.need().slots, Unknown)


def test_where_no_list_answered_the_place_says_why() -> None:
    inventory = read(gap("graph:Sites"), gap("web:ListSites"))
    assert inventory.functions == ()
    assert inventory.locations[0].functions.gap.reason is GapReason.DENIED
    empty = normalize(MemoryCapture(facts(locations=()), [gap("graph:Sites"), gap("web:ListSites")]))
    assert [place.location for place in empty.locations] == ["global"]


def test_a_subscription_without_function_apps_has_no_guardrails_to_judge() -> None:
    inventory = normalize(
        MemoryCapture(facts(locations=()), [rows("graph:Sites"), rows("web:ListSites"), rows("graph:ContainerApps")])
    )
    assert inventory.locations == ()
    assert inventory.scopes[0].guardrails.gap.reason is GapReason.NOT_OFFERED


def test_nulls_of_a_list_are_unknown_and_never_a_finding() -> None:
    function = orders(rows("graph:SiteConfigs"), ok("web:GetConfiguration", {"properties": _nulls()}, ORDERS))
    assert function.transport.need().min_tls.gap.reason is GapReason.MALFORMED
    assert isinstance(function.ingress.need().rules, Unknown)
    assert isinstance(function.transport.need().cipher_suite, Unknown)
    assert isinstance(function.hosting.need().health_probe, Unknown)
    assert isinstance(function.endpoints, Unknown)


def _nulls() -> dict[str, None]:
    return dict.fromkeys(config_row(ORDERS)["properties"])


def test_what_a_list_does_say_stands_in_for_a_configuration_that_was_refused() -> None:
    row = site_row("orders", siteConfig={"linuxFxVersion": "Node|22", "http20Enabled": True, "minTlsVersion": None})
    function = orders(*listed(row), rows("graph:SiteConfigs"), gap("web:GetConfiguration", ORDERS))
    assert function.runtime == Known("node|22", "graph:Sites")
    assert function.transport.need().http2 == Known(True, "graph:Sites")
    assert function.transport.need().min_tls.gap.reason is GapReason.DENIED


def test_a_configuration_that_the_graph_lacks_is_read_from_the_app() -> None:
    body = {"properties": config_row(ORDERS, minTlsVersion="1.0")["properties"]}
    function = orders(rows("graph:SiteConfigs"), ok("web:GetConfiguration", body, ORDERS.replace("sites", "Sites")))
    assert function.transport.need().min_tls == Known("1.0", "web:GetConfiguration")


def test_at_a_lesser_depth_what_was_not_asked_says_so() -> None:
    base = capture(Depth.QUICK).without("web:ListFunctions", "insights:GetMetrics")
    function = app(normalize(base))
    assert function.handlers.gap.reason is GapReason.NOT_AT_DEPTH
    assert function.monitoring.need().usage.gap.reason is GapReason.NOT_AT_DEPTH


def test_a_stopped_app_says_so() -> None:
    hosting = one(state="Stopped", usageState="Exceeded").hosting.need()
    assert hosting.state == Known(ServiceState.STOPPED, "graph:Sites")
    assert hosting.state_reason == "state Stopped, usageState Exceeded"


def test_the_plan_the_lock_and_the_switches_of_the_host() -> None:
    hosting = orders().hosting.need()
    plan = hosting.plan.need()
    assert (plan.tier, plan.sku, plan.capacity.need(), plan.zone_redundant.need()) == ("ElasticPremium", "EP1", 3, True)
    assert hosting.locked == Known(True, "authorization:ListLocks")
    assert hosting.always_on.gap.reason is GapReason.NOT_OFFERED
    assert hosting.health_probe == Known("/api/health", "graph:SiteConfigs")
    assert hosting.extensions == Known(("Dynatrace",), "web:ListSiteExtensions")
    assert hosting.hybrid == Known(("erp.fernhollow.internal",), "web:ListHybridConnections")
    assert hosting.backup == Known(True, "web:ListBackups")
    assert hosting.in_process == Known(False, "web:ListApplicationSettings")
    unlocked = orders(rows("authorization:ListLocks")).hosting.need()
    assert unlocked.locked == Known(False, "authorization:ListLocks")


def test_a_lock_on_another_group_holds_nothing_here() -> None:
    lock = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}-labs/providers/Microsoft.Authorization/locks/l"
    hosting = orders(rows("authorization:ListLocks", {"id": lock, "properties": {}})).hosting.need()
    assert hosting.locked == Known(False, "authorization:ListLocks")


def test_one_relay_may_come_as_an_object_of_its_own() -> None:
    single = ok("web:ListHybridConnections", {"id": None, "properties": {"hostname": "till", "port": 1}}, ORDERS)
    assert orders(single).hosting.need().hybrid == Known(("till",), "web:ListHybridConnections")
    none = ok("web:ListHybridConnections", {"id": None, "properties": {}}, ORDERS)
    assert orders(none).hosting.need().hybrid == Known((), "web:ListHybridConnections")


@pytest.mark.parametrize(
    ("properties", "unique"),
    [
        ({"autoGeneratedDomainNameLabelScope": None}, False),
        ({"autoGeneratedDomainNameLabelScope": "NoReuse"}, True),
        (
            {
                "autoGeneratedDomainNameLabelScope": None,
                "defaultHostName": "orders-a1b2c3d4e5f6g7h8.westeurope-01.azurewebsites.net",
            },
            True,
        ),
    ],
)
def test_a_default_name_that_anyone_may_take_over(properties, unique) -> None:
    assert one(**properties).hosting.need().unique_hostname == Known(unique, "graph:Sites")


def test_tags_come_without_those_of_the_portal() -> None:
    assert orders().tags == Known(Tags({"owner": "payments"}), "graph:Sites")
    assert orders().monitoring.need().insights_linked == Known(True, "graph:Sites")
