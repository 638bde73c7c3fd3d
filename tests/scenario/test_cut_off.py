"""S5: what a killed run left is judged, and nothing passes for what had not been asked by then."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from auditor import plugins
from auditor.engine.evaluate import STATUSES, Results
from auditor.model.capture import CaptureFacts
from auditor.model.finding import Status
from auditor.model.ids import Cloud
from auditor.snapshot.archive import ShardWriter, Snapshot, write_facts
from tests.scenario.replaying import Replay


def left_of(scanned: Path, root: Path, *, seed: int, answers: float, operations: float) -> None:
    """A capture with a part of the answers of a part of the operations, as a run leaves it that was killed."""
    chance, kept = random.Random(seed), []
    snapshot = Snapshot(scanned)
    for key in snapshot.shards():
        if chance.random() > operations:
            continue
        rows = list(snapshot.read(key))
        writer = ShardWriter()
        for row in rows[: max(1, int(len(rows) * answers))]:
            writer.add(row)
        writer.write(root, key, "cut")
        kept.append(key)
    facts: CaptureFacts = replace(snapshot.facts, shards=tuple(kept), unfinished=True, interrupted=True)
    write_facts(root, facts, "cut")


def passed(results: Results) -> set[tuple[str, str]]:
    code = STATUSES.index(Status.PASS)
    return {
        (subject, check.id)
        for subject, codes in results.verdicts.items()
        for check, found in zip(results.checks, codes, strict=True)
        if found == code
    }


@pytest.mark.parametrize(
    ("seed", "answers", "operations"), [(1, 1.0, 1.0), (2, 0.5, 1.0), (3, 1.0, 0.5), (4, 0.2, 0.9)]
)
def test_s5_nothing_passes_that_was_cut_off(
    scanned: Path, replays: dict[Cloud, Replay], tmp_path: Path, seed: int, answers: float, operations: float
) -> None:
    left_of(scanned, tmp_path, seed=seed, answers=answers, operations=operations)
    for cloud in Cloud:
        whole = passed(replays[cloud].results())
        left = passed(Replay.of(tmp_path, plugins.provider(cloud)).results())
        assert left - whole == set()
