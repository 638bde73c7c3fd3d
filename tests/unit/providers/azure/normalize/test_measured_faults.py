"""Faults that measurement found, with other members of each kind: what Azure leaves unsaid, and what it means."""

from typing import Any

import pytest

from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.hosting import ServiceState
from auditor.model.ingress import IngressScope
from auditor.model.observed import GapReason, Known, Unknown
from auditor.model.transport import ClientCertificates
from providers.azure.normalize.access import management_rules_of, mostly_everyone, rules_of
from tests.unit.providers.azure.normalize.capture import (
    CONTAINER_APP,
    ENVIRONMENT,
    MENU,
    OPEN_IN,
    ORDERS,
    PLAN,
    account_row,
    arm,
    config_row,
    handler,
    ok,
    rows,
    site,
    site_row,
)
from tests.unit.providers.azure.normalize.reading import app, listed, one, orders, read

ALLOW_ALL = {
    "ipAddress": "Any",
    "action": "Allow",
    "priority": 2147483647,
    "name": "Allow all",
    "description": "Allow all access",
}
DENY_ALL = ALLOW_ALL | {"action": "Deny", "name": "Deny all", "description": "Deny all access"}
OFFICE = {"ipAddress": "203.0.113.0/24", "action": "Allow", "tag": "Default", "priority": 100, "name": "office"}


def restricted(listed_rules: Any, default: str | None = None) -> dict[str, Any]:
    return {"ipSecurityRestrictions": listed_rules, "ipSecurityRestrictionsDefaultAction": default}


@pytest.mark.parametrize(
    ("config", "rules", "open_to_all"),
    [
        (restricted([ALLOW_ALL]), (), True),
        (restricted([ALLOW_ALL | {"priority": 1}]), (), True),  # as older versions of the API show it
        (restricted([ALLOW_ALL | {"name": "renamed"}]), (), True),
        (restricted([ALLOW_ALL], "Allow"), (), True),
        (restricted(None), (), True),
        (restricted([]), (), True),
        (restricted([], "Deny"), (), False),
        (restricted(None, "Allow"), (), True),
        (restricted([OFFICE, DENY_ALL]), ("office",), False),
        (restricted([OFFICE]), ("office",), False),
        (restricted([OFFICE], "Allow"), ("office",), True),
        (restricted([OFFICE, ALLOW_ALL], "Allow"), ("office",), True),
        (restricted([ALLOW_ALL | {"priority": 300, "name": "all", "description": ""}]), ("all",), True),
        (restricted([ALLOW_ALL | {"headers": {"x-azure-fdid": ["1"]}}]), ("Allow all",), False),
    ],
)
def test_z1_the_row_of_unmatched_callers_is_no_rule(
    config: dict[str, Any], rules: tuple[str, ...], open_to_all: bool
) -> None:
    found = rules_of(config)
    assert (tuple(rule.name for rule in found.rules), found.open) == (rules, open_to_all)
    management = {f"scm{key[0].upper()}{key[1:]}": value for key, value in config.items()}
    assert management_rules_of(management | {"scmIpSecurityRestrictionsUseMain": None}) == found


def test_z1_rules_of_many_sources_and_of_every_virtual_network() -> None:
    tags = OFFICE | {"ipAddress": "AzureCloud.westeurope,Internet", "tag": "ServiceTag"}
    assert rules_of(restricted([tags])).open is True
    networks = OFFICE | {"ipAddress": "AnyVnets"}
    assert one(restricted([networks]), publicNetworkAccess="Enabled").ingress.need().scope.need() is IngressScope.ALL


def endpoints(*states: str) -> list[dict[str, Any]]:
    return [
        {"id": f"pe-{index}", "properties": {"privateLinkServiceConnectionState": {"status": state}}}
        for index, state in enumerate(states)
    ]


@pytest.mark.parametrize(
    ("access", "states", "public"),
    [
        (None, ("Approved",), False),
        ("", ("Approved",), False),
        (None, ("Pending", "approved"), False),
        (None, (), True),
        (None, ("Pending",), True),
        (None, ("Rejected",), True),
        (None, ("Disconnected",), True),
        ("Enabled", ("Approved",), True),
        ("ENABLED", ("Approved",), True),
        ("disabled", (), False),
        ("SecuredByPerimeter", (), False),
    ],
)
def test_z2_a_switch_never_set_closes_with_the_first_approved_private_endpoint(
    access: str | None, states: tuple[str, ...], public: bool
) -> None:
    wide = restricted(None)
    ingress = one(wide, publicNetworkAccess=access, privateEndpointConnections=endpoints(*states)).ingress.need()
    assert ingress.public_network.need() is public
    assert ingress.scope.need() is (IngressScope.ALL if public else IngressScope.INTERNAL)


