"""Handlers, sign-in, networks and certificates: who can really call."""

from typing import Any

import pytest

from auditor.model.exposure import AuthMode, Reach
from auditor.model.handler import Direction, HandlerAuth
from auditor.model.ingress import IngressScope
from auditor.model.observed import GapReason, Known, Unknown
from auditor.model.transport import ClientCertificates, FileTransfer
from providers.azure.normalize.access import rules_of
from tests.unit.providers.azure.normalize.capture import (
    AUTH,
    HTTP_IN,
    OPEN_IN,
    ORDERS,
    arm,
    config_row,
    gap,
    handler,
    ok,
    rows,
    site_row,
)
from tests.unit.providers.azure.normalize.reading import listed, one, orders

OFF = ok("web:GetAuthSettings", {"properties": {}}, ORDERS)
WIDE = {"ipSecurityRestrictions": [], "ipSecurityRestrictionsDefaultAction": "Allow"}
PUBLIC: dict[str, Any] = {"publicNetworkAccess": None, "privateEndpointConnections": [], "clientCertEnabled": False}


def opened(*changes, auth=OFF, handlers=None, config=None, **properties):
    """``orders`` with one anonymous handler on the public internet, with these changes."""
    body = {"value": handlers or [handler("hello", OPEN_IN)]}
    return orders(
        *listed(site_row("orders", **(PUBLIC | properties))),
        rows("graph:SiteConfigs", config_row(ORDERS, **(WIDE | (config or {})))),
        ok("web:ListFunctions", body, ORDERS),
        auth,
        *changes,
    )


def test_upper_and_lower_case_models_read_alike() -> None:
    create, health, take, nightly = orders().handlers.need()
    assert (create.http.auth, create.http.methods, create.http.route) == (HandlerAuth.KEY, ("get", "post"), "orders")
    assert create.http.url == "https://orders.azurewebsites.net/api/orders"
    assert create.bindings[1].direction is Direction.OUT
    assert (health.http.auth, health.http.methods) == (HandlerAuth.ANONYMOUS, ("get",))
    assert (take.http, take.trigger.type, take.trigger.target) == (None, "queuetrigger", "orders-in")
    assert (take.trigger.connection, take.trigger.direction) == ("AzureWebJobsStorage", Direction.TRIGGER)
    assert (nightly.run_on_startup, nightly.trigger.target) == (True, "0 0 3 * * *")


def test_a_missing_level_is_a_key_and_an_unknown_one_is_unrecognised() -> None:
    missing = {key: value for key, value in HTTP_IN.items() if key != "authLevel"}
    levels = [missing, HTTP_IN | {"authLevel": "ADMIN"}, HTTP_IN | {"authLevel": "user"}, HTTP_IN | {"authLevel": None}]
    found = orders(ok("web:ListFunctions", {"value": [handler(f"h{i}", b) for i, b in enumerate(levels)]}, ORDERS))  # type: ignore[arg-type]
    assert [each.http.auth for each in found.handlers.need()] == [
        HandlerAuth.KEY,
        HandlerAuth.ADMIN_KEY,
        HandlerAuth.UNRECOGNISED,
        HandlerAuth.UNRECOGNISED,
    ]


def test_a_handler_without_trigger_has_a_problem() -> None:
    [found] = orders(ok("web:ListFunctions", {"value": [handler("broken")]}, ORDERS)).handlers.need()
    assert (found.trigger, found.problem) == (None, "it has no trigger binding")


def test_a_host_that_is_down_leaves_its_functions_unknown() -> None:
    function = orders(gap("web:ListFunctions", ORDERS, GapReason.SERVICE_ERROR))
    assert function.handlers.gap.reason is GapReason.SERVICE_ERROR
    assert function.endpoints == function.handlers
    assert function.triggers == (function.handlers,)


def test_an_anonymous_handler_on_the_public_internet_is_open() -> None:
    function = opened()
    [endpoint] = function.endpoints.need()
    assert endpoint.url == "https://orders.azurewebsites.net/api/hello"
    assert (endpoint.auth, endpoint.reach) == (AuthMode.NONE, Known(Reach.ANONYMOUS, "web:ListFunctions"))
    assert function.ingress.need().scope == Known(IngressScope.ALL, "graph:SiteConfigs")


def test_a_route_and_the_cors_of_the_app() -> None:
    [endpoint] = opened(handlers=[handler("hello", OPEN_IN | {"route": "v1/{name}"})]).endpoints.need()
    assert endpoint.url == "https://orders.azurewebsites.net/api/v1/{name}"
    assert endpoint.cors.origins == ("https://shop.fernhollow.example",)
    assert endpoint.cors.credentials is False


