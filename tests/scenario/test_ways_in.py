"""What sets functions of the emulated companies on Azure and Google Cloud off: edges that the graph must hold, by name."""

from typing import Any

import pytest

SHOP = "projects/fernhollow-shop"
WEST = f"{SHOP}/locations/europe-west1"

GOOGLE = {
    (f"{WEST}/jobs/nightly-reindex", "invokes", "catalog-search"),
    (f"{WEST}/queues/reindex-tasks", "invokes", "catalog-search"),
    (f"{WEST}/workflows/weekly-catalog", "invokes", "catalog-search"),
    (f"{SHOP}/topics/orders", "invokes", "catalog-search"),
    (f"{SHOP}/topics/orders", "invokes", "order-fulfilment"),
    (f"{SHOP}/topics/prices", "invokes", "tracking-pixel"),
    (f"{WEST}/jobs/morning-banner", "invokes", "promo-banner"),
    ("projects/fernhollow-legacy/locations/europe-west1/jobs/hourly-import", "invokes", "import-orders"),
    ("projects/_/buckets/fernhollow-thumbnails", "invokes", "thumbnail-loop"),
    (f"{SHOP}/topics/returns", "feeds", f"{SHOP}/topics/dead-letters"),
}

MEDIA = (
    "/subscriptions/a1f4c7e0-52b3-4d68-8e91-0c3b6d9f2a75/resourcegroups/fernhollow-shop"
    "/providers/microsoft.storage/storageaccounts/fhwmedia"
)
AZURE = {
    (MEDIA, "invokes", "fhw-supplier-feed"),
    (MEDIA, "invokes", "fhw-parcel-tracker"),
    ("azure:servicebus:fhw-tills/receipts", "invokes", "fhw-till-events"),
    ("azure:eventhub:fhw-till-hub/clicks", "invokes", "fhw-till-events"),
    ("azure:queue:fhwshophost/prices", "invokes", "fhw-price-ripple"),
}


def edges(report: dict[str, Any]) -> set[tuple[str, str, str]]:
    names = {node["id"]: node["name"] for node in report["graph"]["nodes"]}
    return {(edge["from"], edge["kind"], names[edge["to"]]) for edge in report["graph"]["edges"]}


@pytest.mark.parametrize("expected", sorted(GOOGLE | AZURE), ids="-".join)
def test_the_graph_holds_the_way_in(report: dict[str, Any], expected: tuple[str, str, str]) -> None:
    assert expected in edges(report)


def test_a_queue_without_an_address_of_its_own_starts_nothing(report: dict[str, Any]) -> None:
    assert not [edge for edge in edges(report) if edge[0].endswith("queues/mail-tasks")]
