"""The routes answer exactly the calls that the audit declares, and the log names them."""

import re

import pytest

from moto_fixtures.emulation.wire import Request
from moto_fixtures.gcp.routes.registry import ROUTES, find
from moto_fixtures.gcp.server import Server
from moto_fixtures.gcp.wire import parse
from providers.gcp.operations import OPERATIONS, GcpOperation
from tests.unit.moto_fixtures.gcp.conftest import PROJECT, Ask

_NAMES = {
    "parent": "folders/1",
    "service": "projects/p/locations/l/services/s",
    "function": "projects/p/locations/l/functions/f",
    "topic": "projects/p/topics/t",
    "key": "projects/p/locations/l/keyRings/r/cryptoKeys/k",
    "repository": "projects/p/locations/l/repositories/r",
    "role": "organizations/1/roles/r",
    "version": "v2",
    "email": "a@p.iam.gserviceaccount.com",
}


_FETCHED = "functions:GetSourceCode"
"""What is behind the address that functions:GetDownloadUrl answers with: no call of an API."""

CALLS = [operation for operation in OPERATIONS if operation.id != _FETCHED]


def _path(operation: GcpOperation) -> str:
    return "/" + re.sub(r"\{(\w+)\}", lambda match: _NAMES.get(match.group(1), "x"), operation.path)


@pytest.mark.parametrize("operation", CALLS, ids=lambda operation: operation.id)
def test_every_declared_call_has_its_route(operation: GcpOperation) -> None:
    kind = operation.parameters.get("contentType", "")
    found = find(parse(Request(operation.method, f"{_path(operation)}?contentType={kind}", {}, b"", "")))
    assert found is not None
    route = found[0]
    assert (route.id, route.host, route.permission) == (operation.id, operation.host, operation.permission)


def test_no_route_is_anything_but_a_declared_read() -> None:
    assert sorted(route.id for route in ROUTES) == sorted(operation.id for operation in CALLS)
    reading = (":getIamPolicy", ":generateDownloadUrl")
    assert {route.method for route in ROUTES if not route.pattern.pattern.endswith(reading)} == {"GET"}


def test_what_nobody_declared_is_not_found_and_stays_in_the_log(server: Server, ask: Ask) -> None:
    path = f"v2/projects/{PROJECT}/locations/europe-west1/functions/second"
    for method, where in (
        ("DELETE", path),
        ("POST", f"{path}:setIamPolicy"),
        ("GET", f"v1/projects/{PROJECT}/secrets/s/versions/1:access"),
    ):
        answer = ask(where, method)
        assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=UTF-8")
    assert [(seen.method, seen.path, seen.operation, seen.status) for seen in server.requests] == [
        ("DELETE", f"/{path}", "", 404),
        ("POST", f"/{path}:setIamPolicy", "", 404),
        ("GET", f"/v1/projects/{PROJECT}/secrets/s/versions/1:access", "", 404),
    ]
    server.forget_requests()
    assert server.requests == ()


def test_the_log_names_the_call_and_its_project(server: Server, ask: Ask) -> None:
    ask("v3/projects:search")
    ask(f"v1/projects/{PROJECT}/assets", contentType="IAM_POLICY")
    ask("v2/projects/515151515151/locations/-/functions")
    assert [(seen.operation, seen.project, seen.status) for seen in server.requests] == [
        ("resourcemanager:SearchProjects", "", 200),
        ("asset:ListPolicies", PROJECT, 200),
        ("functions:ListFunctions", PROJECT, 200),
    ]


def test_it_stops_and_says_so(server: Server) -> None:
    assert server.environment["AUDITOR_GCP_ENDPOINT"] == server.endpoint
    server.stop()
    server.stop()
    with pytest.raises(RuntimeError, match="not running"):
        assert server.endpoint
