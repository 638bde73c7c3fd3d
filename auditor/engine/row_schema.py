"""Derives the JSON Schema of a function's row from the model: types, descriptions, what may be null and why."""

import ast
import inspect
import sys
import types
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from itertools import pairwise
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from auditor.engine.report_rows import NOT_SHOWN, RENAMED
from auditor.model.environment import StoredSecret, Variable
from auditor.model.function import Function
from auditor.model.observed import Known, Unknown
from auditor.model.tags import Tags

_PLAIN: Final = {str: "string", int: "integer", float: "number", bool: "boolean"}
_UNREAD: Final = (
    "Null where it could not be read: `unknown_facts` says why. Absent where this hosting has no such fact."
)


def function_properties(definitions: dict[str, Any]) -> dict[str, Any]:
    """The properties of a row that come from :class:`Function`; definitions of records are added to ``definitions``."""
    lists = {"environment": Variable, "stored_secrets": StoredSecret}
    return _properties(Function, definitions) | {
        name: {
            "description": f"{inspect.getdoc(record)} {_UNREAD}",
            "anyOf": [{"type": "array", "items": record_reference(record, definitions)}, {"type": "null"}],
        }
        for name, record in lists.items()
    }


@cache
def descriptions(record: type) -> dict[str, str]:
    """The attribute docstrings of a class of the model, by field name."""
    tree = ast.parse(inspect.getsource(sys.modules[record.__module__]))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == record.__name__)
    found: dict[str, str] = {}
    for field, text in pairwise(body):
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str):
            found[field.target.id] = " ".join(text.value.value.split())
    return found


def _properties(record: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(record)
    told = descriptions(record)
    properties = {}
    for field in fields(record):
        name = f"{record.__name__}.{field.name}"
        if name in NOT_SHOWN:
            continue
        shape = _shape(hints[field.name], definitions)
        note = f" {_UNREAD}" if _observed(hints[field.name]) else ""
        properties[RENAMED.get(name, field.name)] = {"description": told[field.name] + note, **shape}
    return properties


def _observed(hint: Any) -> bool:
    return Unknown in get_args(hint)


def _shape(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Known:
        return _shape(arguments[0], definitions)
    if origin in (Union, types.UnionType):
        return _either([each for each in arguments if each not in (Unknown, type(None))], hint, definitions)
    if origin is tuple:
        return _list(arguments, definitions)
    if hint is Tags:
        return {"type": "object", "additionalProperties": {"type": "string"}}
    if is_dataclass(hint) and isinstance(hint, type):
        return record_reference(hint, definitions)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"type": "string", "enum": [member.value for member in hint]}
    return {"type": _PLAIN[hint]}


def _either(kinds: list[Any], hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    shapes = [_shape(kind, definitions) for kind in kinds]
    optional = type(None) in get_args(hint) or _observed(hint)
    if not optional and len(shapes) == 1:
        return shapes[0]
    return {"anyOf": [*shapes, {"type": "null"}]} if optional else {"anyOf": shapes}


def _list(arguments: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:  # a list; groups observed apart are one list in the row
        item = arguments[0]
        if _observed(item):
            return _shape(next(each for each in get_args(item) if each is not Unknown), definitions)
        return {"type": "array", "items": _shape(item, definitions)}
    shapes = [_shape(each, definitions) for each in arguments]
    return {"type": "array", "prefixItems": shapes, "minItems": len(shapes), "maxItems": len(shapes)}


def record_reference(record: type, definitions: dict[str, Any]) -> dict[str, Any]:
    """A reference to a class of the model, which is added to ``definitions``."""
    if record.__name__ not in definitions:
        definitions[record.__name__] = {}  # a record may hold its own kind
        definitions[record.__name__] = {
            "description": inspect.getdoc(record) or "",
            "type": "object",
            "properties": _properties(record, definitions),
        }
    return {"$ref": f"#/$defs/{record.__name__}"}