def test_a_disabled_handler_answers_nobody() -> None:
    assert opened(handlers=[handler("hello", OPEN_IN, disabled=True)]).endpoints == Known((), "web:ListFunctions")


@pytest.mark.parametrize(
    ("change", "source"),
    [
        ({"auth": ok("web:GetAuthSettings", AUTH, ORDERS)}, "web:GetAuthSettings"),
        ({"publicNetworkAccess": "Disabled"}, "graph:Sites"),
        ({"clientCertEnabled": True, "clientCertExclusionPaths": None}, "graph:Sites"),
        ({"config": {"ipSecurityRestrictionsDefaultAction": "Deny"}}, "graph:SiteConfigs"),
    ],
)
def test_one_fence_closes_it_whatever_else_is_open(change, source) -> None:
    [endpoint] = opened(**change).endpoints.need()
    assert endpoint.reach == Known(Reach.SCOPED, source)


def test_an_excluded_path_is_open_behind_every_fence() -> None:
    ping = [handler("ping", OPEN_IN)]
    [endpoint] = opened(handlers=ping, auth=ok("web:GetAuthSettings", AUTH, ORDERS)).endpoints.need()
    assert (endpoint.auth, endpoint.reach.need()) == (AuthMode.NONE, Reach.ANONYMOUS)
    [endpoint] = opened(
        handlers=ping, clientCertEnabled=True, clientCertExclusionPaths="/api/ping;/api/other"
    ).endpoints.need()
    assert endpoint.reach.need() is Reach.ANONYMOUS


def test_what_is_not_known_leaves_the_reach_unknown_unless_another_fence_closes() -> None:
    refused = gap("web:GetAuthSettings", ORDERS)
    [endpoint] = opened(auth=refused).endpoints.need()
    assert (endpoint.auth, endpoint.reach.gap.reason) == (AuthMode.UNRECOGNISED, GapReason.DENIED)
    [endpoint] = opened(auth=refused, publicNetworkAccess="Disabled").endpoints.need()
    assert endpoint.reach == Known(Reach.SCOPED, "graph:Sites")


def test_a_key_is_asked_for_and_a_sign_in_before_it() -> None:
    create = [handler("create", HTTP_IN)]
    [endpoint] = opened(handlers=create).endpoints.need()
    assert (endpoint.auth, endpoint.reach.need()) == (AuthMode.KEY, Reach.SCOPED)
    [endpoint] = opened(handlers=create, auth=ok("web:GetAuthSettings", AUTH, ORDERS)).endpoints.need()
    assert endpoint.auth is AuthMode.IDENTITY_PROVIDER


def signing(**changes):
    return ok("web:GetAuthSettings", {"properties": AUTH["properties"] | changes}, ORDERS)


def test_settings_never_written_say_that_nobody_signs_in() -> None:
    authentication = orders(OFF).authentication.need()
    assert authentication.enabled == Known(False, "web:GetAuthSettings")
    assert authentication.required == Known(False, "web:GetAuthSettings")


def test_sign_in_that_lets_anonymous_callers_pass() -> None:
    for validation in (
        {"requireAuthentication": True, "unauthenticatedClientAction": "AllowAnonymous"},
        {"requireAuthentication": False, "unauthenticatedClientAction": "Return401"},
    ):
        authentication = orders(signing(globalValidation=validation)).authentication.need()
        assert (authentication.enabled.need(), authentication.required.need()) == (True, False)


def test_the_depth_of_a_sign_in() -> None:
    authentication = orders().authentication.need()
    assert (authentication.required.need(), authentication.excluded_paths.need()) == (True, ("/api/ping",))
    assert (authentication.any_tenant.need(), authentication.audience_restricted.need()) == (False, True)
    assert (authentication.redirects.need(), authentication.requires_https.need()) == (
        ("https://shop.fernhollow.example",),
        True,
    )
    assert authentication.legacy == Known(False, "graph:SiteConfigs")
    provider = {
        "azureActiveDirectory": {
            "registration": {"clientId": "c", "openIdIssuer": "https://login.microsoftonline.com/common/v2.0"}
        }
    }
    loose = orders(signing(identityProviders=provider)).authentication.need()
    assert (loose.any_tenant.need(), loose.audience_restricted.need()) == (True, False)


def test_a_sign_in_configured_in_a_file_is_not_known() -> None:
    authentication = orders(signing(platform={"enabled": True, "configFilePath": "auth.json"})).authentication.need()
    assert isinstance(authentication.enabled, Unknown)
    assert isinstance(authentication.required, Unknown)


