"""What grows old or was never finished: runtimes, updates, failed and detached functions, drift, builds, networks."""

from moto_fixtures.gcp.company.blueprint import STANDALONE, Blueprint, building, settings
from moto_fixtures.gcp.company.deploy_context import SECOND, Workbench
from moto_fixtures.gcp.functions import GEN2, HOME, Made
from moto_fixtures.gcp.policies import Binding, account, binding
from moto_fixtures.gcp.usage import Usage


def functions(bench: Workbench) -> list[Blueprint]:
    """Neglected functions."""
    mine = (binding("run.invoker", account(bench.shop.email("storefront-api"))),)
    return [*_old(bench, mine), *_behind(bench, mine), *_built(bench, mine), *_connected(bench, mine)]


def _old(bench: Workbench, mine: tuple[Binding, ...]) -> list[Blueprint]:
    long_ago = bench.estate.ago(510)
    failed = {"severity": "ERROR", "type": "FunctionBuildFailed", "message": "Build failed: npm ERR! missing script"}
    return [
        Blueprint("returns-labels", "Its runtime is gone", record=building(runtime="nodejs18"), invokers=mine),
        Blueprint("stock-forecast", "Its runtime is deprecated", record=building(runtime="python310"), invokers=mine),
        Blueprint(
            "tax-rates",
            "Patched at a deployment only, and last deployed long ago",
            record={
                "updateTime": long_ago,
                "buildConfig": {
                    "automaticUpdatePolicy": None,
                    "onDeployUpdatePolicy": {"runtimeVersion": "python313_20250601_3_13_3_RC00"},
                },
            },
            invokers=mine,
        ),
        Blueprint(
            "gift-wrap-options",
            "Its last deployment failed",
            record={"state": "FAILED", "stateMessages": [failed]},
            invokers=mine,
        ),
        Blueprint("seasonal-banner", "Not called for months", usage=Usage(daily=None), invokers=mine),
        Blueprint("invoice-export", "Fails every third time", usage=Usage(daily=300.0, failed=0.34), invokers=mine),
        Blueprint(
            "label-tester",
            "<script>alert(1)</script> =cmd|' /C calc'!A0 \x1b[2J",
            record={"labels": None},
            invokers=mine,
        ),
    ]


def _behind(bench: Workbench, mine: tuple[Binding, ...]) -> list[Blueprint]:
    return [
        Blueprint(
            "basket-api",
            "The service behind it was edited: another account, another timeout",
            service={"template": {"serviceAccount": bench.shop.email("events"), "timeout": "300s"}},
            invokers=mine,
        ),
        Blueprint(
            "retired-pricing",
            "Detached: the service is left, the function's record is gone",
            service={
                "buildConfig": {
                    "functionTarget": "handle",
                    "sourceLocation": f"gs://gcf-v2-sources-{bench.shop.number}-{HOME}/retired-pricing/function-source.zip",
                    "baseImage": f"{HOME}-docker.pkg.dev/serverless-runtimes/google-22-full/runtimes/python313",
                    "enableAutomaticUpdates": True,
                }
            },
            invokers=mine,
            after=lambda made: _detach(bench, made),
        ),
        Blueprint("old-sandbox", "In the older sandbox", service=_sandbox("GEN1"), invokers=mine),
        Blueprint("no-probe", "Nothing asks whether it lives", container={"startupProbe": None}, invokers=mine),
        Blueprint("unwatched", "No threat detection", service={"threatDetectionEnabled": False}, invokers=mine),
    ]


def _sandbox(name: str) -> dict[str, object]:
    return {"template": {"executionEnvironment": f"EXECUTION_ENVIRONMENT_{name}"}}


def _detach(bench: Workbench, made: Made) -> None:
    bench.shop.remove(GEN2, made.function.name)


