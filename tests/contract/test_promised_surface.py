"""Every key, verb, option and exit code that is promised exists, by its name and in its shape."""

from collections.abc import Iterator
from typing import Any

import click
import pytest

from auditor.cli.main import root
from auditor.engine.schemas import schema
from auditor.errors import ExitCode
from tests import promise


def unkept(shape: promise.Shape, part: Any, definitions: dict[str, Any], path: str = "") -> Iterator[str]:
    """What of a promise a published schema does not hold."""
    kinds = list(alternatives(part, definitions))
    plain = [kind for kind in kinds if kind.get("type") != "null"]
    nullable = len(plain) < len(kinds)
    if isinstance(shape, tuple):
        shape = shape[0]
    elif nullable and not (isinstance(shape, str) and (shape.endswith("?") or shape == "any")):
        yield f"{path} may be null"
    if isinstance(shape, str):
        wanted = {"list": "array"}.get(name := shape.removesuffix("?"), name)
        types = {each.get("type") for each in plain}
        if wanted != "any" and not types <= {wanted, *({"integer"} if wanted == "number" else ())}:
            yield f"{path} is {sorted(map(str, types))}, not {wanted}"
        return
    for kind in plain:
        yield from _inside(shape, kind, definitions, path)


def _inside(shape: promise.Shape, kind: dict[str, Any], definitions: dict[str, Any], path: str) -> Iterator[str]:
    if isinstance(shape, list):
        if kind.get("type") != "array":
            yield f"{path} is no list"
        else:
            yield from unkept(shape[0], kind["items"], definitions, f"{path}[]")
    elif "*" in shape:
        if shape["*"] != "any":
            yield from unkept(shape["*"], kind.get("additionalProperties", {}), definitions, f"{path}.*")
    else:
        for key, below in shape.items():
            name = key.removesuffix("~")
            if name not in kind.get("properties", {}):
                yield f"{path}.{name} is missing"
            else:
                yield from unkept(below, kind["properties"][name], definitions, f"{path}.{name}")


def alternatives(part: Any, definitions: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in part:
        yield from alternatives(definitions[part["$ref"].rpartition("/")[2]], definitions)
    elif "anyOf" in part:
        for each in part["anyOf"]:
            yield from alternatives(each, definitions)
    else:
        yield part


def test_the_published_schema_holds_every_promised_key() -> None:
    published = schema("report")
    assert list(unkept(promise.REPORT, published, published["$defs"])) == []


def test_a_broken_promise_is_named() -> None:
    part = {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "array", "items": {}}}}
    wanted = {"a": "integer", "b": [{"c": "string"}], "d~": "string"}
    assert list(unkept(wanted, part, {})) == [".a is ['string'], not integer", ".b[].c is missing", ".d is missing"]


@pytest.mark.parametrize("verb", promise.VERBS)
def test_a_promised_verb_has_its_actions(verb: str) -> None:
    assert set(promise.VERBS[verb]) - set(words(verb)) == set()


def words(verb: str) -> list[str]:
    command = found(verb)
    if isinstance(command, click.Group):
        return command.list_commands(click.Context(command))
    return [
        word
        for each in command.params
        if isinstance(each, click.Argument)
        for word in getattr(each.type, "choices", ())
    ]


def found(verb: str) -> click.Command:
    command: click.Command | None = root
    for word in verb.split():
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), word)
    assert command is not None, f"auditor {verb} does not exist"
    return command


@pytest.mark.parametrize("verb", promise.OPTIONS)
def test_a_promised_option_exists(verb: str) -> None:
    offered = {name for each in found(verb).params for name in each.opts}
    assert set(promise.OPTIONS[verb].split()) - offered == set()


def test_the_exit_codes_are_the_promised_ones() -> None:
    assert {int(code) for code in ExitCode} == promise.EXIT_CODES