def test_the_first_generation_of_sign_in() -> None:
    assert one({"siteAuthSettings": {"configVersion": "v1"}}).authentication.need().legacy.need() is True


def restriction(source: str, action: str = "Allow", priority: int = 100, **more):
    return {"ipAddress": source, "action": action, "tag": "Default", "priority": priority, "name": "r"} | more


@pytest.mark.parametrize(
    ("listed_rules", "default", "opened_up"),
    [
        ([], None, True),
        ([], "Deny", False),
        ([restriction("203.0.113.0/24")], None, False),
        ([restriction("203.0.113.0/24")], "Allow", True),
        ([restriction("Any")], "Deny", True),
        ([restriction("0.0.0.0/0")], "Deny", True),
        ([restriction("0.0.0.0/1"), restriction("128.0.0.0/1")], "Deny", True),
        ([restriction("Any", "Deny", 50), restriction("Any", "Allow", 60)], "Allow", False),
        ([restriction("Any", "Allow", 60), restriction("Any", "Deny", 50)], "Allow", False),
        ([restriction("Any", headers={"x-azure-fdid": ["f"]})], "Deny", False),
        ([restriction("Any", headers={"x-azure-fdid": []})], "Deny", True),
        ([restriction("::/0", "Deny", 10), restriction("Any", "Allow", 20)], "Deny", True),
    ],
)
def test_access_restrictions_in_their_order(listed_rules, default, opened_up) -> None:
    config = {"ipSecurityRestrictions": listed_rules, "ipSecurityRestrictionsDefaultAction": default}
    assert rules_of(config).open is opened_up


def test_a_tag_that_anybody_may_rent_lets_strangers_in_unless_it_asks_for_its_id() -> None:
    tag = restriction("AzureFrontDoor.Backend", tag="ServiceTag")
    named = tag | {"headers": {"x-azure-fdid": ["0e9d8c7b"]}}
    scopes = [
        opened(config={"ipSecurityRestrictions": [each], "ipSecurityRestrictionsDefaultAction": "Deny"})
        .ingress.need()
        .scope.need()
        for each in (tag, named)
    ]
    assert scopes == [IngressScope.ALL, IngressScope.INTERNAL_AND_BALANCER]


def test_the_management_site_may_share_the_rules_of_the_app() -> None:
    shared = one({"scmIpSecurityRestrictionsUseMain": True}).ingress.need()
    assert shared.management_rules == shared.rules
    alone = one({"scmIpSecurityRestrictions": [restriction("Any")]}).ingress.need()
    assert alone.management_rules.need().open is True
    assert alone.rules.need().open is False


def front_door(identifier: str, kind: str = "Microsoft.Cdn/profiles", **properties):
    return {"id": arm(kind, "edge").lower(), "properties": {"frontDoorId": identifier} | properties}


def test_a_front_door_stands_before_the_app_that_asks_for_its_id() -> None:
    rule = restriction("AzureFrontDoor.Backend", tag="ServiceTag", headers={"x-azure-fdid": ["0e9d8c7b"]})
    config = {"ipSecurityRestrictions": [rule], "ipSecurityRestrictionsDefaultAction": "Deny"}
    function = opened(rows("graph:FrontEnds", front_door("0E9D8C7B")), config=config)
    [front] = function.ingress.need().front_ends.need()
    assert (front.kind, front.exclusive.need()) == ("front-door", True)
    assert isinstance(front.firewall, Unknown)


def test_a_profile_that_does_not_name_its_origins_leaves_open_apps_unknown_and_closed_ones_not() -> None:
    edge = rows("graph:FrontEnds", front_door("0e9d8c7b"))
    assert opened(edge).ingress.need().front_ends.gap.reason is GapReason.NOT_COLLECTED
    assert orders(edge).ingress.need().front_ends == Known((), "graph:FrontEnds")


def test_a_classic_front_door_and_a_gateway_name_their_backends() -> None:
    classic = {
        "id": arm("Microsoft.Network/frontDoors", "classic").lower(),
        "properties": {
            "frontdoorId": "1",
            "backendPools": [{"properties": {"backends": [{"address": "Orders.azurewebsites.net"}]}}],
            "frontendEndpoints": [{"properties": {"webApplicationFirewallPolicyLink": {"id": "waf"}}}],
        },
    }
    gateway = {
        "id": arm("Microsoft.Network/applicationGateways", "gate").lower(),
        "properties": {
            "backendAddressPools": [{"properties": {"backendAddresses": [{"fqdn": "orders.azurewebsites.net"}]}}],
        },
    }
    elsewhere = gateway | {
        "id": arm("Microsoft.Network/applicationGateways", "other").lower(),
        "properties": {"backendAddressPools": []},
    }
    fronts = opened(rows("graph:FrontEnds", classic, gateway, elsewhere)).ingress.need().front_ends.need()
    assert [(front.kind, front.firewall.need(), front.exclusive.need()) for front in fronts] == [
        ("front-door-classic", True, False),
        ("application-gateway", False, False),
    ]