def test_z2_the_configuration_may_hold_the_switch_and_consumption_has_no_private_endpoint() -> None:
    approved = endpoints("Approved")
    repeated = one(restricted(None) | {"publicNetworkAccess": "Enabled"}, publicNetworkAccess=None)
    assert repeated.ingress.need().public_network.need() is True
    consumption = one(publicNetworkAccess=None, sku="Dynamic", privateEndpointConnections=None)
    assert consumption.ingress.need().public_network.need() is True
    untold = one(restricted(None), publicNetworkAccess=None, privateEndpointConnections=None).ingress.need()
    assert isinstance(untold.public_network, Unknown)
    assert isinstance(untold.scope, Unknown)
    asked = orders(
        *listed(site_row("orders", publicNetworkAccess=None, privateEndpointConnections=None)),
        rows("web:ListPrivateEndpoints", *approved, subject=ORDERS),
    )
    assert asked.ingress.need().public_network == Known(False, "web:ListPrivateEndpoints")


def test_z2_a_slot_has_private_endpoints_of_its_own() -> None:
    production = site_row("orders", publicNetworkAccess=None)
    slot = site_row("orders", "staging", publicNetworkAccess=None, privateEndpointConnections=[])
    found = read(
        *listed(production, slot),
        rows(
            "graph:SiteConfigs",
            *(config_row(each, **restricted(None)) for each in (ORDERS, site("orders", "staging").lower())),
        ),
    )
    scopes = [app(found, each).ingress.need().scope.need() for each in (ORDERS, site("orders", "staging").lower())]
    assert scopes == [IngressScope.INTERNAL, IngressScope.ALL]


ASE = arm("Microsoft.Web/hostingEnvironments", "ase-orders")


def isolated(mode: Any = None, *, told: bool = True, **properties: Any) -> Function:
    """``orders`` in an App Service Environment, public but for what that does."""
    row = site_row(
        "orders",
        **{  # type: ignore[arg-type]
            "sku": "IsolatedV2",
            "publicNetworkAccess": "Enabled",
            "privateEndpointConnections": [],
            "clientCertEnabled": False,
            "hostingEnvironmentProfile": {"id": ASE} if told else None,
        }
        | properties,
    )
    environment = {"id": ASE.lower(), "properties": {"internalLoadBalancingMode": mode}}
    return orders(
        *listed(row),
        rows("graph:SiteConfigs", config_row(ORDERS, **restricted(None) | {"scmIpSecurityRestrictions": [ALLOW_ALL], "scmIpSecurityRestrictionsDefaultAction": None})),
        rows("graph:HostingEnvironments", *([environment] if mode is not None else [])),
        ok("web:ListFunctions", {"value": [handler("hello", OPEN_IN)]}, ORDERS),
        ok("web:GetAuthSettings", {"properties": {}}, ORDERS),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "app_inside", "management_inside"),
    [
        ("Web, Publishing", True, True),
        ("3", True, True),
        (3, True, True),
        ("web", True, False),
        ("Publishing", False, True),
        ("None", False, False),
    ],
)
def test_z3_an_internal_environment_keeps_its_apps_inside_its_network(
    mode: Any, app_inside: bool, management_inside: bool
) -> None:
    function = isolated(mode)
    ingress = function.ingress.need()
    assert ingress.scope.need() is (IngressScope.INTERNAL if app_inside else IngressScope.ALL)
    assert ingress.management_rules.need().open is not management_inside
    [endpoint] = function.endpoints.need()
    assert endpoint.reach.need() is (Reach.SCOPED if app_inside else Reach.ANONYMOUS)


def test_z3_an_environment_that_was_not_read_leaves_the_reach_unknown() -> None:
    for function in (isolated(), isolated("Sideways"), isolated("None", told=False)):
        ingress = function.ingress.need()
        assert isinstance(ingress.scope, Unknown)
        assert isinstance(function.endpoints.need()[0].reach, Unknown)
        assert isinstance(ingress.management_rules, Unknown)
    assert isolated(publicNetworkAccess="Disabled").ingress.need().scope.need() is IngressScope.INTERNAL


