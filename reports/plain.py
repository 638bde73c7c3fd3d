"""What every text format needs of a row: names made inert, on one line where a line is a record."""

from collections.abc import Mapping
from typing import Any

from auditor.wording import inert_lines

Row = Mapping[str, Any]


def line(text: str | None) -> str:
    """The text on one line, without marks that control a terminal or reorder what is read."""
    return " ".join(inert_lines(text or "").split())


def waiver(row: Row) -> str:
    """What a waived finding says of its waiver; "" where it is open."""
    waived = row["waived"]
    return f"waived until {waived['expires']}: {line(waived['reason'])}" if waived else ""


def place(row: Row) -> str:
    """The function a finding is of, or the region or account around its functions."""
    return line(row.get("function_name") or row.get("region") or row["account"])
