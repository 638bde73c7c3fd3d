"""Spend ceilings: worked by hand on every cloud, monotone in each limit, honest where a limit is not known."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from auditor.analysis.cost.amounts import to_the_cent
from auditor.analysis.cost.ceilings import Ceiling, ceiling, cheapest_cap
from auditor.analysis.cost.prices import Assumptions, PriceList
from auditor.model.function import Function
from auditor.model.gateway import Gateway, Stage
from auditor.model.hosting import HostingKind
from auditor.model.ids import Cloud
from auditor.model.inventory import Location
from auditor.model.observed import Known
from auditor.model.trigger import Trigger, TriggerKind, TriggerVia
from tests.unit.checks import azure, build, gcp


def given(log: int, response: int | None = None, shortest: int = 100) -> PriceList:
    return PriceList(assumptions=Assumptions(log_bytes=log, response_bytes=response, shortest_run_ms=shortest))


def trigger(kind: TriggerKind, service: str, via: TriggerVia = TriggerVia.POLICY, **changes: Any) -> Trigger:
    sound = build.trigger(kind=kind, service=service, via=via, source=None, asynchronous=False)
    return replace(sound, **changes)


def lambda_(*ways: Trigger, arm: bool = False, **limits: Any) -> Function:
    return build.make(
        architectures=Known(("arm64" if arm else "x86_64",), build.LISTED),
        triggers=build.triggers(*ways),
        limits=build.limits(**{name: Known(value, build.LISTED) for name, value in limits.items()}),
    )


def url() -> Trigger:
    return trigger(TriggerKind.HTTP, "lambda-url", TriggerVia.ENDPOINT, source="https://a.lambda-url.us-east-1.on.aws")


def queue(**changes: int) -> Trigger:
    return trigger(TriggerKind.QUEUE, "sqs", TriggerVia.MAPPING, **{k: Known(v, "") for k, v in changes.items()})


def app(kind: HostingKind, system: str = "windows", **limits: Any) -> Function:
    sound = {name: Known(value, azure.SITES) for name, value in limits.items()}
    hosted = azure.hosting(kind, system=system)
    return azure.make_azure(
        location="eastus",
        hosting=Known(hosted, azure.SITES),
        limits=azure.limits(**sound),
        triggers=(Known((azure.trigger(kind=TriggerKind.HTTP, service="http"),), azure.FUNCTIONS),),
    )


def api(kind: str, rate: float, burst: int) -> Known[tuple[Gateway, ...]]:
    stages = Known((Stage(name="live", rate=rate, burst=burst),), "")
    made = Gateway(id="arn:aws:apigateway:us-east-1::/apis/a1b2", name="shop", kind=kind, public=Known(True, ""), routes=(), stages=stages)
    return Known((made,), "")


def service(**limits: Any) -> Function:
    sound = {name: Known(value, gcp.LISTED) for name, value in limits.items()}
    return gcp.make_gcp(location="us-central1", limits=gcp.limits(**sound))


def ends(found: Ceiling | None) -> tuple[str, ...]:
    assert found is not None
    return tuple(str(to_the_cent(end)) for each in (found.hour, found.day) for end in (each.least, each.most))


EXAMPLES: Mapping[str, tuple[Function, PriceList, tuple[str, ...]]] = {
    # 25 GB-s and 500 runs a second: 1.500003 + 0.36 + logs 0.45 + answers 0.648
    "AWS, a URL with 50 reserved": (
        lambda_(url(), timeout_seconds=30, memory_mb=512, reserved_concurrency=50),
        given(500, 4000),
        ("2.96", "2.96", "70.99", "70.99"),
    ),
    # 1,000 GB-s; 100 x t + 200 calls: 48.00024 + 0.07204 + gateway 0.3602 + logs 0.09005 + answers 0.32418
    "AWS, an HTTP API with a throttle": (
        replace(lambda_(arm=True, timeout_seconds=29, memory_mb=1024, reserved_concurrency=None), gateways=api("http", 100, 200)),
        given(500, 10000),
        ("48.85", "48.85", "1172.31", "1172.31"),
    ),
    # 20 GB-s, 100 runs: 1.2000024 + 0.072 + receive and delete 0.288 + 1,000 sends 1.44 + logs 0.18
    "AWS, a queue of batches of 10": (
        lambda_(queue(batch_size=10, max_concurrency=10), timeout_seconds=60, memory_mb=2048, reserved_concurrency=500),
        given(1000),
        ("3.18", "3.18", "76.32", "76.32"),
    ),
    # 12.5 to 30 GB-s: 0.72 to 1.728 + executions 0.72 + logs 8.28 + answers 1.566
    "Azure, Consumption": (
        app(HostingKind.CONSUMPTION, max_instances=20, daily_quota=None),
        given(1000, 5000),
        ("11.29", "12.29", "270.86", "295.06"),
    ),
    # 80 GB-s: 7.488 + 10,017 to 46,080,000 executions and their telemetry
    "Azure, Flex Consumption": (
        app(HostingKind.FLEX_CONSUMPTION, max_instances=40, memory_mb=2048, per_instance=16, timeout_seconds=1800),
        given(500, None, 50),
        ("7.50", "78.91", "180.08", "1893.89"),
    ),
    # EP1: 20 workers of 0.173 + 3.5 x 0.0123 = 4.321 + logs of 3,600,000 runs 8.28
    "Azure, Premium": (
        replace(
            app(HostingKind.PREMIUM, max_instances=None),
            hosting=Known(
                azure.hosting(plan=Known(azure.plan(sku="EP1", max_workers=Known(20, "graph:Plans")), "graph:Plans")), ""
            ),
        ),
        given(1000),
        ("12.60", "12.60", "302.42", "302.42"),
    ),
    # 100 x (0.000024 + 0.5 x 0.0000025): 9.09 + 480,000 to 288,000,000 requests and their logs
    "Google Cloud, second generation": (
        service(max_instances=100, per_instance=80, timeout_seconds=60, memory_mb=512, cpus=1.0),
        given(1024),
        ("9.51", "261.62", "228.26", "6278.86"),
    ),
    # 10 x (0.4 GHz x 0.00001 + 0.25 GB x 0.0000025) = 0.1665 + 600 to 360,000 runs: 0.00024 to 0.144, logs 0.000286 to 0.171661
    "Google Cloud, first generation": (
        gcp.make_gen1(
            location="us-central1",
            limits=gcp.limits(
                memory_mb=Known(256, gcp.LISTED), timeout_seconds=Known(60, gcp.LISTED), max_instances=Known(10, gcp.LISTED)
            ),
        ),
        given(1024),
        ("0.17", "0.48", "4.01", "11.57"),
    ),
}


def test_worked_examples_to_the_cent() -> None:
    found = {name: ends(ceiling(function, build.location(unreserved_concurrency=Known(1000, "")), prices)) for name, (function, prices, _) in EXAMPLES.items()}
    assert found == {name: amounts for name, (_, _, amounts) in EXAMPLES.items()}
