"""The sound part of the shop: functions no check should find fault with, and the decoys among them."""

from hashlib import sha256
from typing import Any

from moto_fixtures.azure.company.blueprint import (
    FRONT_DOOR,
    WARMUP,
    Blueprint,
    api,
    fronted,
    public,
    secret,
    sound,
    system_assigned,
    user_assigned,
)  # fmt: skip
from moto_fixtures.azure.company.infrastructure import ZONE, Infrastructure
from moto_fixtures.azure.response_shapes.access import ACR_PULL, BUS_RECEIVER, made_id
from moto_fixtures.azure.response_shapes.configuration import closed_but_for, from_subnet
from moto_fixtures.azure.response_shapes.functions import HTTP_OUT, Entry, http, trigger
from moto_fixtures.azure.response_shapes.site import bound
from moto_fixtures.azure.traffic import Traffic


def functions(estate: Infrastructure) -> list[Blueprint]:
    """Sound functions, one line of purpose each."""
    return [*_storefront(estate), *_engines(estate), *_workers(estate)]


def _storefront(estate: Infrastructure) -> list[Blueprint]:
    search: dict[str, Any] = {"hosts": (bound(f"search.{ZONE}", estate.made["certificate:shop"]),)}
    return [
        sound(
            estate, "checkout", "Order creation: private network, secrets by reference only, a slot to try releases",
            settings={"ORDERS_DB": secret("orders-database"), "STAGE": "production"},
            slots={"staging": {}},
        ),
        sound(
            estate, "catalog-search", "Search that only answers the company's Front Door",
            plan=estate.made["plan:dedicated"], sku="PremiumV3", kind="functionapp", functions=(api(),),
            properties=public(clientCertEnabled=True),
            config=fronted(linuxFxVersion="", netFrameworkVersion="v10.0", alwaysOn=True),
            settings={"FUNCTIONS_WORKER_RUNTIME": "dotnet-isolated"},
            slots={"staging": {"hosts": ()}}, **search,
        ),
        sound(
            estate, "feature-hints", "Decoys: names that sound secret and values that are references and limits",
            settings={
                "API_KEY_HEADER": "x-api-key",
                "AUTH_TOKEN_URL": "https://id.fernhollow.example/oauth2/token",
                "PASSWORD_MIN_LENGTH": "14",
                "SECRET_NAME": "orders-database",
                "SESSION_SECRET": secret("session"),
                "TENANT_ID": estate.tenant.id,
                "TOKEN_TTL_SECONDS": "900",
                "FRONT_DOOR_ID": FRONT_DOOR,
            },
            # The portal writes the link's name with a blank; other tools without.
            tags={"company": "fernhollow", "environment": "production", "cost-center": "digital",
                  "owner": "shop-platform", "hidden-link:/app-insights-resource-id": estate.made["insights:shop"]},
        ),
    ]  # fmt: skip


def _engines(estate: Infrastructure) -> list[Blueprint]:
    image: dict[str, Any] = {"kind": "functionapp,linux,container", "functions": (api(), WARMUP)}
    puller = user_assigned(estate.made["identity:image-puller"], "image-puller",
                           system_assigned(estate, "fhw-receipt-printer"))  # fmt: skip
    return [
        sound(
            estate, "price-engine", "Java behind an application gateway, which alone may reach it",
            properties=public(clientCertEnabled=True),
            config={"linuxFxVersion": "Java|21", "publicNetworkAccess": "Enabled",
                    "ipSecurityRestrictions": closed_but_for(from_subnet(estate.made["subnet:gateway"]))},
            settings={"FUNCTIONS_WORKER_RUNTIME": "java"},
            slots={"staging": {}},
        ),
        sound(
            estate, "receipt-printer", "A container image from the company's registry, pulled with an identity",
            config={"linuxFxVersion": f"DOCKER|fhwimages.azurecr.io/receipts@sha256:{sha256(b'receipts').hexdigest()}",
                    "acrUseManagedIdentityCreds": True, "acrUserManagedIdentityID": made_id("image-puller/client")},
            identity=puller, grants=((ACR_PULL, "registry:fhwimages"),),
            settings={"FUNCTIONS_WORKER_RUNTIME": "node", "WEBSITES_ENABLE_APP_SERVICE_STORAGE": "false"}, **image,
        ),
    ]  # fmt: skip


