"""What is asked where a bulk list is refused, breaks off or misses a region."""

from collections.abc import Callable
from typing import Any

import pytest

from auditor.model.capture import Depth, Outcome
from auditor.model.observed import GapReason
from tests.unit.providers.gcp.collector.company import (
    ALONE,
    BEHIND,
    LEGACY,
    OTHER_REGION,
    PROJECT,
    REGION,
    ROLE,
    asset,
    legacy,
    orders,
    resources,
    scripts,
)
from tests.unit.providers.gcp.collector.conftest import Google, Kept, denied, error, off

Run = Callable[..., Kept]
HERE = f"projects/{PROJECT}"
ASSETS = f"v1/{HERE}/assets"


@pytest.fixture(autouse=True)
def company(google: Google) -> None:
    google.scripts = scripts()


REFUSALS: list[tuple[Any, GapReason]] = [
    (denied("cloudasset.assets.listResource"), GapReason.DENIED),
    (off(), GapReason.NOT_OFFERED),
    (off("projects/1"), GapReason.SERVICE_ERROR),
    (error(500, "INTERNAL"), GapReason.SERVICE_ERROR),
    ((200, b"{", {}), GapReason.MALFORMED),
]


@pytest.mark.parametrize(("answer", "reason"), REFUSALS, ids=["denied", "off", "charged", "broken", "malformed"])
def test_without_the_inventory_each_service_is_asked_itself(
    google: Google, run: Run, answer: Any, reason: GapReason
) -> None:
    google.scripts[f"{ASSETS}#RESOURCE"] = google.scripts[f"{ASSETS}#IAM_POLICY"] = answer
    kept = run(Depth.FULL)
    assert [one.reason for one in kept.of("asset:ListResources")] == [reason]
    assert [one.reason for one in kept.of("asset:ListPolicies")] == [reason]
    assert [one.location for one in kept.of("run:ListServices")] == ["asia-east1", REGION, OTHER_REGION]
    assert kept.subjects("run:GetIamPolicy") == [ALONE, BEHIND]
    assert kept.subjects("functions:GetIamPolicy") == [LEGACY]
    assert kept.subjects("pubsub:GetTopicPolicy") == [f"{HERE}/topics/new-orders"]
    for regional in ("cloudscheduler:ListJobs", "cloudtasks:ListQueues", "workflows:ListWorkflows"):
        assert [one.location for one in kept.of(regional)] == [REGION, OTHER_REGION]


def test_custom_roles_are_also_learnt_from_single_policies(google: Google, run: Run) -> None:
    google.scripts[f"{ASSETS}#IAM_POLICY"] = denied()
    google.scripts[f"v2/{BEHIND}:getIamPolicy"] = {"bindings": [{"role": ROLE, "members": ["allUsers"]}]}
    assert ROLE in run().subjects("iam:GetRole")


def test_an_inventory_that_breaks_off_counts_as_none(google: Google, run: Run) -> None:
    google.scripts[f"{ASSETS}#IAM_POLICY"] = [{"assets": [], "nextPageToken": "p1"}, error(500, "INTERNAL")]
    kept = run()
    assert [(one.page, one.reason) for one in kept.of("asset:ListPolicies")] == [
        (0, None),
        (1, GapReason.SERVICE_ERROR),
    ]
    assert BEHIND in kept.subjects("run:GetIamPolicy")


def test_functions_are_known_from_the_inventory_where_their_list_is_denied(google: Google, run: Run) -> None:
    google.scripts[f"v2/{HERE}/locations/-/functions"] = denied("cloudfunctions.functions.list")
    first = {"name": LEGACY, "eventTrigger": {"resource": "projects/_/buckets/shop-uploads"}, "maxInstances": 3.0}
    kind = "cloudfunctions.googleapis.com/CloudFunction"
    listed = [*resources(), asset(f"cloudfunctions.googleapis.com/{LEGACY}", kind, resource={"data": first})]
    google.scripts[f"{ASSETS}#RESOURCE"] = {"assets": listed}
    google.scripts[f"{ASSETS}#IAM_POLICY"] = denied()
    kept = run()
    assert kept.subjects("functions:GetIamPolicy") == [LEGACY]
    assert kept.subjects("run:GetIamPolicy") == [ALONE, BEHIND]
    assert "projects/_/buckets/shop-uploads" in kept.subjects("storage:GetBucketPolicy")


def test_regions_a_page_could_not_reach_are_gaps_and_the_rest_is_read(google: Google, run: Run) -> None:
    path = f"v2/{HERE}/locations/-/functions"
    google.scripts[path] = [
        {"functions": [orders()], "unreachable": [f"{HERE}/locations/us-east4"], "nextPageToken": "p1"},
        {"functions": [legacy()], "unreachable": [f"{HERE}/locations/asia-south1"]},
    ]
    kept = run()
    gaps = [one for one in kept.of("functions:ListFunctions") if one.outcome is Outcome.GAP]
    assert [(gap.location, gap.reason) for gap in gaps] == [
        ("asia-south1", GapReason.UNREACHABLE),
        ("us-east4", GapReason.UNREACHABLE),
    ]
    assert "projects/_/buckets/shop-uploads" in kept.subjects("storage:GetBucketPolicy")
