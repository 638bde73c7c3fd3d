"""One function app as data: sound unless a field says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from moto_fixtures.azure.apps import App, Reference
from moto_fixtures.azure.company.infrastructure import TAGS, Infrastructure, private_endpoint
from moto_fixtures.azure.response_shapes.access import BLOB_OWNER, METRICS_PUBLISHER, SECRETS_USER, Role, made_id
from moto_fixtures.azure.response_shapes.authentication import login_properties, logs_properties
from moto_fixtures.azure.response_shapes.configuration import closed_but_for, from_front_door
from moto_fixtures.azure.response_shapes.functions import HTTP_OUT, Entry, http, trigger
from moto_fixtures.azure.response_shapes.site import routing
from moto_fixtures.azure.traffic import Traffic

CIPHER = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
CATEGORIES = ("FunctionAppLogs", "AppServiceHTTPLogs", "AppServiceAuditLogs", "AppServiceIPSecAuditLogs",
              "AppServiceAuthenticationLogs", "AppServicePlatformLogs")  # fmt: skip
LINK = "hidden-link: /app-insights-resource-id"
FRONT_DOOR = "6f1d2b3c-4e5a-4b6c-8d7e-9f0a1b2c3d4e"
"""The id requests of the company's Front Door carry."""
OUTLET_DOOR = "b81c4d7e-25f0-4f3a-9c6d-7e1a2b3c4d5f"
"""The id requests of the outlet's Front Door carry: it has no firewall."""


@dataclass(frozen=True)
class Blueprint:
    """A function app of the company, what it stands for, its slots and what its identity may do.

    ``grants`` pair a role with a scope: a name of the estate (``store:fhwshophost``), an id, or empty for the whole
    subscription. ``slots`` maps a slot's name to what differs there.
    """

    app: App
    stands_for: str
    place: str = "production"
    grants: tuple[tuple[Role, str], ...] = ()
    slots: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def api(auth: str | None = "function", methods: tuple[str, ...] | None = ("get", "post"), **more: Any) -> Entry:
    """An HTTP function called ``api``."""
    return Entry("api", (http(auth, methods, **more), HTTP_OUT))


WARMUP = Entry("warmup", (trigger("warmup"),))


def system_assigned(estate: Infrastructure, name: str) -> dict[str, Any]:
    """An identity of the app's own; its principal is ``made_id(name)``."""
    return {"type": "SystemAssigned", "tenantId": estate.tenant.id, "principalId": made_id(name)}


