"""Whole runs against clouds that spoil their answers: the run finishes, what is damaged is a gap, nothing becomes PASS.

The demo company's emulators, the real SDKs and the command line. Each operation has a kind of damage of its own, another
one in the second run; what opens the accounts and lists the functions is left whole, so that there is something to judge.
"""

import json
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.demo import pointed_at
from auditor.cli.main import run
from auditor.model.capture import Outcome
from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.provider import Operation
from auditor.snapshot.archive import Snapshot
from moto_fixtures.company import start
from tests.answers import SAYS_NONE
from tests.scenario.damage import EMPTY, KINDS
from tests.scenario.verdicts import OPERATIONS, STANDS_IN

WHOLE = {
    *("sts:GetCallerIdentity", "ec2:DescribeRegions", "account:ListRegions"),
    *("lambda:ListFunctions", "lambda:ListPublishedVersions"),  # one call of the service under two names
    *("resources:ListSubscriptions", "web:ListSites"),
    *("resourcemanager:SearchProjects", "resourcemanager:GetProject", "functions:ListFunctions"),
    "s3:HeadBucket",  # without a body there is nothing to spoil
}
# Some lists of Azure come bare: an answer that is a list is none of their damage, what is odd is then one of their rows.
SPOILING = [name for name in KINDS if name not in EMPTY | {"a list"}]


def rewritten(operation: Operation, kind: str) -> Callable[[bytes], bytes]:
    def rewrite(body: bytes) -> bytes:
        if not body.lstrip().startswith((b"{", b"[")):
            return body[: len(body) // 2]  # XML
        known = {*operation.answer.required, *operation.answer.identifying} & json.loads(body).keys()
        if not known:  # the SDK renames its members
            return KINDS["error body"](operation, body.decode()).encode()
        return KINDS[kind](operation, body.decode()).encode()

    return rewrite


def faults(cloud: Cloud, turn: int) -> Iterator[Any]:
    """A rule for each operation. Of Resource Graph, which answers many by one query, one for each table but the first."""
    made = import_module(f"moto_fixtures.{cloud}.faults")
    for number, (own, operation) in enumerate(OPERATIONS):
        if own is not cloud or operation.id in WHOLE or getattr(operation, "graph", "") == "resources":
            continue
        kind = SPOILING[(number * 5 + turn * 7) % len(SPOILING)]
        if cloud is Cloud.AWS and kind == "nulls" and operation.id in SAYS_NONE:
            kind = "wrong types"  # botocore drops a member that is null, and without the member there is none
        rewrite = rewritten(operation, kind)
        if cloud is Cloud.AWS:
            client, method = operation.client, operation.method  # type: ignore[attr-defined]
            yield made.Fault(made.Spoil.REWRITE, service=client, operation=method, rewrite=rewrite)
        elif getattr(operation, "graph", ""):
            table = operation.graph  # type: ignore[attr-defined]
            yield made.Fault(made.Spoil.REWRITE, operation="graph:*", query=f"{table} |", rewrite=rewrite)
        else:
            yield made.Fault(made.Spoil.REWRITE, operation=operation.id, rewrite=rewrite)


def verdicts(report: dict[str, Any]) -> dict[tuple[str, str], str]:
    return {(subject, check): status for subject, row in report["verdicts"].items() for check, status in row.items()}


@pytest.fixture(scope="module", params=list(Cloud), ids=str)
def company(request: pytest.FixtureRequest) -> Iterator[tuple[Cloud, Any]]:
    emulator: Any = start(request.param)
    yield request.param, emulator
    emulator.stop()


@pytest.mark.parametrize("turn", [0, 1])
def test_s2_s3_a_run_whose_answers_are_damaged_finishes_and_passes_nothing(
    company: tuple[Cloud, Any], scanned: Path, tmp_path: Path, turn: int
) -> None:
    cloud, emulator = company
    emulator.faults.clear()
    for fault in faults(cloud, turn):
        emulator.faults.add(fault)
    with pointed_at(emulator.environment):
        options = ["--provider", cloud.value, "--depth", "full", "--profile-level", "strict", "--quiet", "-M", "json"]
        assert run(["scan", *options, "-o", str(tmp_path)]) in (0, 4)
    report = json.loads((tmp_path / "report.json").read_bytes())
    before = verdicts(json.loads((scanned / "report.json").read_bytes()))
    now = verdicts(report)
    assert len(report["functions"]) > 50
    assert not report["run"]["complete"]
    new = {key: status for key, status in now.items() if status != before.get(key)}
    bolder = {key for key, status in new.items() if status not in ("UNKNOWN", "NOT_EXAMINED")}
    assert {key for key in bolder if (None, key[1]) not in {(None, check) for _, check in STANDS_IN}} == set()
    snapshot = Snapshot(tmp_path)
    spoiled = {operation.id for own, operation in OPERATIONS if own is cloud} - WHOLE
    for key in snapshot.shards():
        if key.operation in spoiled and not key.operation.startswith("graph:"):
            outcomes = {(one.outcome, one.reason) for one in snapshot.heads(key)}
            assert (Outcome.OK, None) not in outcomes, key.operation
            assert {reason for outcome, reason in outcomes if outcome is Outcome.GAP} <= {
                GapReason.MALFORMED, GapReason.DENIED, GapReason.NOT_FOUND, GapReason.NOT_OFFERED,
                GapReason.NOT_COLLECTED, GapReason.SERVICE_ERROR,
            }, key.operation  # fmt: skip
