"""What a careful team deploys with no more than the platform's defaults: sound, and nothing paid for besides."""

from moto_fixtures.gcp.company.blueprint import Blueprint
from moto_fixtures.gcp.company.deploy_context import Workbench
from moto_fixtures.gcp.events import published
from moto_fixtures.gcp.functions import HOME
from moto_fixtures.gcp.policies import account, binding
from moto_fixtures.gcp.wire import Json


def functions(bench: Workbench) -> list[Blueprint]:
    """One that answers HTTP to callers whom IAM admits, and one that a topic starts."""
    return [
        Blueprint(
            "gift-receipts",
            "Second generation over HTTP, an account of its own, IAM in front, everything else as it is given",
            record=_plain(bench),
            invokers=(binding("run.invoker", account(bench.shop.email("storefront-api"))),),
        ),
        Blueprint(
            "receipt-archiver",
            "Started by a topic, an account of its own, everything else as it is given",
            record=_plain(bench),
            event=published(
                bench.topic("orders"), account=bench.shop.email("events"), dead_letter=bench.topic("dead-letters")
            ),
            invokers=(binding("run.invoker", account(bench.shop.email("events"))),),
        ),
    ]


def _plain(bench: Workbench) -> Json:
    return {
        "kmsKeyName": None,
        "buildConfig": {
            "workerPool": None,
            "dockerRepository": bench.shop.name(HOME, "repositories", "gcf-artifacts"),
        },
        "serviceConfig": {
            "vpcConnector": None,
            "vpcConnectorEgressSettings": None,
            "ingressSettings": "ALLOW_ALL",
            "binaryAuthorizationPolicy": None,
        },
    }
