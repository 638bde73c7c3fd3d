"""Endpoints that answer too many: no key, no sign-in, no restriction, too many origins, a way around the front."""

from typing import Any

from moto_fixtures.azure.company.blueprint import (
    LINK,
    OUTLET_DOOR,
    WARMUP,
    Blueprint,
    api,
    fronted,
    login,
    public,
    sound,
    unrestricted,
)  # fmt: skip
from moto_fixtures.azure.company.compliant import NOT_ON_FLEX, flexible
from moto_fixtures.azure.company.infrastructure import TAGS, WAREHOUSE, ZONE, Infrastructure, private_endpoint
from moto_fixtures.azure.response_shapes.authentication import login_properties
from moto_fixtures.azure.response_shapes.configuration import restriction
from moto_fixtures.azure.response_shapes.functions import HTTP_OUT, Entry, http
from moto_fixtures.azure.response_shapes.site import bound, host_name, routing


def functions(estate: Infrastructure) -> list[Blueprint]:
    """Exposed functions."""
    return [*_callers(estate), *_origins(estate), *_fronts(estate), *_signing_in(estate), *_transport(estate)]


def _callers(estate: Infrastructure) -> list[Blueprint]:
    windows: dict[str, Any] = {"plan": estate.made["plan:consumption"], "sku": "Dynamic", "kind": "functionapp"}
    node = {"linuxFxVersion": "", "functionAppScaleLimit": 0, "minimumElasticInstanceCount": 0,
            "preWarmedInstanceCount": 0, "vnetRouteAllEnabled": False}  # fmt: skip
    open_network = public(virtualNetworkSubnetId=None, outboundVnetRouting=None, vnetRouteAllEnabled=False,
                          dailyMemoryTimeQuota=0, endToEndEncryptionEnabled=False)  # fmt: skip
    return [
        sound(
            estate, "promo-banner", "Anybody may call it: no key, no sign-in, no restriction, any verb, any path",
            auth=None, properties=open_network, config=unrestricted(**node),
            settings={"FUNCTIONS_WORKER_RUNTIME": "node", "WEBSITE_NODE_DEFAULT_VERSION": "~24"},
            functions=(Entry("banner", (http("anonymous", None, "{*rest}"), HTTP_OUT)),), backups=(), **windows,
        ),
        sound(
            estate, "gift-finder", "A shared key is all that keeps callers out",
            auth=None, properties=open_network, config=unrestricted(**node),
            settings={"FUNCTIONS_WORKER_RUNTIME": "node", "WEBSITE_NODE_DEFAULT_VERSION": "~24"},
            functions=(api(),), backups=(), **windows,
        ),
        sound(
            estate, "kiosk-api", "Client certificates are asked for, not required, and not under /api",
            properties=public(clientCertEnabled=True, clientCertMode="Optional", clientCertExclusionPaths="/api;/health"),
            config=unrestricted(ipSecurityRestrictions=[restriction("0.0.0.0/0", name="everyone")]),
        ),
        sound(
            estate, "flash-sale", "Flex Consumption in a network, and open to the internet all the same",
            store="fhwflexhost", plan=estate.made["plan:flex-outlet"], sku="FlexConsumption",
            properties=public(functionAppConfig=flexible("fhwflexhost", "StorageAccountConnectionString", 100, 5, None)),
            config=unrestricted(linuxFxVersion="", functionAppScaleLimit=0, minimumElasticInstanceCount=0),
            settings=dict.fromkeys(NOT_ON_FLEX), functions=(api(),), backups=(),
        ),
    ]  # fmt: skip


def _origins(estate: Infrastructure) -> list[Blueprint]:
    def cors(*origins: str, credentials: bool = False) -> dict[str, object]:
        return {"cors": {"allowedOrigins": list(origins), "supportCredentials": credentials}}

    return [
        sound(estate, "store-locator", "Its answers may be read by every web page", config=cors("*")),
        sound(
            estate, "wishlist", "Sends credentials to plain and local origins",
            config=cors("http://shop.fernhollow.example", "http://localhost:3000", "https://portal.azure.com", credentials=True),
        ),
        sound(
            estate, "voice-ordering", "Web sockets, a shell, and a relay into the warehouse",
            properties={"sshEnabled": True}, config={"webSocketsEnabled": True}, relays=((WAREHOUSE, 1433),),
        ),
    ]  # fmt: skip


