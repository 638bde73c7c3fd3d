"""What starts functions: event sources strangers can write to, keys in connections, handlers that run too often."""

from moto_fixtures.azure.company.blueprint import WARMUP, Blueprint, api, public, sound, unrestricted
from moto_fixtures.azure.company.infrastructure import Infrastructure
from moto_fixtures.azure.response_shapes.access import BLOB_CONTRIBUTOR, QUEUE_CONTRIBUTOR
from moto_fixtures.azure.response_shapes.functions import HTTP_OUT, Entry, http, trigger
from moto_fixtures.emulation import fake_secrets


def functions(estate: Infrastructure) -> list[Blueprint]:
    """Functions told by what starts them."""
    media = {"MediaStore": fake_secrets.storage_connection("fhwmedia")}
    client = {"type": "durableClient", "direction": "in", "name": "starter"}
    return [
        sound(
            estate, "image-resizer", "Started by blobs of a container anybody may read, with the account's key",
            settings=media, grants=((BLOB_CONTRIBUTOR, "store:fhwmedia"),),
            functions=(Entry("resize", (trigger("blob", path="uploads/{name}", connection="MediaStore"),
                                        {"type": "blob", "direction": "out", "name": "o", "path": "uploads/small/{name}",
                                         "connection": "MediaStore"})), WARMUP),
        ),
        sound(
            estate, "order-import", "A timer that also runs whenever the host starts",
            functions=(Entry("import", (trigger("timer", schedule="0 */5 * * * *", runOnStartup=True),)), WARMUP),
        ),
        sound(
            estate, "till-events", "Reads a bus and a hub with root keys; a queue where poison is nobody's business",
            settings={"TillBus": fake_secrets.bus_connection("fhw-tills"), "TillHub": fake_secrets.bus_connection("fhw-till-hub")},
            functions=(
                Entry("receipts", (trigger("serviceBus", queueName="receipts", connection="TillBus"),
                                   {"type": "queue", "direction": "out", "name": "o", "queueName": "returns",
                                    "connection": "AzureWebJobsStorage"})),
                Entry("clicks", (trigger("eventHub", eventHubName="clicks", consumerGroup="$Default", connection="TillHub"),)),
                Entry("returns", (trigger("queue", queueName="returns", connection="AzureWebJobsStorage"),
                                  {"type": "serviceBus", "direction": "out", "name": "o", "queueName": "receipts",
                                   "connection": "TillBus"})),
                Entry("stock", (trigger("cosmosDB", databaseName="stock", containerName="levels", connection="TillDb"),)),
                WARMUP,
            ),
        ),
        sound(
            estate, "supplier-feed", "Event Grid posts to it with a key in the address",
            properties=public(), config=unrestricted(), functions=(api(), WARMUP),
        ),
        sound(
            estate, "parcel-tracker", "Event Grid delivers to it the native way, as an identity",
            functions=(Entry("parcel", (trigger("eventGrid"),)), WARMUP),
        ),
        sound(
            estate, "returns-workflow", "A durable orchestration whose management address is public",
            auth=None, properties=public(), config=unrestricted(),
            functions=(Entry("start", (http("function", ("post",), "orchestrators/{name}"), client, HTTP_OUT)),
                       Entry("return_order", ({"type": "orchestrationTrigger", "direction": "in", "name": "context"},)),
                       Entry("refund", ({"type": "activityTrigger", "direction": "in", "name": "order"},)), WARMUP),
        ),
        sound(
            estate, "price-ripple", "Every price it works out goes back into the queue that starts it",
            settings={"Prices__accountName": "fhwshophost", "Prices__credential": "managedidentity"},
            grants=((QUEUE_CONTRIBUTOR, "store:fhwshophost"),),
            functions=(Entry("reprice", (trigger("queue", queueName="prices", connection="Prices"),
                                         {"type": "queue", "direction": "out", "name": "next", "queueName": "prices",
                                          "connection": "Prices"})), WARMUP),
        ),
        sound(estate, "stock-db-writer", "Premium, and nothing warms it up", functions=(api(),)),
    ]  # fmt: skip


def subscriptions(estate: Infrastructure) -> None:
    """The Event Grid subscriptions: one to an address with a key, one to a function by its id."""
    shop = estate.production
    topic = estate.made["store:fhwmedia"]
    key = "code" + "=" + fake_secrets.host_key("supplier-feed")
    shop.event_subscription("supplier-feed", topic, {"destination": {
        "endpointType": "WebHook",
        "properties": {"endpointBaseUrl": "https://fhw-supplier-feed.azurewebsites.net/api/api",
                       "endpointUrl": f"https://fhw-supplier-feed.azurewebsites.net/api/api?{key}",
                       "maxEventsPerBatch": 1}}})  # fmt: skip
    target = shop.resource_id("Microsoft.Web/sites", "fhw-parcel-tracker")
    shop.event_subscription("parcel-tracker", topic, {"destination": None, "deliveryWithResourceIdentity": {
        "identity": {"type": "SystemAssigned"},
        "destination": {"endpointType": "AzureFunction",
                        "properties": {"resourceId": f"{target}/functions/parcel", "maxEventsPerBatch": 1}}}})  # fmt: skip
