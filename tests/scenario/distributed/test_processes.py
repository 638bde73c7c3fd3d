"""Processes of this machine, some of which are killed: the report is as if none had been."""

import json
import signal
from pathlib import Path
from threading import Thread
from typing import Any

import psutil
import pytest

from auditor.cli.main import run
from auditor.cli.output_directory import worth
from auditor.distribution import cluster as distribution_by_dask
from auditor.errors import ExitCode
from moto_fixtures.aws.server import Server
from tests.scenario.distributed.reading import (
    FAILING,
    NAMES,
    QUICK,
    command,
    judged,
    workers,
)
from tests.scenario.pausing import PATIENCE, Paused, started, wait_until
from tests.unit.providers.aws.collector.organization import HUB


def test_processes_that_are_killed_are_missed_by_nobody(
    server: Server, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    paused = Paused.at(server, "GetPolicy")
    process = started(*command(tmp_path / "out", "--executor", "local:2"))
    wait_until(lambda: paused.reached.is_set() or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    killed = workers(process)
    assert killed
    for worker in killed:
        worker.send_signal(signal.SIGKILL)
    psutil.wait_procs(killed)
    asked = sum(1 for seen in server.requests if seen.operation == "ListFunctions")
    assert asked
    paused.let_go.set()
    said = process.communicate()
    assert process.returncode == ExitCode.OK, said
    assert judged(tmp_path / "out") == undisturbed
    assert sum(1 for seen in server.requests if seen.operation == "ListFunctions") > len(NAMES), (
        "nothing was read twice"
    )
    assert not list((tmp_path / "out").glob(".units-*"))


def test_a_unit_that_kills_its_workers_is_a_gap_of_its_account(
    server: Server, ids: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distribution_by_dask, "_DEATHS", 0)
    paused, killed = Paused.at(server, "ListFunctions"), list[int]()

    def kill() -> None:
        paused.reached.wait()
        victims = workers(psutil.Process())
        killed.extend(victim.pid for victim in victims)
        for victim in victims:
            victim.kill()
        psutil.wait_procs(victims)
        paused.let_go.set()

    killer = Thread(target=kill)
    killer.start()
    assert run(command(tmp_path / "out", *QUICK, "--executor", "local:1")) == ExitCode.OK
    killer.join()
    assert killed
    report = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert report["run"]["complete"] is False
    status = {row["scope"]: row["status"] for row in report["scopes"]}
    said = "It could not be read: the workers that read it ended, each time, before it was read"
    lost = {row["scope"].removeprefix("aws/") for row in report["coverage"]["gaps"] if row["message"] == said}
    assert lost, "what waited for a worker that ends counts as what it read"
    assert {scope for scope, each in status.items() if each == "unreadable"} == {*lost, ids[FAILING]}
    assert {scope for scope, each in status.items() if each == "read"} == {HUB, *ids.values()} - {*lost, ids[FAILING]}
    assert [text for text in report["run"]["errors"] if said in text]


def test_the_command_itself_is_killed_and_gone_on_with(
    server: Server, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    store, out = tmp_path / "store", tmp_path / "out"
    paused = Paused(server, lambda call: call.operation == "GetPolicy" and any(store.glob("*/commits/*.json")))
    process = started(*command(out, "--executor", "local:2", "--store", str(store)))
    wait_until(lambda: paused.reached.is_set() or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    readers = workers(process)
    assert readers
    process.kill()
    process.communicate()
    paused.let_go.set()
    gone, alive = psutil.wait_procs(readers, timeout=PATIENCE)
    assert (set(gone), alive) == (set(readers), []), "processes without a command end by themselves"
    assert run(command(out, "--resume", str(store))) == ExitCode.OK
    assert judged(out) == undisturbed


def test_processes_go_on_with_a_run_of_threads_that_was_killed(
    server: Server, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    out, told = tmp_path / "out", list[str]()

    def written() -> bool:
        """Whether a list of functions is written, of an account that does not refuse its role: less is not kept."""
        return any(map(worth, tmp_path.glob(f".{out.name}.auditor-*/snapshot")))

    paused = Paused.at(server, "GetPolicy")
    process = started(*command(out))
    wait_until(lambda: written() or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    process.kill()
    told.extend(process.communicate())
    paused.let_go.set()
    assert run(command(out, "--executor", "local:2", "--resume", str(out))) == ExitCode.OK, told
    assert judged(out) == undisturbed