def test_private_endpoints_count_when_approved() -> None:
    [endpoint] = orders().ingress.need().private_endpoints.need()
    assert endpoint == arm("Microsoft.Network/privateEndpoints", "pe-1").lower()
    pending = {"id": "x", "properties": {"privateLinkServiceConnectionState": {"status": "Pending"}}}
    assert one(privateEndpointConnections=[pending]).ingress.need().private_endpoints.need() == ()
    asked = orders(
        *listed(site_row("orders", privateEndpointConnections=None)), rows("web:ListPrivateEndpoints", subject=ORDERS)
    )
    assert asked.ingress.need().private_endpoints == Known((), "web:ListPrivateEndpoints")


def test_the_way_out() -> None:
    egress = orders().ingress.need().egress
    assert egress.network.need().endswith("/virtualnetworks/vnet-orders/subnets/functions")
    assert (egress.all_traffic.need(), egress.platform_traffic.need(), egress.firewall.need()) == (True, True, True)
    routing = {
        "applicationTraffic": False,
        "imagePullTraffic": True,
        "contentShareTraffic": False,
        "backupRestoreTraffic": True,
    }
    partly = one(outboundVnetRouting=routing).ingress.need().egress
    assert (partly.all_traffic.need(), partly.platform_traffic.need()) == (False, False)
    alone = one(virtualNetworkSubnetId=None).ingress.need().egress
    assert (alone.network, alone.firewall.gap.reason) == (Known(None, "graph:Sites"), GapReason.NOT_OFFERED)
    classic = one(sku="Dynamic").ingress.need().egress
    assert classic.network.gap.reason is GapReason.NOT_OFFERED


def test_transport_settings() -> None:
    transport = orders().transport.need()
    assert (transport.https_only.need(), transport.min_tls.need(), transport.management_min_tls.need()) == (
        True,
        "1.2",
        "1.2",
    )
    assert transport.file_transfer == Known(FileTransfer.DISABLED, "graph:SiteConfigs")
    assert transport.client_certificates.need() is ClientCertificates.REQUIRED
    assert transport.certificate_exclusions.need() == ("/api/health", "/api/ping")
    [name] = transport.hostnames.need()
    assert (name.name, name.default, name.tls) == ("orders.azurewebsites.net", True, True)
    optional = one(clientCertMode="OptionalInteractiveUser", httpsOnly=None).transport.need()
    assert (optional.client_certificates.need(), optional.https_only.need()) == (ClientCertificates.OPTIONAL, False)
    assert one(clientCertEnabled=False).transport.need().client_certificates.need() is ClientCertificates.OFF
    flexible = one(sku="FlexConsumption").transport.need()
    assert flexible.file_transfer.gap.reason is GapReason.NOT_OFFERED
    assert flexible.end_to_end.gap.reason is GapReason.NOT_OFFERED


def test_a_custom_name_and_its_certificate() -> None:
    def states(state: str, thumbprint: str | None):
        own = {"name": "orders.azurewebsites.net", "sslState": "Disabled", "hostType": "Standard"}
        return [
            own,
            {"name": "api.fernhollow.example", "sslState": state, "thumbprint": thumbprint, "hostType": "Standard"},
        ]

    certificate = {
        "id": arm("Microsoft.Web/certificates", "api").lower(),
        "properties": {"thumbprint": "ABCDEF", "expirationDate": "2026-12-01T00:00:00Z"},
    }
    listed_certificates = rows("graph:Certificates", certificate)
    bound = orders(*listed(site_row("orders", hostNameSslStates=states("SniEnabled", "abcdef"))), listed_certificates)
    custom = bound.transport.need().hostnames.need()[1]
    assert (custom.tls, custom.certificate_expires) == (True, Known("2026-12-01", "graph:Certificates"))
    bare = orders(*listed(site_row("orders", hostNameSslStates=states("Disabled", None))))
    assert bare.transport.need().hostnames.need()[1].tls is False
    foreign = orders(*listed(site_row("orders", hostNameSslStates=states("SniEnabled", "123456"))), listed_certificates)
    assert isinstance(foreign.transport.need().hostnames.need()[1].certificate_expires, Unknown)
