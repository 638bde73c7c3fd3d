"""The demo company: deployed once a session, scanned once at full depth, replayed by every test."""

from pathlib import Path

import pytest

from auditor.cli.main import run
from tests.scenario.replaying import Replay


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output directory of the demo, opinions included; its emulator is stopped by then (a process holds one)."""
    out = tmp_path_factory.mktemp("company")
    assert run(["demo", "--profile-level", "strict", "-o", str(out), "--quiet"]) == 0
    return out


@pytest.fixture(scope="session")
def replay(scanned: Path) -> Replay:
    """The scan's snapshot in memory, ready to be judged again with answers withheld."""
    return Replay.of(scanned)
