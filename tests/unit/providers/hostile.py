"""A server on loopback that answers with whatever bytes a test gives it, and gateways of every cloud that ask it."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from auditor.model.capture import Json
from auditor.model.ids import Cloud
from providers.aws.gateway import Gateway as AwsGateway
from providers.aws.operations import BY_ID as AWS
from providers.aws.session import Session as AwsSession
from providers.aws.session import Settings as AwsSettings
from providers.azure.gateway import Gateway as AzureGateway
from providers.azure.operations import BY_ID as AZURE
from providers.azure.session import Session as AzureSession
from providers.azure.session import Settings as AzureSettings
from providers.calls.reply import Refusal
from providers.gcp.gateway import Gateway as GcpGateway
from providers.gcp.gateway import Request, Target
from providers.gcp.session import Session as GcpSession
from providers.gcp.session import Settings as GcpSettings
from tests.unit.providers.fake_clock import FakeClock
from tests.unit.providers.kept import Kept

SCOPE = "11111111-1111-1111-1111-111111111111"
Send = Callable[[bytes], None]


class Hostile:
    """Reads each request, then lets ``respond`` write what it likes. ``sent`` counts the bytes that were taken."""

    def __init__(self) -> None:
        self.forget()
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def forget(self) -> None:
        """Starts anew. ``hung_up`` is set when a client no longer takes what is sent."""
        self.respond: Callable[[Send], None] = lambda send: send(answer(b"{}"))
        self.sent = 0
        self.requests = 0
        self.hung_up = threading.Event()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as reading:
            try:
                while self._request(reading):
                    self.respond(lambda content: self._send(connection, content))
            except OSError:
                self.hung_up.set()

    def _request(self, reading: Any) -> bool:
        length, line = 0, reading.readline()
        if not line:
            return False
        while line.strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
            line = reading.readline()
        reading.read(length)
        with self._lock:
            self.requests += 1
        return True

    def _send(self, connection: socket.socket, content: bytes) -> None:
        connection.sendall(content)
        with self._lock:
            self.sent += len(content)


def head(*headers: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode()


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    return head(f"Content-Length: {len(body)}", *headers, status=status) + body


@dataclass(frozen=True)
class Asking:
    """A call of a cloud, and a body that answers it wholly. ``gzip``: whether the SDK takes compressed answers."""

    cloud: Cloud
    operation: str
    whole: bytes
    gzip: bool = True

    def __str__(self) -> str:
        return f"{self.cloud}-{self.operation}"


ASKED = (
    Asking(Cloud.AWS, "lambda:GetAccountSettings", b'{"AccountLimit": {"ConcurrentExecutions": 9}}', gzip=False),
    Asking(Cloud.AWS, "xray:GetEncryptionConfig", b'{"EncryptionConfig": {"Type": "NONE"}}', gzip=False),
    Asking(Cloud.AWS, "cloudtrail:DescribeTrails", b'{"trailList": []}', gzip=False),
    Asking(Cloud.AWS, "sqs:ListQueues", b'{"QueueUrls": ["https://sqs.us-east-1.amazonaws.com/1/a"]}', gzip=False),
    Asking(Cloud.AZURE, "web:ListSites", b'{"value": []}'),
    Asking(Cloud.AZURE, "graph:Sites", b'{"data": [], "count": 0, "totalRecords": 0, "resultTruncated": "false"}'),
    Asking(Cloud.GCP, "logging:ListSinks", b'{"sinks": []}'),
    Asking(Cloud.GCP, "functions:ListFunctions", b'{"functions": [], "unreachable": []}'),
)
"""Of each cloud, one for each way its SDK is used with JSON."""

IN_XML = (
    Asking(
        Cloud.AWS,
        "iam:GetAccountAuthorizationDetails",
        b"<GetAccountAuthorizationDetailsResponse><GetAccountAuthorizationDetailsResult>"
        b"<RoleDetailList><member><RoleName>a</RoleName></member></RoleDetailList><Policies/>"
        b"</GetAccountAuthorizationDetailsResult></GetAccountAuthorizationDetailsResponse>",
        gzip=False,
    ),
    Asking(
        Cloud.AWS,
        "ec2:DescribeSubnets",
        b"<DescribeSubnetsResponse><subnetSet><item><subnetId>a</subnetId></item></subnetSet></DescribeSubnetsResponse>",
        gzip=False,
    ),
)


class Asker:
    """Gateways of every cloud, all pointed at one server; ``ask`` makes one call and says what came of it."""

    def __init__(self) -> None:
        self._sessions: dict[Cloud, Any] = {
            Cloud.AWS: AwsSession(AwsSettings()),
            Cloud.AZURE: AzureSession(AzureSettings()),
            Cloud.GCP: GcpSession(GcpSettings()),
        }
        self._gateways: dict[Cloud, Any] = {}

    def forget(self) -> None:
        """Starts anew: what was learnt of endpoints is forgotten."""
        kinds: dict[Cloud, Any] = {Cloud.AWS: AwsGateway, Cloud.AZURE: AzureGateway, Cloud.GCP: GcpGateway}
        for cloud, kind in kinds.items():
            kept = Kept()
            self._gateways[cloud] = kind(
                self._sessions[cloud], kept, kept, threading.Event(), 16, paced=False, clock=FakeClock()
            )
        self._gateways[Cloud.AWS].home = "us-east-1"

    def ask(self, asking: Asking) -> Json | Refusal:
        """Makes one call."""
        gateway = self._gateways[asking.cloud]
        if asking.cloud is Cloud.AWS:
            return gateway.ask(AWS[asking.operation], "us-east-1")
        if asking.operation == "graph:Sites":
            return next(gateway.graph("resources", {"subscriptions": [SCOPE]}))
        if asking.cloud is Cloud.AZURE:
            operation = AZURE[asking.operation]
            return gateway.ask(operation, SCOPE, gateway.url(operation, SCOPE))
        return gateway.ask(asking.operation, Target("p"), Request({"project": "p"}))

    def close(self) -> None:
        for session in self._sessions.values():
            session.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Hostile]:
    opened = Hostile()
    yield opened
    opened.close()


@pytest.fixture
def hostile(server: Hostile) -> Hostile:
    server.forget()
    return server


@pytest.fixture(scope="module")
def clouds(server: Hostile) -> Iterator[Asker]:
    with pytest.MonkeyPatch.context() as environment:
        for name in ("AWS_ENDPOINT_URL", "AUDITOR_AZURE_ENDPOINT", "AUDITOR_GCP_ENDPOINT"):
            environment.setenv(name, server.url)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "testing")
        made = Asker()
        yield made
        made.close()


@pytest.fixture
def asker(clouds: Asker) -> Asker:
    clouds.forget()
    return clouds
