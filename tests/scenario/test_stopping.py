"""A run that is to end does end, on every cloud, though a call hangs; what was read stays, what was not is told."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from threading import Event, Timer
from typing import Any

import pytest

from auditor.cli.demo import pointed_at
from auditor.cli.main import run
from auditor.engine.collect import collect
from auditor.model.capture import Depth
from auditor.model.ids import Cloud
from auditor.provider import CollectOptions
from auditor.snapshot.archive import Snapshot

CLOUDS = tuple(Cloud)
BOUND = 2.5
"""Seconds after its time that a run may take to wind up, on a busy machine."""


class Mute:
    """A server that takes every call and never answers."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"

    def called(self) -> bool:
        """Waits for the first call."""
        return bool(select.select([self._listening], [], [], 30)[0])


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


def started(cloud: Cloud, url: str, out: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "auditor", "scan", "--provider", cloud.value, "--no-progress", "-o", str(out)]
    return subprocess.Popen(
        [*command, *options],
        env={**os.environ, **environment(cloud, url)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def reported(out: Path) -> dict[str, Any]:
    return json.loads((out / "report.json").read_bytes())


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_timeout_does_not_wait_for_a_call_that_hangs(cloud: Cloud, mute: Mute, tmp_path: Path) -> None:
    began = time.monotonic()
    process = started(cloud, mute.url, tmp_path, "--timeout", "1")
    said, complained = process.communicate(timeout=20)
    assert time.monotonic() - began < 1 + BOUND + 2  # two more for starting Python and the evaluation
    assert process.returncode == 5
    assert "the time of --timeout is over: stopping" in complained
    assert "Traceback" not in complained
    assert "Nothing was read: the run was stopped before any account was opened." in said
    report = reported(tmp_path)
    assert (report["run"]["exit_code"], report["run"]["complete"], report["run"]["interrupted"]) == (5, False, True)
    assert report["run"]["errors"] == [f"The run was stopped before any account of {cloud} was opened."]


@pytest.mark.parametrize(
    ("cloud", "number", "code"),
    [*((cloud, signal.SIGINT, 130) for cloud in CLOUDS), (Cloud.AWS, signal.SIGTERM, 143)],
)
def test_a_signal_does_not_wait_for_a_call_that_hangs(
    cloud: Cloud, mute: Mute, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    process = started(cloud, mute.url, tmp_path)
    assert mute.called()
    time.sleep(0.2)
    process.send_signal(number)
    began = time.monotonic()
    _, complained = process.communicate(timeout=20)
    assert time.monotonic() - began < BOUND
    assert process.returncode == code
    assert "stopping, and writing what was collected" in complained
    assert "Traceback" not in complained
    assert reported(tmp_path)["run"]["exit_code"] == code


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_was_read_before_a_call_hung_is_kept(cloud: Cloud, tmp_path: Path) -> None:
    let_go = Event()
    server = import_module(f"moto_fixtures.{cloud}.company").start()
    server.answer = hanging(server.answer, 40, let_go)
    try:
        with pointed_at(server.environment):
            began = time.monotonic()
            options = ["--depth", "full", "--timeout", "3", "--quiet", "--no-progress", "-M", "json"]
            where = ["--region", "us-east-1"] if cloud is Cloud.AWS else []
            run(["scan", "--provider", cloud.value, *where, *options, "-o", str(tmp_path)])
            took = time.monotonic() - began
    finally:
        let_go.set()
        server.stop()
    report = reported(tmp_path)
    assert took < 3 + BOUND + 2
    assert report["functions"]
    assert report["run"]["complete"] is False
    assert report["run"]["errors"] == []
    stopped = [gap for gap in report["coverage"]["gaps"] if gap["reason"] == "INTERRUPTED"]
    assert stopped
    assert sum(row["ok"] for row in report["coverage"]["operations"]) >= 30


def hanging(answer: Callable[[Any], Any], after: int, let_go: Event) -> Callable[[Any], Any]:
    """Answers so many calls, and then no more."""
    seen = 0

    def slow(call: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen > after:
            let_go.wait(60)
        return answer(call)

    return slow


class _Silent:
    def expect(self, calls: int) -> None: ...

    def done(self, operation: str) -> None: ...


class _Deaf:
    """A provider that does not look at ``stop``, and records something long after it was left behind."""

    def __init__(self) -> None:
        self.let_go = Event()
        self.ended = Event()

    def collect(self, _options: CollectOptions, recorder: Any, _progress: Any) -> None:
        recorder.scope("111122223333", ("us-east-1",))
        self.let_go.wait(30)
        recorder.scope("999999999999", ("us-east-1",))
        recorder.error("too late")
        self.ended.set()


def test_a_provider_that_does_not_end_is_left_behind_and_writes_nothing_more(tmp_path: Path) -> None:
    stop, deaf = Event(), _Deaf()
    options = CollectOptions(Depth.QUICK, (), (), (), (), 4, None, {}, stop)
    began = time.monotonic()
    Timer(0.3, stop.set).start()
    facts = collect({Cloud.AWS: deaf}, {Cloud.AWS: options}, tmp_path, (), _Silent())  # type: ignore[dict-item]
    assert time.monotonic() - began < 0.3 + BOUND
    assert facts.interrupted
    assert facts.errors == ("The run was stopped while aws was being read: what was not asked is missing.",)
    files = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    deaf.let_go.set()
    assert deaf.ended.wait(5)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files
    assert Snapshot(tmp_path).facts == facts


def test_a_run_stopped_before_it_began_is_incomplete(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pointed_at(environment(Cloud.AWS, "http://127.0.0.1:9")):
        options = ["--no-progress", "--timeout", "0.001", "-M", "json", "-o", str(tmp_path)]
        code = run(["scan", "--provider", "aws", *options])
    report = reported(tmp_path)
    assert code == report["run"]["exit_code"] == 5
    assert report["run"]["complete"] is report["coverage"]["complete"] is False
    said = capsys.readouterr().out
    with pointed_at(environment(Cloud.AWS, "http://127.0.0.1:9")):
        assert run(["collect", "--provider", "aws", "--timeout", "0.001", "-o", str(tmp_path / "only")]) == 5
    assert "the run was stopped before any account was opened" in said
    assert "every one of 0 verdicts" not in said
