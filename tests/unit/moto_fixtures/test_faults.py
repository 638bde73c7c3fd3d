"""Every fault reaches botocore as the real service's would, and only where its rule says."""

import http.client
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.parsers import ResponseParserError

from moto_fixtures.aws.faults import Fault
from moto_fixtures.aws.server import Server
from moto_fixtures.emulation.faults import Spoil

Clients = Callable[..., Any]
Create = Callable[..., dict[str, Any]]

# One read a wire protocol: rest-json, query, ec2, json, cbor, rest-xml.
_READS = {
    "lambda": ("lambda", "ListFunctions", "list_functions"),
    "iam": ("iam", "ListRoles", "list_roles"),
    "ec2": ("ec2", "DescribeSubnets", "describe_subnets"),
    "kms": ("kms", "ListKeys", "list_keys"),
    "tagging": ("resourcegroupstaggingapi", "GetResources", "get_resources"),
    "s3": ("s3", "ListBuckets", "list_buckets"),
}
_CODES = {
    (Spoil.DENY, "lambda"): ("AccessDeniedException", 403),
    (Spoil.DENY, "iam"): ("AccessDenied", 403),
    (Spoil.DENY, "ec2"): ("UnauthorizedOperation", 403),
    (Spoil.DENY, "kms"): ("AccessDeniedException", 400),
    (Spoil.DENY, "tagging"): ("AccessDeniedException", 400),
    (Spoil.DENY, "s3"): ("AccessDenied", 403),
    (Spoil.THROTTLE, "lambda"): ("TooManyRequestsException", 429),
    (Spoil.THROTTLE, "iam"): ("Throttling", 400),
    (Spoil.THROTTLE, "ec2"): ("RequestLimitExceeded", 503),
    (Spoil.THROTTLE, "kms"): ("ThrottlingException", 400),
    (Spoil.THROTTLE, "tagging"): ("ThrottlingException", 400),
    (Spoil.THROTTLE, "s3"): ("SlowDown", 503),
    (Spoil.EXPIRED_TOKEN, "lambda"): ("ExpiredTokenException", 403),
    (Spoil.EXPIRED_TOKEN, "iam"): ("ExpiredToken", 403),
    (Spoil.EXPIRED_TOKEN, "ec2"): ("RequestExpired", 400),
    (Spoil.EXPIRED_TOKEN, "kms"): ("ExpiredTokenException", 400),
    (Spoil.EXPIRED_TOKEN, "s3"): ("ExpiredToken", 400),
}


@pytest.mark.parametrize(("kind", "service"), _CODES, ids=str)
def test_refusals_have_the_services_code_and_status(kind: Spoil, service: str, server: Server, client: Clients) -> None:
    name, operation, method = _READS[service]
    server.faults.add(Fault(kind, name, operation))
    with pytest.raises(ClientError) as error:
        getattr(client(name), method)()
    answer = error.value.response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == _CODES[kind, service]
    if kind is Spoil.DENY:
        prefix = "tag" if service == "tagging" else service
        assert f"not authorized to perform: {prefix}:{operation} because" in answer["Error"]["Message"]


def _raw(server: Server) -> tuple[int, bytes]:
    """Lambda's listing as it comes over the wire: the announced length and the bytes that arrive."""
    connection = http.client.HTTPConnection("127.0.0.1", int(server.endpoint.rpartition(":")[2]), timeout=300)
    scope = "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/lambda/aws4_request, x"
    connection.request("GET", "/2015-03-31/functions", headers={"Authorization": scope})
    response = connection.getresponse()
    announced = int(response.headers["Content-Length"])
    try:
        return announced, response.read()
    except http.client.IncompleteRead as cut:
        return announced, cut.partial
    finally:
        connection.close()


def test_a_malformed_answer_is_whole_and_no_json(server: Server) -> None:
    """Looked at on the wire, for botocore takes such an answer for an empty success."""
    server.faults.add(Fault(Spoil.MALFORMED, "lambda", "ListFunctions", times=1))
    announced, body = _raw(server)
    assert announced == len(body)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(body)
    assert json.loads(_raw(server)[1])["Functions"] == []


def test_a_truncated_answer_announces_more_than_it_sends(server: Server) -> None:
    """Looked at on the wire, for botocore does not compare the lengths."""
    server.faults.add(Fault(Spoil.TRUNCATED, "lambda", "ListFunctions", times=1))
    announced, body = _raw(server)
    assert len(body) == announced // 2
    assert json.loads(_raw(server)[1])["Functions"] == []


