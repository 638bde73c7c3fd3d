"""Who may knock and who is let in: invokers, the switch that ignores them, ingress, what stands in front."""

from moto_fixtures.gcp.company.blueprint import STANDALONE, Blueprint, settings
from moto_fixtures.gcp.company.deploy_context import PARTNER, Workbench
from moto_fixtures.gcp.policies import PUBLIC, SIGNED_IN, account, binding

_OPEN = settings(ingressSettings="ALLOW_ALL")
_INTERNET = {"ingress": "INGRESS_TRAFFIC_ALL"}
_BALANCED = settings(ingressSettings="ALLOW_INTERNAL_AND_GCLB")


def functions(bench: Workbench) -> list[Blueprint]:
    """Functions that answer more people than they should, or on more roads."""
    return [*_invokers(), *_switch(), *_roads(bench), *_tokens(bench)]


def _invokers() -> list[Blueprint]:
    everyone = (binding("run.invoker", PUBLIC),)
    return [
        Blueprint("tracking-pixel", "Anyone may call it, from anywhere", record=_OPEN, invokers=everyone),
        Blueprint(
            "gift-finder",
            "Known to Cloud Run alone, and open to anyone",
            generation=STANDALONE,
            service=_INTERNET,
            invokers=everyone,
        ),
        Blueprint(
            "size-adviser",
            "Anyone with a Google account may call it",
            record=_OPEN,
            invokers=(binding("run.invoker", SIGNED_IN),),
        ),
        Blueprint("staff-quiz", "Open to anyone, were it not for its internal ingress", invokers=everyone),
        Blueprint(
            "supplier-orders",
            "Another company's account may call it",
            record=_OPEN,
            invokers=(binding("run.invoker", PARTNER),),
        ),
        Blueprint(
            "kiosk-heartbeat",
            "Open to anyone, under a condition",
            record=_OPEN,
            invokers=(binding("run.invoker", PUBLIC, expression='request.host == "kiosk.fernhollow.example"'),),
        ),
    ]


def _switch() -> list[Blueprint]:
    return [
        Blueprint(
            "promo-banner",
            "Nobody is bound as an invoker, and nobody is asked",
            record=_OPEN,
            service={"invokerIamDisabled": True},
        ),
        Blueprint(
            "style-quiz",
            "Invokers are not checked, but Identity-Aware Proxy asks who it is",
            record=_OPEN,
            service={"invokerIamDisabled": True, "iapEnabled": True},
        ),
    ]


def _roads(bench: Workbench) -> list[Blueprint]:
    mine = (binding("run.invoker", account(bench.shop.email("storefront-api"))),)
    return [
        Blueprint(
            "returns-portal-api",
            "The record says internal, the service says everybody",
            service=_INTERNET,
            invokers=mine,
        ),
        Blueprint(
            "checkout-api",
            "Behind a load balancer, and beside it at its own address",
            record=_BALANCED,
            service={"iapEnabled": True},
            invokers=mine,
        ),
        Blueprint(
            "wishlist-api",
            "Behind a load balancer that nothing guards",
            record=_BALANCED,
            service={"defaultUriDisabled": True, "iapEnabled": True},
            invokers=mine,
        ),
    ]


def _tokens(bench: Workbench) -> list[Blueprint]:
    mine = (binding("run.invoker", account(bench.shop.email("storefront-api"))),)
    shared = {"customAudiences": ["https://partners.fernhollow.example"]}
    return [
        Blueprint("partner-stock-api", "Takes tokens meant for its neighbour", service=shared, invokers=mine),
        Blueprint(
            "partner-price-api",
            "Takes tokens meant for its neighbour; a partner mints tokens of its account",
            service=shared,
            impersonators=(binding("iam.serviceAccountTokenCreator", PARTNER),),
            invokers=mine,
        ),
        Blueprint("price-debug", "Its instances have a shell", service={"sshEnabled": True}, invokers=mine),
        Blueprint(
            "ab-test-router",
            "An old revision still answers under a tag",
            service={
                "traffic": [
                    {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 90},
                    {
                        "type": "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION",
                        "revision": "ab-test-router-00002-old",
                        "percent": 10,
                        "tag": "candidate",
                    },
                ]
            },
            invokers=mine,
        ),
    ]
