"""Time series: aligned by the day, reduced and grouped as asked, refused where they cannot be."""

from typing import Any

import pytest

from moto_fixtures.gcp.server import Server
from moto_fixtures.gcp.usage import EXECUTIONS, MEMORY, REQUESTS, Usage
from tests.unit.moto_fixtures.gcp.conftest import PROJECT, Ask, Said

_PATH = f"v3/projects/{PROJECT}/timeSeries"


def _ask(ask: Ask, metric: str, aligner: str = "ALIGN_SUM", reducer: str = "", groups: Any = (), **more: Any) -> Said:
    asked: dict[str, Any] = {
        "interval__startTime": "2026-08-27T12:00:00Z",
        "interval__endTime": "2026-11-25T12:00:00Z",
        "aggregation__alignmentPeriod": "86400s",
        "aggregation__perSeriesAligner": aligner,
    }
    if reducer:
        asked |= {"aggregation__crossSeriesReducer": reducer, "aggregation__groupByFields": list(groups)}
    return ask(_PATH, filter=f'metric.type="{metric}"', **(asked | more))


def test_executions_by_function_and_status(server: Server, ask: Ask) -> None:
    project = server.estate.projects[PROJECT]
    project.usage["first"] = Usage(daily=100.0, before=10.0, failed=0.2)
    project.usage["worker"] = Usage(daily=None)
    groups = ("resource.label.function_name", "resource.label.region", "metric.label.status")
    told = _ask(ask, EXECUTIONS, reducer="REDUCE_SUM", groups=groups).body["timeSeries"]
    found = {(each["resource"]["labels"]["function_name"], each["metric"]["labels"]["status"]): each for each in told}
    assert set(found) == {("first", "ok"), ("first", "error"), ("second", "ok")}
    ok = found["first", "ok"]
    assert ok["resource"] == {
        "type": "cloud_function",
        "labels": {"project_id": PROJECT, "region": "europe-west1", "function_name": "first"},
    }
    assert (ok["metricKind"], ok["valueType"], len(ok["points"])) == ("DELTA", "INT64", 90)
    newest, oldest = ok["points"][0], ok["points"][-1]
    assert newest["interval"] == {"startTime": "2026-11-24T12:00:00Z", "endTime": "2026-11-25T12:00:00Z"}
    assert (newest["value"], oldest["value"]) == ({"int64Value": "80"}, {"int64Value": "8"})
    assert sum(int(point["value"]["int64Value"]) for point in found["first", "error"]["points"][:7]) == 140


def test_requests_by_service_and_class(server: Server, ask: Ask) -> None:
    server.estate.projects[PROJECT].usage["alone"] = Usage(daily=10.0, failed=1.0)
    groups = ("resource.label.service_name", "resource.label.location", "metric.label.response_code_class")
    told = _ask(ask, REQUESTS, reducer="REDUCE_SUM", groups=groups).body["timeSeries"]
    classes = {
        each["resource"]["labels"]["service_name"]: each["metric"]["labels"]["response_code_class"] for each in told
    }
    assert classes == {"second": "2xx", "worker": "2xx", "alone": "5xx", "container": "2xx"}
    assert "revision_name" not in told[0]["resource"]["labels"]


def test_without_a_reducer_every_label_is_told(ask: Ask) -> None:
    told = _ask(ask, REQUESTS).body["timeSeries"]
    assert set(told[0]["resource"]["labels"]) >= {"revision_name", "configuration_name", "service_name"}
    assert told[0]["metric"]["labels"]["response_code"] == "200"


def test_memory_is_a_distribution_with_percentiles_and_no_maximum(server: Server, ask: Ask) -> None:
    server.estate.projects[PROJECT].usage["second"] = Usage(memory=0.04)
    assert _ask(ask, MEMORY, "ALIGN_MAX").status == 400
    groups = ("resource.label.service_name", "resource.label.location")
    told = _ask(ask, MEMORY, "ALIGN_PERCENTILE_99", "REDUCE_MAX", groups).body["timeSeries"]
    second = next(each for each in told if each["resource"]["labels"]["service_name"] == "second")
    assert (second["valueType"], second["points"][0]["value"]) == ("DOUBLE", {"doubleValue": 0.04})


def test_series_are_paged_whole(ask: Ask) -> None:
    first = _ask(ask, REQUESTS, pageSize=200).body
    assert len(first["timeSeries"]) == 2
    rest = _ask(ask, REQUESTS, pageSize=200, pageToken=first["nextPageToken"]).body
    assert len(rest["timeSeries"]) == 2
    assert "nextPageToken" not in rest


@pytest.mark.parametrize(
    "wrong",
    [
        {"filter": 'resource.type="cloud_function"'},
        {"aggregation__alignmentPeriod": "1s"},
        {"interval__startTime": "yesterday"},
        {"aggregation__perSeriesAligner": "ALIGN_NONE", "aggregation__crossSeriesReducer": "REDUCE_SUM"},
        {"interval__startTime": "1990-01-01T00:00:00Z", "aggregation__alignmentPeriod": "60s"},
    ],
    ids=str,
)
def test_questions_that_make_no_sense(wrong: dict[str, str], ask: Ask) -> None:
    asked = {
        "filter": f'metric.type="{EXECUTIONS}"',
        "interval__startTime": "2026-11-20T12:00:00Z",
        "interval__endTime": "2026-11-25T12:00:00Z",
        "aggregation__alignmentPeriod": "86400s",
        "aggregation__perSeriesAligner": "ALIGN_SUM",
    }
    assert ask(_PATH, **asked).status == 200
    assert ask(_PATH, **(asked | wrong)).status == 400