def _built(bench: Workbench, mine: tuple[Binding, ...]) -> list[Blueprint]:
    return [
        Blueprint(
            "feed-checks",
            "A contractor may replace its image",
            project="data",
            location=SECOND,
            record=building(dockerRepository=bench.data.name(SECOND, "repositories", "gcf-artifacts")),
            invokers=(binding("run.invoker", account(bench.data.email("loader"))),),
        ),
        Blueprint(
            "newsletter-sender",
            "Built in the shared pool, into the platform's repository",
            record=building(
                workerPool=None,
                dockerRepository="projects/fernhollow-shop/locations/europe-west1/repositories/gcf-artifacts",
            ),
            invokers=mine,
        ),
        Blueprint(
            "storefront-hooks",
            "Built from a branch",
            record=building(
                source={
                    "storageSource": None,
                    "repoSource": {"projectId": "fernhollow-shop", "repoName": "hooks", "branchName": "experiment"},
                }
            ),
            invokers=mine,
        ),
        Blueprint(
            "store-hours", "Deployed from a bucket of its own", record=_stored("fernhollow-releases"), invokers=mine
        ),
        Blueprint(
            "size-chart",
            "Deployed from a bucket that everybody may read",
            record=_stored("fernhollow-samples"),
            invokers=mine,
        ),
        Blueprint(
            "lookbook",
            "Deployed from a bucket that everybody may write to",
            record=_stored("fernhollow-incoming"),
            invokers=mine,
        ),
        Blueprint(
            "preview-render",
            "Its image is named by a tag",
            generation=STANDALONE,
            container={"image": "europe-west1-docker.pkg.dev/fernhollow-shop/functions/preview-render:latest"},
            invokers=mine,
        ),
        Blueprint(
            "unattested", "Images need no attestation", record=settings(binaryAuthorizationPolicy=None), invokers=mine
        ),
        Blueprint(
            "hotfix-runner",
            "The attestation was skipped once",
            service={"binaryAuthorization": {"useDefault": True, "breakglassJustification": "INC-2207: site down"}},
            invokers=mine,
        ),
    ]


def _stored(bucket: str) -> dict[str, object]:
    return building(source={"storageSource": {"bucket": bucket, "object": "releases/function-source.zip"}})


def _connected(bench: Workbench, mine: tuple[Binding, ...]) -> list[Blueprint]:
    none = settings(vpcConnector=None, vpcConnectorEgressSettings=None)
    direct = {
        "vpcConnector": None,
        "vpcConnectorEgressSettings": None,
        "directVpcNetworkInterface": [{"network": "backbone", "subnetwork": "functions"}],
        "directVpcEgress": "VPC_EGRESS_ALL_TRAFFIC",
    }
    return [
        Blueprint("weather-widget", "No way into a network", record=none, invokers=mine),
        Blueprint("stock-levels", "Straight into the network, sound", record=settings(**direct), invokers=mine),
        Blueprint(
            "supplier-feed",
            "Only private addresses go through the network",
            record=settings(vpcConnectorEgressSettings="PRIVATE_RANGES_ONLY"),
            invokers=mine,
        ),
        Blueprint("erp-bridge", "Its connector failed", record=_through(bench, "error"), invokers=mine),
        Blueprint("depot-link", "Its connector is gone", record=_through(bench, "gone"), invokers=mine),
        Blueprint("shared-network", "On the default network", record=_through(bench, "default"), invokers=mine),
        Blueprint("plain-store", "Google's own key encrypts it", record={"kmsKeyName": None}, invokers=mine),
        Blueprint(
            "loyalty-ledger", "Its key is disabled", record={"kmsKeyName": bench.made["key:disabled"]}, invokers=mine
        ),
        Blueprint(
            "order-archive", "Its key never rotates", record={"kmsKeyName": bench.made["key:still"]}, invokers=mine
        ),
    ]


def _through(bench: Workbench, connector: str) -> dict[str, object]:
    return settings(vpcConnector=bench.made[f"connector:{connector}"])
