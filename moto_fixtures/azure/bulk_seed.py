"""Thousands of plausible apps in a moment, for measuring how fast an audit is."""

from moto_fixtures.azure.apps import App
from moto_fixtures.azure.builder import Subscription, furnish
from moto_fixtures.azure.response_shapes.access import BLOB_CONTRIBUTOR, SECRETS_USER, made_id
from moto_fixtures.azure.response_shapes.configuration import closed_but_for, restriction
from moto_fixtures.azure.response_shapes.functions import HTTP_OUT, Entry, http, trigger
from moto_fixtures.azure.tenant import Tenant
from moto_fixtures.azure.traffic import Traffic

_RUNTIMES = ("Python|3.13", "Node|24", "DOTNET-ISOLATED|10.0", "Java|21", "Python|3.9")
_REGIONS = ("West Europe", "North Europe", "UK South")
_PER_PLAN = 20


def tenant_of(apps: int, *, subscriptions: int = 1, slots: int = 0) -> Tenant:
    """A tenant with so many apps, spread over subscriptions; ``slots`` of them have a staging slot besides."""
    tenant = furnish(Tenant())
    places = [
        Subscription(tenant, made_id(f"many/{number}"), f"fernhollow-{number:02}", f"Fleet-{number:02}")
        for number in range(subscriptions)
    ]
    stores = [place.storage(f"fhwfleet{number:02}") for number, place in enumerate(places)]
    plans: dict[int, str] = {}
    for number in range(apps):
        which = number % subscriptions
        place, plan = places[which], number // _PER_PLAN
        if plan not in plans:
            plans[plan] = place.plan(f"fleet-plan-{plan:03}", "EP1", capacity=2, apps=_PER_PLAN, most=20)
        app = _app(number, place.group, plans[plan], stores[which])
        place.app(app)
        principal = made_id(app.name)
        place.assign(BLOB_CONTRIBUTOR if number % 10 else SECRETS_USER, principal, stores[which])
        if number < slots:
            place.slot(app, "staging")
    return tenant


def _app(number: int, group: str, plan: str, store: str) -> App:
    name, account = f"fhw-fleet-{number:05}", store.rpartition("/")[2]
    principal = {"type": "SystemAssigned", "principalId": made_id(name), "tenantId": made_id("tenant")}
    rules = closed_but_for(restriction("203.0.113.0/24", name="office")) if number % 3 else None
    entries = (
        Entry("orders", (http("function", ("get", "post")), HTTP_OUT)),
        Entry("nightly", (trigger("timer", schedule="0 0 3 * * *"),)),
    )
    return App(
        name,
        group=group,
        location=_REGIONS[number % len(_REGIONS)],
        plan=plan,
        sku="ElasticPremium",
        identity=principal,
        tags={"owner": "fleet", "environment": "production"},
        properties={"httpsOnly": number % 7 != 0, "publicNetworkAccess": "Enabled"},
        config={
            "linuxFxVersion": _RUNTIMES[number % len(_RUNTIMES)],
            "minTlsVersion": "1.2" if number % 11 else "1.0",
            "ftpsState": "Disabled",
            **({"ipSecurityRestrictions": rules} if rules else {}),
        },
        functions=entries,
        settings={
            "AzureWebJobsStorage__accountName": account,
            "FUNCTIONS_EXTENSION_VERSION": "~4",
            "FUNCTIONS_WORKER_RUNTIME": "python",
            "STAGE": "production",
        },
        ftp_password=False,
        scm_password=number % 5 == 0,
        traffic=Traffic(per_day=400 + number % 97),
    )
