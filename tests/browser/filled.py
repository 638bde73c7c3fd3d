"""A function's row in which every field of the published schema holds a value: what the page must be able to draw."""

from collections.abc import Iterator
from typing import Any

from auditor.engine.schemas import schema

Row = dict[str, Any]


def filled() -> Row:
    """The row. Texts say where they stand, so that no two are alike."""
    report = schema("report")
    return _filled(report["$defs"]["FunctionRow"], report["$defs"], "function", ())


def _filled(shape: Row, definitions: Row, path: str, inside: tuple[str, ...]) -> Any:
    if "$ref" in shape:
        name = shape["$ref"].rpartition("/")[2]
        return None if name in inside else _filled(definitions[name], definitions, path, (*inside, name))
    for alternatives in ("anyOf", "oneOf"):
        if alternatives in shape:
            first = next(each for each in shape[alternatives] if each != {"type": "null"})
            return _filled(first, definitions, path, inside)
    if "enum" in shape or "const" in shape:
        return shape.get("const", shape.get("enum", [None])[0])
    kind = shape["type"] if isinstance(shape["type"], str) else shape["type"][0]
    if kind == "object" and "properties" in shape:
        return {
            name: _filled(part, definitions, f"{path}.{name}", inside) for name, part in shape["properties"].items()
        }
    if kind == "object":
        return {"a-key": "a-value"}
    if kind == "array":
        items = shape.get("prefixItems") or [shape["items"]]
        return [_filled(item, definitions, f"{path}[]", inside) for item in items]
    return {"string": f"{path} text", "integer": 7, "number": 7.5, "boolean": True}[kind]


def leaves(path: str, value: Any) -> Iterator[str]:
    """The paths of all values below, list items as ``[]``; pairs and lists of words are one value."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from leaves(f"{path}.{name}" if path else name, part)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for item in value:
            yield from leaves(f"{path}[]", item)
    elif value is not None:
        yield path
