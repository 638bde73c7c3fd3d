"""The demo's report.json keeps what is promised of it, row by row; what it has nothing of is named."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import promise

NOTHING_OF_IT = {
    # reached by one account alone, as of itself, without packages, waivers or an earlier run
    ".run.organization",
    ".run.carried_over",
    ".run.plugins[]",
    ".run.clouds_not_scanned[]",
    ".run.errors[]",
    ".scopes[].age",
    ".scopes[].carried_over",
    ".functions[].code.components",
    ".functions[].code.findings",
    ".functions[].code.calls",
    ".functions[].code.unused_permissions",
    ".score.drivers[].function_id",
    ".findings[].waived",
    ".findings[].first_seen",
    ".new",
    ".resolved",
    ".gone",
    ".not_examined_again",
    ".frameworks",
}


def broken(shape: promise.Shape, value: Any, path: str, met: set[str]) -> Iterator[str]:
    """What of a promise a value does not keep; ``met`` collects the paths of what it shows."""
    if value is None:
        if not (isinstance(shape, tuple) or (isinstance(shape, str) and (shape.endswith("?") or shape == "any"))):
            yield f"{path} is null"
        return
    met.add(path)
    shape = shape[0] if isinstance(shape, tuple) else shape
    if isinstance(shape, str):
        if not isinstance(value, KINDS[shape.removesuffix("?")]) or (isinstance(value, bool) and "number" in shape):
            yield f"{path} is {type(value).__name__}, not {shape}"
    elif isinstance(shape, list):
        for each in value if isinstance(value, list) else ():
            yield from broken(shape[0], each, f"{path}[]", met)
        if not isinstance(value, list):
            yield f"{path} is no list"
    elif not isinstance(value, dict):
        yield f"{path} is no object"
    elif "*" in shape:
        for each in value.values():
            yield from broken(shape["*"], each, f"{path}.*", met)
    else:
        yield from _keys(shape, value, path, met)


def _keys(shape: dict[str, Any], value: dict[str, Any], path: str, met: set[str]) -> Iterator[str]:
    for key, below in shape.items():
        name = key.removesuffix("~")
        if name in value:
            yield from broken(below, value[name], f"{path}.{name}", met)
        elif name == key:
            yield f"{path}.{name} is missing"


KINDS: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "list": list,
    "object": dict,
    "any": object,
}


def every(shape: promise.Shape, path: str = "") -> Iterator[str]:
    """The paths of a promise, but for what is below mappings."""
    yield path
    shape = shape[0] if isinstance(shape, tuple) else shape
    if isinstance(shape, list):
        yield from every(shape[0], f"{path}[]")
    elif isinstance(shape, dict) and "*" not in shape:
        for key, below in shape.items():
            yield from every(below, f"{path}.{key.removesuffix('~')}")


@pytest.fixture(scope="module")
def seen(scanned: Path) -> tuple[list[str], set[str]]:
    met: set[str] = set()
    document = json.loads((scanned / "report.json").read_bytes())
    return sorted(set(broken(promise.REPORT, document, "", met))), met


def test_every_row_keeps_its_promise(seen: tuple[list[str], set[str]]) -> None:
    assert seen[0] == []


def test_the_demo_shows_every_promised_key_but_those_that_are_named(seen: tuple[list[str], set[str]]) -> None:
    def excused(path: str) -> bool:
        return any(path == each or path.startswith((f"{each}.", f"{each}[")) for each in NOTHING_OF_IT)

    missing = {path for path in every(promise.REPORT) if path not in seen[1] and not excused(path)}
    assert missing == set()
    assert {each for each in NOTHING_OF_IT if each in seen[1]} == set()