def test_z3_the_plan_may_name_the_environment() -> None:
    plan = {
        "id": PLAN.lower(),
        "sku": {"name": "I1v2", "tier": "IsolatedV2", "capacity": 1},
        "properties": {"numberOfSites": 1, "zoneRedundant": False, "hostingEnvironmentProfile": {"id": ASE}},
    }
    inside = {"id": ASE.lower(), "properties": {"internalLoadBalancingMode": "Web, Publishing"}}
    row = site_row("orders", sku="IsolatedV2", publicNetworkAccess="Enabled", privateEndpointConnections=[])
    function = orders(
        *listed(row),
        rows("graph:SiteConfigs", config_row(ORDERS, **restricted(None))),
        rows("graph:Plans", plan),
        rows("graph:HostingEnvironments", inside),
    )
    assert function.ingress.need().scope == Known(IngressScope.INTERNAL, "graph:HostingEnvironments")


@pytest.mark.parametrize(
    ("properties", "state", "reason"),
    [
        ({}, ServiceState.ACTIVE, ""),
        ({"state": "Stopped"}, ServiceState.STOPPED, "state Stopped"),
        ({"state": "stopped"}, ServiceState.STOPPED, "state stopped"),
        ({"enabled": False}, ServiceState.STOPPED, "enabled false"),
        ({"adminEnabled": False}, ServiceState.STOPPED, "adminEnabled false"),
        ({"usageState": "Exceeded"}, ServiceState.STOPPED, "usageState Exceeded"),
        (
            {"suspendedTill": "2026-11-24T00:00:00Z"},
            ServiceState.STOPPED,
            "suspendedTill 2026-11-24T00:00:00Z",
        ),
        ({"availabilityState": "Limited"}, ServiceState.ACTIVE, "availabilityState Limited"),
        ({"enabled": None, "usageState": None}, ServiceState.ACTIVE, ""),
    ],
)
def test_z4_an_app_that_cannot_answer_is_stopped(properties: dict[str, Any], state: ServiceState, reason: str) -> None:
    hosting = one(**properties).hosting.need()
    assert (hosting.state.need(), hosting.state_reason) == (state, reason)


def menu(ingress: dict[str, Any] | None, auth: dict[str, Any] | None = None, **properties: Any) -> Function:
    """The container app ``menu``, whose site says other things than its ingress."""
    container = {
        "id": CONTAINER_APP.lower(),
        "managedBy": site("menu"),
        "properties": {
            "managedEnvironmentId": ENVIRONMENT,
            "configuration": {"ingress": ingress},
            "template": {"containers": [{"image": "fernhollow.azurecr.io/menu:1"}], "scale": None},
        },
    }
    row = site_row(
        "menu",
        **{"sku": None, "serverFarmId": None, "managedEnvironmentId": ENVIRONMENT, "publicNetworkAccess": None}
        | properties,
    ) | {"kind": "functionapp,linux,container,azurecontainerapps"}
    settings = [] if auth is None else [ok("app:GetAuthConfig", {"properties": auth}, CONTAINER_APP.lower())]
    return app(
        read(
            *listed(row),
            rows("graph:ContainerApps", container),
            rows("graph:SiteConfigs", config_row(MENU, remoteDebuggingEnabled=True, webSocketsEnabled=True)),
            *settings,
        ),
        MENU,
    )


def test_z6_the_ingress_of_a_container_app_decides_not_its_site() -> None:
    ingress = {
        "external": True,
        "allowInsecure": False,
        "fqdn": "menu.kitchen.azurecontainerapps.io",
        "transport": "Auto",
    }
    transport = menu(ingress, httpsOnly=False, clientCertEnabled=True).transport.need()
    assert transport.https_only == Known(True, "graph:ContainerApps")
    assert transport.client_certificates.need() is ClientCertificates.OFF
    assert transport.http2.need() is True
    assert [name.name for name in transport.hostnames.need()] == ["menu.kitchen.azurecontainerapps.io"]
    plain = menu(
        ingress | {"allowInsecure": True, "clientCertificateMode": "require", "transport": "http"}, httpsOnly=True
    )
    assert plain.transport.need().https_only.need() is False
    assert plain.transport.need().client_certificates.need() is ClientCertificates.REQUIRED
    assert plain.transport.need().http2.need() is False
    assert menu(None).transport.need().https_only.need() is True


