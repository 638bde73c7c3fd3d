"""Where source lies and who may use it: S14, a bucket of the customer's own in every place that names one."""

from typing import Any

import pytest

from auditor.model.capture import Envelope
from auditor.model.deployment import SourceBucket
from auditor.model.exposure import Reach
from auditor.model.observed import Gap, GapReason, Known
from providers.gcp.buckets import staging
from providers.gcp.normalize import normalize
from tests.unit.providers.gcp.normalize.capture import (
    NUMBER,
    PROJECT,
    REGION,
    binding,
    capture,
    checkout,
    ok,
    orders,
    orders_service,
    policy,
    resize,
)

SERVICES = "run:ListServices"
OWN = "shop-releases"
FULL = f"projects/_/buckets/{OWN}"
UNIFORM = {"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}, "publicAccessPrevention": "inherited"}}
FINE = {"iamConfiguration": {"uniformBucketLevelAccess": {"enabled": False}, "publicAccessPrevention": "inherited"}}


def functions(first: dict[str, Any], second: dict[str, Any]) -> Envelope:
    return ok("functions:ListFunctions", {"functions": [first, second]})


def second(source: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = orders()
    return body | {"buildConfig": body["buildConfig"] | {"source": source} | more}


def first(source: dict[str, Any]) -> dict[str, Any]:
    body = resize()
    return body | {"buildConfig": body["buildConfig"] | {"source": source}}


def older(archive: str) -> dict[str, Any]:
    """A function as version 1 of the API writes it."""
    return {
        "name": resize()["name"],
        "status": "ACTIVE",
        "runtime": "python312",
        "sourceArchiveUrl": archive,
        "httpsTrigger": {"url": f"https://{REGION}-{PROJECT}.cloudfunctions.net/resize"},
    }


STORED = {"storageSource": {"bucket": OWN, "object": "a.zip"}}
STAGED = {"storageSource": {"bucket": f"gcf-v2-sources-{NUMBER}-{REGION}", "object": "a.zip"}}
LISTS = {
    "second generation, storageSource": ("orders", functions(resize(), second(STORED))),
    "second generation, sourceProvenance": (
        "orders",
        functions(resize(), second(STAGED, sourceProvenance={"resolvedStorageSource": {"bucket": OWN}})),
    ),
    "first generation, storageSource": ("resize", functions(first(STORED), orders())),
    "first generation, sourceArchiveUrl": ("resize", functions(older(f"gs://{OWN}/a.zip"), orders())),
    "Cloud Run, sourceLocation": (
        "checkout",
        ok(
            SERVICES,
            {
                "services": [
                    orders_service(),
                    checkout() | {"buildConfig": checkout()["buildConfig"] | {"sourceLocation": f"gs://{OWN}/a.zip"}},
                ]
            },
            location=REGION,
        ),
    ),
}


def buckets(name: str, *changes: Envelope) -> dict[str, SourceBucket]:
    function = next(found for found in normalize(capture(*changes)).functions if found.name == name)
    return {each.name: each for each in function.deployment.need().build.source_buckets.need()}


def reaches(bucket: SourceBucket) -> set[tuple[Reach, bool]]:
    return {
        (grant.reach, grant.modifies) for group in bucket.access if isinstance(group, Known) for grant in group.value
    }


def gaps(bucket: SourceBucket) -> list[Gap]:
    return [group.gap for group in bucket.access if not isinstance(group, Known)]


def guarded(*bindings: dict[str, Any]) -> Envelope:
    return ok("storage:GetBucketPolicy", policy(*bindings), FULL)


def described(**more: Any) -> Envelope:
    return ok("storage:GetBucket", {"name": OWN, "projectNumber": NUMBER, **UNIFORM, **more}, FULL)


@pytest.mark.parametrize(("name", "listed"), LISTS.values(), ids=LISTS)
def test_s14_a_public_bucket_of_the_customers_own_is_seen_wherever_it_is_named(name: str, listed: Envelope) -> None:
    found = buckets(name, listed, guarded(binding("roles/storage.objectViewer", "allUsers")), described())
    assert (Reach.ANONYMOUS, False) in reaches(found[OWN])


@pytest.mark.parametrize(
    ("role", "member", "expected"),
    [
        ("roles/storage.objectAdmin", "allUsers", {(Reach.ANONYMOUS, True)}),
        ("roles/storage.objectCreator", "allAuthenticatedUsers", {(Reach.ANY_PRINCIPAL, True)}),
        ("roles/storage.legacyBucketWriter", "allUsers", {(Reach.ANONYMOUS, True)}),
        ("roles/storage.legacyBucketOwner", "allUsers", {(Reach.ANONYMOUS, True)}),
        ("roles/storage.legacyObjectReader", "allUsers", {(Reach.ANONYMOUS, False)}),
        ("roles/storage.legacyBucketReader", "allUsers", {(Reach.ANONYMOUS, False)}),
        ("roles/storage.legacyBucketOwner", f"projectEditor:{PROJECT}", {(Reach.SCOPED, True)}),
        ("roles/storage.legacyBucketOwner", "projectEditor:partner-prod", {(Reach.CROSS_ACCOUNT, True)}),
        ("roles/run.invoker", "allUsers", set()),
    ],
)
def test_s14_roles_of_every_age_and_convenience_members(role: str, member: str, expected: set[Any]) -> None:
    found = buckets("orders", LISTS["second generation, storageSource"][1], guarded(binding(role, member)), described())
    assert reaches(found[OWN]) == expected
    assert gaps(found[OWN]) == []


def test_s14_a_sound_bucket_of_the_customers_own_is_known_to_be_sound_and_the_platforms_copy_is_judged_too() -> None:
    found = buckets("orders", LISTS["second generation, storageSource"][1], guarded(), described())
    assert (reaches(found[OWN]), gaps(found[OWN])) == (set(), [])
    assert set(found) == {OWN, f"gcf-v2-sources-{NUMBER}-{REGION}"}


def test_s14_what_the_project_grants_on_all_buckets_holds_on_this_one() -> None:
    shared = ok("resourcemanager:GetProjectPolicy", policy(binding("roles/storage.objectViewer", "allUsers")))
    found = buckets("orders", LISTS["second generation, storageSource"][1], guarded(), described(), shared)
    assert (Reach.ANONYMOUS, False) in reaches(found[OWN])
    assert (Reach.ANONYMOUS, False) in reaches(found[f"gcf-v2-sources-{NUMBER}-{REGION}"])


def test_s14_access_lists_of_objects_are_public_or_unknown_never_safe() -> None:
    listed = LISTS["second generation, storageSource"][1]
    public = described(**FINE, defaultObjectAcl=[{"entity": "allUsers", "role": "READER"}])
    assert reaches(buckets("orders", listed, guarded(), public)[OWN]) == {(Reach.ANONYMOUS, False)}
    (gap,) = gaps(buckets("orders", listed, guarded(), described(**FINE))[OWN])
    assert (gap.reason, gap.permission) == (GapReason.NOT_COLLECTED, "storage.objects.getIamPolicy")
    (gap, *_) = gaps(buckets("orders", listed, guarded())[OWN])
    assert gap.operation == "storage:GetBucket"


def test_s14_public_access_prevention_voids_grants_to_the_public_only() -> None:
    prevented = described(iamConfiguration={"publicAccessPrevention": "enforced"})
    members = guarded(binding("roles/storage.objectAdmin", "allUsers", "projectEditor:partner-prod"))
    found = buckets("orders", LISTS["second generation, storageSource"][1], members, prevented)[OWN]
    assert reaches(found) == {(Reach.SCOPED, True)}


def test_a_bucket_of_a_project_that_was_not_read_leaves_what_that_project_grants_unknown() -> None:
    foreign = described(projectNumber="999999999999")
    (gap,) = gaps(buckets("orders", LISTS["second generation, storageSource"][1], guarded(), foreign)[OWN])
    assert gap.operation == "resourcemanager:GetProjectPolicy"


@pytest.mark.parametrize(
    ("name", "platforms"),
    [
        (f"gcf-v2-sources-{NUMBER}-{REGION}", True),
        (f"gcf-sources-{NUMBER}-{REGION}", True),
        (f"run-sources-{PROJECT}-{REGION}", True),
        ("gcf-v2-sources-999999999999-europe-west1", False),
        ("gcf-sources-mine", False),
        ("run-sources-other", False),
        (OWN, False),
    ],
)
def test_a_name_alone_does_not_make_a_bucket_the_platforms(name: str, platforms: bool) -> None:
    assert staging(name, PROJECT, NUMBER) is platforms
