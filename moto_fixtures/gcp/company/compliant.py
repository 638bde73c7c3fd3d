"""The functions a careful team runs: nothing to object to, but what the platform itself leaves open."""

from moto_fixtures.gcp.company.blueprint import STANDALONE, Blueprint, settings
from moto_fixtures.gcp.company.deploy_context import Workbench
from moto_fixtures.gcp.events import Event, finalized, published
from moto_fixtures.gcp.policies import Binding, account, binding


def functions(bench: Workbench) -> list[Blueprint]:
    """Sound functions: asked over HTTP, and started by events."""
    return [*_asked(bench), *_started(bench)]


def _called_by(bench: Workbench, *names: str) -> tuple[Binding, ...]:
    return (binding("run.invoker", *(account(bench.shop.email(name)) for name in names)),)


def _asked(bench: Workbench) -> list[Blueprint]:
    agent = account(f"service-{bench.shop.number}@gcp-sa-iap.iam.gserviceaccount.com")
    return [
        Blueprint(
            "catalog-search",
            "Searches the catalogue for other services",
            invokers=_called_by(bench, "storefront-api"),
        ),
        Blueprint(
            "checkout-create-order",
            "Creates orders; its secret is referred to, pinned and rotated",
            record=settings(secretEnvironmentVariables=[bench.secret("PAYMENT_API", "payment-api", "3")]),
            invokers=_called_by(bench, "storefront-api"),
        ),
        Blueprint(
            "storefront-api",
            "Behind a guarded load balancer and Identity-Aware Proxy, with no address of its own",
            record=settings(ingressSettings="ALLOW_INTERNAL_AND_GCLB"),
            service={"defaultUriDisabled": True, "iapEnabled": True},
            invokers=(binding("run.invoker", agent),),
        ),
        Blueprint(
            "price-engine",
            "A function that only Cloud Run knows, otherwise sound",
            generation=STANDALONE,
            invokers=_called_by(bench, "storefront-api"),
        ),
        Blueprint(
            "us-catalog-search",
            "The same search, on the other side of the ocean",
            location="us-central1",
            invokers=_called_by(bench, "storefront-api"),
        ),
    ]


def _started(bench: Workbench) -> list[Blueprint]:
    delivers = bench.shop.email("events")
    may_deliver = _called_by(bench, "events")
    dead = bench.topic("dead-letters")
    return [
        Blueprint(
            "order-fulfilment",
            "Retried, and what fails for good is kept",
            event=published(bench.topic("orders"), account=delivers, retry=True, dead_letter=dead),
            invokers=may_deliver,
        ),
        Blueprint(
            "receipt-mailer",
            "Mails receipts",
            event=published(bench.topic("mail"), account=delivers, dead_letter=dead),
            invokers=may_deliver,
        ),
        Blueprint(
            "image-resizer",
            "Resizes pictures as they arrive",
            event=finalized("fernhollow-product-images", account=delivers, dead_letter=dead),
            invokers=may_deliver,
        ),
        Blueprint(
            "key-change-notifier",
            "Told of every key that is made for an account",
            event=Event(
                "google.cloud.audit.log.v1.written",
                filters=(
                    ("serviceName", "iam.googleapis.com", ""),
                    ("methodName", "google.iam.admin.v1.CreateServiceAccountKey", ""),
                ),
                account=delivers,
                dead_letter=dead,
            ),
            invokers=may_deliver,
        ),
    ]