def test_z6_settings_of_a_site_mean_nothing_on_container_apps() -> None:
    function = menu({"external": False}, clientAffinityEnabled=True, sshEnabled=None)
    hosting, transport = function.hosting.need(), function.transport.need()
    facts = {
        name: getattr(group, name)
        for group, names in (
            (hosting, ("remote_debugging", "web_sockets", "bundled_database", "startup_command", "always_on",
                       "health_probe", "self_healing", "worker_32bit", "interactive_shell", "extensions", "hybrid", "backup")),
            (transport, ("min_tls", "management_min_tls", "cipher_suite", "end_to_end", "file_transfer")),
            (function.deployment.need(), ("storage_required",)),
            (function.ingress.need(), ("rules", "management_rules")),
        )
        for name in names
    }  # fmt: skip
    assert {name: fact.gap.reason for name, fact in facts.items() if isinstance(fact, Unknown)} == dict.fromkeys(
        facts, GapReason.NOT_OFFERED
    )
    assert hosting.session_affinity == Known(False, "graph:ContainerApps")
    assert menu({"external": True, "stickySessions": {"affinity": "sticky"}}).hosting.need().session_affinity.need()


def test_z6_the_cross_origin_rules_are_those_of_the_ingress() -> None:
    policy = {
        "allowedOrigins": ["https://shop.fernhollow.example"],
        "allowedMethods": ["GET"],
        "allowCredentials": True,
    }
    [endpoint, *_] = menu({"external": True, "corsPolicy": policy}).endpoints.need()
    assert endpoint.cors is not None
    assert (endpoint.cors.origins, endpoint.cors.methods, endpoint.cors.credentials) == (
        ("https://shop.fernhollow.example",),
        ("GET",),
        True,
    )
    [bare, *_] = menu({"external": True}).endpoints.need()
    assert bare.cors is None


def test_z6_a_sign_in_without_http_settings_takes_https_from_the_ingress() -> None:
    on = {"platform": {"enabled": True}, "globalValidation": {"unauthenticatedClientAction": "Return401"}}
    assert menu({"external": True, "allowInsecure": False}, on).authentication.need().requires_https.need() is True
    assert menu({"external": True, "allowInsecure": True}, on).authentication.need().requires_https.need() is False


@pytest.mark.parametrize("how", ["absent", "null"])
def test_z8_a_shell_never_set_is_on_where_there_is_one(how: str) -> None:
    row = site_row("orders", sshEnabled=None)
    if how == "absent":
        del row["properties"]["sshEnabled"]
    assert orders(*listed(row)).hosting.need().interactive_shell == Known(True, "graph:Sites")
    windows = row | {"kind": "functionapp", "properties": row["properties"] | {"reserved": False}}
    assert orders(*listed(windows)).hosting.need().interactive_shell.gap.reason is GapReason.NOT_OFFERED


def test_z8_what_a_site_leaves_out_has_the_documented_default() -> None:
    unset: dict[str, Any] = dict.fromkeys(
        ("clientAffinityEnabled", "clientCertEnabled", "storageAccountRequired", "vnetImagePullEnabled", "httpsOnly",
         "vnetContentShareEnabled", "vnetBackupRestoreEnabled", "vnetRouteAllEnabled", "endToEndEncryptionEnabled")
    )  # fmt: skip
    function = one({"vnetRouteAllEnabled": None}, **unset)
    assert function.hosting.need().session_affinity.need() is True
    assert function.transport.need().client_certificates.need() is ClientCertificates.OFF
    assert function.transport.need().https_only.need() is False
    assert function.deployment.need().storage_required.need() is False
    egress = function.ingress.need().egress
    assert (egress.all_traffic.need(), egress.platform_traffic.need()) == (False, False)


