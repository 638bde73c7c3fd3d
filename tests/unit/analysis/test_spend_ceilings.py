"""Spend ceilings: worked by hand on every cloud, monotone in each limit, honest where a limit is not known."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

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
        replace(
            app(HostingKind.PREMIUM, max_instances=None),
            hosting=Known(
                azure.hosting(plan=Known(azure.plan(sku="EP1", max_workers=Known(20, "graph:Plans")), "graph:Plans")),
                "",
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
                memory_mb=Known(256, gcp.LISTED),
                timeout_seconds=Known(60, gcp.LISTED),
                max_instances=Known(10, gcp.LISTED),
            ),
        ),
        given(1024),
        ("0.17", "0.48", "4.01", "11.57"),
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