def _fronts(estate: Infrastructure) -> list[Blueprint]:
    return [
        sound(
            estate, "brand-pages", "A Front Door stands before it, and whoever knows its address walks around",
            properties=public(), config=unrestricted(),
        ),
        sound(
            estate, "outlet-pages", "It answers its Front Door alone, which has no firewall",
            properties=public(clientCertEnabled=True), config=fronted(OUTLET_DOOR),
        ),
        sound(
            estate, "stock-check", "Shops ask it over the internet, and it asks the warehouse through a relay",
            properties=public(clientCertEnabled=True), config=unrestricted(), relays=((WAREHOUSE, 8443),),
        ),
        sound(
            estate, "supplier-portal", "Its management site answers everyone, though the app does not",
            config={"scmIpSecurityRestrictionsUseMain": False, "scmIpSecurityRestrictions": None,
                    "scmIpSecurityRestrictionsDefaultAction": "Allow"},
        ),
        sound(
            estate, "stock-lookup", "Leaves the network for all but private ranges, from a subnet nobody guards",
            properties={"virtualNetworkSubnetId": estate.made["subnet:unguarded"], "vnetRouteAllEnabled": False,
                        "outboundVnetRouting": routing(allTraffic=False, applicationTraffic=False, imagePullTraffic=False,
                                                       contentShareTraffic=False, backupRestoreTraffic=False),
                        "vnetImagePullEnabled": False, "vnetContentShareEnabled": False, "vnetBackupRestoreEnabled": False,
                        "privateEndpointConnections": private_endpoint(estate, "stock-lookup", "Pending")},
            config={"vnetRouteAllEnabled": False},
        ),
    ]  # fmt: skip


def _signing_in(estate: Infrastructure) -> list[Blueprint]:
    return [
        sound(
            estate, "returns-portal", "Sign-in that lets everybody pass: any tenant, any path, any way back, plain HTTP",
            properties=public(httpsOnly=False), config=unrestricted(),
            auth=login_properties(
                required=False, action="AllowAnonymous", issuer="https://login.microsoftonline.com/common/v2.0",
                excluded=("/api/*", "/health"), redirects=("http://returns.fernhollow.example", "https://*.fernhollow.example"),
                https=False,
            ),
        ),
        sound(
            estate, "loyalty-portal", "The first version of the sign-in, without an audience",
            auth=login(estate, "fhw-loyalty-portal", runtime="~1", audiences=(), applications=()),
            auth_version="v1",
        ),
        sound(
            estate, "staff-roster", "Sign-in was set up and switched off again",
            properties=public(clientCertEnabled=True), config=unrestricted(),
            auth=login(estate, "fhw-staff-roster", enabled=False), functions=(api("anonymous"), WARMUP),
        ),
    ]  # fmt: skip


def _transport(estate: Infrastructure) -> list[Blueprint]:
    old = {"minTlsVersion": "1.0", "scmMinTlsVersion": "1.0", "minTlsCipherSuite": "TLS_RSA_WITH_AES_128_CBC_SHA",
           "http20Enabled": False, "ftpsState": "AllAllowed"}  # fmt: skip
    plain = {"httpsOnly": False, "endToEndEncryptionEnabled": False}
    made = estate.made
    return [
        sound(
            estate, "pos-sync", "Speaks to old tills: plain HTTP, TLS 1.0, plain FTP with a password; so does its slot",
            properties=plain, config=old, ftp_password=True, scm_password=True, slots={"blue": {"tags": None}},
        ),
        sound(
            estate, "label-service", "One password switched off, the other forgotten; no cipher chosen",
            config={"minTlsVersion": "1.1", "minTlsCipherSuite": None}, scm_password=True,
        ),
        sound(
            estate, "press-room", "Custom names: one without TLS, one with a certificate that ends in days, one past it",
            hosts=(host_name(f"press.{ZONE}"), bound(f"soon.{ZONE}", made["certificate:soon"]),
                   bound(f"past.{ZONE}", made["certificate:past"])),
            tags=TAGS | {LINK: made["insights:shop"]},
            properties={"autoGeneratedDomainNameLabelScope": None},
        ),
    ]  # fmt: skip
