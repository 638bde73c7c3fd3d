"""A run that is to end does end, on every cloud, though a call hangs; what was read stays, what was not is told.

S19: no duration is measured. The calls of these runs never give up by themselves, so a run that waited for one that
hangs would not end.
"""

import json
import select
import signal
import socket
from collections.abc import Collection, Iterator
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from auditor.cli.demo import pointed_at
from auditor.cli.main import run
from auditor.engine.collect import collect
from auditor.model.capture import Depth
from auditor.model.ids import Cloud
from auditor.provider import CollectOptions
from auditor.snapshot.archive import Snapshot
from tests.scenario.pausing import PATIENCE, Paused, started_with_endless_calls

CLOUDS = tuple(Cloud)
LISTING = {
    Cloud.AWS: "lambda:ListFunctions",
    Cloud.AZURE: "web:ListSites",
    Cloud.GCP: "functions:ListFunctions",
}


class Mute:
    """A server that takes every call and never answers."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"

    def called(self) -> bool:
        """Waits for the first call."""
        return bool(select.select([self._listening], [], [], PATIENCE)[0])


@pytest.fixture
def mute() -> Iterator[Mute]:
    with socket.create_server(("127.0.0.1", 0), backlog=200) as listening:
        yield Mute(listening)


def environment(cloud: Cloud, url: str) -> dict[str, str]:
    variables = {"NO_PROXY": "127.0.0.1", "NO_GCE_CHECK": "true", "AWS_EC2_METADATA_DISABLED": "true"}
    if cloud is Cloud.AWS:
        keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
        return variables | keys | {"AWS_ENDPOINT_URL": url, "AWS_DEFAULT_REGION": "us-east-1"}
    return variables | {f"AUDITOR_{cloud.upper()}_ENDPOINT": url}


def scan(cloud: Cloud, out: Path, *options: str) -> list[str]:
    return ["scan", "--provider", cloud.value, "--no-progress", "-o", str(out), *options]


def reported(out: Path) -> dict[str, Any]:
    return json.loads((out / "report.json").read_bytes())


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_timeout_does_not_wait_for_a_call_that_hangs(cloud: Cloud, mute: Mute, tmp_path: Path) -> None:
    command = scan(cloud, tmp_path / "out", "--timeout", "1")
    process = started_with_endless_calls(*command, environment=environment(cloud, mute.url))
    said, complained = process.communicate(timeout=PATIENCE)
    assert process.returncode == 5
    assert "the time of --timeout is over: stopping" in complained
    assert "Traceback" not in complained
    assert "Nothing was read: the run was stopped before any account was opened." in said
    report = reported(tmp_path / "out")
    assert (report["run"]["exit_code"], report["run"]["complete"], report["run"]["interrupted"]) == (5, False, True)
    assert report["run"]["errors"] == [f"The run was stopped before any account of {cloud} was opened."]


@pytest.mark.parametrize(
    ("cloud", "number", "code"),
    [*((cloud, signal.SIGINT, 130) for cloud in CLOUDS), (Cloud.AWS, signal.SIGTERM, 143)],
)
def test_a_signal_does_not_wait_for_a_call_that_hangs(
    cloud: Cloud, mute: Mute, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    process = started_with_endless_calls(*scan(cloud, tmp_path / "out"), environment=environment(cloud, mute.url))
    assert mute.called()
    process.send_signal(number)
    _, complained = process.communicate(timeout=PATIENCE)
    assert process.returncode == code
    assert "stopping, and keeping what was collected" in complained
    assert "Traceback" not in complained
    assert reported(tmp_path / "out")["run"]["exit_code"] == code


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_was_read_before_a_call_hung_is_kept(cloud: Cloud, tmp_path: Path) -> None:
    server = import_module(f"moto_fixtures.{cloud}.company").start()
    paused = Paused.after(server, 40)
    where = ["--region", "us-east-1"] if cloud is Cloud.AWS else []
    command = scan(cloud, tmp_path / "out", *where, "--depth", "full", "--quiet", "-M", "json")
    process = started_with_endless_calls(*command, environment=dict(server.environment))
    try:
        assert paused.reached.wait(PATIENCE)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    finally:
        paused.let_go.set()
        server.stop()
    report = reported(tmp_path / "out")
    assert process.returncode == report["run"]["exit_code"] == 130
    assert report["functions"]
    assert report["run"]["complete"] is False
    assert LISTING[cloud] in {row["operation"] for row in report["coverage"]["operations"] if row["ok"]}
    # a machine under load may let a cloud fall silent for longer than it is waited for
    left_behind = f"The run was stopped while {cloud} was being read: what was not asked is missing."
    assert set(report["run"]["errors"]) <= {left_behind}
    assert report["run"]["errors"] or "INTERRUPTED" in {gap["reason"] for gap in report["coverage"]["gaps"]}


class _Silent:
    def expect(self, calls: int) -> None: ...

    def done(self, operation: str) -> None: ...

    def waiting(self, jobs: int) -> None: ...

    def answered(self, location: str, functions: Collection[str]) -> None: ...


class _Deaf:
    """A provider that does not look at ``stop``, and records something long after it was left behind."""

    listing: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.begun = Event()
        self.let_go = Event()
        self.ended = Event()

    def collect(self, _options: CollectOptions, recorder: Any, _progress: Any) -> None:
        recorder.scope("111122223333", ("us-east-1",))
        self.begun.set()
        self.let_go.wait(PATIENCE)
        recorder.scope("999999999999", ("us-east-1",))
        recorder.error("too late")
        self.ended.set()


def test_a_provider_that_does_not_end_is_left_behind_and_writes_nothing_more(tmp_path: Path) -> None:
    stop, deaf = Event(), _Deaf()
    options = CollectOptions(Depth.QUICK, (), (), (), (), 4, None, {}, stop)
    Thread(target=lambda: (deaf.begun.wait(PATIENCE), stop.set()), daemon=True).start()  # type: ignore[func-returns-value]
    facts = collect({Cloud.AWS: deaf}, {Cloud.AWS: options}, tmp_path, (), _Silent())  # type: ignore[dict-item]
    assert not deaf.ended.is_set()
    assert facts.interrupted
    assert facts.errors == ("The run was stopped while aws was being read: what was not asked is missing.",)
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    deaf.let_go.set()
    assert deaf.ended.wait(PATIENCE)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files
    assert Snapshot(tmp_path).facts == facts


def test_a_run_stopped_before_it_began_is_incomplete(
    mute: Mute, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pointed_at(environment(Cloud.AWS, mute.url)):
        options = ["--no-progress", "--timeout", "0.001", "-M", "json", "-o", str(tmp_path / "out")]
        code = run(["scan", "--provider", "aws", *options])
    report = reported(tmp_path / "out")
    assert code == report["run"]["exit_code"] == 5
    assert report["run"]["complete"] is report["coverage"]["complete"] is False
    said = capsys.readouterr().out
    with pointed_at(environment(Cloud.AWS, mute.url)):
        assert run(["collect", "--provider", "aws", "--timeout", "0.001", "-o", str(tmp_path / "only")]) == 5
    assert "the run was stopped before any account was opened" in said
    assert "every one of 0 verdicts" not in said
