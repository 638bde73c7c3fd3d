"""Spend ceilings: worked by hand on every cloud, monotone in each limit, honest where a limit is not known."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from auditor.analysis.cost.amounts import to_the_cent
from auditor.analysis.cost.ceilings import Ceiling, ceiling, cheapest_cap, measured
from auditor.analysis.cost.prices import Assumptions, PriceList
from auditor.model.function import Function
from auditor.model.gateway import Gateway, Stage
from auditor.model.hosting import HostingKind
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


def premium(sku: str, workers: int, **limits: Any) -> Function:
    sold = azure.plan(sku=sku, max_workers=Known(workers, "graph:Plans"))
    hosted = azure.hosting(plan=Known(sold, "graph:Plans"))
    return replace(app(HostingKind.PREMIUM, **limits), hosting=Known(hosted, ""))


def first(region: str, **limits: Any) -> Function:
    sound = {name: Known(value, gcp.LISTED) for name, value in limits.items()}
    return gcp.make_gen1(location=region, limits=gcp.limits(**sound))


def always(function: Function) -> Function:
    return replace(function, hosting=Known(gcp.hosting(cpu_always=Known(True, gcp.SERVICE)), gcp.SERVICE))


def api(kind: str, rate: float, burst: int) -> Known[tuple[Gateway, ...]]:
    stages = Known((Stage(name="live", rate=rate, burst=burst),), "")
    made = Gateway(
        id="arn:aws:apigateway:us-east-1::/apis/a1b2",
        name="shop",
        kind=kind,
        public=Known(True, ""),
        routes=(),
        stages=stages,
    )
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
        replace(
            lambda_(arm=True, timeout_seconds=29, memory_mb=1024, reserved_concurrency=None),
            gateways=api("http", 100, 200),
        ),
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
        premium("EP1", 20, max_instances=None),
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
                memory_mb=Known(256, gcp.LISTED),
                timeout_seconds=Known(60, gcp.LISTED),
                max_instances=Known(10, gcp.LISTED),
            ),
        ),
        given(1024),
        ("0.17", "0.48", "4.01", "11.57"),
    ),
    # 12.5 to 150 GB-s of the platform's 100 instances: 0.72 to 8.64 + executions 0.72 + logs 4.14
    "Azure, Consumption on Linux without a limit": (
        app(HostingKind.CONSUMPTION, "linux", max_instances=None, daily_quota=None),
        given(500),
        ("5.58", "13.50", "133.92", "324.00"),
    ),
    # the day ends with 50,000 GB-s (0.80) and 4,000,000 executions (0.80), their logs (9.20) and answers (0.696)
    "Azure, Consumption with a daily quota": (
        app(HostingKind.CONSUMPTION, max_instances=None, daily_quota=50000),
        given(1000, 2000),
        ("10.35", "10.43", "11.50", "11.50"),
    ),
    # 300 instances of 4 GB are cut at the region's 125: 500 GB-s 46.80 + 240,000 to 144,000,000 executions
    "Azure, Flex Consumption at the region's limit": (
        app(HostingKind.FLEX_CONSUMPTION, max_instances=300, memory_mb=4096, per_instance=None, timeout_seconds=60),
        given(500),
        ("47.17", "270.00", "1132.13", "6480.00"),
    ),
    # EP2 on 12 of 30 workers: 12 x (2 x 0.173 + 7 x 0.0123) = 5.1852 + logs 4.14
    "Azure, Premium with a limit": (
        premium("EP2", 30, max_instances=12),
        given(500),
        ("9.33", "9.33", "223.80", "223.80"),
    ),
    # 30 x (0.5 x 0.000024 + 0.000003) = 1.62 + requests 1.44 + logs 4.14
    "Azure, Container Apps": (
        app(HostingKind.CONTAINER_APPS, max_instances=30, memory_mb=1024, cpus=0.5),
        given(500),
        ("7.20", "7.20", "172.80", "172.80"),
    ),
    # 10 x (2 x 0.000034 + 8 x 0.000004) = 3.60 + requests 1.44 + logs 8.28: not one vCPU for each 2 GiB
    "Azure, Container Apps with much memory": (
        replace(app(HostingKind.CONTAINER_APPS, max_instances=10, memory_mb=8192, cpus=2.0), location="westus2"),
        given(1000),
        ("13.32", "13.32", "319.68", "319.68"),
    ),
    # second price tier, a sixth of a vCPU: 40 x (0.1666 x 0.0000336 + 0.25 x 0.0000035) + 266 to 1,440,000 requests
    "Google Cloud, second generation in a region of the second tier": (
        replace(
            service(max_instances=40, per_instance=1, timeout_seconds=540, memory_mb=256, cpus=0.1666),
            location="europe-west2",
        ),
        given(500),
        ("0.93", "1.84", "22.37", "44.24"),
    ),
    # 20 x (4 x 0.000018 + 8 x 0.000002) = 6.336, no fee for requests, logs of 5,000 to 180,000,000 runs
    "Google Cloud, billed by instance": (
        always(service(max_instances=20, per_instance=250, timeout_seconds=3600, memory_mb=8192, cpus=4.0)),
        given(1024),
        ("6.34", "92.17", "152.12", "2212.00"),
    ),
    # 10 x (2 x 0.000024 + 0.0000025) = 1.818 + 9,600 to 28,800,000 requests, their logs and answers
    "Google Cloud, a service with answers": (
        service(max_instances=10, per_instance=80, timeout_seconds=300, memory_mb=1024, cpus=2.0),
        given(512, 2000),
        ("1.83", "25.84", "43.82", "620.09"),
    ),
    # the smallest size in a region that only the first generation sells at the first tier; 3,000 by default
    "Google Cloud, first generation without a maximum": (
        first("europe-west2", max_instances=None, memory_mb=128, timeout_seconds=60),
        given(500),
        ("25.09", "93.32", "602.13", "2239.70"),
    ),
    # runs of 20 ms are billed as 100 ms: 5 x 50 x (2.4 x 0.000014 + 2 x 0.0000035) = 36.54 at the most
    "Google Cloud, first generation with short runs": (
        first("europe-west3", max_instances=50, memory_mb=2048, timeout_seconds=540),
        given(1024, None, 20),
        ("7.31", "44.43", "175.40", "1066.36"),
    ),
}


def test_worked_examples_to_the_cent() -> None:
    found = {
        name: ends(ceiling(function, build.location(unreserved_concurrency=Known(1000, "")), prices))
        for name, (function, prices, _) in EXAMPLES.items()
    }
    assert found == {name: amounts for name, (_, _, amounts) in EXAMPLES.items()}


BASES: Mapping[str, tuple[Any, Mapping[str, tuple[Any, ...]]]] = {
    "AWS": (
        lambda **limits: lambda_(url(), queue(batch_size=10, max_concurrency=50), **limits),
        {
            "reserved_concurrency": (0, 1, 7, 100, 880),
            "timeout_seconds": (1, 3, 30, 900),
            "memory_mb": (128, 129, 1024, 10240),
            "ephemeral_mb": (512, 513, 10240),
        },
    ),
    "AWS behind an API": (
        lambda **limits: replace(lambda_(**limits), gateways=api("rest", 20, 40)),
        {"reserved_concurrency": (0, 1, 3, 500), "timeout_seconds": (1, 5, 29)},
    ),
    "Azure, Consumption": (
        lambda **limits: app(HostingKind.CONSUMPTION, **limits),
        {"max_instances": (1, 20, 200), "daily_quota": (1, 5000, 10**7)},
    ),
    "Azure, Flex Consumption": (
        lambda **limits: app(HostingKind.FLEX_CONSUMPTION, **{"memory_mb": 2048} | limits),
        {"max_instances": (1, 40, 1000), "per_instance": (1, 16, 1000), "memory_mb": (512, 2048, 4096)},
    ),
    "Google Cloud, second generation": (
        service,
        {
            "max_instances": (1, 100, 1000),
            "per_instance": (1, 80, 1000),
            "memory_mb": (128, 512, 32768),
            "cpus": (0.08, 1.0, 8.0),
            "timeout_seconds": (1, 60, 3600),
        },
    ),
}


def test_a_higher_limit_never_lowers_the_ceiling() -> None:
    for name, (make, limits) in BASES.items():
        for limit, values in limits.items():
            found = [ceiling(make(**{limit: value}), build.location(), given(500, 100)) for value in values]
            most = [(each.hour.most, each.day.most) for each in found if each is not None]
            assert len(most) == len(values)
            assert most == sorted(most), (name, limit, most)
            assert all(each.hour.least <= each.hour.proved <= each.hour.most for each in found if each), (name, limit)


def test_the_compute_of_a_reservation_is_proportional_to_it() -> None:
    fifty, hundred = (
        ceiling(lambda_(url(), reserved_concurrency=number), build.location(), given(500)) for number in (50, 100)
    )
    assert fifty is not None
    assert hundred is not None
    assert hundred.hour.most == 2 * fifty.hour.most


def test_a_limit_that_could_not_be_read_makes_a_range_and_names_its_permission() -> None:
    denied = replace(
        lambda_(url()), limits=build.limits(reserved_concurrency=build.unknown("lambda:GetFunctionConcurrency"))
    )
    found = ceiling(denied, build.location(), given(500))
    assert found is not None
    assert found.hour.proved == 0 < found.hour.most
    assert found.gap is not None
    assert found.gap.permission == "lambda:GetFunctionConcurrency"
    pool = build.location(unreserved_concurrency=build.unknown("lambda:GetAccountSettings"))
    shared = ceiling(lambda_(url(), reserved_concurrency=None), pool, given(500))
    assert shared is not None
    assert to_the_cent(shared.hour.most) is None
    assert shared.hour.proved > 0
    assert shared.gap is not None
    assert shared.gap.operation == "lambda:GetAccountSettings"


def test_a_reservation_of_none_costs_nothing_but_what_the_gateway_bills() -> None:
    assert ends(ceiling(lambda_(url(), reserved_concurrency=0), build.location(), given(500))) == ("0.00",) * 4
    closed = replace(lambda_(reserved_concurrency=0), gateways=api("rest", 100, 200))
    # 360,200 and 8,640,200 calls at 0.0000035
    assert ends(ceiling(closed, build.location(), given(500))) == ("1.26", "1.26", "30.24", "30.24")


def test_the_cheapest_cap_is_the_highest_that_keeps_the_hour_below_the_threshold() -> None:
    function, prices = lambda_(url(), memory_mb=512, reserved_concurrency=None), given(500)
    cap = cheapest_cap(function, build.location(), prices, Decimal(1))
    assert cap is not None
    # one unit: 0.5 GB-s and 10 runs a second: 0.03000006 + 0.0072 + 0.009 = 0.04620006
    assert (cap.number, to_the_cent(cap.hour.most)) == (21, Decimal("0.97"))
    assert cheapest_cap(function, build.location(), prices, Decimal("0.04")) is None


@pytest.mark.parametrize("hourly", ["0.0462", "0.05", "0.9", "1.3", "7", "123.45", "5000"])
@pytest.mark.parametrize("ways", [(url(),), (url(), queue())], ids=["url", "url and queue"])
def test_one_run_more_than_the_cheapest_cap_costs_too_much(ways: tuple[Trigger, ...], hourly: str) -> None:
    def cost(number: int) -> Decimal:
        found = ceiling(lambda_(*ways, memory_mb=640, reserved_concurrency=number), build.location(), given(500))
        assert found is not None
        return found.hour.most

    uncapped = lambda_(*ways, memory_mb=640, reserved_concurrency=None)
    cap = cheapest_cap(uncapped, build.location(), given(500), Decimal(hourly))
    number = 0 if cap is None else cap.number
    assert cap is None or cost(number) == cap.hour.most <= Decimal(hourly)
    assert cost(number + 1) > Decimal(hourly)


def test_an_operators_own_prices_stand_before_the_shipped_ones() -> None:
    own = PriceList({"aws/lambda/gb-second-x86": Decimal(1), "aws/lambda/request/us-east-1": Decimal(0)})
    found = ceiling(lambda_(url(), memory_mb=1024, reserved_concurrency=1), build.location(), own)
    assert found is not None
    assert found.hour.most == 3600 + Decimal("0.009")
    doubled = replace(given(500), exchange_rate=Decimal(2), currency="EUR")
    once, twice = (
        ceiling(lambda_(url(), reserved_concurrency=9), build.location(), prices) for prices in (given(500), doubled)
    )
    assert once is not None
    assert twice is not None
    assert twice.day.most == 2 * once.day.most


def test_a_region_without_a_shipped_price_is_a_range_that_says_so() -> None:
    found = ceiling(replace(lambda_(url(), reserved_concurrency=9), location="eu-nowhere-9"), None, given(500))
    assert found is not None
    assert found.hour.proved < found.hour.most
    assert any("no price of aws/lambda/gb-second-x86 is shipped for eu-nowhere-9" in said for said in found.assumptions)


def test_what_was_observed_costs_its_time_and_number() -> None:
    """A million runs a day of a second at 512 MB: 500,000 GB-s at 0.0000133334, and 0.20 for the requests."""
    busy = build.measured(executions=Known(90_000_000, ""), average_ms=Known(1000.0, ""), days=90)
    found = measured(busy, PriceList())
    assert found is not None
    assert (to_the_cent(found.of_day().least), to_the_cent(found.of_day().most)) == (Decimal("6.87"), Decimal("6.87"))
    idle = measured(build.measured(executions=Known(0, ""), average_ms=Known(None, "")), PriceList())
    assert idle is not None
    assert to_the_cent(idle.of_day().most) == Decimal("0.00")


def test_what_was_not_measured_has_no_observed_cost() -> None:
    assert measured(build.measured(average_ms=build.unknown()), PriceList()) is None
    assert measured(build.make(monitoring=build.unknown()), PriceList()) is None
    assert measured(azure.make_azure(), PriceList()) is None
