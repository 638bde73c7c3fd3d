"""Triggers: open to strangers, too broad, looping, undeliverable; and schedules that bring no token."""

from moto_fixtures.gcp import resource_builders
from moto_fixtures.gcp.company.blueprint import Blueprint
from moto_fixtures.gcp.company.deploy_context import SECOND, Workbench
from moto_fixtures.gcp.events import AUDIT, Event, finalized, published
from moto_fixtures.gcp.policies import Binding, account, binding


def functions(bench: Workbench) -> list[Blueprint]:
    """Functions whose trigger is the matter."""
    return [*_shop(bench), *_data(bench)]


def _shop(bench: Workbench) -> list[Blueprint]:
    shop, dead = bench.shop, bench.topic("dead-letters")
    delivers = shop.email("events")
    may_deliver = (binding("run.invoker", account(delivers)),)
    wide = (
        ("serviceName", "storage.googleapis.com", ""),
        ("resourceName", "/projects/_/buckets/*", "match-path-pattern"),
    )
    return [
        Blueprint(
            "partner-webhook",
            "Anyone with a Google account may start it",
            event=published(bench.topic("partner-events"), account=delivers, dead_letter=dead),
            invokers=may_deliver,
        ),
        Blueprint(
            "returns-intake",
            "Delivered by the default account",
            event=published(bench.topic("returns"), dead_letter=dead),
            invokers=(binding("run.invoker", account(shop.compute_account)),),
        ),
        Blueprint(
            "audit-trail",
            "Whoever delivers its events may not call it",
            event=Event(AUDIT, filters=wide[:1], account=delivers, dead_letter=dead),
        ),
        Blueprint(
            "file-watcher",
            "Started by every object of every bucket",
            event=Event(AUDIT, filters=wide, account=delivers, dead_letter=dead),
            invokers=may_deliver,
        ),
        Blueprint(
            "refund-worker",
            "Retried for a week, and nothing is kept",
            event=published(bench.topic("returns"), account=delivers, retry=True),
            invokers=may_deliver,
        ),
        Blueprint(
            "thumbnail-loop",
            "Writes to the bucket that starts it",
            event=finalized("fernhollow-thumbnails", account=delivers, dead_letter=dead),
            invokers=may_deliver,
        ),
        Blueprint(
            "agency-campaigns",
            "Started by the topic of another company",
            event=published("projects/willow-agency/topics/campaigns", account=delivers, dead_letter=dead),
            invokers=may_deliver,
        ),
        Blueprint(
            "price-updates",
            "Started by another project's topic",
            event=published(bench.topic("warehouse", "data"), account=delivers, dead_letter=dead),
            invokers=may_deliver,
        ),
    ]


def _data(bench: Workbench) -> list[Blueprint]:
    data = bench.data
    may_deliver: tuple[Binding, ...] = (binding("run.invoker", account(data.email("loader"))),)
    return [
        Blueprint(
            "feed-import",
            "Another company may drop what starts it",
            project="data",
            location=SECOND,
            event=finalized("fernhollow-partner-drop", account=data.email("loader")),
            invokers=may_deliver,
        ),
        Blueprint(
            "warehouse-loader",
            "Administers every dataset below the folder",
            project="data",
            location=SECOND,
            event=published(bench.topic("warehouse", "data"), account=data.email("loader")),
            invokers=may_deliver,
        ),
    ]


_WORKFLOW = """\
main:
  steps:
    - reindex:
        call: http.post
        args:
          url: {search}/reindex?week=1
          auth:
            type: OIDC
    - look:
        call: http.get
        args:
          url: ${{"https://" + sys.get_env("HOST")}}
"""


def callers(bench: Workbench) -> None:
    """Jobs and subscriptions that call functions: with a token, and without."""
    shop, data, legacy = bench.shop, bench.data, bench.legacy
    search = bench.made["uri:catalog-search"]
    resource_builders.job(shop, "nightly-reindex", f"{search}/reindex", account=shop.email("scheduler"))
    resource_builders.job(shop, "morning-banner", f"{bench.made['uri:promo-banner']}/refresh?key={'a' * 12}")
    resource_builders.subscription(
        shop, "price-pushes", bench.topic("prices"), f"{bench.made['uri:tracking-pixel']}/prices"
    )
    resource_builders.subscription(
        shop, "order-pushes", bench.topic("orders"), f"{search}/orders", shop.email("scheduler")
    )
    resource_builders.subscription(data, "feeds-archive", bench.topic("feeds", "data"))
    resource_builders.queue(shop, "reindex-tasks", f"{search}/reindex", account=shop.email("scheduler"))
    resource_builders.queue(shop, "mail-tasks")
    resource_builders.workflow(shop, "weekly-catalog", _WORKFLOW.format(search=search), account=shop.email("scheduler"))
    resource_builders.job(legacy, "hourly-import", bench.made["uri:import-orders"])
