"""A real Dask cluster, over real TLS: killed, gone on with, and given nothing to sign in with."""

import pickle
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dask.config
import psutil
import pytest
from distributed import LocalCluster, SchedulerPlugin
from distributed.security import Security

from auditor.cli.main import run
from auditor.distribution import cluster as distribution_by_dask
from auditor.errors import ExitCode
from moto_fixtures.aws.server import Server
from tests.scenario.distributed.reading import (
    NAMES,
    QUICK,
    cluster,
    command,
    judged,
)
from tests.scenario.pausing import Paused, started, wait_until
from tests.unit.providers.aws.collector.organization import HUB

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
"""A client of Dask that is refused, or whose scheduler dies, leaves its socket to the garbage collector, whenever that runs."""


def test_a_cluster_whose_workers_and_scheduler_are_killed_is_gone_on_with(
    server: Server, undisturbed: dict[str, Any], certificates: dict[str, str], tmp_path: Path
) -> None:
    store, out = tmp_path / "store", tmp_path / "out"
    committed: Callable[[], list[Path]] = lambda: sorted(store.glob("*/commits/*.json"))  # noqa: E731
    with cluster(tmp_path / "first", "tls", certificates) as first:
        executor = ("--executor", first.address, "--store", str(store))
        paused = Paused.at(server, "GetPolicy")
        process = started(*command(out, *executor), environment=certificates)
        wait_until(lambda: paused.reached.is_set() or process.poll() is not None)
        assert process.poll() is None, process.communicate()
        victim = first.reading()[0]
        victim.send_signal(signal.SIGKILL)
        psutil.wait_procs([victim])
        paused.let_go.set()
        wait_until(lambda: bool(committed()) or process.poll() is not None)
        again = Paused.at(server, "GetPolicy")
        wait_until(lambda: again.reached.is_set() or process.poll() is not None)
        assert process.poll() is None, process.communicate()
        first.scheduler.kill()
        _, said = process.communicate()
        again.let_go.set()
    assert process.returncode == ExitCode.INTERNAL
    assert f"The Dask scheduler at {first.address} is gone." in said
    assert f"Go on with: --resume {store}" in said
    assert not (out / "report.json").exists()
    before = {path.name.split(".")[0] for path in committed()}
    assert before
    server.forget_requests()
    with cluster(tmp_path / "second", "tls", certificates) as second:
        resumed = started(*command(out, "--executor", second.address, "--resume", str(store)), environment=certificates)
        assert (resumed.communicate(), resumed.returncode)[1] == ExitCode.OK
    assert judged(out) == undisturbed
    assert {path.name.split(".")[0] for path in committed()} > before
    assert len({path.parent.parent for path in committed()}) == 1, "it is one run"


def refused(place: Path, executor: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What is said of a scheduler that is not used."""
    options = ("--executor", executor, "--store", str(place / "store"))
    assert run(command(place / "out", *options)) == ExitCode.USAGE
    assert not (place / "out").exists()
    return " ".join(capsys.readouterr().err.split())


def as_client(authority: str, certificate: str, key: str) -> dict[str, str]:
    """Dask's configuration of a client: each is a file, or PEM itself."""
    place = "distributed.comm.tls"
    return {f"{place}.ca-file": authority, f"{place}.client.cert": certificate, f"{place}.client.key": key}


def test_plain_and_encrypted_are_not_mixed(
    certificates: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(distribution_by_dask, "_CONNECT", 2)
    ours = as_client(
        *(certificates[f"DASK_DISTRIBUTED__COMM__TLS__{name}"] for name in ("CA_FILE", "CLIENT__CERT", "CLIENT__KEY"))
    )
    with cluster(tmp_path / "plain", "tcp", {}, 0) as plain, dask.config.set(ours):
        where = plain.address.partition("://")[2]
        said = refused(tmp_path, f"tls://{where}", capsys)
        assert f"No Dask scheduler can be used at tls://{where}" in said
    with cluster(tmp_path / "encrypted", "tls", certificates, 0) as encrypted:
        where = encrypted.address.partition("://")[2]
        said = refused(tmp_path, f"dask://{where}", capsys)
        assert f"No Dask scheduler can be used at dask://{where}" in said
        said = refused(tmp_path, f"tls://{where}", capsys)
        assert "needs a certificate of this client and of the authority that it trusts: set DASK_DISTRIBUTED" in said
        other = Security.temporary()
        strangers = as_client(other.tls_ca_file, other.tls_client_cert, other.tls_client_key)
        with dask.config.set(strangers):
            said = refused(tmp_path, f"tls://{where}", capsys)
        assert f"No Dask scheduler can be used at tls://{where}" in said


class Seen(SchedulerPlugin):
    """Keeps what a scheduler holds of each task, as it would be sent on."""

    def __init__(self) -> None:
        self.cluster: Any = None
        self.pickled: dict[str, bytes] = {}

    def transition(self, key: Any, start: str, finish: str, *args: Any, **kwargs: Any) -> None:
        task = self.cluster.scheduler.tasks.get(key)
        if task is not None and task.run_spec is not None:
            self.pickled[str(key)] = pickle.dumps(task.run_spec)


def test_no_credential_is_in_what_a_scheduler_holds(
    server: Server, ids: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    external = "contract-" + "90210"
    secret = "test" + "ing-secret-of-the-hub"
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    monkeypatch.setenv("AUDITOR_EXTERNAL_ID", external)
    seen, temporary, answer = Seen(), set[str](), server.answer
    external_ids = set[str | None]()

    def noting(call: Any) -> Any:
        if token := call.headers.get("x-amz-security-token"):
            temporary.update((token, call.access_key))
        if call.operation == "AssumeRole":
            external_ids.add(call.form.get("ExternalId"))
        return answer(call)

    server.answer = noting  # type: ignore[method-assign]
    with LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0", memory_limit=0, silence_logs=50
    ) as made:
        seen.cluster = made
        made.scheduler.add_plugin(seen)
        where = made.scheduler_address.partition("://")[2]
        options = ("--executor", f"dask://{where}", "--store", str(tmp_path / "store"))
        assert run(command(tmp_path / "out", *QUICK, *options)) == ExitCode.OK
    pickled = b"".join(seen.pickled.values())
    assert len(seen.pickled) == len(NAMES) + 1
    for account in (HUB, *ids.values()):
        assert account.encode() in pickled, "every account is a task"
    assert external_ids == {external}, "the worker's own"
    assert len(temporary) > len(NAMES), "a key and a token of each role"
    for credential in (external, secret, *temporary):
        assert credential.encode() not in pickled
