"""IAM actions of the calls that AWS's SDKs for Python and JavaScript make."""

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, Final

from auditor.code.taint.memory import ApiCall
from auditor.model.code_analysis import ApiUse

_COMMANDS: Final[dict[str, str]] = {
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "BatchGet": "BatchGetItem",
    "BatchWrite": "BatchWriteItem",
    "TransactGet": "TransactGetItems",
    "TransactWrite": "TransactWriteItems",
}
"""What DynamoDB's document clients call the operations."""

_HELPERS: Final[dict[str, str]] = {
    "download_file": "GetObject",
    "download_fileobj": "GetObject",
    "upload_file": "PutObject",
    "upload_fileobj": "PutObject",
    "batch_writer": "BatchWriteItem",
    "upload": "PutObject",
    "Upload": "PutObject",
    "get_signed_url": "GetObject",
}
"""Methods that are no operations of their own."""

_RESOURCES: Final[dict[str, str]] = {
    "Object.get": "GetObject",
    "Object.put": "PutObject",
    "Object.delete": "DeleteObject",
    "Object.load": "HeadObject",
    "Bucket.put_object": "PutObject",
    "Topic.publish": "Publish",
    "Queue.delete_message": "DeleteMessage",
}
_SHORT: Final = frozenset({"publish", "invoke", "scan"})
_WORD: Final = re.compile(r"(.)([A-Z][a-z]+)")
_EDGE: Final = re.compile(r"([a-z0-9])([A-Z])")
_VERSION_2: Final[dict[str, str]] = {
    "cognitoidentityserviceprovider": "cognito-idp",
    "stepfunctions": "stepfunctions",
    "eventbridge": "events",
    "cloudwatchlogs": "logs",
    "rdsdataservice": "rds-data",
    "redshiftdata": "redshift-data",
}


@cache
def _data() -> dict[str, Any]:
    packed = files("auditor.code").joinpath("data", "sdk_actions.json.gz").read_bytes()
    found: dict[str, Any] = json.loads(gzip.decompress(packed))
    return found


@cache
def _operations(service: str) -> dict[str, tuple[str, ...]]:
    """IAM actions by operation."""
    known = _data()["services"].get(service)
    if known is None:
        return {}
    found: dict[str, tuple[str, ...]] = {one: (f"{known['prefix']}:{one}",) for one in known["same"].split()}
    found.update({one: tuple(actions) for one, actions in known["other"].items()})
    return found


@cache
def _methods(service: str) -> dict[str, str]:
    """Operations by the names of Python's methods."""
    exceptions = {operation: method for method, operation in _data()["method_names"].items()}
    return {
        exceptions.get(one) or _EDGE.sub(r"\1_\2", _WORD.sub(r"\1_\2", one)).lower(): one
        for one in _operations(service)
    }


@cache
def method_names() -> frozenset[str]:
    """The names of two words and more that clients of Python's SDK give their operations, and a few of one."""
    return frozenset(name for service in _data()["services"] for name in _methods(service) if "_" in name) | _SHORT


def prepare() -> None:
    """Read the data, which a confined process cannot."""
    _data()
    method_names()


def use_of(call: ApiCall) -> ApiUse:
    """The IAM actions of a call, and the resources it names."""
    language, _, raw = call.service.partition(":")
    service = _service(language, raw)
    operation = _operation(language, service, call.operation)
    actions = _operations(service).get(operation, ()) if operation else ()
    return ApiUse(
        call=f"{service}.{operation or call.operation}",
        actions=actions,
        resources=tuple(f"{name}={value}" for name, value in call.literals),
        file=call.file,
        line=call.line,
    )


def unknown_permissions(calls: Iterable[ApiCall]) -> Iterator[str]:
    """A sentence for each call of which it is not known which permissions it needs."""
    for call in calls:
        language, _, raw = call.service.partition(":")
        service = _service(language, raw)
        if not _operation(language, service, call.operation):
            yield f"{call.file}:{call.line} calls {service}.{call.operation}, whose permissions are not known"


def _service(language: str, raw: str) -> str:
    if language == "py":
        return raw
    if language == "js3":
        named = {"dynamodb": "dynamodb", "storage": "s3"}
        return named.get(raw) or str(_data()["javascript"].get(raw, raw))
    low = raw.lower()
    plain = {one.replace("-", ""): one for one in _data()["services"]}
    return _VERSION_2.get(low) or plain.get(low, low)


def _operation(language: str, service: str, name: str) -> str:
    known = _operations(service)
    if language == "py":
        last = name.rsplit(".", 1)[-1]
        return _RESOURCES.get(".".join(name.split(".")[-2:])) or _methods(service).get(last) or _HELPERS.get(last, "")
    upper = name[:1].upper() + name[1:]
    if upper in known:
        return upper
    return _COMMANDS.get(upper, "") if service == "dynamodb" else _HELPERS.get(name, "")
