"""Rewrites which checks lose a verdict where an operation is refused: ``make costs``, ``make costs COSTS='pipes: sns:'``.

``auditor permissions --check-managed`` tells them. The bundled company is scanned once and replayed with each operation
refused; the denial matrix proves that the file still says what the replays say. With beginnings of operations' names
given, only those are asked again.
"""

import json
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from auditor import plugins
from auditor.cli.main import run
from auditor.engine.evaluate import NOT_ASKED, STATUSES, Results
from auditor.model.finding import Status
from auditor.model.ids import Cloud
from auditor.provider import BASE, Operation, Provider
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
    """Scans, refuses each operation in turn (or those that are named), rewrites."""
    named, document = tuple(sys.argv[1:]), recorded()
    with tempfile.TemporaryDirectory() as scratch:
        run(["demo", "--profile-level", "strict", "--quiet", "-M", "json", "-o", scratch])
        for cloud in Cloud:
            provider = plugins.provider(cloud)
            asked = [each for each in provider.operations if each.makes_call and each.id.startswith(named or "")]
            kept = {name: document[cloud.value][name] for name in _names(provider) & document[cloud.value].keys()}
            again = _of(Replay.of(Path(scratch), provider), asked) if asked else {}
            document[cloud.value] = dict(sorted({**kept, **again}.items()))
    PATH.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    return 0


def _names(provider: Provider) -> set[str]:
    return {operation.id for operation in provider.operations if operation.makes_call}


def _of(replay: Replay, operations: Iterable[Operation]) -> dict[str, list[str]]:
    wholes: dict[bool, Statuses] = {}
    found = {}
    for operation in operations:
        staged, base = stage(replay, operation), operation.tier == BASE
        if base not in wholes:
            wholes[base] = statuses(staged.results())
        refused = statuses(staged.without(operation.id, operation.permission).results())
        found[operation.id] = lost(wholes[base], refused)
    return found


if __name__ == "__main__":
    sys.exit(main())
