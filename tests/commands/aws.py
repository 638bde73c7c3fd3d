"""Whether a command is one of the AWS CLI's, by the models of the services that botocore ships.

The CLI makes its commands from the same models: a command is an operation, a flag one of its members, in kebab case.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

_EVERYWHERE = {"region", "profile", "output", "query", "endpoint-url"}
_PAGED = {"max-items", "page-size", "starting-token"}
_OF_ITS_OWN = {
    ("logs", "tail"): {"since", "filter-pattern", "follow", "format"},
    ("configservice", "put-configuration-recorder"): {"configuration-recorder", "recording-group"},
    ("s3", "mb"): set[str](),
    ("s3", "ls"): {"recursive", "human-readable", "summarize"},
}
"""Commands that the CLI adds to the models, with their flags."""
_OUTPUT_FILE = {("lambda", "invoke"), ("s3api", "get-object")}
_RENAMED = {"s3api": "s3", "configservice": "config"}
"""Services that the CLI calls otherwise than their model is called."""

_FLAGS_RENAMED = {("sns", "subscribe"): {"notification-endpoint": "endpoint"}}
"""Flags that the CLI calls otherwise than their member: ``--endpoint-url`` would be meant by their beginning."""

_BLOBS = ("fileb://", "file://", "REPLACE-", "sample-")


def complaints(words: Sequence[str]) -> Iterator[str]:
    """What the AWS CLI would refuse in ``aws …``."""
    service, name, rest = words[1], words[2], list(words[3:])
    flags = _OF_ITS_OWN.get((service, name))
    if flags is not None:
        yield from (f"aws {service} {name} has no flag {flag}" for flag in _unknown(rest, flags | _EVERYWHERE))
        return
    operation = _operations(_RENAMED.get(service, service)).get(name)
    if operation is None:
        yield f"there is no such command: aws {service} {name}"
        return
    members = _members(operation)
    given: dict[str, list[str]] = {}
    loose: list[str] = []
    while rest:
        word = rest.pop(0)
        flag, equals, value = word[2:].partition("=") if word.startswith("--") else ("", "", "")
        if not flag:
            loose.append(word)
            continue
        values = [value] if equals else _values(rest)
        given[_FLAGS_RENAMED.get((service, name), {}).get(flag, flag)] = values
    yield from _arguments(loose, (service, name))
    for flag, values in given.items():
        if flag in _EVERYWHERE | _PAGED:
            continue
        shape = members.get(flag) or members.get(flag.removeprefix("no-"))
        if shape is None:
            yield f"aws {service} {name} has no flag --{flag}"
        else:
            yield from (f"--{flag}: {problem}" for problem in _value(shape, values))
    for member in _required(operation):
        if member not in given and f"no-{member}" not in given:
            yield f"aws {service} {name} needs --{member}"


def _values(rest: list[str]) -> list[str]:
    """The words up to the next flag."""
    taken: list[str] = []
    while rest and not rest[0].startswith("--"):
        taken.append(rest.pop(0))
    return taken


def _unknown(words: Sequence[str], flags: set[str]) -> list[str]:
    return [word for word in words if word.startswith("--") and word[2:].partition("=")[0] not in flags]


def _arguments(loose: list[str], command: tuple[str, str]) -> Iterator[str]:
    if loose and command not in _OUTPUT_FILE:
        yield f"aws {' '.join(command)} takes no argument {loose[0]!r}"
    if command in _OUTPUT_FILE and not loose:
        yield f"aws {' '.join(command)} needs the file it writes to"


@cache
def _operations(service: str) -> dict[str, OperationModel]:
    try:
        model: ServiceModel = botocore.session.get_session().get_service_model(service)
    except UnknownServiceError:
        return {}
    return {xform_name(name, "-"): model.operation_model(name) for name in model.operation_names}


def _members(operation: OperationModel) -> dict[str, Shape]:
    shape = operation.input_shape
    return {} if shape is None else {xform_name(name, "-"): member for name, member in shape.members.items()}


def _required(operation: OperationModel) -> list[str]:
    shape = operation.input_shape
    if shape is None:
        return []
    filled = {name for name, member in shape.members.items() if member.metadata.get("idempotencyToken")}
    return [xform_name(name, "-") for name in shape.required_members if name not in filled]


def _value(shape: Shape, values: list[str]) -> Iterator[str]:
    if shape.type_name == "boolean":
        if values and values[0] not in ("true", "false"):
            yield f"a switch takes no value {values[0]!r}"
        return
    if not values:
        yield "needs a value"
        return
    if isinstance(shape, StructureShape | MapShape | ListShape):
        for value in [values] if len(values) > 1 and not isinstance(shape, ListShape) else values:
            yield from _compound(shape, value if isinstance(value, str) else " ".join(value))
        return
    if len(values) > 1:
        yield f"takes one value, not {values}"
    yield from _scalar(shape, values[0])


def _scalar(shape: Shape, value: str) -> Iterator[str]:
    choices = getattr(shape, "enum", [])
    unknown = value.startswith(("REPLACE-", "sample-"))
    if choices and value not in choices and not unknown:
        yield f"{value!r} is none of {', '.join(choices)}"
    if shape.type_name in ("integer", "long") and not unknown and not value.lstrip("-").isdigit():
        yield f"{value!r} is no whole number"
    if value.startswith(("{", "[")) and shape.type_name == "string":
        yield from _json(value)


def _compound(shape: Shape, value: str) -> Iterator[str]:
    if value.startswith(("{", "[")) and not value.startswith("[{comparison"):
        problems = list(_json(value))
        yield from problems
        if not problems:
            yield from _fits(shape, json.loads(value))
    elif not value.startswith(_BLOBS):
        yield from _shorthand(shape, value)


def _json(value: str) -> Iterator[str]:
    try:
        json.loads(value)
    except ValueError as error:
        yield f"is not JSON: {error}"


def _fits(shape: Shape, value: Any) -> Iterator[str]:
    """What of a JSON value the model does not have."""
    if isinstance(shape, ListShape):
        if not isinstance(value, list):
            yield "is not a list"
            return
        for item in value:
            yield from _fits(shape.member, item)
    elif isinstance(shape, StructureShape):
        if not isinstance(value, dict):
            yield "is not an object"
            return
        for name, item in value.items():
            if name in shape.members:
                yield from _fits(shape.members[name], item)
            elif not shape.is_document_type:
                yield f"{shape.name} has no member {name}"
        yield from (f"{shape.name} needs {name}" for name in shape.required_members if name not in value)


def _shorthand(shape: Shape, value: str) -> Iterator[str]:
    """``Key=value,Other=value`` against the members; ``value`` alone for a list of plain values."""
    inner = shape.member if isinstance(shape, ListShape) else shape
    if not isinstance(inner, StructureShape):
        return
    names = [part.partition("=")[0] for part in _split(value) if "=" in part]
    if not names:
        yield f"{value!r} gives no member of {inner.name}"
    yield from (f"{inner.name} has no member {name}" for name in names if name not in inner.members)
    yield from (f"{inner.name} needs {name}" for name in inner.required_members if name not in names)


def _split(value: str) -> Iterator[str]:
    """Parts between commas outside brackets and quotes; a part without "=" belongs to the value before."""
    depth, quote, start = 0, "", 0
    for position, mark in enumerate(value):
        if quote:
            quote = "" if mark == quote else quote
        elif mark in "'\"":
            quote = mark
        elif mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
        elif mark == "," and depth == 0:
            yield value[start:position]
            start = position + 1
    yield value[start:]
