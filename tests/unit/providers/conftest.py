"""What tests of every provider are given: a clock that stands still, and an event that ends a run."""

import threading

import pytest

from tests.unit.providers.fake_clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()
