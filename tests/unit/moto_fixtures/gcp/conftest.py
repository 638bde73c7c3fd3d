"""A local Google Cloud a test, with a few things in it, and ways to ask it."""

import http.client
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import functions_v2

from moto_fixtures.gcp import events, resource_builders
from moto_fixtures.gcp.functions import function
from moto_fixtures.gcp.organization import Organization
from moto_fixtures.gcp.policies import PUBLIC, binding
from moto_fixtures.gcp.server import Server
from moto_fixtures.gcp.services import run_service

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
PROJECT = "willow-shop"
NUMBER = "515151515151"


@dataclass
class Said:
    """An answer as it came."""

    status: int
    body: Any
    headers: dict[str, str]


Ask = Callable[..., Said]


def small(now: datetime = NOW) -> Organization:
    """A project in a folder with a function of each sort."""
    estate = Organization("616161616161", now)
    project = estate.project(PROJECT, NUMBER, estate.folder("717171717171", "Shops"))
    topic = resource_builders.topic(project, "orders", binding("pubsub.publisher", "user:a@willow.example"))
    resource_builders.bucket(project, f"gcf-v2-sources-{NUMBER}-europe-west1")
    function(project, "second", invokers=(binding("run.invoker", PUBLIC),))
    function(project, "worker", location="us-central1", event=events.published(topic))
    function(project, "first", generation=1, invokers=(binding("cloudfunctions.invoker", PUBLIC),))
    run_service(project, "alone")
    run_service(project, "container", target="")
    return estate


@pytest.fixture
def server() -> Iterator[Server]:
    """A fresh local Google Cloud."""
    with Server(small()) as started:
        yield started


@pytest.fixture(autouse=True)
def calm() -> None:
    """Every test has a server of its own: there is nothing to clear."""


def asking(server: Server) -> Ask:
    """Asks a server over plain HTTP, as anything but Google's libraries would."""

    def ask(path: str, method: str = "GET", body: Any = None, headers: Any = None, **parameters: Any) -> Said:
        connection = http.client.HTTPConnection(urlsplit(server.endpoint).netloc, timeout=300)
        query = urlencode({key.replace("__", "."): value for key, value in parameters.items()}, doseq=True)
        sent = json.dumps(body).encode() if isinstance(body, dict) else body
        connection.request(method, f"/{path}?{query}", sent, headers or {})
        response = connection.getresponse()
        text = response.read()
        connection.close()
        told = {name.lower(): value for name, value in response.getheaders()}
        return Said(response.status, json.loads(text) if "json" in told["content-type"] else text.decode(), told)

    return ask


@pytest.fixture
def ask(server: Server) -> Ask:
    """Asks the server of this test."""
    return asking(server)


@pytest.fixture
def client(server: Server) -> Iterator[functions_v2.FunctionServiceClient]:
    """Google's own client, unchanged."""
    made = functions_v2.FunctionServiceClient(
        transport="rest",
        credentials=AnonymousCredentials(),
        client_options={"api_endpoint": server.endpoint},
    )
    yield made
    made.transport.close()
