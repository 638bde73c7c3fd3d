"""A whole run: bulk first, then regions, then what is referred to."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from auditor.model.capture import Depth, Outcome
from auditor.model.observed import GapReason
from providers.gcp.collect.telemetry import METRICS
from providers.gcp.operations import BY_ID, CONSTRAINTS, OPERATIONS
from tests.unit.providers.gcp.collector.company import (
    ALONE,
    BEHIND,
    KEY,
    LEGACY,
    NUMBER,
    ORDERS,
    OTHER_REGION,
    PROJECT,
    REGION,
    ROLE,
    legacy,
    loyalty,
    orders,
    project,
    scripts,
)
from tests.unit.providers.gcp.collector.conftest import Asked, Google, Kept, declared, denied, error, off

Run = Callable[..., Kept]
HERE = f"projects/{PROJECT}"
ASSETS = f"v1/{HERE}/assets"


@pytest.fixture(autouse=True)
def company(google: Google) -> None:
    google.scripts = scripts()


@pytest.mark.parametrize("depth", list(Depth))
def test_only_declared_requests_are_sent_and_none_below_its_depth(google: Google, run: Run, depth: Depth) -> None:
    kept = run(depth)
    assert [asked.path for asked in google.log if not declared(asked)] == []
    assert {asked.method for asked in google.log} == {"GET", "POST"}
    assert all(asked.path.endswith(":getIamPolicy") for asked in google.log if asked.method == "POST")
    assert [one.operation for one in kept.envelopes if BY_ID[one.operation].depth.rank > depth.rank] == []
    assert kept.expected == kept.finished


def test_every_operation_of_the_table_is_used(google: Google, run: Run, kept: Kept) -> None:
    run(Depth.FULL, tiers=("packages",))
    google.scripts[f"{ASSETS}#RESOURCE"] = google.scripts[f"{ASSETS}#IAM_POLICY"] = denied()
    run(Depth.FULL, settings={"project_id": PROJECT})
    assert {one.operation for one in kept.envelopes} == {operation.id for operation in OPERATIONS}


def test_bulk_lists_come_first_and_policies_need_no_call_of_their_own(google: Google, run: Run) -> None:
    run()
    paths = google.paths()
    assert paths[0] == "v3/projects:search"
    assert sorted(paths[1:4]) == sorted([ASSETS, ASSETS, f"v2/{HERE}/locations/-/functions"])
    assert f"v2/{BEHIND}:getIamPolicy" not in paths
    assert f"v2/{LEGACY}:getIamPolicy" not in paths
    assert f"v1/{HERE}/topics/new-orders:getIamPolicy" not in paths


def test_the_inventory_is_asked_for_its_kinds(google: Google, run: Run) -> None:
    run()
    kinds = {tuple(asked.query["contentType"]) for asked in google.log if asked.path == ASSETS}
    assert kinds == {("RESOURCE",), ("IAM_POLICY",)}
    for asked in google.log:
        if asked.path == ASSETS:
            assert "cloudfunctions.googleapis.com/CloudFunction" in asked.query["assetTypes"]
            assert "run.googleapis.com/Service" in asked.query["assetTypes"]
            assert asked.query["pageSize"] == ["1000"]


def test_policies_are_asked_for_with_their_conditions(google: Google, run: Run) -> None:
    google.scripts[f"{ASSETS}#IAM_POLICY"] = denied()
    run()
    asked = {one.path: one for one in google.log}
    assert asked[f"v3/{HERE}:getIamPolicy"].body == {"options": {"requestedPolicyVersion": 3}}
    assert asked["v3/folders/77:getIamPolicy"].body == {"options": {"requestedPolicyVersion": 3}}
    assert asked["v3/organizations/9:getIamPolicy"].body == {"options": {"requestedPolicyVersion": 3}}
    assert asked[f"v2/{BEHIND}:getIamPolicy"].query["options.requestedPolicyVersion"] == ["3"]
    assert asked[f"v2/{LEGACY}:getIamPolicy"].query["options.requestedPolicyVersion"] == ["3"]
    assert asked["storage/v1/b/shop-uploads/iam"].query["optionsRequestedPolicyVersion"] == ["3"]


def test_quick_depth_is_lists_only(google: Google, run: Run) -> None:
    kept = run(Depth.QUICK)
    assert {one.operation for one in kept.envelopes} == {
        "resourcemanager:SearchProjects",
        "resourcemanager:GetProjectPolicy",
        "resourcemanager:GetFolder",
        "resourcemanager:GetFolderPolicy",
        "resourcemanager:GetOrganization",
        "resourcemanager:GetOrganizationPolicy",
        "functions:ListFunctions",
        "asset:ListResources",
        "asset:ListPolicies",
        "serviceusage:ListServices",
        "iam:ListServiceAccounts",
        "eventarc:ListTriggers",
        "logging:ListSinks",
        "logging:ListExclusions",
        "logging:ListBuckets",
    }


def test_what_functions_refer_to_is_asked_about_once_each(google: Google, run: Run) -> None:
    kept = run()
    assert kept.subjects("storage:GetBucketPolicy") == [
        f"projects/_/buckets/{name}"
        for name in (
            f"gcf-sources-{NUMBER}-{OTHER_REGION}",
            f"gcf-v2-sources-{NUMBER}-{REGION}",
            "loyalty-cards",
            f"run-sources-{PROJECT}-{REGION}",
            "shop-releases",
            "shop-uploads",
        )
    ]
    assert kept.subjects("artifactregistry:GetRepositoryPolicy") == [
        f"{HERE}/locations/{REGION}/repositories/cloud-run-source-deploy",
        f"{HERE}/locations/{REGION}/repositories/gcf-artifacts",
        f"{HERE}/locations/{OTHER_REGION}/repositories/gcf-artifacts",
    ]
    assert kept.subjects("cloudkms:GetCryptoKey") == [KEY]
    assert [one.location for one in kept.of("cloudkms:GetCryptoKey")] == [REGION]
    assert kept.subjects("iam:GetServiceAccount") == [
        "projects/-/serviceAccounts/runner@shared-identities.iam.gserviceaccount.com"
    ]
    assert kept.subjects("iam:GetRole") == ["organizations/9/roles/watcher", ROLE]
    assert kept.subjects("orgpolicy:GetEffectivePolicy") == sorted(CONSTRAINTS)
    assert [one.location for one in kept.of("vpcaccess:ListConnectors")] == [REGION]
    assert [one.location for one in kept.of("functions:ListRuntimes")] == [REGION, OTHER_REGION]
    assert kept.scopes == {PROJECT: [REGION, OTHER_REGION]}


def test_revisions_and_measurements_are_full_depth(google: Google, run: Run) -> None:
    kept = run(Depth.FULL)
    assert kept.subjects("run:ListRevisions") == [ALONE, BEHIND]
    assert kept.subjects("monitoring:ListTimeSeries") == sorted(METRICS)
    asked = {one.query["filter"][0]: one.query for one in google.log if one.path.endswith("timeSeries")}
    counted = asked['metric.type="run.googleapis.com/request_count"']
    assert counted["aggregation.perSeriesAligner"] == ["ALIGN_SUM"]
    assert counted["aggregation.alignmentPeriod"] == ["86400s"]
    assert counted["interval.startTime"][0] < counted["interval.endTime"][0]
    assert kept.of("cloudscheduler:ListJobs") == [], "the inventory lists jobs"


@pytest.mark.parametrize("depth", [Depth.QUICK, Depth.STANDARD])
def test_a_run_that_asks_for_activity_measures_at_any_depth(run: Run, depth: Depth) -> None:
    kept = run(depth, tiers=("activity",))
    assert kept.subjects("monitoring:ListTimeSeries") == sorted(METRICS)
    assert kept.of("logging:ListMetrics") == []


def test_activity_decides_over_how_many_days_metrics_are_read(google: Google, run: Run) -> None:
    kept = run(Depth.STANDARD, tiers=("activity",), activity_days=7)
    assert kept.subjects("monitoring:ListTimeSeries") == sorted(f"{metric}#7" for metric in METRICS)
    for one in (each.query for each in google.log if each.path.endswith("timeSeries")):
        start, end = (datetime.fromisoformat(one[f"interval.{edge}"][0]) for edge in ("startTime", "endTime"))
        assert (end - start).days == 7


REVISIONS = f"v2/projects/{PROJECT}/locations/{REGION}/services/-/revisions"


def test_the_revisions_of_a_region_are_one_list_and_each_service_has_its_part(google: Google, run: Run) -> None:
    rows = [{"name": f"{name}/revisions/r{n}"} for n in (1, 2) for name in (BEHIND, f"{BEHIND}-unrelated")]
    google.scripts[REVISIONS] = [{"revisions": rows[:3], "nextPageToken": "p1"}, {"revisions": rows[2:]}]
    kept = run(Depth.FULL)
    assert [(one.subject, one.page, one.location, one.body) for one in kept.of("run:ListRevisions")] == [
        (ALONE, 0, REGION, {"revisions": []}),
        (BEHIND, 0, REGION, {"revisions": [rows[0], rows[2]]}),
        (BEHIND, 1, REGION, {"revisions": [rows[2]]}),
    ]
    assert [path for path in google.paths() if path.endswith("/revisions")] == [REVISIONS] * 2


@pytest.mark.parametrize("answer", [error(400, "INVALID_ARGUMENT"), error(404, "NOT_FOUND"), (200, b"{", {})])
def test_where_a_region_has_no_list_of_revisions_each_service_is_asked(google: Google, run: Run, answer: Any) -> None:
    google.scripts[REVISIONS] = answer
    kept = run(Depth.FULL)
    assert [(one.subject, one.outcome) for one in kept.of("run:ListRevisions")] == [
        (ALONE, Outcome.OK),
        (BEHIND, Outcome.OK),
    ]


def test_revisions_that_are_denied_or_break_off_are_gaps_of_every_service(google: Google, run: Run) -> None:
    google.scripts[REVISIONS] = denied("run.revisions.list")
    kept = run(Depth.FULL)
    assert [(one.subject, one.reason) for one in kept.of("run:ListRevisions")] == [
        (ALONE, GapReason.DENIED),
        (BEHIND, GapReason.DENIED),
    ]
    kept.envelopes.clear()
    one = {"revisions": [{"name": f"{BEHIND}/revisions/r1"}], "nextPageToken": "p1"}
    google.scripts[REVISIONS] = [one, error(500, "INTERNAL")]
    run(Depth.FULL)
    assert [(one.subject, one.page, one.reason) for one in kept.of("run:ListRevisions")] == [
        (ALONE, 0, GapReason.SERVICE_ERROR),
        (BEHIND, 0, None),
        (BEHIND, 1, GapReason.SERVICE_ERROR),
    ]


def test_a_topic_of_another_project_is_asked_about_itself(google: Google, run: Run) -> None:
    theirs = orders()
    theirs["eventTrigger"]["pubsubTopic"] = "projects/partner/topics/offers"
    google.scripts[f"v2/{HERE}/locations/-/functions"] = {"functions": [theirs]}
    google.scripts["v1/projects/partner/topics/offers:getIamPolicy"] = error(404, "NOT_FOUND")
    kept = run()
    assert [(one.subject, one.outcome) for one in kept.of("pubsub:GetTopicPolicy")] == [
        ("projects/partner/topics/offers", Outcome.ABSENT)
    ]


def test_a_project_that_says_it_has_no_function_is_asked_nothing_more(google: Google, run: Run) -> None:
    google.scripts = {"v3/projects:search": {"projects": [project()]}}
    kept = run(Depth.FULL)
    assert {one.operation for one in kept.envelopes} == {
        "resourcemanager:SearchProjects",
        "functions:ListFunctions",
        "asset:ListResources",
        "asset:ListPolicies",
    }
    assert kept.scopes == {PROJECT: []}


def test_an_empty_list_and_a_silent_inventory_do_not_make_a_project_empty(google: Google, run: Run) -> None:
    google.scripts = {
        "v3/projects:search": {"projects": [project()]},
        f"{ASSETS}#RESOURCE": off(),
        f"v1/{HERE}/locations": {"locations": [{"locationId": REGION}]},
        f"v2/{HERE}/locations/{REGION}/services": {"services": [loyalty()]},
    }
    kept = run()
    assert [one.location for one in kept.of("run:ListServices")] == [REGION]
    assert kept.subjects("artifactregistry:GetRepositoryPolicy") == [
        f"{HERE}/locations/{REGION}/repositories/cloud-run-source-deploy"
    ]


def test_function_globs_and_labels_choose_what_is_asked_about(google: Google, run: Run) -> None:
    google.scripts[f"{ASSETS}#IAM_POLICY"] = denied()
    kept = run(functions=("leg*",))
    assert kept.subjects("functions:GetIamPolicy") == [LEGACY]
    assert kept.subjects("run:GetIamPolicy") == []
    assert kept.subjects("cloudkms:GetCryptoKey") == []


def test_labels_choose_too(google: Google, run: Run) -> None:
    google.scripts[f"{ASSETS}#IAM_POLICY"] = denied()
    kept = run(tags=(("team", "checkout"),))
    assert kept.subjects("functions:GetIamPolicy") == []
    assert kept.subjects("run:GetIamPolicy") == [ALONE, BEHIND]


def test_a_stopped_run_leaves_gaps_that_say_so(google: Google, run: Run) -> None:
    stop = threading.Event()

    def last(_asked: Asked) -> Any:
        stop.set()
        return {"functions": [orders(), legacy()]}

    google.scripts[f"v2/{HERE}/locations/-/functions"] = last
    kept = run(stop=stop)
    gaps = {one.operation: one.reason for one in kept.envelopes if one.outcome is Outcome.GAP}
    assert gaps["logging:ListSinks"] is GapReason.INTERRUPTED
    assert gaps["resourcemanager:GetProjectPolicy"] is GapReason.INTERRUPTED
    assert gaps["run:ListServices"] is GapReason.INTERRUPTED
    assert gaps["storage:GetBucketPolicy"] is GapReason.INTERRUPTED
    assert set(gaps.values()) == {GapReason.INTERRUPTED}
    assert [one.outcome for one in kept.of("functions:ListFunctions")] == [Outcome.OK]


def test_a_run_that_was_stopped_before_it_began_is_quiet(google: Google, run: Run) -> None:
    stop = threading.Event()
    stop.set()
    kept = run(stop=stop)
    assert google.log == []
    assert kept.scopes == {}
    assert kept.envelopes == []


def test_malformed_rows_harm_nothing(google: Google, run: Run) -> None:
    google.scripts[f"v2/{HERE}/locations/-/functions"] = {"functions": [{"name": ""}, orders()]}
    odd = [None, 3, {"name": 5, "resource": []}, {"assetType": "run.googleapis.com/Service", "resource": {"data": 1}}]
    google.scripts[f"{ASSETS}#RESOURCE"] = {"assets": odd}
    google.scripts[f"{ASSETS}#IAM_POLICY"] = {"assets": [{"name": "x", "iamPolicy": {"bindings": [1, {"role": 2}]}}]}
    kept = run()
    assert KEY in kept.subjects("cloudkms:GetCryptoKey")
    assert ORDERS.endswith("orders")
