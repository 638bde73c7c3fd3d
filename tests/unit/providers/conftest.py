"""What tests of every provider are given: a clock that stands still, an event that ends a run, and an enricher."""

import threading
from collections.abc import Iterator

import pytest

from auditor.code.advisories.choosing import AdvisorySource
from auditor.code.enrichment import PackageEnricher
from tests.unit.providers.fake_clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


@pytest.fixture
def enricher() -> Iterator[PackageEnricher]:
    made = PackageEnricher(AdvisorySource(None))
    yield made
    made.close()
