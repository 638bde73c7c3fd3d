"""Metrics of functions, asked of an emulated account through real boto3 and read back."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from boto3.session import Session as Boto

from auditor.model.capture import Depth
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason, Observed, Unknown
from auditor.model.usage import Usage
from auditor.provider import CollectOptions
from moto_fixtures.aws.faults import Fault
from moto_fixtures.aws.server import Server
from moto_fixtures.emulation.faults import Spoil
from providers.aws.collect import activity
from providers.aws.normalize import normalize
from providers.aws.provider import AwsProvider
from tests.unit.providers.aws.collector.conftest import Kept
from tests.unit.providers.aws.collector.organization import HOME, HUB, deploy
from tests.unit.providers.memory import MemoryCapture, facts

GET = "cloudwatch:GetMetricData"
TIERS = ("activity",)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as started, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "false")
        deploy(started, HUB, "orders", "bills", "mails")
        given = started.environment
        session = Boto("testing", given["AWS_SECRET_ACCESS_KEY"], None, HOME)
        client = session.client("cloudwatch", endpoint_url=given["AWS_ENDPOINT_URL"])
        noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
        for name, ago, times in (("orders", 3, 40), ("orders", 5, 60), ("mails", 20, 7)):
            row: dict[str, Any] = {
                "Dimensions": [{"Name": "FunctionName", "Value": name}],
                "Timestamp": noon - timedelta(days=ago),
            }
            counted = [{"MetricName": "Invocations", "Value": times}, {"MetricName": "Errors", "Value": times / 4}]
            took = {"MetricName": "Duration", "Value": 800.0}
            client.put_metric_data(Namespace="AWS/Lambda", MetricData=[row | each for each in (*counted, took)])
        yield started


@pytest.fixture
def read(
    server: Server, options: Callable[..., CollectOptions], kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Kept]]:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)

    def run(days: int | None, depth: Depth = Depth.QUICK, **more: object) -> Kept:
        settings = {"pacing": "off"}
        given = options(depth, regions=(HOME,), settings=settings, activity_days=days, **more)
        AwsProvider().collect(given, kept, kept)
        return kept

    yield run
    server.faults.clear()
    server.forget_requests()


def usages(kept: Kept) -> dict[str, Observed[Usage]]:
    capture = MemoryCapture(facts(Depth.QUICK, (Cloud.AWS, HUB, (HOME,))), kept.envelopes)
    return {one.name: one.monitoring.need().usage for one in normalize(capture).functions}


def test_the_metrics_of_all_functions_are_asked_together_and_of_those_that_ran_more(
    read: Callable[..., Kept],
) -> None:
    kept = read(30, tiers=TIERS)
    today = datetime.now(UTC).date()
    window = f"{today - timedelta(days=30)}/{today + timedelta(days=1)}"
    assert sorted(kept.told(GET)) == [f"{window}#0", f"{window}#0.0"]
    found = {name: fact.need() for name, fact in usages(kept).items()}
    assert {name: (one.executions.need(), one.idle_days.need()) for name, one in found.items()} == {
        "bills": (0, None),
        "mails": (7, 20),
        "orders": (100, 3),
    }
    assert (found["orders"].failed.need(), found["orders"].longest_ms.need()) == (0.25, 800.0)
    assert found["bills"].failed.need() is None
    assert found["orders"].days == 30


def test_a_call_holds_no_more_queries_and_values_than_cloudwatch_answers(
    read: Callable[..., Kept], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity, "_POINTS", 8 * 4)  # four queries over seven days and the day of the run
    kept = read(7, tiers=TIERS)
    assert sorted(subject.partition("#")[2] for subject in kept.told(GET)) == ["0", "0.0", "1"]
    rows = [len(one.body["MetricDataResults"]) for one in kept.of(GET) if one.body is not None]
    assert sorted(rows) == [2, 3, 4]
    assert usages(kept)["orders"].need().executions.need() == 100


def test_a_refusal_leaves_it_unknown_with_the_permission(read: Callable[..., Kept], server: Server) -> None:
    server.faults.add(Fault(Spoil.DENY, service="cloudwatch", operation="GetMetricData"))
    found = usages(read(90, tiers=TIERS))["bills"].need().idle_days
    assert isinstance(found, Unknown)
    assert (found.gap.reason, found.gap.permission) == (GapReason.DENIED, GET)


def test_it_is_asked_only_where_the_run_asks_for_it(read: Callable[..., Kept], server: Server) -> None:
    kept = read(None, Depth.FULL)
    assert kept.of(GET) == []
    assert [seen.operation for seen in server.requests if seen.operation == "GetMetricData"] == []
    found = usages(kept)["orders"]
    assert isinstance(found, Unknown)
    assert (found.gap.reason, found.gap.message) == (GapReason.NOT_IN_TIER, "asked only with --activity DAYS")


def test_only_functions_that_are_selected_are_asked_about(read: Callable[..., Kept]) -> None:
    kept = read(30, tiers=TIERS, functions=("bil*",))
    (answer,) = kept.of(GET)
    assert {row["Label"] for row in answer.body["MetricDataResults"]} == {"bills"}
