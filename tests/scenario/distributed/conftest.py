"""An organization of which one account refuses its role, and its report when nobody disturbs who reads it."""

import gc
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from distributed.security import Security

from auditor.cli.main import run
from auditor.errors import ExitCode
from moto_fixtures.aws.faults import Fault
from moto_fixtures.aws.server import Server
from moto_fixtures.emulation.faults import Spoil
from tests.scenario.distributed.reading import FAILING, NAMES, command, judged
from tests.unit.providers.aws.collector.organization import HUB, deploy, founded


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
def _abandoned() -> Iterator[None]:
    """Collects what a client of Dask leaves open whose scheduler was killed, lest a later test is blamed for it."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


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
    refused = {(row["scope"], row["operation"], row["reason"], row["message"]) for row in report["coverage"]["gaps"]}
    assert read == {*NAMES, "master"} - {FAILING}, f"an account that fails, and others that do not: {refused}"
    assert report["run"]["complete"] is False
    return report


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
