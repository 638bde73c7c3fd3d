"""An organization read by processes and by a Dask cluster, some of which are killed: the report is as if none had been.

Real processes, a real scheduler, real TLS. DISTRIBUTED_ACCOUNTS=30 makes the organization that large.
"""

import json
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any, Final

import psutil
import pytest
from distributed import LocalCluster, SchedulerPlugin
from distributed.security import Security

from auditor.cli.main import run
from auditor.distribution import cluster as distribution_by_dask
from auditor.errors import ExitCode
from moto_fixtures.aws.faults import Fault
from moto_fixtures.aws.server import Server
from moto_fixtures.emulation.faults import Spoil
from tests.scenario.pausing import HOME as CHECKOUT
from tests.scenario.pausing import PATIENCE, Paused, started, wait_until
from tests.unit.providers.aws.collector.organization import HOME, HUB, ROLE, client, deploy, founded

ACCOUNTS: Final = int(os.environ.get("DISTRIBUTED_ACCOUNTS", "4"))
NAMES: Final = tuple(f"team{number:02}" for number in range(ACCOUNTS))
FAILING: Final = NAMES[1]
_ABOVE: Final = (
    "organizations:ListPolicies",
    "organizations:ListTargets",
    "organizations:Describe",
    "organizations:ListParents",
)
_BOOT: Final = "spawn_main"
"""What the command line of a worker process holds."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as opened, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "false")
        yield opened


@pytest.fixture(scope="module")
def ids(server: Server) -> dict[str, str]:
    """The member accounts, each with functions of its own."""
    found = founded(server, *NAMES)
    for name in NAMES:
        deploy(server, found[name], "orders", f"{name}-only")
    deploy(server, HUB, "hub-only")
    return found


@pytest.fixture(autouse=True)
def environment(server: Server, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The emulated cloud, in which one account refuses its role."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "false")
    answer = server.answer
    server.faults.add(Fault(Spoil.DENY, service="sts", operation="AssumeRole", resource=f"*{ids[FAILING]}*"))
    server.forget_requests()
    yield
    server.answer = answer  # type: ignore[method-assign]
    server.faults.clear()


def command(place: Path, *more: str) -> list[str]:
    fleet = ("--provider", "aws", "--organization", "--org-role-name", ROLE, "-f", HOME)
    return ["scan", *fleet, "-M", "json", "-o", str(place), "--quiet", *more]


def judged(place: Path) -> dict[str, Any]:
    """The report but for its times, and for what was typed."""
    report: dict[str, Any] = json.loads((place / "report.json").read_text("utf-8"))
    for key in ("started_at", "finished_at"):
        del report[key]
    for key in ("command", "carried_over"):
        report["run"].pop(key, None)
    unreadable = {row["id"] for row in report["scopes"] if row["status"] == "unreadable"}
    operations = report["coverage"]["operations"]
    # the policies above an account are asked before anybody signs in to it: one process skips those of one it cannot read
    report["coverage"]["operations"] = [
        row for row in operations if row["scope"] not in unreadable or not row["operation"].startswith(_ABOVE)
    ]
    for row in report["scopes"]:
        row.pop("carried_over", None)
        row.pop("age", None)
    for finding in report["findings"]:
        for row in finding["evidence"]:
            row["detail"] = row["detail"].partition(" (as of ")[0]
    return report


@pytest.fixture(scope="module")
def undisturbed(server: Server, ids: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The report of threads of one process, which nobody disturbs."""
    place = tmp_path_factory.mktemp("undisturbed") / "out"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        server.faults.add(Fault(Spoil.DENY, service="sts", operation="AssumeRole", resource=f"*{ids[FAILING]}*"))
        assert run(command(place)) == ExitCode.OK
        server.faults.clear()
    report = judged(place)
    read = {row["name"] for row in report["scopes"] if row["status"] == "read"}
    assert read == {*NAMES, "master"} - {FAILING}, "an account that fails, and others that do not"
    assert report["run"]["complete"] is False
    return report


