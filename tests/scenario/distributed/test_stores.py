"""What a store keeps of a run, and what is said of one that cannot be."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.main import run
from auditor.distribution import cluster as distribution_by_dask
from auditor.errors import ExitCode
from moto_fixtures.aws.server import Server
from tests.scenario.distributed.reading import (
    FAILING,
    NAMES,
    QUICK,
    command,
    judged,
)
from tests.scenario.pausing import Paused, started, wait_until
from tests.unit.providers.aws.collector.organization import HUB, ROLE, client


def test_a_damaged_store_is_read_where_it_is_whole(server: Server, ids: dict[str, str], tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert run(command(tmp_path / "out", *QUICK, "--store", str(store))) == ExitCode.OK
    damaged, unmarked = ids[NAMES[0]], ids[NAMES[2]]
    (shard,) = store.glob(f"*/shards/aws-{damaged}-*.tar")
    shard.write_bytes(shard.read_bytes()[:-600])
    (marker,) = store.glob(f"*/commits/aws-{unmarked}-*.json")
    marker.unlink()
    server.forget_requests()
    assert run(command(tmp_path / "again", *QUICK, "--resume", str(store))) == ExitCode.OK
    assert judged(tmp_path / "again") == judged(tmp_path / "out")
    asked = {seen.resource for seen in server.requests if seen.operation == "AssumeRole"}
    assert asked == {f"arn:aws:iam::{account}:role/{ROLE}" for account in (damaged, unmarked, ids[FAILING])}


@pytest.mark.parametrize("executor", ["threads", "local:2"])
def test_an_interrupted_run_keeps_what_it_read_and_is_gone_on_with(
    executor: str, server: Server, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    store, out = tmp_path / "store", tmp_path / "out"
    paused = Paused(server, lambda call: call.operation == "GetPolicy" and any(store.glob("*/commits/*.json")))
    process = started(*command(out, "--executor", executor, "--store", str(store)))
    wait_until(lambda: paused.reached.is_set() or process.poll() is not None)
    process.send_signal(signal.SIGINT)
    said = process.communicate()
    assert process.returncode == ExitCode.INTERRUPTED, said
    paused.let_go.set()
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert (report["run"]["interrupted"], report["run"]["complete"]) == (True, False)
    assert {row["name"] for row in report["scopes"]} == {*NAMES, "master"}, "no account is missing without a word"
    assert "INTERRUPTED" in {row["reason"] for row in report["coverage"]["gaps"]}
    assert run(command(out, "--executor", executor, "--resume", str(store))) == ExitCode.OK
    assert judged(out) == undisturbed


def test_a_store_in_s3_holds_the_run_and_is_asked_instead_of_the_accounts(
    server: Server, ids: dict[str, str], tmp_path: Path
) -> None:
    client(server, "s3").create_bucket(Bucket="audits")
    store = "s3://audits/weekly"
    assert run(command(tmp_path / "out", *QUICK, "--executor", "local:2", "--store", store)) == ExitCode.OK
    held = [row["Key"] for row in client(server, "s3").list_objects_v2(Bucket="audits")["Contents"]]
    assert {key.split("/")[-1].split("-")[1] for key in held if "/commits/" in key} == {HUB, *ids.values()}
    server.forget_requests()
    assert run(command(tmp_path / "again", *QUICK, "--resume", store)) == ExitCode.OK
    assert judged(tmp_path / "again") == judged(tmp_path / "out")
    asked = {seen.account for seen in server.requests if seen.operation == "ListFunctions"}
    assert asked == set(), "whole accounts were asked again"


@pytest.mark.parametrize(("options", "said"), [
    (("--executor", "dask://127.0.0.1:9"), "needs a store that all its workers reach: name it with --store"),
    (("--executor", "dask://127.0.0.1:9", "--store", "STORE"), "No Dask scheduler can be used at dask://127.0.0.1:9"),
    (("--executor", "dask://127.0.0.1:9", "--store", "STORE", "--since", "SINCE"), "which the workers of a cluster do not see"),
    (("--executor", "processes"), "must be threads, local:N (processes), dask://HOST:PORT or tls://HOST:PORT"),
    (("--executor", "local:0"), "must be threads, local:N"),
    (("--executor", "dask://user@host:1"), "must be threads, local:N"),
    (("--store", "ftp://somewhere/x"), "A store is a directory, or a URL of s3, abfs, gs; not ftp://"),
    (("--resume", "STORE"), "No run that was cut off left anything in"),
])  # fmt: skip
def test_what_cannot_be_is_said_in_one_sentence(
    options: tuple[str, ...],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(distribution_by_dask, "_CONNECT", 1)
    (tmp_path / "store").mkdir()
    since = tmp_path / "since"
    assert run(command(since, "--depth", "quick", "--accounts", HUB)) == ExitCode.OK if "SINCE" in options else True
    places = {"STORE": str(tmp_path / "store"), "SINCE": str(since)}
    assert run(command(tmp_path / "out", *(places.get(word, word) for word in options))) == ExitCode.USAGE
    assert said in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "out").exists()
