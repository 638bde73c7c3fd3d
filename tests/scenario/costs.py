"""Rewrites which checks lose a verdict where an operation is refused: ``make costs``.

``auditor permissions --check-managed`` tells them. The bundled company is scanned once and replayed with each operation
refused; the denial matrix proves that the file still says what the replays say.
"""

import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from auditor import plugins
from auditor.cli.main import run
from auditor.engine.evaluate import NOT_ASKED, STATUSES, Results
from auditor.model.finding import Status
from auditor.model.ids import Cloud
from auditor.provider import BASE, Operation
from tests.scenario.replaying import Replay

PATH: Final = Path(__file__).parents[2] / "auditor" / "analysis" / "data" / "operation_costs.json"
_LOST: Final = frozenset({Status.UNKNOWN, Status.NOT_EXAMINED})

Statuses = Mapping[tuple[str, str], Status]


def statuses(results: Results) -> dict[tuple[str, str], Status]:
    """(subject, check) → status."""
    return {
        (subject, check.id): STATUSES[code]
        for subject, codes in results.verdicts.items()
        for check, code in zip(results.checks, codes, strict=True)
        if code != NOT_ASKED
    }


def lost(before: Statuses, after: Statuses) -> list[str]:
    """The checks that no longer reach a verdict on a subject of which they reached one, sorted."""
    return sorted(
        {key[1] for key, was in before.items() if was not in _LOST and after.get(key, Status.UNKNOWN) in _LOST}
    )


def recorded() -> dict[str, dict[str, list[str]]]:
    """What the file says: cloud → operation → checks."""
    document: dict[str, dict[str, list[str]]] = json.loads(PATH.read_text("utf-8"))
    return document


def stage(replay: Replay, operation: Operation) -> Replay:
    """The replay in which an operation is asked: what belongs to the code tier may stand in for the base tier's."""
    return replay.in_base_tier() if operation.tier == BASE else replay.with_concurrency()


def main() -> int:
    """Scans, refuses each operation in turn, rewrites."""
    with tempfile.TemporaryDirectory() as scratch:
        run(["demo", "--profile-level", "strict", "--quiet", "-M", "json", "-o", scratch])
        document = {cloud.value: _of(Replay.of(Path(scratch), plugins.provider(cloud))) for cloud in Cloud}
    PATH.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    return 0


def _of(replay: Replay) -> dict[str, list[str]]:
    wholes: dict[bool, Statuses] = {}
    found = {}
    for operation in sorted(replay.provider.operations, key=lambda operation: operation.id):
        if operation.makes_call:
            staged, base = stage(replay, operation), operation.tier == BASE
            if base not in wholes:
                wholes[base] = statuses(staged.results())
            found[operation.id] = lost(
                wholes[base], statuses(staged.without(operation.id, operation.permission).results())
            )
    return found


if __name__ == "__main__":
    sys.exit(main())
