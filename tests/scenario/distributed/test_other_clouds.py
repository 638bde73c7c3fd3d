"""Azure and Google Cloud, each one unit with all its scopes, read by a process that is killed: the report is as if it was not."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from auditor.cli.main import run
from auditor.errors import ExitCode
from auditor.model.ids import Cloud
from moto_fixtures.azure.bulk_seed import tenant_of
from moto_fixtures.azure.server import Server as AzureServer
from moto_fixtures.gcp.bulk_seed import many
from moto_fixtures.gcp.server import Server as GcpServer
from tests.scenario.distributed.reading import judged, workers
from tests.scenario.pausing import Paused, started, wait_until


@pytest.fixture(params=[Cloud.AZURE, Cloud.GCP], ids=str)
def cloud(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Cloud, Any]]:
    server: Any = AzureServer(tenant_of(12), page_size=5) if request.param is Cloud.AZURE else GcpServer(many(12))
    with server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield request.param, server


def command(cloud: Cloud, out: Path, *more: str) -> list[str]:
    return ["scan", "--provider", str(cloud), "-M", "json", "-o", str(out), "--quiet", *more]


def test_a_process_and_the_command_are_killed_and_the_report_is_the_same(
    cloud: tuple[Cloud, Any], tmp_path: Path
) -> None:
    name, server = cloud
    assert run(command(name, tmp_path / "undisturbed")) == ExitCode.OK
    server.forget_requests()
    answer, store, out = server.answer, tmp_path / "store", tmp_path / "out"
    paused = Paused.after(server, 20)
    process = started(*command(name, out, "--executor", "local:1", "--store", str(store)))
    wait_until(lambda: paused.reached.is_set() or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    (first,) = killed = workers(process)
    first.kill()
    psutil.wait_procs(killed)
    wait_until(lambda: any(each != first for each in workers(process)) or process.poll() is not None)
    (second,) = workers(process)
    process.kill()
    process.communicate()
    paused.let_go.set()
    server.answer = answer
    psutil.wait_procs([second])
    assert not list(store.glob("*/commits/*.json")), "nothing was read to its end"
    assert run(command(name, out, "--executor", "local:1", "--resume", str(store))) == ExitCode.OK
    assert judged(out) == judged(tmp_path / "undisturbed")
    server.forget_requests()
    assert run(command(name, out, "--resume", str(store))) == ExitCode.OK
    assert not [seen for seen in server.requests if _reads(seen)], "what is whole is not asked again"
    assert json.loads((out / "report.json").read_text("utf-8"))["totals"]["functions"]


def _reads(seen: Any) -> bool:
    """Whether a request asks about functions: signing in and finding out which scopes there are does not."""
    return seen.operation.startswith(("web:", "functions:", "run:"))
