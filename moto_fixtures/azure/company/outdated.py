"""Functions nobody looks after: old runtimes, loose images, left-over defaults, hosts that are down."""

from typing import Any

from moto_fixtures.azure.apps import App
from moto_fixtures.azure.company.blueprint import WARMUP, Blueprint, api, public, sound, system_assigned, unrestricted
from moto_fixtures.azure.company.infrastructure import Infrastructure
from moto_fixtures.azure.response_shapes.access import BLOB_READER
from moto_fixtures.azure.response_shapes.authentication import logs_properties
from moto_fixtures.azure.response_shapes.functions import HTTP_OUT, Entry, http, trigger
from moto_fixtures.azure.traffic import Traffic
from moto_fixtures.emulation import fake_secrets

HOST_DOWN = "fhw-batch-cleanup"
VANISHED = "fhw-gone-by-noon"
SETTINGS_DENIED = "fhw-price-rules"


def functions(estate: Infrastructure) -> list[Blueprint]:
    """Neglected functions."""
    return [*_runtimes(estate), *_hosts(estate), *_images(estate), *_labs(estate), *_unreadable(estate)]


def _runtimes(estate: Infrastructure) -> list[Blueprint]:
    linux: dict[str, Any] = {"plan": estate.made["plan:consumption-linux"], "sku": "Dynamic"}
    return [
        sound(
            estate, "gift-cards", "Linux Consumption, Node 18, host version 3, with proxies switched on again",
            config={"linuxFxVersion": "Node|18", "functionAppScaleLimit": 0},
            properties={"virtualNetworkSubnetId": None, "outboundVnetRouting": None, "vnetRouteAllEnabled": False},
            settings={"FUNCTIONS_EXTENSION_VERSION": "~3", "FUNCTIONS_WORKER_RUNTIME": "node",
                      "AzureWebJobsFeatureFlags": "EnableProxies"},
            functions=(api(),), backups=(), **linux,
        ),
        sound(
            estate, "price-import", ".NET in the host's process, 32 bit, with a debugger attached",
            plan=estate.made["plan:windows"], kind="functionapp",
            config={"linuxFxVersion": "", "netFrameworkVersion": "v8.0", "use32BitWorkerProcess": True,
                    "remoteDebuggingEnabled": True, "remoteDebuggingVersion": "VS2022"},
            settings={"FUNCTIONS_WORKER_RUNTIME": "dotnet", "FUNCTIONS_INPROC_NET8_ENABLED": "1"},
        ),
        sound(
            estate, "store-hours", "An old framework, no worker named, a host pinned to one build",
            plan=estate.made["plan:windows"], kind="functionapp",
            config={"linuxFxVersion": "", "netFrameworkVersion": "v6.0"},
            settings={"FUNCTIONS_WORKER_RUNTIME": None, "FUNCTIONS_EXTENSION_VERSION": "4.21.1"},
        ),
        sound(estate, "newsletter", "Python 3.12: supported, not the newest", config={"linuxFxVersion": "Python|3.12"}),
        sound(estate, "size-adviser", "A runtime newer than any table", config={"linuxFxVersion": "Python|3.99"}),
        sound(
            estate, "review-import", "Python past its end; keys as blobs of an account it shares with another host id",
            store="fhwlegacy", config={"linuxFxVersion": "Python|3.9"},
            settings={"AzureWebJobsSecretStorageType": "Blob", "AzureWebJobsSecretStorageKeyVaultUri": None},
        ),
    ]  # fmt: skip


def _hosts(estate: Infrastructure) -> list[Blueprint]:
    source = {"repoUrl": "https://github.com/fernhollow-interns/report-builder", "branch": "main", "isGitHubAction": False,
              "isManualIntegration": True, "deploymentRollbackEnabled": False, "isMercurial": False,
              "gitHubActionConfiguration": None}  # fmt: skip
    return [
        sound(
            estate, "report-builder", "A startup command, an extension, a local database, code from an intern's repository",
            plan=estate.made["plan:windows"], kind="functionapp", source=source, extensions=("Dynatrace",),
            config={"linuxFxVersion": "", "javaVersion": "21", "appCommandLine": "curl -s https://build.invalid/hook | sh",
                    "localMySqlEnabled": True, "scmType": "ExternalGit", "autoHealEnabled": False, "healthCheckPath": None},
            settings={"FUNCTIONS_WORKER_RUNTIME": "java"},
        ),
        sound(
            estate, "sale-countdown", "Dedicated plan without Always On; sticky sessions; no limit of workers",
            plan=estate.made["plan:dedicated"], sku="PremiumV3", properties={"clientAffinityEnabled": True},
            config={"alwaysOn": False, "functionAppScaleLimit": 0, "healthCheckPath": ""},
        ),
        sound(
            estate, "seasonal-offers", "Two functions, one switched off by a setting and one by its code; one without trigger",
            settings={"AzureWebJobs.winter.Disabled": "true"},
            functions=(Entry("winter", (trigger("timer", schedule="0 0 8 * * *"),), disabled=True),
                       Entry("spring", (http(), HTTP_OUT), disabled=True),
                       Entry("shared", ({"type": "table", "direction": "in", "name": "t", "tableName": "offers",
                                         "connection": "AzureWebJobsStorage"},)), WARMUP),
        ),
    ]  # fmt: skip