def test_broken_xml_breaks_the_parser(server: Server, client: Clients) -> None:
    server.faults.add(Fault(Spoil.MALFORMED, "iam", "ListRoles", times=1))
    with pytest.raises(ResponseParserError):
        client("iam").list_roles()
    assert client("iam").list_roles()["Roles"] == []


@pytest.mark.parametrize("service", ["lambda", "iam", "kms"])
def test_a_dropped_connection_is_an_error_and_the_next_one_stands(
    service: str, server: Server, client: Clients
) -> None:
    name, operation, method = _READS[service]
    server.faults.add(Fault(Spoil.DROP_CONNECTION, name, operation, times=1))
    with pytest.raises(ConnectionClosedError):
        getattr(client(name), method)()
    assert getattr(client(name), method)()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_a_rule_speaks_of_its_resource_and_region_only(server: Server, client: Clients, create: Create) -> None:
    create("alpha")
    create("beta")
    server.faults.add(Fault(Spoil.DENY, "lambda", "Get*", resource="alph?", region="us-*"))
    assert client("lambda").get_function(FunctionName="beta")["Configuration"]["FunctionName"] == "beta"
    with pytest.raises(ClientError, match="AccessDeniedException"):
        client("lambda").get_function(FunctionName="alpha")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client("lambda", "eu-west-1").get_function(FunctionName="alpha")


@pytest.mark.parametrize("name", ["efs", "elasticfilesystem"])
def test_a_rule_may_name_the_client_or_the_permission(name: str, server: Server, client: Clients) -> None:
    server.faults.add(Fault(Spoil.DENY, name, "DescribeFileSystems"))
    with pytest.raises(ClientError, match="elasticfilesystem:DescribeFileSystems"):
        client("efs").describe_file_systems()


def test_a_vanished_function_is_not_found_though_it_was_listed(server: Server, client: Clients, create: Create) -> None:
    create("fleeting")
    server.faults.add(Fault(Spoil.VANISH, "lambda", "GetFunction", resource="fleeting"))
    assert "fleeting" in [f["FunctionName"] for f in client("lambda").list_functions()["Functions"]]
    with pytest.raises(client("lambda").exceptions.ResourceNotFoundException):
        client("lambda").get_function(FunctionName="fleeting")


def test_times_and_share_bound_what_is_spoiled(server: Server, client: Clients) -> None:
    def spoiled(calls: int) -> int:
        count = 0
        for _ in range(calls):
            try:
                client("kms").list_keys()
            except ClientError:
                count += 1
        return count

    server.faults.add(Fault(Spoil.THROTTLE, "kms", times=2))
    assert spoiled(4) == 2
    server.faults.clear()
    server.faults.add(Fault(Spoil.THROTTLE, "kms", share=0.6))
    assert 12 <= spoiled(40) <= 36


def test_a_slow_answer_is_late_and_whole(server: Server, client: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    client("kms").list_keys()
    server.faults.add(Fault(Spoil.SLOW, "kms", delay=0.2))
    assert client("kms").list_keys()["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert 0.2 in pauses


def test_a_server_error_is_one(server: Server, client: Clients) -> None:
    server.faults.add(Fault(Spoil.SERVER_ERROR, "lambda"))
    with pytest.raises(ClientError) as error:
        client("lambda").list_functions()
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500


def test_requests_are_logged_with_what_they_were_about(server: Server, client: Clients, create: Create) -> None:
    create("logged")
    server.forget_requests()
    client("lambda").get_function(FunctionName="logged")
    client("lambda", "eu-west-1").list_functions()
    client("sts").get_caller_identity()
    assert [(seen.service, seen.operation, seen.region, seen.resource, seen.status) for seen in server.requests] == [
        ("lambda", "GetFunction", "us-east-1", "logged", 200),
        ("lambda", "ListFunctions", "eu-west-1", "", 200),
        ("sts", "GetCallerIdentity", "us-east-1", "", 200),
    ]


def test_one_account_a_process_and_each_start_is_fresh(server: Server, client: Clients) -> None:
    assert server.endpoint
    assert client("iam")
    with pytest.raises(RuntimeError, match="another emulated AWS account"):
        Server().start()
