"""A recorder that keeps what it is told, a small scripted Resource Manager, and gateways that talk to it."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from auditor.model.capture import Depth
from auditor.model.ids import Cloud
from auditor.provider import CollectOptions
from moto_fixtures.emulation.wire import Request
from providers.azure.gateway import Gateway
from providers.azure.session import Session, Settings
from tests.unit.providers import scripted
from tests.unit.providers.fake_clock import FakeClock
from tests.unit.providers.kept import Kept as Recorded
from tests.unit.providers.scripted import Told, collect_options

FIRST = "11111111-1111-1111-1111-111111111111"
SECOND = "22222222-2222-2222-2222-222222222222"
GRAPH = "/providers/microsoft.resourcegraph/resources"
ENVIRONMENT = (
    *("AUDITOR_AZURE_ENDPOINT", "AZURE_CLOUD", "AZURE_AUTHORITY_HOST", "AZURE_CONFIG_DIR", "AZURE_CLIENT_ID"),
    *("AZURE_FEDERATED_TOKEN_FILE", "AZURE_TOKEN_CREDENTIALS", "IDENTITY_ENDPOINT", "MSI_ENDPOINT"),
)


class Kept(Recorded):
    """What is recorded of Azure."""

    cloud = Cloud.AZURE

    def told(self, operation: str) -> dict[str, str]:
        """By the last part of the subject, what came of an operation: ok, absent, or the reason of the gap."""
        return {e.subject.rsplit("/", 1)[-1]: str(e.reason or e.outcome) for e in self.of(operation)}

    def rows(self, operation: str, scope: str) -> list[list[str]]:
        """The names of the rows of each page."""
        pages = [e.body for e in self.of(operation, scope)]
        return [[row["name"] for row in page.get("data", page.get("value"))] for page in pages]


@dataclass
class Asked:
    """One request: ``path`` without its query, in lower case."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: Mapping[str, str]


Script = Callable[[Asked], Told]


class Endpoint(scripted.Endpoint[Asked]):
    """Answers as the script says; ``asked`` holds every request."""

    def __init__(self) -> None:
        super().__init__(_asked, lambda _asked: Told({"value": []}))

    def paths(self, ending: str = "") -> list[str]:
        """Method and path of the requests whose path ends so."""
        return [f"{asked.method} {asked.path}" for asked in self.asked if asked.path.endswith(ending)]


def _asked(request: Request) -> Asked:
    parts = urlsplit(request.target)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    body = json.loads(request.body) if request.body else None
    return Asked(request.method, unquote(parts.path).lower(), query, body, request.headers)


def refused(code: str, message: str = "no", status: int = 403, **headers: str) -> Told:
    """An error as Resource Manager answers it."""
    extra = {name.replace("_", "-"): value for name, value in headers.items()}
    return Told({"error": {"code": code, "message": message}}, status, extra)


def site(scope: str, name: str, **facts: Any) -> dict[str, Any]:
    """A row of a function app; ``app/slot`` names a slot."""
    app, _, slot = name.partition("/")
    identifier = f"/subscriptions/{scope}/resourceGroups/Shop-RG/providers/Microsoft.Web/sites/{app}"
    return {
        "id": f"{identifier}/slots/{slot}" if slot else identifier,
        "name": name,
        "type": "microsoft.web/sites/slots" if slot else "microsoft.web/sites",
        "kind": "functionapp,linux",
        "location": "westeurope",
        "subscriptionId": scope,
        "properties": {"state": "Running", **facts.pop("properties", {})},
        **facts,
    }


def entry(*actions: str, without: Sequence[str] = ()) -> dict[str, Any]:
    """An entry of the caller's permissions."""
    return {"actions": [*actions], "notActions": [*without], "dataActions": [], "notDataActions": []}


class Cloudlet:
    """A script with state: subscriptions, the rows of Resource Graph, and answers by path ending."""

    def __init__(self) -> None:
        self.subscriptions = [FIRST]
        self.rows: list[dict[str, Any]] = []
        self.answers: dict[str, Told | Callable[[Asked], Told]] = {}
        self.page = 1000
        self.granted: list[dict[str, Any]] = [entry("*/read", "*/action")]
        self.lists_sites = True

    def __call__(self, asked: Asked) -> Told:
        endings = sorted((end for end in self.answers if asked.path.endswith(end)), key=len, reverse=True)
        if asked.path == GRAPH:
            table = asked.body["query"].split(" ", 1)[0]
            if f"graph {table}" in self.answers:
                return self._told(self.answers[f"graph {table}"], asked)
            return self.graph(asked)
        if endings:
            return self._told(self.answers[endings[0]], asked)
        if asked.path == "/subscriptions":
            return Told({"value": [self._subscription(name) for name in self.subscriptions]})
        if asked.path.endswith("/providers/microsoft.authorization/permissions"):
            return Told({"value": self.granted})
        if asked.path.endswith("/providers/microsoft.web/sites"):
            mine = [row for row in self.rows if row["type"] == "microsoft.web/sites"] if self.lists_sites else []
            return Told({"value": [row for row in mine if row["subscriptionId"] in asked.path], "nextLink": None})
        return Told({"value": [], "properties": {}})

    def graph(self, asked: Asked) -> Told:
        """A page of a query: rows of the types it names, in the subscriptions it names."""
        query = asked.body["query"].lower()
        within = asked.body.get("subscriptions")
        fit = [row for row in self.rows if f"'{row['type']}'" in query]
        if within is not None:
            fit = [row for row in fit if row["subscriptionId"] in ("", *within)]
        fit.sort(key=lambda row: str(row["id"]).lower())
        start = int(asked.body["options"].get("$skipToken", "0"))
        body: dict[str, Any] = {"data": fit[start : start + self.page], "resultTruncated": "false"}
        if start + self.page < len(fit):
            body["$skipToken"] = str(start + self.page)
        return Told(body, headers={"x-ms-user-quota-remaining": "14"})

    @staticmethod
    def _told(answer: Told | Callable[[Asked], Told], asked: Asked) -> Told:
        return answer if isinstance(answer, Told) else answer(asked)

    @staticmethod
    def _subscription(name: str) -> dict[str, Any]:
        return {"id": f"/subscriptions/{name}", "subscriptionId": name, "displayName": "Fernhollow", "name": name}


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def cloud(endpoint: "Endpoint") -> Cloudlet:
    script = Cloudlet()
    endpoint.script = script
    return script


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    opened = Endpoint()
    monkeypatch.setenv("AUDITOR_AZURE_ENDPOINT", opened.url)
    yield opened
    opened.close()


@pytest.fixture
def gateway(endpoint: Endpoint, kept: Kept, stop: threading.Event, clock: FakeClock) -> Iterator[Gateway]:
    session = Session(Settings())
    yield Gateway(session, kept, kept, stop, clock=clock)
    session.close()


@pytest.fixture
def options(stop: threading.Event) -> Callable[..., CollectOptions]:
    def make(depth: Depth = Depth.STANDARD, **given: Any) -> CollectOptions:
        return collect_options(stop, depth, **given)

    return make