def test_z8_what_a_configuration_nulls_has_the_documented_default() -> None:
    unset: dict[str, Any] = dict.fromkeys(
        ("alwaysOn", "autoHealEnabled", "http20Enabled", "localMySqlEnabled", "remoteDebuggingEnabled",
         "use32BitWorkerProcess", "webSocketsEnabled", "acrUseManagedIdentityCreds")
    )  # fmt: skip
    function = one(unset, sku="PremiumV3")
    hosting = function.hosting.need()
    said = {name: getattr(hosting, name).need() for name in ("always_on", "self_healing", "bundled_database",
                                                              "remote_debugging", "web_sockets")}  # fmt: skip
    assert said == dict.fromkeys(said, False)
    assert function.transport.need().http2.need() is True


def test_z8_what_is_left_out_is_damage_where_the_default_would_look_safe() -> None:
    damaged = config_row(ORDERS)
    for name in ("remoteDebuggingEnabled", "http20Enabled"):
        del damaged["properties"][name]
    function = orders(rows("graph:SiteConfigs", damaged))
    assert function.hosting.need().remote_debugging.gap.reason is GapReason.MALFORMED
    assert function.transport.need().http2.gap.reason is GapReason.MALFORMED


def test_z8_a_storage_account_that_never_set_its_switches() -> None:
    unset: dict[str, Any] = dict.fromkeys(
        ("allowBlobPublicAccess", "allowSharedKeyAccess", "allowCrossTenantReplication")
    )
    for made, copies in (("2021-05-01T08:00:00Z", True), ("2025-05-01T08:00:00Z", False)):
        host = orders(rows("graph:StorageAccounts", account_row(**unset, creationTime=made))).storage.need().host.need()
        assert host is not None
        assert (host.shared_key.need(), host.anonymous.need()) == (True, ("public",))
        assert host.cross_tenant_copies.need() is copies
    undated = orders(rows("graph:StorageAccounts", account_row(**unset))).storage.need().host.need()
    assert undated is not None
    assert undated.cross_tenant_copies.gap.reason is GapReason.MALFORMED


def test_z9_the_generation_of_a_sign_in_is_what_its_configuration_says() -> None:
    for version, legacy in (("v1", True), ("V2", False)):
        assert one({"siteAuthSettings": {"configVersion": version}}).authentication.need().legacy.need() is legacy
    untold = one({"siteAuthSettings": {"configVersion": None}}).authentication.need()  # its runtime is ~1
    assert untold.legacy.gap.reason is GapReason.NOT_COLLECTED
    off = orders(ok("web:GetAuthSettings", {"properties": {}}, ORDERS)).authentication.need()
    assert off.legacy.need() is False


QUARTERS = [{"name": f"q{n}", "action": "Allow", "priority": n + 1, "ipAddress": f"{n * 64}.0.0.0/2"} for n in range(4)]


@pytest.mark.parametrize(
    ("listed", "deciding", "open_to_all"),
    [
        (QUARTERS, "q1", True),  # the second makes it half of the internet
        (QUARTERS[:1], None, False),
        ([QUARTERS[0] | {"ipAddress": "0.0.0.0/2,64.0.0.0/2"}], "q0", True),
        ([QUARTERS[0], QUARTERS[1] | {"headers": {"x-azure-fdid": ["1"]}}], None, False),
        ([QUARTERS[0], QUARTERS[0] | {"name": "again"}], None, False),  # the same quarter twice
        ([QUARTERS[0] | {"ipAddress": "2000::/3"}], "q0", True),  # all of IPv6's internet
        ([QUARTERS[0] | {"ipAddress": "2001:db8::/32"}], None, False),
        ([QUARTERS[0] | {"ipAddress": "fd00::/8"}], None, False),
    ],
)
def test_z1_rules_that_together_admit_half_of_the_internet_admit_everyone(
    listed: list[dict[str, Any]], deciding: str | None, open_to_all: bool
) -> None:
    found = rules_of(restricted(listed))
    named = next((rule.name for rule in found.rules if rule.any_source and not rule.headers), None)
    assert (named, found.open) == (deciding, open_to_all)


@pytest.mark.parametrize(
    ("ranges", "everyone"),
    [
        (("0.0.0.0/1", "128.0.0.0/1"), True),
        (("0.0.0.0/0",), True),
        (("::/0",), True),
        (("Any",), True),
        (("203.0.113.0/24", "198.51.100.7"), False),
    ],
)
def test_z7_ranges_of_a_container_app_are_summed(ranges: tuple[str, ...], everyone: bool) -> None:
    assert mostly_everyone(ranges) is everyone
