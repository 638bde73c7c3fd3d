"""A run that was killed, or whose credentials expired, is gone on with: nothing is lost, and only what is missing asked."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import run
from auditor.model.capture import Outcome
from auditor.snapshot.archive import Snapshot
from moto_fixtures.aws.faults import Fault
from moto_fixtures.aws.server import Server
from moto_fixtures.emulation.faults import Spoil
from tests.scenario.pausing import Paused, started, wait_until
from tests.unit.providers.aws.collector.organization import HOME, HUB, deploy

NAMES = tuple(f"f{number:02}" for number in range(12))
POLICY = "lambda:GetPolicy"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as opened, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "false")
        deploy(opened, HUB, *NAMES)
        yield opened


@pytest.fixture
def into(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    yield tmp_path / "out"
    server.faults.clear()


def command(place: Path, *more: str) -> list[str]:
    return ["scan", "--provider", "aws", "-f", HOME, "-M", "json", "-o", str(place), "--quiet", *more]


def judged(place: Path) -> dict[str, Any]:
    report = json.loads((place / "report.json").read_text("utf-8"))
    for finding in report["findings"]:
        for row in finding["evidence"]:
            row["detail"] = row["detail"].partition(" (as of ")[0]
    return {key: report[key] for key in ("verdicts", "findings", "functions", "unknowns", "score")}


def asked(server: Server) -> list[str]:
    """The functions whose policy was asked for, as often as it was."""
    return sorted(seen.resource for seen in server.requests if seen.operation == "GetPolicy")


def killed(server: Server, place: Path, policies: int, *more: str) -> None:
    """Runs until so many policies were answered and some of them are written, then kills."""
    answer, before = server.answer, server.connections
    seen: list[None] = []

    def beyond(call: Any) -> bool:
        seen.extend([None] * (call.operation == "GetPolicy"))
        return len(seen) > policies

    paused = Paused(server, beyond)
    process = started(*command(place, *more))
    wait_until(lambda: paused.reached.is_set() or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    written = f".{place.name}.auditor-*/snapshot/aws/*/*/lambda%3AGetPolicy.*"
    wait_until(lambda: any(place.parent.glob(written)))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    paused.let_go.set()
    wait_until(lambda: server.connections <= before)  # what the dead process had asked is answered, to nobody
    server.answer = answer  # type: ignore[method-assign]


def answered(*places: Path) -> set[str]:
    """The functions whose policy was told, in what killed runs left."""
    names = set()
    for place in places:
        capture = Snapshot(place)
        for key in capture.shards():
            if key.operation == POLICY:
                names |= {
                    head.subject.rpartition(":")[2] for head in capture.heads(key) if head.outcome is not Outcome.GAP
                }
    return names


def left(place: Path) -> list[Path]:
    return sorted(path for path in place.parent.iterdir() if path.name.startswith(f".{place.name}.auditor-"))


@pytest.mark.parametrize("policies", [2, 7])
def test_a_run_killed_twice_ends_as_if_it_never_was(server: Server, into: Path, policies: int) -> None:
    whole = into.with_name("whole")
    assert run(command(whole)) == 0
    killed(server, into, policies)
    told = answered(*left(into))
    assert told
    server.forget_requests()
    killed(server, into, 3, "--resume", str(into))
    assert not told & set(asked(server))
    told |= answered(*left(into))
    server.forget_requests()
    assert run(command(into, "--resume", str(into))) == 0
    assert set(asked(server)) == set(NAMES) - told
    assert len(asked(server)) == len(set(asked(server)))
    assert judged(into) == judged(whole)
    facts = Snapshot(into).facts
    assert not facts.unfinished
    assert not facts.interrupted
    assert len(list((into / "snapshot" / "captures").iterdir())) == 1


def test_what_expired_credentials_left_unanswered_is_asked_and_nothing_else(server: Server, into: Path) -> None:
    server.faults.add(Fault(Spoil.EXPIRED_TOKEN, operation="GetPolicy", resource=NAMES[5]))
    run(command(into))
    missing = set(NAMES) - answered(into)
    assert NAMES[5] in missing
    server.faults.clear()
    server.forget_requests()
    assert run(command(into, "--resume", str(into))) == 0
    assert set(asked(server)) == missing
    report = json.loads((into / "report.json").read_text("utf-8"))
    assert not report["coverage"]["gaps"] or all(row["operation"] != POLICY for row in report["coverage"]["gaps"])


def test_there_must_be_something_to_resume(into: Path, capsys: pytest.CaptureFixture[str]) -> None:
    into.mkdir()
    assert run(command(into, "--resume", str(into))) == 2
    assert "No run that was cut off left anything" in " ".join(capsys.readouterr().err.split())
