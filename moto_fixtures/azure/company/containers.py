"""Functions hosted elsewhere, and apps that are no functions: Container Apps, Arc, workflows, web apps."""

from typing import Any

from moto_fixtures.azure.apps import App
from moto_fixtures.azure.company.blueprint import Blueprint, api, sound, user_assigned
from moto_fixtures.azure.company.infrastructure import TAGS, Infrastructure
from moto_fixtures.azure.response_shapes.access import BLOB_CONTRIBUTOR, made_id
from moto_fixtures.azure.response_shapes.authentication import login_properties
from moto_fixtures.azure.response_shapes.functions import Entry
from moto_fixtures.emulation import fake_secrets

_HOSTED = "functionapp,linux,container,azurecontainerapps"


def functions(estate: Infrastructure) -> list[Blueprint]:
    """Functions on Container Apps and on Arc."""

    def hosted(name: str, stands_for: str, environment: str) -> Blueprint:
        return sound(
            estate, name, stands_for, kind=_HOSTED, plan=None, sku="Dynamic", functions=(api(),), backups=(),
            properties={"managedEnvironmentId": estate.made[f"environment:{environment}"], "resourceConfig":
                        {"cpu": 0.5, "memory": "1Gi"}, "workloadProfileName": "Consumption", "virtualNetworkSubnetId": None,
                        "outboundVnetRouting": None, "privateEndpointConnections": []},
            config={"linuxFxVersion": f"DOCKER|fhwimages.azurecr.io/{name}:1.8"},
            settings={"FUNCTIONS_WORKER_RUNTIME": "node"},
        )  # fmt: skip

    cluster = {"name": estate.production.resource_id("Microsoft.ExtendedLocation/customLocations", "warehouse-cluster"),
               "type": "CustomLocation"}  # fmt: skip
    return [
        hosted("size-guide", "Hosted on Container Apps, inside an internal environment", "inner"),
        hosted("gift-wrap", "Hosted on Container Apps: public, plain HTTP, no sign-in, a secret in its variables", "outer"),
        sound(
            estate, "warehouse-scanner", "On a cluster of the company's own, through Arc",
            kind="functionapp,linux,kubernetes", extended_location=cluster, sku="Kubernetes", backups=(),
        ),
    ]  # fmt: skip


def hosts(estate: Infrastructure) -> None:
    """The container environments, and the apps behind the hosted functions."""
    shop = estate.production
    for name, internal in (("inner", True), ("outer", False)):
        properties: dict[str, Any] = {
            "provisioningState": "Succeeded", "defaultDomain": f"{name}.westeurope.azurecontainerapps.io",
            "vnetConfiguration": {"internal": internal, "infrastructureSubnetId": estate.made["subnet:functions"]},
            "publicNetworkAccess": "Disabled" if internal else "Enabled", "zoneRedundant": internal,
            "appLogsConfiguration": {"destination": "azure-monitor" if internal else None, "logAnalyticsConfiguration": None},
        }  # fmt: skip
        estate.made[f"environment:{name}"] = shop.resource(
            "Microsoft.App/managedEnvironments", f"shop-{name}", properties
        )
    _container(estate, "size-guide", "inner", external=False, env=[{"name": "ORDERS_DB", "secretRef": "orders-db"}])
    secret = [
        {"name": "WRAP_DB", "value": fake_secrets.database_connection("wrap")},
        {"name": "STAGE", "value": "production"},
    ]
    _container(estate, "gift-wrap", "outer", external=True, env=secret)


def _container(
    estate: Infrastructure, name: str, environment: str, *, external: bool, env: list[dict[str, str]]
) -> None:
    shop = estate.production
    site = shop.resource_id("Microsoft.Web/sites", f"fhw-{name}")
    rules = [] if external else [{"name": "shop", "ipAddressRange": "10.20.0.0/16", "action": "Allow"}]
    ingress = {"external": external, "allowInsecure": external, "targetPort": 80, "transport": "Auto",
               "fqdn": f"fhw-{name}.{environment}.westeurope.azurecontainerapps.io", "ipSecurityRestrictions": rules or None,
               "traffic": [{"latestRevision": True, "weight": 100}]}  # fmt: skip
    id = shop.resource("Microsoft.App/containerApps", f"fhw-{name}", {
        "provisioningState": "Succeeded", "runningStatus": "Running",
        "managedEnvironmentId": estate.made[f"environment:{environment}"],
        "environmentId": estate.made[f"environment:{environment}"],
        "configuration": {"secrets": [{"name": "orders-db"}], "activeRevisionsMode": "Single", "ingress": ingress},
        "template": {"containers": [{"name": f"fhw-{name}", "image": f"fhwimages.azurecr.io/{name}:1.8", "env": env,
                                     "resources": {"cpu": 0.5, "memory": "1Gi"}}],
                     "scale": {"minReplicas": None if external else 1, "maxReplicas": 10}},
    }, managedBy=site, kind="functionapp", identity={"type": "None"})  # fmt: skip
    if not external:
        audience = login_properties(issuer=f"https://login.microsoftonline.com/{estate.tenant.id}/v2.0",
                                    audiences=(f"api://fhw-{name}",))  # fmt: skip
        kept = ("platform", "globalValidation", "identityProviders", "login", "httpSettings")
        body = {"id": f"{id}/authConfigs/current", "name": "current", "type": "Microsoft.App/containerApps/authConfigs",
                "properties": {one: audience[one] for one in kept}}  # fmt: skip
        estate.tenant.put_document(f"{id}/authConfigs/current", body)