def user_assigned(id: str, name: str, own: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A user-assigned identity, beside one of the app's own where given. Its key has its group in lower case."""
    key = id.replace("/resourceGroups/Fernhollow-Shop", "/resourcegroups/fernhollow-shop")
    shared = {key: {"principalId": made_id(name), "clientId": made_id(f"{name}/client")}}
    kind = "SystemAssigned, UserAssigned" if own else "UserAssigned"
    return {**(own or {}), "type": kind, "userAssignedIdentities": shared}


def secret(name: str, vault: str = "fhw-keys", version: str = "") -> str:
    """A setting's reference to a Key Vault secret."""
    return f"@Microsoft.KeyVault(SecretUri=https://{vault}.vault.azure.net/secrets/{name}/{version})"


def diagnostics(
    estate: Infrastructure, workspace: str = "kept", categories: tuple[str, ...] = CATEGORIES
) -> list[dict[str, Any]]:
    """One diagnostic setting with a workspace of the estate."""
    logs = [{"category": one, "categoryGroup": None, "enabled": True, "retentionPolicy": {"enabled": False, "days": 0}}
            for one in categories]  # fmt: skip
    return [{
        "type": "Microsoft.Insights/diagnosticSettings", "name": "to-workspace", "location": None, "kind": None, "tags": None, "identity": None,
        "properties": {"storageAccountId": None, "serviceBusRuleId": None, "workspaceId": estate.made[f"workspace:{workspace}"],
                       "eventHubAuthorizationRuleId": None, "eventHubName": None, "metrics": [], "logs": logs,
                       "logAnalyticsDestinationType": None},
    }]  # fmt: skip


def insights_connection(name: str) -> str:
    """The connection string of a monitor of the estate."""
    where = "https://westeurope-5.in.applicationinsights.azure.com/"
    return f"InstrumentationKey={made_id(f'insights-{name}')};IngestionEndpoint={where}"


def _settings(name: str, store: str) -> dict[str, str]:
    return {
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": "Authorization=AAD",
        "APPLICATIONINSIGHTS_CONNECTION_STRING": insights_connection("shop"),
        "AzureWebJobsSecretStorageKeyVaultUri": "https://fhw-keys.vault.azure.net/",
        "AzureWebJobsSecretStorageType": "keyvault",
        "AzureWebJobsStorage__accountName": store,
        "AzureWebJobsStorage__credential": "managedidentity",
        "FUNCTIONS_EXTENSION_VERSION": "~4",
        "FUNCTIONS_WORKER_RUNTIME": "python",
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING": secret("content-share"),
        "WEBSITE_CONTENTSHARE": name,
        "WEBSITE_RUN_FROM_PACKAGE": "1",
        "WEBSITE_SKIP_CONTENTSHARE_VALIDATION": "1",
    }


def _properties(estate: Infrastructure, name: str) -> dict[str, Any]:
    return {
        "httpsOnly": True, "endToEndEncryptionEnabled": True, "clientCertEnabled": True, "clientCertMode": "Required",
        "publicNetworkAccess": "Disabled", "privateEndpointConnections": private_endpoint(estate, name),
        "virtualNetworkSubnetId": estate.made["subnet:functions"], "outboundVnetRouting": routing(),
        "vnetRouteAllEnabled": True, "vnetImagePullEnabled": True, "vnetContentShareEnabled": True,
        "vnetBackupRestoreEnabled": True, "storageAccountRequired": True, "sshEnabled": False,
        "autoGeneratedDomainNameLabelScope": "TenantReuse", "dailyMemoryTimeQuota": 250_000,
    }  # fmt: skip


def _config() -> dict[str, Any]:
    return {
        "linuxFxVersion": "Python|3.13", "minTlsVersion": "1.2", "scmMinTlsVersion": "1.2",
        "minTlsCipherSuite": CIPHER, "http20Enabled": True, "ftpsState": "Disabled", "publicNetworkAccess": "Disabled",
        "ipSecurityRestrictions": closed_but_for(), "ipSecurityRestrictionsDefaultAction": "Deny",
        "scmIpSecurityRestrictions": closed_but_for(), "scmIpSecurityRestrictionsDefaultAction": "Deny",
        "scmIpSecurityRestrictionsUseMain": True, "vnetRouteAllEnabled": True, "vnetName": "shop-network_functions",
        "functionAppScaleLimit": 10, "minimumElasticInstanceCount": 2, "preWarmedInstanceCount": 1,
        "healthCheckPath": "/api/health", "autoHealEnabled": True, "alwaysOn": False,
    }  # fmt: skip


def issuer(tenant: str) -> str:
    """Who signs the tokens of a tenant."""
    return f"https://login.microsoftonline.com/{tenant}/v2.0"


def login(estate: Infrastructure, name: str, **changes: Any) -> dict[str, Any]:
    """Sign-in as it should be, for the company's tenant and one application, but for the changes."""
    kept: dict[str, Any] = {"issuer": issuer(estate.tenant.id), "client": made_id(f"{name}/registration"),
                            "audiences": (f"api://{name}",), "applications": (made_id("shop-front"),)}  # fmt: skip
    return login_properties(**kept | changes)


def sound(
    estate: Infrastructure, name: str, stands_for: str, *, store: str = "fhwshophost", place: str = "production",
    grants: tuple[tuple[Role, str], ...] = (), slots: Mapping[str, Mapping[str, Any]] | None = None,
    properties: Mapping[str, Any] | None = None, config: Mapping[str, Any] | None = None,
    settings: Mapping[str, str | None] | None = None, tags: Mapping[str, str] | None = None, **changes: Any,
) -> Blueprint:  # fmt: skip
    """A sound app with changes over it: a None among the settings takes one away."""
    app_name = f"fhw-{name}"
    subscription = estate.place(place)
    merged = _settings(app_name, store) | dict(settings or {})
    kept = {key: value for key, value in merged.items() if value is not None}
    app = App(
        app_name, group=subscription.group, location=subscription.location, plan=estate.made["plan:premium"],
        sku="ElasticPremium", identity=system_assigned(estate, app_name),
        tags=TAGS | {"purpose": stands_for, LINK: estate.made["insights:shop"]} if tags is None else tags,
        properties=_properties(estate, app_name) | dict(properties or {}), config=_config() | dict(config or {}),
        functions=(api(), WARMUP), settings=kept, references=referred(kept), auth=login(estate, app_name),
        ftp_password=False, scm_password=False, sticky=("APPLICATIONINSIGHTS_CONNECTION_STRING", "STAGE"),
        sticky_connections=(), logs=logs_properties(files=True, errors=True), diagnostics=diagnostics(estate),
        backups=("nightly",), traffic=Traffic(per_day=2400),
    )  # fmt: skip
    own = ((BLOB_OWNER, f"store:{store}"), (SECRETS_USER, "vault:fhw-keys"), (METRICS_PUBLISHER, "insights:shop"))
    return Blueprint(replace(app, **changes), stands_for, place, (*own, *grants), slots or {})


def referred(settings: Mapping[str, str]) -> tuple[Reference, ...]:
    """What becomes of the Key Vault references among settings: they resolve."""
    found = []
    for name, value in settings.items():
        if value.startswith("@Microsoft.KeyVault(SecretUri=https://"):
            vault, _, rest = value.partition("https://")[2].partition(".vault.azure.net/secrets/")
            key, _, version = rest.rstrip(")").partition("/")
            found.append(Reference(name, vault, key, version or None))
    return tuple(found)


def public(**more: Any) -> dict[str, Any]:
    """Properties of an app the internet reaches: no private endpoint, no client certificate."""
    return {"publicNetworkAccess": "Enabled", "privateEndpointConnections": [], "clientCertEnabled": False} | more


def unrestricted(**more: Any) -> dict[str, Any]:
    """Configuration without any access restriction, on the app and on its management site."""
    anyone = [{"ipAddress": "Any", "action": "Allow", "priority": 2147483647, "name": "Allow all",
               "description": "Allow all access"}]  # fmt: skip
    return {
        "publicNetworkAccess": "Enabled", "ipSecurityRestrictions": anyone, "scmIpSecurityRestrictions": anyone,
        "ipSecurityRestrictionsDefaultAction": "Allow", "scmIpSecurityRestrictionsDefaultAction": "Allow",
        "scmIpSecurityRestrictionsUseMain": False, **more,
    }  # fmt: skip


def fronted(door: str = FRONT_DOOR, **more: Any) -> dict[str, Any]:
    """Configuration that lets in only what comes through a Front Door of the company."""
    rules = closed_but_for(from_front_door(door))
    return {"publicNetworkAccess": "Enabled", "ipSecurityRestrictions": rules} | more
