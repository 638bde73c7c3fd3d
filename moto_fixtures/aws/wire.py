"""A call of the emulated AWS: a request with its names.

Operations of the REST protocols are named from botocore's service models, so a new operation needs no table here.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any
from urllib.parse import parse_qs, unquote

from botocore.loaders import Loader

from moto_fixtures.emulation.wire import Request

_SCOPE = re.compile(r"Credential=([^/]*)/\d{8}/([^/]*)/([^/]+)/aws4_request")
_CBOR_PATH = re.compile(r"/service/[^/]+/operation/(\w+)")
_CLIENT_OF_SIGNING_NAME = {
    "access-analyzer": "accessanalyzer",
    "bedrock-agentcore": "bedrock-agentcore-control",
    "elasticfilesystem": "efs",
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "states": "stepfunctions",
    "tagging": "resourcegroupstaggingapi",
}
_RESOURCE_MEMBERS = (
    "KeyId", "QueueUrl", "QueueName", "TopicArn", "repositoryName", "logGroupName", "logGroupNamePrefix",
    "SecretId", "RoleName", "FunctionName", "Name", "TrailName", "FileSystemId", "AccessPointId",
    "GroupId.1", "SubnetId.1", "Filter.1.Value.1", "RoleArn",
)  # fmt: skip


@dataclass(frozen=True)
class Call:
    """One request, named: ``service`` is the boto3 client's name and ``operation`` the API's."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    service: str
    operation: str
    protocol: str
    region: str
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def access_key(self) -> str:
        """Whose credentials signed it; "" for none."""
        scope = _SCOPE.search(self.headers.get("authorization", ""))
        return scope.group(1) if scope else ""

    @property
    def path(self) -> str:
        """The path as sent, still percent-encoded."""
        return self.target.partition("?")[0]

    @cached_property
    def query(self) -> dict[str, list[str]]:
        """Query-string members, decoded."""
        return parse_qs(self.target.partition("?")[2], keep_blank_values=True)

    @cached_property
    def form(self) -> dict[str, str]:
        """Members of a query-protocol body (the first value of each)."""
        pairs = parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return {name: values[0] for name, values in pairs.items()}

    def argument(self, name: str) -> str | None:
        """A query-string member, or None."""
        values = self.query.get(name)
        return values[0] if values else None

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; empty when there is no body."""
        decoded: dict[str, Any] = json.loads(self.body) if self.body else {}
        return decoded

    def with_json(self, body: Mapping[str, Any]) -> "Call":
        """The same call carrying another JSON body."""
        return replace(self, body=json.dumps(body).encode())

    @cached_property
    def resource(self) -> str:
        """What the call is about, as far as the wire tells: a function's name, a key, a bucket; or empty."""
        if self.labels:
            return "/".join(self.labels.values())
        members: Mapping[str, Any] = {}
        if self.protocol in ("query", "ec2"):
            members = self.form
        elif self.protocol == "json" and self.body[:1] == b"{":
            members = self.json()
        else:
            members = {name: values[0] for name, values in self.query.items()}
        return next((str(members[name]) for name in _RESOURCE_MEMBERS if members.get(name)), "")


@dataclass(frozen=True)
class _Route:
    method: str
    pattern: re.Pattern[str]
    operation: str
    arguments: frozenset[str]
    literal: int


@cache
def _routes(service: str) -> tuple[_Route, ...]:
    """REST routes of a service, the most specific first; none for a service botocore does not know."""
    loader = Loader()
    if service not in loader.list_available_services("service-2"):
        return ()
    found = []
    for name, operation in loader.load_service_model(service, "service-2")["operations"].items():
        uri, _, query = operation.get("http", {}).get("requestUri", "/").partition("?")
        parts = re.split(r"\{([^}]+)\}", uri.rstrip("/"))
        pattern = "".join(
            re.escape(part)
            if index % 2 == 0
            else f"(?P<{part.rstrip('+').replace('-', '_')}>{'.+' if part.endswith('+') else '[^/]+'})"
            for index, part in enumerate(parts)
        )
        arguments = frozenset(piece for piece in query.split("&") if piece)
        literal = sum(len(part) for part in parts[::2])
        found.append(_Route(operation["http"]["method"], re.compile(pattern + "/?$"), name, arguments, literal))
    return tuple(sorted(found, key=lambda route: (-len(route.arguments), -route.literal)))


def _satisfied(wanted: frozenset[str], query: Mapping[str, list[str]]) -> bool:
    for piece in wanted:
        name, given, value = piece.partition("=")
        if name not in query or (given and query[name] != [value]):
            return False
    return True


def _rest(service: str, method: str, target: str) -> tuple[str, dict[str, str]]:
    path, _, tail = target.partition("?")
    query = parse_qs(tail, keep_blank_values=True)
    for route in _routes(service):
        matched = route.pattern.match(path) if route.method == method else None
        if matched and _satisfied(route.arguments, query):
            return route.operation, {name: unquote(value) for name, value in matched.groupdict().items()}
    return f"{method} {path}", {}


def identify(request: Request) -> Call:
    """Names a raw request from its SigV4 credential scope, target header, form or REST route."""
    method, target, headers, body = request.method, request.target, request.headers, request.body
    scope = _SCOPE.search(headers.get("authorization", ""))
    region, signed = (scope.group(2), scope.group(3)) if scope else ("us-east-1", "s3")
    service = _CLIENT_OF_SIGNING_NAME.get(signed, signed)
    if service == "apigateway" and target.startswith("/v2/"):
        service = "apigatewayv2"  # both sign as one service
    if service == "s3" and target.startswith("/v20180820/"):
        service = "s3control"  # the same
    labels: dict[str, str] = {}
    cbor = _CBOR_PATH.match(target)
    if cbor:
        operation, protocol = cbor.group(1), "cbor"
    elif "x-amz-target" in headers:
        operation, protocol = headers["x-amz-target"].rpartition(".")[2], "json"
    elif method == "POST" and target == "/" and b"Action=" in body:
        operation = parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]
        protocol = "ec2" if service == "ec2" else "query"
    else:
        operation, labels = _rest(service, method, target)
        protocol = "rest-xml" if service in ("s3", "s3control") else "rest-json"
    return Call(method, target, headers, body, service, operation, protocol, region, labels)
