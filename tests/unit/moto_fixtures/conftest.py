"""A fresh local AWS a module, and clients that neither retry nor find other credentials."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from boto3.session import Session
from botocore.config import Config

from moto_fixtures.aws.server import Server

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
Clients = Callable[..., Any]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """The local AWS of this module."""
    with Server() as started:
        yield started


@pytest.fixture(autouse=True)
def calm(server: Server) -> Iterator[None]:
    """No test leaves faults or a log behind."""
    server.faults.clear()
    server.forget_requests()
    yield
    server.faults.clear()


@pytest.fixture(scope="module")
def client(server: Server) -> Clients:
    """Makes boto3 clients of the local AWS."""
    given = server.environment
    session = Session(given["AWS_ACCESS_KEY_ID"], given["AWS_SECRET_ACCESS_KEY"], given["AWS_SESSION_TOKEN"])
    once = Config(retries={"max_attempts": 0}, read_timeout=300)

    def make(service: str, region: str = "us-east-1") -> Any:
        return session.client(service, region_name=region, endpoint_url=server.endpoint, config=once)

    return make


@pytest.fixture(scope="module")
def role(client: Clients) -> str:
    """A role Lambda may assume."""
    return str(client("iam").create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"])


@pytest.fixture(scope="module")
def create(client: Clients, role: str) -> Callable[..., dict[str, Any]]:
    """Creates a function with small defaults."""

    def made(name: str, **settings: Any) -> dict[str, Any]:
        given = {
            "FunctionName": name,
            "Runtime": "python3.14",
            "Handler": "app.handler",
            "Role": role,
            "Code": {"ZipFile": b"code"},
            **settings,
        }
        answer: dict[str, Any] = client("lambda").create_function(**given)
        return answer

    return made