def natives(estate: Infrastructure) -> None:
    """Functions that are container apps of their own, with no site before them: one sound, one open."""
    shop = estate.production
    shared = estate.made["identity:delivery-slots"]
    login = login_properties(issuer=f"https://login.microsoftonline.com/{estate.tenant.id}/v2.0",
                             audiences=("api://fhw-delivery-slots",))  # fmt: skip
    _native(
        estate, "delivery-slots", "inner",
        ingress={"external": False, "allowInsecure": False},
        env=[{"name": "AzureWebJobsStorage__accountName", "value": "fhwshophost"},
             {"name": "APPLICATIONINSIGHTS_CONNECTION_STRING", "secretRef": "insights"},
             {"name": "FUNCTIONS_WORKER_RUNTIME", "value": "python"}],
        secrets=[{"name": "insights", "keyVaultUrl": "https://fhw-keys.vault.azure.net/secrets/insights", "identity": shared}],
        identity=user_assigned(shared, "delivery-slots"), auth=login, scale={"minReplicas": 1, "maxReplicas": 8},
        functions=(("book_slot", "httpTrigger", False), ("expire_slots", "timerTrigger", False)),
    )  # fmt: skip
    keyed = fake_secrets.storage_connection("fhwlegacy")
    _native(
        estate, "photo-contest", "outer",
        ingress={"external": True, "allowInsecure": True},
        env=[{"name": "AzureWebJobsStorage", "value": keyed}, {"name": "FUNCTIONS_WORKER_RUNTIME", "value": "node"},
             {"name": "JURY_DB", "value": fake_secrets.database_connection("jury")}],
        secrets=[], identity={"type": "SystemAssigned", "principalId": made_id("fhw-photo-contest"), "tenantId": estate.tenant.id},
        auth=None, scale={"minReplicas": 0, "maxReplicas": None},
        functions=(("upload_photo", "httpTrigger", False), ("count_votes", "queueTrigger", False)),
    )  # fmt: skip
    shop.assign(BLOB_CONTRIBUTOR, made_id("fhw-photo-contest"))


def _native(
    estate: Infrastructure, name: str, environment: str, *, ingress: dict[str, Any], env: list[dict[str, str]],
    secrets: list[dict[str, str]], identity: dict[str, Any], auth: dict[str, Any] | None, scale: dict[str, Any],
    functions: tuple[tuple[str, str, bool], ...],
) -> None:  # fmt: skip
    shop, app = estate.production, f"fhw-{name}"
    fqdn = f"{app}.{environment}.westeurope.azurecontainerapps.io"
    id = shop.resource("Microsoft.App/containerApps", app, {
        "provisioningState": "Succeeded", "runningStatus": "Running",
        "managedEnvironmentId": estate.made[f"environment:{environment}"],
        "environmentId": estate.made[f"environment:{environment}"], "workloadProfileName": "Consumption",
        "configuration": {"secrets": secrets or None, "activeRevisionsMode": "Single", "registries": [
                              {"server": "fhwimages.azurecr.io", "username": "", "passwordSecretRef": "", "identity": "system"}],
                          "ingress": {"fqdn": fqdn, "targetPort": 80, "transport": "Auto", "customDomains": None,
                                      "ipSecurityRestrictions": None, "clientCertificateMode": None, **ingress}},
        "template": {"containers": [{"name": app, "image": f"fhwimages.azurecr.io/{name}:2.0", "env": env,
                                     "resources": {"cpu": 0.5, "memory": "1Gi"}}], "scale": scale},
    }, kind="functionapp", identity=identity, tags=TAGS)  # fmt: skip
    url = f"https://{fqdn}/api"
    estate.tenant.put_list(f"{id}/functions", (
        {"id": f"{id}/functions/{one}", "name": f"{app}/{one}", "type": "Microsoft.App/containerApps/functions",
         "properties": {"invokeUrlTemplate": f"{url}/{one}" if kind == "httpTrigger" else "", "triggerType": kind,
                        "language": "python", "isDisabled": disabled}}
        for one, kind, disabled in functions))  # fmt: skip
    if auth is not None:
        kept = ("platform", "globalValidation", "identityProviders", "login", "httpSettings")
        body = {"id": f"{id}/authConfigs/current", "name": "current", "type": "Microsoft.App/containerApps/authConfigs",
                "properties": {one: auth[one] for one in kept}}  # fmt: skip
        estate.tenant.put_document(f"{id}/authConfigs/current", body)


def others(estate: Infrastructure) -> None:
    """Apps the same lists carry, though they are no functions."""
    shop = estate.production
    workflow = Entry("approve", ({"type": "manual", "direction": "in", "name": "request"},))
    for name, kind, functions in (("order-approval", "functionapp,workflowapp", (workflow,)), ("storefront", "app,linux", ()),
                                  ("intranet", "app", ())):  # fmt: skip
        shop.app(App(f"fhw-{name}", group=shop.group, kind=kind, plan=estate.made["plan:dedicated"], sku="PremiumV3",
                     tags=TAGS, functions=functions))  # fmt: skip
