"""The small tenant behind the local Azure, and ways to ask it."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from azure.mgmt.web import WebSiteManagementClient

from moto_fixtures.azure.server import Server
from moto_fixtures.azure.tenant import Tenant
from tests.unit.moto_fixtures.azure.small import Ask, client_of, small_tenant


@pytest.fixture(scope="module")
def tenant() -> Tenant:
    """Put up anew for each module."""
    return small_tenant()


@pytest.fixture(scope="module")
def server(tenant: Tenant) -> Iterator[Server]:
    """The local Azure of this module."""
    with Server(tenant) as started:
        yield started


@pytest.fixture(autouse=True)
def calm(server: Server) -> Iterator[None]:
    """No test leaves faults, denials or a log behind."""
    yield
    server.faults.clear()
    server.denials.clear()
    server.forget_requests()


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[WebSiteManagementClient]:
    """The SDK's own client."""
    with client_of(server) as made:
        yield made


@pytest.fixture(scope="module")
def ask(server: Server) -> Iterator[Ask]:
    """One request as it is on the wire; ``version`` None sends no api-version."""
    session = requests.Session()
    session.headers["Authorization"] = "Bearer emulated"

    def asked(path: str, method: str = "GET", version: str | None = "2025-05-01", **more: Any) -> requests.Response:
        parameters = {"api-version": version} if version and "api-version" not in path else {}
        return session.request(method, server.endpoint + path, params=parameters, timeout=300, **more)

    yield asked
    session.close()
