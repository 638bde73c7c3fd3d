"""What may cost more than it should: instances, timeouts, memory, processors."""

from moto_fixtures.gcp.company.blueprint import STANDALONE, Blueprint, settings
from moto_fixtures.gcp.company.deploy_context import Workbench
from moto_fixtures.gcp.policies import PUBLIC, account, binding
from moto_fixtures.gcp.usage import Usage


def functions(bench: Workbench) -> list[Blueprint]:
    """Expensive functions."""
    mine = (binding("run.invoker", account(bench.shop.email("storefront-api"))),)
    graphics = {"resources": {"limits": {"cpu": "8", "memory": "32Gi", "nvidia.com/gpu": "1"}, "cpuIdle": False}}
    return [
        Blueprint("flash-sale", "As many instances as it likes", record=settings(maxInstanceCount=None), invokers=mine),
        Blueprint(
            "ticket-drop",
            "Anyone may call it, and nothing limits how many instances answer",
            record=settings(maxInstanceCount=None, ingressSettings="ALLOW_ALL"),
            invokers=(binding("run.invoker", PUBLIC),),
        ),
        Blueprint("crawler", "Three thousand instances", record=settings(maxInstanceCount=3000), invokers=mine),
        Blueprint(
            "always-warm",
            "Five instances kept for nobody",
            record=settings(minInstanceCount=5),
            usage=Usage(daily=None),
            invokers=mine,
        ),
        Blueprint("video-digest", "May run for an hour", record=settings(timeoutSeconds=3600), invokers=mine),
        Blueprint(
            "report-builder",
            "Has far more memory than it uses",
            record=settings(availableMemory="8Gi", availableCpu="2"),
            usage=Usage(memory=0.04),
            invokers=mine,
        ),
        Blueprint(
            "cart-events",
            "One request an instance, and many of them",
            record=settings(maxInstanceRequestConcurrency=1),
            usage=Usage(daily=90_000.0),
            invokers=mine,
        ),
        Blueprint(
            "idle-by-the-hour",
            "Its processor is paid for while it waits",
            container={"resources": {"cpuIdle": False}},
            usage=Usage(daily=3.0),
            invokers=mine,
        ),
        Blueprint(
            "product-render",
            "Graphics processors that anyone may keep busy",
            generation=STANDALONE,
            service={"ingress": "INGRESS_TRAFFIC_ALL"},
            container=graphics,
            invokers=(binding("run.invoker", PUBLIC),),
        ),
        Blueprint(
            "sudden-fame",
            "Called thirty times as often as last month, and nearly out of memory",
            usage=Usage(daily=6000.0, before=200.0, memory=0.97),
            invokers=mine,
        ),
    ]
