"""Other projects and regions: the first generation, and a region nobody approved."""

from moto_fixtures.gcp.company.blueprint import Blueprint, building, settings
from moto_fixtures.gcp.company.deploy_context import Workbench
from moto_fixtures.gcp.events import published
from moto_fixtures.gcp.functions import HOME
from moto_fixtures.gcp.policies import PUBLIC, account, binding
from moto_fixtures.gcp.services import run_service
from moto_fixtures.gcp.wire import Json


def functions(bench: Workbench) -> list[Blueprint]:
    """Functions of the first generation, a default one of the second, and one far away."""
    legacy = bench.legacy
    own = (binding("cloudfunctions.invoker", account(legacy.appspot_account)),)
    build = {
        "dockerRepository": legacy.name(HOME, "repositories", "gcf-artifacts"),
        "workerPool": None,
        "serviceAccount": f"projects/{legacy.id}/serviceAccounts/{legacy.compute_account}",
    }
    as_given: Json = {"labels": None, "kmsKeyName": None, "buildConfig": build}
    bare: Json = {"vpcConnector": None, "vpcConnectorEgressSettings": None, "ingressSettings": "ALLOW_ALL"}
    upgrade = {"upgradeState": "REDIRECT_FUNCTION_UPGRADE_TRAFFIC_ERROR"}
    return [
        Blueprint(
            "store-locator",
            "First generation, open to anyone over plain HTTP",
            project="legacy",
            generation=1,
            account=legacy.appspot_account,
            record={
                **as_given,
                "buildConfig": {**build, "dockerRepository": None},
                "serviceConfig": {**bare, "securityLevel": "SECURE_OPTIONAL"},
            },
            invokers=(binding("cloudfunctions.invoker", PUBLIC),),
        ),
        Blueprint(
            "import-orders",
            "First generation, decommissioned runtime, withdrawn registry",
            project="legacy",
            generation=1,
            record=building(runtime="python38", dockerRegistry="CONTAINER_REGISTRY", dockerRepository=None),
            invokers=own,
        ),
        Blueprint(
            "import-stock",
            "First generation, started by a topic and retried without end",
            project="legacy",
            generation=1,
            event=published(bench.topic("imports", "legacy"), retry=True),
        ),
        Blueprint(
            "customer-export",
            "Second generation, everything as it is given",
            project="legacy",
            account=legacy.compute_account,
            record={**as_given, "serviceConfig": {**bare, "binaryAuthorizationPolicy": None}},
        ),
        Blueprint(
            "stock-sync",
            "First generation, its upgrade stuck half-way",
            generation=1,
            record={"upgradeInfo": upgrade},
            invokers=(binding("cloudfunctions.invoker", account(bench.shop.email("storefront-api"))),),
        ),
        Blueprint(
            "regional-report",
            "In a region nobody approved",
            project="data",
            location="asia-south1",
            record=settings(),
            invokers=(binding("run.invoker", account(bench.data.email("loader"))),),
        ),
        Blueprint(
            "a-function-whose-name-is-as-long-as-the-platform-lets-names-be1",
            "The longest name",
            invokers=(binding("run.invoker", account(bench.shop.email("storefront-api"))),),
        ),
    ]


def containers(bench: Workbench) -> None:
    """Services that are no functions, and must not be taken for any."""
    run_service(bench.shop, "storefront-web", target="")
    run_service(bench.data, "notebook", location="europe-west4", target="")
