"""A whole collection while most calls are throttled: nothing is lost, whatever the cloud asks to wait."""

import threading
from collections.abc import Iterator

import pytest

from auditor.model.capture import Depth
from auditor.model.observed import GapReason
from auditor.provider import CollectOptions
from moto_fixtures.azure.company import start
from moto_fixtures.azure.faults import Fault
from moto_fixtures.azure.server import Server
from moto_fixtures.emulation.faults import Spoil
from providers.azure.collect.run import read_subscriptions
from providers.azure.gateway import Gateway
from providers.azure.session import Session, Settings
from tests.unit.providers.azure.collector.conftest import Kept
from tests.unit.providers.fake_clock import FakeClock


@pytest.fixture(scope="module")
def company() -> Iterator[Server]:
    server = start()
    yield server
    server.stop()


def collected(company: Server, monkeypatch: pytest.MonkeyPatch, *faults: Fault) -> Kept:
    for name, value in company.environment.items():
        monkeypatch.setenv(name, value)
    stop, kept = threading.Event(), Kept()
    options = CollectOptions(Depth.FULL, (), (), (), (), 16, None, {}, stop)
    for fault in faults:
        company.faults.add(fault)
    session = Session(Settings())
    try:
        read_subscriptions(Gateway(session, kept, kept, stop, 16, clock=FakeClock()), options, kept)
    finally:
        session.close()
        company.faults.clear()
    return kept


def outcomes(kept: Kept) -> dict[tuple[str, str, str], str]:
    return {(e.operation, e.scope, e.subject): str(e.reason or e.outcome) for e in kept.envelopes}


@pytest.mark.parametrize(
    "faults",
    [
        [Fault(Spoil.THROTTLE, share=0.6, retry_after=1)],
        [Fault(Spoil.THROTTLE, share=0.6, retry_after=30)],
        [Fault(Spoil.THROTTLE_SILENT, share=0.6)],
        [Fault(Spoil.THROTTLE, share=0.4, retry_after=5), Fault(Spoil.THROTTLE_SILENT, share=0.35)],
    ],
    ids=["after a second", "after half a minute", "without a word", "both"],
)
def test_s11_nothing_is_lost_when_six_in_ten_of_all_calls_are_throttled(
    company: Server, monkeypatch: pytest.MonkeyPatch, faults: list[Fault]
) -> None:
    whole = outcomes(collected(company, monkeypatch))
    kept = collected(company, monkeypatch, *faults)
    assert sum(kept.throttles.values()) > len(kept.envelopes) / 2
    assert GapReason.THROTTLED.value not in {str(envelope.reason) for envelope in kept.envelopes}
    assert outcomes(kept) == whole
