"""A small tenant, and the unmodified SDK's client for it."""

import time
from collections.abc import Callable
from typing import Any

import requests
from azure.core.credentials import AccessToken
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.mgmt.web import WebSiteManagementClient

from moto_fixtures.azure.apps import App, Reference
from moto_fixtures.azure.builder import Subscription, furnish
from moto_fixtures.azure.response_shapes.functions import HTTP_OUT, Entry, http, trigger
from moto_fixtures.azure.server import Server
from moto_fixtures.azure.tenant import Tenant
from moto_fixtures.azure.traffic import Traffic

SUBSCRIPTION = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
OTHER = "1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e"
GRAPH = "/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01"
SITES = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/Shop-Group/providers/Microsoft.Web/sites"
Ask = Callable[..., requests.Response]


class Plain(SansIOHTTPPolicy[Any, Any]):
    """Signs in without asking for TLS, as the audit does on loopback."""

    def on_request(self, request: Any) -> None:
        request.http_request.headers["Authorization"] = "Bearer emulated"


class Anybody:
    def get_token(self, *scopes: str, **more: Any) -> AccessToken:
        return AccessToken("emulated", int(time.time()) + 3600)


def client_of(server: Server, **more: Any) -> WebSiteManagementClient:
    given: dict[str, Any] = {"retry_total": 0, "authentication_policy": Plain(), **more}
    return WebSiteManagementClient(Anybody(), SUBSCRIPTION, base_url=server.endpoint, **given)


ORDERS = App(
    "orders",
    group="Shop-Group",
    plan=f"/subscriptions/{SUBSCRIPTION}/resourceGroups/Shop-Group/providers/Microsoft.Web/serverfarms/plan",
    identity={"type": "SystemAssigned", "tenantId": "t", "principalId": "p"},
    tags={"team": "orders"},
    config={"linuxFxVersion": "Node|22", "minTlsVersion": "1.1", "alwaysOn": True},
    functions=(
        Entry("take", (http("anonymous", ("post",)), HTTP_OUT)),
        Entry("count", (http("function", ("get",)), HTTP_OUT), decorated=True),
        Entry("sweep", (trigger("timer", schedule="0 0 3 * * *"),)),
    ),
    settings={"FUNCTIONS_EXTENSION_VERSION": "~4", "STAGE": "test"},
    connections={"Orders": ("SQLAzure", "Server=tcp:sql.example")},
    references=(Reference("DB", "vault", "db", status="AccessToKeyVaultDenied", problem="denied"),),
    sticky=("STAGE",),
    traffic=Traffic(per_day=100, failing=0.5),
)


def small_tenant() -> Tenant:
    """Two subscriptions: one with an app, its slot and its storage, the other with a function beside."""
    made = furnish(Tenant())
    shop = Subscription(made, SUBSCRIPTION, "shop", "Shop-Group")
    shop.plan("plan", "Y1")
    shop.storage("shopstore", containers={"open": "Blob"})
    shop.app(ORDERS)
    shop.slot(ORDERS, "staging")
    shop.app(App("returns", group="Other-Group", kind="functionapp"))
    Subscription(made, OTHER, "labs", "Labs-Group").app(App("trial", group="Labs-Group"))
    return made
