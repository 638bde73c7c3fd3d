"""Reports on roles, asked of an emulated account through real boto3 and read back."""

from collections.abc import Callable, Iterator

import pytest

from auditor.model.capture import Depth
from auditor.model.identity import ServiceUsage
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason, Known, Observed, Unknown
from auditor.provider import CollectOptions
from moto_fixtures.aws.faults import Fault
from moto_fixtures.aws.moto_extensions.iam import used
from moto_fixtures.aws.server import Server
from moto_fixtures.emulation.faults import Spoil
from providers.aws.normalize import normalize
from providers.aws.provider import AwsProvider
from tests.unit.providers.aws.collector.conftest import Kept
from tests.unit.providers.aws.collector.organization import HOME, HUB, deploy
from tests.unit.providers.memory import MemoryCapture, facts

ROLE = f"arn:aws:iam::{HUB}:role/worker"
MAKE, READ = "iam:GenerateServiceLastAccessedDetails", "iam:GetServiceLastAccessedDetails"
TIERS = ("usage",)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as started, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "false")
        deploy(started, HUB, "orders", "bills")
        tracked = {"GetFunction": True, "DeleteFunction": False}
        used(started.account, ROLE, ("ec2", False, {}), ("lambda", True, tracked), ("s3", True, {}))
        yield started


@pytest.fixture
def read(
    server: Server, options: Callable[..., CollectOptions], kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Kept]]:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)

    def run(depth: Depth = Depth.STANDARD, **more: object) -> Kept:
        settings = {"pacing": "off"}
        AwsProvider().collect(options(depth, regions=(HOME,), settings=settings, **more), kept, kept)
        return kept

    yield run
    server.faults.clear()


def usage(kept: Kept) -> Observed[ServiceUsage]:
    capture = MemoryCapture(facts(Depth.STANDARD, (Cloud.AWS, HUB, (HOME,))), kept.envelopes)
    (found,) = {function.identity.need() for function in normalize(capture).functions}
    assert found is not None
    return found.usage


def test_the_report_of_a_role_is_made_once_and_read_page_by_page(read: Callable[..., Kept]) -> None:
    kept = read(tiers=TIERS)
    assert [one.subject for one in kept.of(MAKE)] == [ROLE]
    assert kept.pages(READ) == ["ok", "ok"]
    found = usage(kept)
    assert isinstance(found, Known)
    assert found.source == READ
    assert [(use.service, use.last_used, use.idle_actions) for use in found.value.used] == [
        ("lambda", "2026-11-20", ("DeleteFunction",)),
        ("s3", "2026-11-20", ()),
    ]
    assert found.value.unused == ("ec2",)


@pytest.mark.parametrize("operation", [MAKE, READ])
def test_a_refusal_leaves_it_unknown_with_the_permission(
    read: Callable[..., Kept], server: Server, operation: str
) -> None:
    server.faults.add(Fault(Spoil.DENY, service="iam", operation=operation.partition(":")[2]))
    found = usage(read(tiers=TIERS))
    assert isinstance(found, Unknown)
    assert (found.gap.reason, found.gap.permission) == (GapReason.DENIED, operation)


def test_it_is_asked_in_its_tier_alone(read: Callable[..., Kept]) -> None:
    kept = read()
    read(Depth.QUICK, tiers=TIERS)
    assert kept.of(MAKE) == kept.of(READ) == []
    found = usage(kept)
    assert isinstance(found, Unknown)
    assert (found.gap.reason, found.gap.message) == (GapReason.NOT_IN_TIER, "asked only with --tier usage")


def test_a_report_that_breaks_off_or_failed_is_none(read: Callable[..., Kept]) -> None:
    kept = read(tiers=TIERS)
    first, last = kept.of(READ)
    kept.envelopes.remove(last)
    broken = usage(kept)
    assert isinstance(broken, Unknown)
    assert (broken.gap.reason, broken.gap.message) == (GapReason.NOT_COLLECTED, "the list breaks off")
    assert first.body is not None
    del first.body["Marker"]
    cut = usage(kept)
    assert isinstance(cut, Unknown)
    assert (cut.gap.reason, cut.gap.message) == (GapReason.MALFORMED, "the report breaks off")
    first.body.update(JobStatus="FAILED", IsTruncated=False)
    failed = usage(kept)
    assert isinstance(failed, Unknown)
    assert failed.gap.message == "the report is FAILED"
