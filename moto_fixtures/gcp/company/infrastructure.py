"""What stands before any function does: keys, networks, repositories, buckets, topics, secrets."""

from moto_fixtures.gcp import resource_builders
from moto_fixtures.gcp.company.deploy_context import CONTRACTOR, PARTNER, SECOND, Workbench
from moto_fixtures.gcp.functions import HOME
from moto_fixtures.gcp.organization import Project
from moto_fixtures.gcp.policies import PUBLIC, SIGNED_IN, Binding, account, binding

_PLACES = (("shop", HOME), ("shop", "us-central1"), ("data", SECOND), ("data", "asia-south1"), ("legacy", HOME))


def keys(bench: Workbench) -> None:
    """One sound key a region; a disabled one, and one that never rotates."""
    for name, location in _PLACES:
        made = resource_builders.crypto_key(bench.projects[name], "functions", location=location)
        bench.made[f"key:{name}:{location}"] = made
    bench.made["key:disabled"] = resource_builders.crypto_key(bench.shop, "ledger", state="DISABLED")
    bench.made["key:still"] = resource_builders.crypto_key(bench.shop, "archive", rotates=False)


def networks(bench: Workbench) -> None:
    """One sound connector a region; one in error, and one on the default network."""
    for name, location in _PLACES:
        resource_builders.connector(bench.projects[name], "backbone", location=location)
    bench.made["connector:error"] = resource_builders.connector(bench.shop, "erp", state="ERROR")
    bench.made["connector:default"] = resource_builders.connector(bench.shop, "shared", network="default")
    bench.made["connector:gone"] = bench.shop.name(HOME, "connectors", "old-vpn")


def repositories(bench: Workbench) -> None:
    """The company's own repositories, and the platform's, which a contractor may write to in one project."""
    for name, location in _PLACES:
        project = bench.projects[name]
        builders = (account(project.email("builder")),)
        resource_builders.repository(
            project, "functions", Binding("roles/artifactregistry.writer", builders), location=location
        )
        strangers = (binding("artifactregistry.writer", CONTRACTOR),) if name == "data" else ()
        resource_builders.repository(project, "gcf-artifacts", *strangers, location=location)
    resource_builders.repository(bench.shop, "cloud-run-source-deploy")


def source_buckets(bench: Workbench) -> None:
    """Where the platform keeps source: one project lets a contractor write, one lets everybody read. And buckets of the company's own."""
    for name, location in _PLACES:
        project = bench.projects[name]
        agents = _agents(project)
        writers = (binding("storage.objectAdmin", CONTRACTOR),) if name == "data" else ()
        readers = (binding("storage.objectViewer", PUBLIC),) if name == "legacy" else ()
        resource_builders.bucket(
            project, f"gcf-v2-sources-{project.number}-{location}", agents, *writers, location=location
        )
        resource_builders.bucket(
            project, f"gcf-sources-{project.number}-{location}", agents, *readers, location=location
        )
    resource_builders.bucket(bench.shop, f"run-sources-{bench.shop.id}-{HOME}")
    resource_builders.bucket(bench.shop, "fernhollow-releases")
    resource_builders.bucket(bench.shop, "fernhollow-samples", binding("storage.objectViewer", PUBLIC))
    resource_builders.bucket(bench.shop, "fernhollow-incoming", binding("storage.legacyBucketWriter", PUBLIC))


def _agents(project: Project) -> Binding:
    agent = f"service-{project.number}@gcf-admin-robot.iam.gserviceaccount.com"
    return binding("storage.objectViewer", account(project.email("builder")), account(agent))


def event_sources(bench: Workbench) -> None:
    """Topics and buckets that functions listen to: some of them to strangers."""
    shop, data, legacy = bench.shop, bench.data, bench.legacy
    for name in ("orders", "mail", "dead-letters", "returns", "secret-rotation", "prices"):
        # what prices start may send returns, and what returns start may send prices: a loop of two functions
        also = {"returns": ("tracking-pixel",), "prices": ("returns-intake",)}.get(name, ())
        members = (account(shop.email(sender)) for sender in ("order-intake", *also))
        resource_builders.topic(shop, name, binding("pubsub.publisher", *members))
    resource_builders.topic(shop, "partner-events", binding("pubsub.publisher", SIGNED_IN))
    resource_builders.topic(data, "feeds", binding("pubsub.publisher", PARTNER))
    resource_builders.topic(data, "warehouse", binding("pubsub.publisher", account(data.email("loader"))))
    resource_builders.topic(legacy, "imports")
    resource_builders.bucket(shop, "fernhollow-product-images")
    resource_builders.bucket(
        shop, "fernhollow-thumbnails", binding("storage.objectAdmin", account(shop.email("thumbnail-loop")))
    )
    resource_builders.bucket(
        data, "fernhollow-partner-drop", binding("storage.objectCreator", PARTNER), location=SECOND
    )


def secrets(bench: Workbench) -> None:
    """A secret that rotates and one that never did; their values exist nowhere."""
    runs = account(bench.shop.email("checkout-create-order"))
    resource_builders.secret(bench.shop, "payment-api", binding("secretmanager.secretAccessor", runs))
    resource_builders.secret(bench.shop, "sms-gateway", rotates=False)
    resource_builders.secret(bench.data, "feed-password")


def channels(bench: Workbench) -> None:
    """A channel under the company's own key, and one that is not."""
    resource_builders.channel(bench.shop, "carrier", key=bench.made[f"key:shop:{HOME}"])
    resource_builders.channel(bench.data, "partners", location=SECOND)