def _images(estate: Infrastructure) -> list[Blueprint]:
    image: dict[str, Any] = {"kind": "functionapp,linux,container"}
    return [
        sound(
            estate, "label-printer", "The newest tag of a registry with an administrator, its password in the settings",
            config={"linuxFxVersion": "DOCKER|fhwoldimages.azurecr.io/labels:latest", "acrUseManagedIdentityCreds": False},
            settings={"DOCKER_REGISTRY_SERVER_URL": "https://fhwoldimages.azurecr.io",
                      "DOCKER_REGISTRY_SERVER_USERNAME": "fhwoldimages",
                      "DOCKER_REGISTRY_SERVER_PASSWORD": fake_secrets.letters("fhwoldimages", 52),
                      "FUNCTIONS_WORKER_RUNTIME": "node"}, **image,
        ),
        sound(
            estate, "pdf-maker", "A public image of somebody else's",
            config={"linuxFxVersion": "DOCKER|docker.io/pdftools/functions:1.4"},
            settings={"FUNCTIONS_WORKER_RUNTIME": "node"}, **image,
        ),
    ]  # fmt: skip


def _labs(estate: Infrastructure) -> list[Blueprint]:
    labs = estate.labs
    plain = App(
        "fhw-hello-world-test", group=labs.group, location=labs.location, kind="functionapp", plan=estate.made["plan:free"],
        sku="Free", identity=None, settings={
            "AzureWebJobsStorage": fake_secrets.storage_connection("fhwlabsshared"), "FUNCTIONS_EXTENSION_VERSION": "~4",
            "FUNCTIONS_WORKER_RUNTIME": "node", "WEBSITE_NODE_DEFAULT_VERSION": "~20",
        },
        functions=(Entry("HttpTrigger1", (http("anonymous"), HTTP_OUT)),),
    )  # fmt: skip
    pair = {"AzureFunctionsWebHost__hostid": "fernhollow-etl"}
    return [
        Blueprint(plain, "Left over from a tutorial: every default of the platform", "labs"),
        *(
            sound(
                estate, name, "Keeps its locks under the same host id as its sister", place="labs", store="fhwlabsshared",
                plan=estate.made["plan:single"], sku="Standard", settings=pair, functions=(api(),),
                config={"minimumElasticInstanceCount": 0, "alwaysOn": True}, diagnostics=(), logs=logs_properties(),
            )
            for name in ("etl-extract", "etl-load")
        ),
        sound(
            estate, "ab-test", "Labs: nothing is watched here", place="labs", store="fhwlabsshared",
            plan=estate.made["plan:single"], sku="Standard", properties=public(), config=unrestricted(alwaysOn=True),
            diagnostics=(), tags={}, traffic=Traffic(per_day=3), functions=(api(),),
        ),
    ]  # fmt: skip


def _unreadable(estate: Infrastructure) -> list[Blueprint]:
    return [
        sound(
            estate, "batch-cleanup", "Stopped: its host does not answer, so nobody can say what is in it",
            properties={"state": "Stopped", "enabled": True}, traffic=Traffic(per_day=10, ended=60),
        ),
        sound(estate, "gone-by-noon", "Listed, and deleted before anybody could ask more"),
        sound(estate, "price-rules", "A deny assignment keeps even auditors from its settings"),
        sound(
            estate, "stock-counter", "So new that Resource Graph does not have its configuration", graphed=False,
            identity=system_assigned(estate, "fhw-stock-counter"), grants=((BLOB_READER, "store:fhwmedia"),),
        ),
        sound(estate, "brand-new", "So new that Resource Graph does not have it at all", graphed=False, indexed=False),
    ]  # fmt: skip