def workers(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The processes that read, below one that has them read."""
    found = []
    for child in psutil.Process(process.pid).children(recursive=True):
        try:
            if any(_BOOT in word for word in child.cmdline()):
                found.append(child)
        except psutil.Error:
            continue
    return found


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
    paused, killed = Paused.at(server, "GetPolicy"), list[int]()

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
    assert run(command(tmp_path / "out", "--executor", "local:1")) == ExitCode.OK
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
    written = f".{out.name}.auditor-*/snapshot/aws/*/*/lambda%3AListFunctions.*"
    paused = Paused.at(server, "GetPolicy")
    process = started(*command(out))
    wait_until(lambda: any(tmp_path.glob(written)) or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    process.kill()
    told.extend(process.communicate())
    paused.let_go.set()
    assert run(command(out, "--executor", "local:2", "--resume", str(out))) == ExitCode.OK, told
    assert judged(out) == undisturbed
    assert json.loads((out / "report.json").read_text("utf-8"))["run"]["carried_over"]["answers"] > 0


def test_a_damaged_store_is_read_where_it_is_whole(
    server: Server, ids: dict[str, str], undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    assert run(command(tmp_path / "out", "--store", str(store))) == ExitCode.OK
    damaged, unmarked = ids[NAMES[0]], ids[NAMES[2]]
    (shard,) = store.glob(f"*/shards/aws-{damaged}-*.tar")
    shard.write_bytes(shard.read_bytes()[:-600])
    (marker,) = store.glob(f"*/commits/aws-{unmarked}-*.json")
    marker.unlink()
    server.forget_requests()
    assert run(command(tmp_path / "again", "--resume", str(store))) == ExitCode.OK
    assert judged(tmp_path / "again") == undisturbed
    asked = {seen.resource for seen in server.requests if seen.operation == "AssumeRole"}
    assert asked == {f"arn:aws:iam::{account}:role/{ROLE}" for account in (damaged, unmarked, ids[FAILING])}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables that give Dask an authority and a certificate for every role."""
    place = tmp_path_factory.mktemp("tls")
    made = Security.temporary()
    (place / "ca.pem").write_text(made.tls_ca_file)
    (place / "cert.pem").write_text(made.tls_client_cert)
    (place / "key.pem").write_text(made.tls_client_key)
    variables = {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(place / "ca.pem")}
    for role in ("CLIENT", "WORKER", "SCHEDULER"):
        variables[f"DASK_DISTRIBUTED__COMM__TLS__{role}__CERT"] = str(place / "cert.pem")
        variables[f"DASK_DISTRIBUTED__COMM__TLS__{role}__KEY"] = str(place / "key.pem")
    return variables


class Cluster:
    """A scheduler and two workers, each a process as an operator starts it."""

    def __init__(self, scratch: Path, protocol: str, environment: dict[str, str]) -> None:
        self._told = scratch / "scheduler.json"
        self._environment = {**os.environ, **environment, "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "critical"}
        common = ["--no-dashboard", "--scheduler-file", str(self._told)]
        self.scheduler = self._start(
            "scheduler",
            *common,
            "--protocol",
            protocol,
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--dashboard-address",
            "127.0.0.1:0",
        )
        wait_until(lambda: self._told.exists() and self._told.read_text().endswith("}"))
        self.address = json.loads(self._told.read_text())["address"]
        told = ["--scheduler-file", str(self._told), "--no-dashboard", "--nthreads", "1", "--memory-limit", "0"]
        local = ["--local-directory", str(scratch), "--death-timeout", "60"]
        self.workers = [self._start("worker", *told, *local) for _ in range(2)]

    def _start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "dask", *arguments],
            cwd=CHECKOUT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def reading(self) -> list[psutil.Process]:
        """The processes that read: each worker's, below the nanny that starts it again."""
        return [process for nanny in self.workers if nanny.poll() is None for process in workers(nanny)]

    def stop(self) -> None:
        for process in [*self.reading(), *self.workers, self.scheduler]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        for process in (*self.workers, self.scheduler):
            process.wait()


@contextmanager
def cluster(scratch: Path, protocol: str, environment: dict[str, str]) -> Iterator[Cluster]:
    scratch.mkdir()
    made = Cluster(scratch, protocol, environment)
    try:
        yield made
    finally:
        made.stop()


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


def test_plain_and_encrypted_are_not_mixed(certificates: dict[str, str], tmp_path: Path) -> None:
    place = str(tmp_path / "store")
    with cluster(tmp_path / "plain", "tcp", {}) as plain:
        where = plain.address.partition("://")[2]
        asked = started(
            *command(tmp_path / "out", "--executor", f"tls://{where}", "--store", place), environment=certificates
        )
        _, said = asked.communicate()
    assert asked.returncode == ExitCode.USAGE
    assert f"No Dask scheduler can be used at tls://{where}" in said
    with cluster(tmp_path / "encrypted", "tls", certificates) as encrypted:
        where = encrypted.address.partition("://")[2]
        asked = started(*command(tmp_path / "out", "--executor", f"dask://{where}", "--store", place))
        _, said = asked.communicate()
        assert asked.returncode == ExitCode.USAGE
        assert f"No Dask scheduler can be used at dask://{where}" in said
        stranger = started(*command(tmp_path / "out", "--executor", f"tls://{where}", "--store", place))
        _, said = stranger.communicate()
    assert stranger.returncode == ExitCode.USAGE
    assert (
        "needs a certificate of this client and of the authority that it trusts: set DASK_DISTRIBUTED__COMM__TLS__CA_FILE"
        in said
    )


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
        assert run(command(tmp_path / "out", *options)) == ExitCode.OK
    pickled = b"".join(seen.pickled.values())
    assert len(seen.pickled) == len(NAMES) + 1
    for account in (HUB, *ids.values()):
        assert account.encode() in pickled, "every account is a task"
    assert external_ids == {external}, "the worker's own"
    assert len(temporary) > len(NAMES), "a key and a token of each role"
    for credential in (external, secret, *temporary):
        assert credential.encode() not in pickled


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
    server: Server, ids: dict[str, str], undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    client(server, "s3").create_bucket(Bucket="audits")
    store = "s3://audits/weekly"
    assert run(command(tmp_path / "out", "--executor", "local:2", "--store", store)) == ExitCode.OK
    assert judged(tmp_path / "out") == undisturbed
    held = [row["Key"] for row in client(server, "s3").list_objects_v2(Bucket="audits")["Contents"]]
    assert {key.split("/")[-1].split("-")[1] for key in held if "/commits/" in key} == {HUB, *ids.values()}
    server.forget_requests()
    assert run(command(tmp_path / "again", "--resume", store)) == ExitCode.OK
    assert judged(tmp_path / "again") == undisturbed
    asked = {seen.account for seen in server.requests if seen.operation in ("ListFunctions", "GetPolicy")}
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
