"""One emulated account a module (a process holds one at a time), and its report when nothing goes wrong."""

from collections.abc import Iterator

import pytest

from auditor.cli.demo import pointed_at
from moto_fixtures.aws.server import Server
from tests.scenario.failures.account import Auditor, Scan, deploy


@pytest.fixture(scope="module")
def auditor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Auditor]:
    """The command line against the small account."""
    with Server() as server:
        with pointed_at(server.environment):
            deploy()
        yield Auditor(server, tmp_path_factory.mktemp("out"))


@pytest.fixture(scope="module")
def sane(auditor: Auditor) -> Scan:
    """The account as it is when everything answers, at full depth with opinions."""
    return auditor.scan("--depth", "full", "--profile-level", "strict")


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Auditor]:
    """An account of a test's own, empty. For modules that do not hold another."""
    with Server() as server, pointed_at(server.environment):
        yield Auditor(server, tmp_path_factory.mktemp("out"))
