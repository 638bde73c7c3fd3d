"""The demo company: deployed once a session, scanned once at full depth, replayed by every test."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor import plugins
from auditor.cli.main import run
from auditor.engine.evaluate import Results
from auditor.model.ids import Cloud
from auditor.snapshot.archive import ShardWriter, Snapshot, write_facts
from tests.scenario.expect import AS_OF
from tests.scenario.replaying import Replay
from tests.shared_demo import made_once


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output directory of the demo, opinions included; its emulator is stopped by then (a process holds one)."""

    def make(out: Path) -> None:
        assert run(["demo", "--profile-level", "strict", "-o", str(out), "--quiet"]) == 0

    return made_once(tmp_path_factory, "company", make)


@pytest.fixture(scope="session")
def scanned(demo: Path) -> Path:
    """The same, by the name that most tests know it by; a module may make it a part of it."""
    return demo


@pytest.fixture(scope="session")
def azure_scanned(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the scan holds of Azure alone: a quarter of the work for tests of what is the same on every cloud."""

    def make(root: Path) -> None:
        snapshot = Snapshot(demo)
        facts = snapshot.facts
        kept = tuple(key for key in facts.shards if key.cloud is Cloud.AZURE)
        for key in kept:
            writer = ShardWriter()
            for row in snapshot.read(key):
                writer.add(row)
            writer.write(root, key, "part")
        scopes = tuple(scope for scope in facts.scopes if scope[0] is Cloud.AZURE)
        write_facts(root, replace(facts, shards=kept, sizes=(), scopes=scopes), "part")

    return made_once(tmp_path_factory, "azure", make)


@pytest.fixture(scope="session")
def report(scanned: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The demo's report as of the day its expected verdicts were written for."""

    def make(out: Path) -> None:
        options = ["--profile-level", "strict", "--quiet", "-M", "json", "--as-of", AS_OF]
        assert run(["evaluate", str(scanned), *options, "-o", str(out)]) == 0

    out = made_once(tmp_path_factory, f"{scanned.name}-as-of", make)
    document: dict[str, Any] = json.loads((out / "report.json").read_bytes())
    return document


@pytest.fixture(scope="session")
def replays(scanned: Path) -> dict[Cloud, Replay]:
    """The scan's snapshot in memory, cloud by cloud, ready to be judged again with answers withheld."""
    return {cloud: Replay.of(scanned, plugins.provider(cloud)) for cloud in Cloud}


@pytest.fixture(scope="session")
def wholes(replays: dict[Cloud, Replay]) -> dict[tuple[Cloud, bool], Results]:
    """What the scan comes to as it is: of each cloud, in the base tier and with all that was asked."""
    found = {(cloud, True): replay.in_base_tier().results() for cloud, replay in replays.items()}
    return found | {(cloud, False): replay.with_concurrency().results() for cloud, replay in replays.items()}


@pytest.fixture(scope="session")
def replay(replays: dict[Cloud, Replay]) -> Replay:
    """The AWS part."""
    return replays[Cloud.AWS]