def flexible(store: str, login: str = "SystemAssignedIdentity", most: int = 40, ready: int = 0, http_at_once: int | None = 16,
             runtime: tuple[str, str] = ("python", "3.13"), memory: int = 2048,
             identity: str | None = None) -> dict[str, object]:  # fmt: skip
    """The functionAppConfig of a Flex Consumption app."""
    by_key = {"storageAccountConnectionStringName": "DEPLOYMENT_STORAGE_CONNECTION_STRING"}
    authentication = {"type": login, "userAssignedIdentityResourceId": identity} | (
        by_key if "Connection" in login else {}
    )
    triggers = None if http_at_once is None else {"http": {"perInstanceConcurrency": http_at_once}}
    always = [{"name": "http", "instanceCount": ready}] if ready else None
    return {
        "deployment": {"storage": {"type": "blobContainer", "value": f"https://{store}.blob.core.windows.net/packages",
                                   "authentication": authentication}},
        "runtime": {"name": runtime[0], "version": runtime[1]},
        "scaleAndConcurrency": {"alwaysReady": always, "maximumInstanceCount": most, "instanceMemoryMB": memory,
                                "triggers": triggers},
        "siteUpdateStrategy": {"type": "RollingUpdate"},
    }  # fmt: skip


NOT_ON_FLEX = ("WEBSITE_CONTENTAZUREFILECONNECTIONSTRING", "WEBSITE_CONTENTSHARE", "WEBSITE_SKIP_CONTENTSHARE_VALIDATION",
               "WEBSITE_RUN_FROM_PACKAGE", "FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_WORKER_RUNTIME")  # fmt: skip


def _workers(estate: Infrastructure) -> list[Blueprint]:
    orders = trigger("serviceBus", queueName="orders", connection="OrdersBus")
    return [
        sound(
            estate, "order-fulfilment", "Flex Consumption: works a queue by its identity, in the Python v2 model",
            store="fhwflexhost", plan=estate.made["plan:flex"], sku="FlexConsumption",
            properties={"functionAppConfig": flexible("fhwflexhost"), "resourceConfig": {"cpu": 1.0, "memory": "2.0Gi"}},
            config={"linuxFxVersion": "", "functionAppScaleLimit": 0, "minimumElasticInstanceCount": 0,
                    "preWarmedInstanceCount": 0},
            settings={"OrdersBus__fullyQualifiedNamespace": "fhw-orders.servicebus.windows.net",
                      "OrdersBus__credential": "managedidentity", **dict.fromkeys(NOT_ON_FLEX)},
            functions=(
                Entry("fulfil_order", (orders,), decorated=True),
                Entry("order_status", (http("function", ("get",), "orders/{id}"), HTTP_OUT), decorated=True),
            ),
            grants=((BUS_RECEIVER, "bus:orders"),), backups=(), traffic=Traffic(per_day=5200),
        ),
        sound(
            estate, "loyalty-points", "Nightly sums on a timer, PowerShell on Windows",
            plan=estate.made["plan:windows"], kind="functionapp",
            config={"linuxFxVersion": "", "powerShellVersion": "7.6"},
            settings={"FUNCTIONS_WORKER_RUNTIME": "powershell"},
            functions=(Entry("sum", (trigger("timer", schedule="0 0 2 * * *", runOnStartup=False),), "powershell"), WARMUP),
            traffic=Traffic(per_day=24, http=False),
        ),
    ]  # fmt: skip
