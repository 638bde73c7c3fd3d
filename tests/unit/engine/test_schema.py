"""The published schema of the report is derived from the types, and says what every field is."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from auditor.engine.report_rows import NOT_SHOWN, RENAMED
from auditor.engine.row_schema import descriptions
from auditor.engine.schemas import schema
from auditor.model import report
from auditor.model.function import Function
from tests.strict_schema import strict


def objects(shape: Any, path: str = "report") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(shape, dict):
        if isinstance(shape.get("properties"), dict):
            yield path, shape
        for name, part in shape.items():
            yield from objects(part, f"{path}.{name}")
    elif isinstance(shape, list):
        for item in shape:
            yield from objects(item, path)


def test_every_property_is_described() -> None:
    bare = [
        f"{path}.{name}"
        for path, shape in objects(schema("report"))
        for name, part in shape["properties"].items()
        if not part.get("description", "").strip()
    ]
    assert bare == []


def test_what_may_be_null_says_what_null_means() -> None:
    silent = [
        f"{path}.{name}"
        for path, shape in objects(schema("report"))
        for name, part in shape["properties"].items()
        if {"type": "null"} in part.get("anyOf", []) and "ull" not in part["description"]
    ]
    assert silent == []


def records(kind: type, seen: set[type]) -> set[type]:
    import typing

    if kind not in seen:
        seen.add(kind)
        pending = list(typing.get_type_hints(kind).values())
        while pending:
            hint = pending.pop()
            pending += typing.get_args(hint)
            if isinstance(hint, type) and is_dataclass(hint):
                records(hint, seen)
    return seen


@pytest.mark.parametrize(
    "record",
    sorted(records(Function, set()), key=lambda kind: kind.__name__),  # type: ignore[attr-defined]
    ids=lambda n: n.__name__,
)
def test_every_field_of_the_model_is_described_where_it_is_declared(record: type) -> None:
    if record.__module__.endswith(".secret"):  # described by its class
        return
    assert {field.name for field in fields(record)} - descriptions(record).keys() == set()


def test_exceptions_name_fields_that_exist() -> None:
    known = {f"{record.__name__}.{field.name}" for record in records(Function, set()) for field in fields(record)}
    assert {*NOT_SHOWN, *RENAMED} - known == set()


def test_a_report_row_says_what_it_is() -> None:
    rows = [kind for kind in vars(report).values() if isinstance(kind, type) and issubclass(kind, report.Row)]
    assert [kind.__name__ for kind in rows if not kind.__doc__] == []


def test_the_strict_schema_refuses_a_key_that_is_not_declared() -> None:
    made = strict(schema("report"))
    assert made["$defs"]["Limits"]["additionalProperties"] is False
    assert made["$defs"]["FindingRow"]["additionalProperties"] is False
