"""Azure and Google Cloud, each one unit with all its scopes, read by processes that are killed: the report is as if none was.

Three scopes fail, each in its way. ``DISTRIBUTED_ACCOUNTS=30`` makes it thirty subscriptions and thirty projects.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psutil
import pytest

from auditor import plugins
from auditor.cli.main import run
from auditor.errors import ExitCode
from auditor.model.ids import Cloud
from moto_fixtures.azure import faults as azure
from moto_fixtures.azure.bulk_seed import tenant_of
from moto_fixtures.azure.response_shapes.access import made_id
from moto_fixtures.azure.server import Server as AzureServer
from moto_fixtures.emulation.faults import Spoil
from moto_fixtures.gcp import faults as gcp
from moto_fixtures.gcp.bulk_seed import many
from moto_fixtures.gcp.server import Server as GcpServer
from tests.scenario.distributed.reading import ACCOUNTS, cluster, judged, workers
from tests.scenario.pausing import Paused, started, wait_until
from tests.scenario.test_resume_others import ABOVE

SCOPES: Final = max(ACCOUNTS, 5)
FUNCTIONS: Final = max(12, SCOPES)


@pytest.fixture(params=[Cloud.AZURE, Cloud.GCP], ids=str)
def cloud(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Cloud, Any]]:
    """A cloud of which one scope denies everything, one damages a service, and one has it switched off."""
    server: Any
    if request.param is Cloud.AZURE:
        server = AzureServer(tenant_of(FUNCTIONS, subscriptions=SCOPES), page_size=5)
        first, second, third = (f"*{scope}*" for scope in failing(Cloud.AZURE))
        server.faults.add(azure.Fault(Spoil.DENY, resource=first))
        server.faults.add(azure.Fault(Spoil.MALFORMED, operation="web:*", resource=second))
        server.faults.add(azure.Fault(Spoil.NOT_REGISTERED, operation="web:*", resource=third))
    else:
        server = GcpServer(many(FUNCTIONS, projects=SCOPES))
        server.faults.add(gcp.Fault(Spoil.DENY, project="fernhollow-bulk-0"))
        server.faults.add(gcp.Fault(Spoil.MALFORMED, operation="functions:*", project="fernhollow-bulk-1"))
        server.faults.add(gcp.Fault(Spoil.DISABLED, operation="run:*", project="fernhollow-bulk-2"))
    with server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield request.param, server


def failing(cloud: Cloud) -> tuple[str, ...]:
    """The scopes that fail, as paths of requests name them."""
    return tuple(made_id(f"many/{n}") if cloud is Cloud.AZURE else f"fernhollow-bulk-{n}/" for n in range(3))


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
    again = {(seen.operation, seen.path) for seen in server.requests if seen.operation in _of_one(name)}
    assert {asked for asked in again if not any(scope in asked[1] for scope in failing(name))} == set(), (
        "what was told of one resource is not asked again"
    )
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert report["totals"]["functions"]
    assert len(report["scopes"]) == SCOPES
    assert sum(row["status"] == "read" for row in report["scopes"]) == SCOPES - 2, (
        "one has it switched off, which is read"
    )


def test_a_cluster_whose_worker_and_scheduler_are_killed_is_gone_on_with(
    cloud: tuple[Cloud, Any], tmp_path: Path
) -> None:
    name, server = cloud
    assert run(command(name, tmp_path / "undisturbed")) == ExitCode.OK
    answer, store, out = server.answer, tmp_path / "store", tmp_path / "out"
    paused = Paused.after(server, 20)
    with cluster(tmp_path / "cluster", "tcp", {}, 2) as made:
        process = started(*command(name, out, "--executor", f"dask://{_where(made)}", "--store", str(store)))
        wait_until(lambda: paused.reached.is_set() or process.poll() is not None)
        assert process.poll() is None, process.communicate()
        killed = made.reading()
        for worker in killed:
            worker.kill()
        psutil.wait_procs(killed)
        server.answer = answer
        again = Paused.after(server, 20)
        paused.let_go.set()
        wait_until(lambda: again.reached.is_set() or process.poll() is not None)
        assert process.poll() is None, process.communicate()
        made.scheduler.kill()
        _, said = process.communicate()
        again.let_go.set()
        server.answer = answer
    assert process.returncode == ExitCode.INTERNAL
    assert f"Go on with: --resume {store}" in said
    assert run(command(name, out, "--resume", str(store))) == ExitCode.OK
    assert judged(out) == judged(tmp_path / "undisturbed")


def _where(made: Any) -> str:
    return str(made.address.partition("://")[2])


def _of_one(cloud: Cloud) -> set[str]:
    """The operations that ask about one resource; what tells of a scope as a whole is asked again."""
    each = (operation for operation in plugins.provider(cloud).operations if operation.per_subject)
    return {operation.id for operation in each if not operation.id.startswith(ABOVE)}
