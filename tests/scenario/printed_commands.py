"""Runs the AWS commands that a fix prints against the emulator, through boto3: what is printed is what is tried."""

import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import boto3
from botocore import xform_name
from botocore.client import BaseClient
from botocore.model import ListShape, Shape, StructureShape

Answers = Callable[[str], str]
"""What is written in place of a ``REPLACE-what-it-is``, or in the file of that name."""

_ASKS = ("get-", "list-", "describe-", "start-policy-generation", "generate-")
_PLACEHOLDER = "REPLACE-"


def run(command: str, answers: Answers) -> list[str]:
    """Runs every line of a command that changes something; the operations that it ran, as ``service:Operation``."""
    return [_call(words, answers) for words in _changes(command)]


def _changes(command: str) -> Iterator[list[str]]:
    for line in command.splitlines():
        for part in line.split(" && "):
            words = shlex.split(part, comments=True)
            if words and not words[2].startswith(_ASKS):
                assert words[0] == "aws", f"no command of AWS: {line}"
                yield words[1:]


def _call(words: list[str], answers: Answers) -> str:
    service, operation, *options = words
    given = dict(_options(options))
    region = given.pop("region", "us-east-1")
    client: BaseClient = boto3.client(service, region_name=region)
    method = operation.replace("-", "_")
    name = client.meta.method_to_api_mapping[method]
    shape = client.meta.service_model.operation_model(name).input_shape
    assert shape is not None
    members = {xform_name(member, "-"): (member, of) for member, of in shape.members.items()}
    unknown = given.keys() - members.keys()
    assert not unknown, f"{service} {operation} has no {unknown}"
    getattr(client, method)(**{members[key][0]: _value(members[key][1], text, answers) for key, text in given.items()})
    return f"{service}:{name}"


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    name, values = "", list[str]()
    for word in [*words, "--"]:
        if word.startswith("--"):
            if name:
                yield name, " ".join(values)
            name, values = word.removeprefix("--"), []
        else:
            values.append(word)


def _value(shape: Shape, text: str, answers: Answers) -> Any:
    """A parameter as boto3 takes it, read as the command line of AWS reads it."""
    if text.startswith("file://"):
        text = answers(text.removeprefix("file://"))
    elif _PLACEHOLDER in text:
        text = answers(text)
    if isinstance(shape, StructureShape | ListShape) and text[:1] in "{[":
        return json.loads(text)
    if isinstance(shape, ListShape):
        parts = text.split(" ")
        return [_shorthand(part) for part in parts] if isinstance(shape.member, StructureShape) else parts
    if isinstance(shape, StructureShape):
        return dict(_shorthand(text))
    if shape.type_name == "boolean":
        return {"": True, "true": True, "false": False}[text]
    return int(text) if shape.type_name in ("integer", "long") else text


def _shorthand(text: str) -> Mapping[str, str]:
    return dict(pair.split("=", 1) for pair in text.split(","))
