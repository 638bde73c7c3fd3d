"""Function apps and slots: one typed description becomes the site, its configuration and all that hangs below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from moto_fixtures.azure.response_shapes.authentication import config_document, logs_properties, publishing_policy
from moto_fixtures.azure.response_shapes.configuration import configuration, in_lists
from moto_fixtures.azure.response_shapes.functions import Entry, function_row
from moto_fixtures.azure.response_shapes.site import site_properties
from moto_fixtures.azure.tenant import Resource, Tenant
from moto_fixtures.azure.traffic import Traffic


@dataclass(frozen=True)
class Reference:
    """A setting that refers to a Key Vault secret, and what became of it."""

    setting: str
    vault: str
    secret: str
    version: str | None = None
    status: str = "Resolved"
    problem: str = ""
    identity: str = "SystemAssigned"


@dataclass(frozen=True)
class App:
    """A function app as the platform makes a new one; every field that is given changes that.

    ``properties`` are members of the site and ``config`` of config/web over the defaults; ``hosts`` custom host
    names with their TLS state; ``auth`` the properties of authsettingsV2 (None: never configured) and ``auth_version``
    the generation of settings they were written in; ``sticky`` the settings that stay with their slot; ``graphed`` False: Resource Graph does not have the configuration (yet);
    ``indexed`` False: nor the site.
    """

    name: str
    group: str = "rg"
    location: str = "West Europe"
    kind: str = "functionapp,linux"
    plan: str | None = None
    sku: str = "Dynamic"
    identity: Mapping[str, Any] | None = None
    tags: Mapping[str, str] | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    hosts: tuple[Mapping[str, Any], ...] = ()
    functions: tuple[Entry, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    connections: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    mounts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    auth: Mapping[str, Any] | None = None
    auth_version: str = "v2"
    ftp_password: bool = True
    scm_password: bool = True
    sticky: tuple[str, ...] | None = None
    sticky_connections: tuple[str, ...] | None = None
    logs: Mapping[str, Any] = field(default_factory=logs_properties)
    diagnostics: Sequence[Mapping[str, Any]] = ()
    source: Mapping[str, Any] | None = None
    extensions: tuple[str, ...] = ()
    relays: tuple[tuple[str, int], ...] = ()
    backups: tuple[str, ...] = ()
    traffic: Traffic = field(default_factory=Traffic)
    graphed: bool = True
    indexed: bool = True
    extended_location: Mapping[str, str] | None = None


def put_app(tenant: Tenant, subscription: str, app: App, slot: str = "") -> str:
    """Puts the app (or a slot of the app of that name) with every document below it; answers its id."""
    base = f"/subscriptions/{subscription}/resourceGroups/{app.group}/providers/Microsoft.Web/sites/{app.name}"
    id, kind = (f"{base}/slots/{slot}", "sites/slots") if slot else (base, "sites")
    name = f"{app.name}/{slot}" if slot else app.name
    whole = configuration(f"{app.name}__{slot}" if slot else app.name, app.config)
    if app.auth is not None and whole["siteAuthSettings"]["configVersion"] is None:
        whole["siteAuthSettings"] = {**whole["siteAuthSettings"], "configVersion": app.auth_version}
    properties = site_properties(
        app.name, slot=slot, group=app.group, subscription=subscription, location=app.location, kind=app.kind,
        sku=app.sku, plan=app.plan, site_config=in_lists(whole), hosts=app.hosts, changes=app.properties,
    )  # fmt: skip
    body: dict[str, Any] = {"id": id, "name": name, "type": f"Microsoft.Web/{kind}", "kind": app.kind,
                            "location": app.location, "properties": properties}  # fmt: skip
    body |= {"tags": dict(app.tags)} if app.tags else {}
    body |= {"identity": dict(app.identity)} if app.identity else {}
    body |= {"extendedLocation": dict(app.extended_location)} if app.extended_location else {}
    tenant.put(Resource(body, "resources" if app.indexed else ""))
    _put_configuration(tenant, id, kind, app, whole)
    _put_documents(tenant, id, kind, app)
    _put_lists(tenant, id, name, kind, app)
    tenant.traffic[id.lower()] = app.traffic
    return id


def _put_configuration(tenant: Tenant, id: str, kind: str, app: App, whole: Mapping[str, Any]) -> None:
    body = {"id": f"{id}/config/web", "name": app.name, "type": f"Microsoft.Web/{kind}/config",
            "location": app.location, "properties": dict(whole)}  # fmt: skip
    table = "appserviceresources" if app.graphed else ""
    tenant.put(Resource(body, table, f"microsoft.web/{kind}/config/web", {"kind": "", "location": ""}))


def _put_documents(tenant: Tenant, id: str, kind: str, app: App) -> None:
    connections = {name: {"value": value, "type": type_} for name, (type_, value) in app.connections.items()}
    names = {
        "connectionStringNames": app.sticky_connections and list(app.sticky_connections),
        "appSettingNames": app.sticky and list(app.sticky),
        "azureStorageConfigNames": None,
    }
    documents: dict[str, Mapping[str, Any]] = {
        "authsettingsV2": app.auth or {},
        "appsettings": app.settings,
        "connectionstrings": connections,
        "azurestorageaccounts": app.mounts,
        "logs": app.logs,
    }
    for name, properties in documents.items():
        tenant.put_document(f"{id}/config/{name}", config_document(id, name, kind, app.location, properties))
    if kind == "sites":
        slots = {"id": None, "name": app.name, "type": "Microsoft.Web/sites", "location": app.location}
        tenant.put_document(f"{id}/config/slotConfigNames", slots | {"properties": names})
    if app.source is not None:
        body = {"id": f"{id}/sourcecontrols/web", "name": app.name, "type": f"Microsoft.Web/{kind}/sourcecontrols",
                "location": app.location, "properties": dict(app.source)}  # fmt: skip
        tenant.put_document(f"{id}/sourcecontrols/web", body)


def _put_lists(tenant: Tenant, id: str, name: str, kind: str, app: App) -> None:
    def rows(below: str, found: Mapping[str, Mapping[str, Any]]) -> None:
        shape = f"Microsoft.Web/{kind}/{below}"
        tenant.put_list(f"{id}/{below}", (
            {"id": f"{id}/{below}/{row}", "name": f"{name}/{row}", "type": shape, "location": app.location,
             "properties": properties} for row, properties in found.items()))  # fmt: skip

    tenant.put_list(f"{id}/functions", (function_row(id, name, app.location, entry, kind) for entry in app.functions))
    policies = [
        publishing_policy(id, kind, app.location, which, allow=allow)
        for which, allow in (("ftp", app.ftp_password), ("scm", app.scm_password))
    ]
    tenant.put_list(f"{id}/basicPublishingCredentialsPolicies", policies)
    for policy in policies:
        tenant.put_document(str(policy["id"]), policy)
    tenant.put_list(f"{id}/config/configreferences/appsettings", (_reference(id, kind, app, r) for r in app.references))
    settings = f"{id}/providers/Microsoft.Insights/diagnosticSettings"
    tenant.put_list(settings, ({**row, "id": f"{settings}/{row['name']}".lower()} for row in app.diagnostics))
    rows("siteextensions", {one: {"extension_id": one, "title": one, "version": "1.0.0", "extension_type": "Gallery",
                                  "local_path": f"C:\\home\\SiteExtensions\\{one}"} for one in app.extensions})  # fmt: skip
    rows("hybridConnectionRelays", {host: {"hostname": host, "port": port, "relayName": host.partition(".")[0],
                                           "serviceBusNamespace": "fernhollow-relay", "relayArmUri": None,
                                           "sendKeyName": "defaultSender", "sendKeyValue": None,
                                           "serviceBusSuffix": ".servicebus.windows.net"}
                                    for host, port in app.relays})  # fmt: skip
    rows("backups", {one: {"id": number, "name": one, "status": "Succeeded", "scheduled": True, "blobName": one}
                     for number, one in enumerate(app.backups, 1)})  # fmt: skip
    tenant.put_list(f"{id}/privateEndpointConnections", (
        {"id": f"{id}/privateEndpointConnections/{str(one['id']).rpartition('/')[2]}",
         "name": str(one["id"]).rpartition("/")[2], "type": f"Microsoft.Web/{kind}/privateEndpointConnections",
         "location": app.location, "properties": one["properties"]}
        for one in app.properties.get("privateEndpointConnections") or ()))  # fmt: skip


def _reference(id: str, kind: str, app: App, found: Reference) -> dict[str, Any]:
    written = f"https://{found.vault}.vault.azure.net/secrets/{found.secret}/{found.version or ''}"
    return {
        "id": f"{id}/config/configreferences/appsettings/{found.setting}",
        "name": found.setting,
        "type": f"Microsoft.Web/{kind}/config",
        "location": app.location,
        "properties": {
            "reference": f"@Microsoft.KeyVault(SecretUri={written})",
            "status": found.status,
            "vaultName": found.vault,
            "secretName": found.secret,
            "secretVersion": found.version,
            "identityType": {"type": found.identity},
            "details": found.problem or "Reference has been successfully resolved.",
            "source": "KeyVault",
            "activeVersion": found.version
            or ("0a1b2c3d4e5f60718293a4b5c6d7e8f9" if found.status == "Resolved" else None),
        },
    }
