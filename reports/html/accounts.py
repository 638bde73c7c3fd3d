"""The accounts of a report beside one another, and what several of them have in common."""

import re
from collections.abc import Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import quote

Row: TypeAlias = Mapping[str, Any]

_BELOW: Final = re.compile(r"accounts/[A-Za-z0-9._%~-]+")
_REPORT: Final = "report.html"


def accounts(head: Row) -> dict[str, Any] | None:
    """The rows, and what they come to; None where the report has one account only."""
    rows = head.get("accounts") or ()
    if not rows:
        return None
    return {
        "rows": [{**row, "href": _address(str(row.get("directory") or ""))} for row in rows],
        "shared": list(head.get("shared_defects") or ()),
        "names": {row["id"]: row["name"] or row["scope"] for row in rows},
        "clouds": sorted({row["cloud"] for row in rows}),
        "units": any(row["unit"] for row in rows),
        "owners": any(row["owners"] for row in rows),
        "unreadable": sum(row["status"] == "unreadable" for row in rows),
    }


def _address(directory: str) -> str:
    """The account's own page, seen from this one; "" where there is none, or the report says something strange."""
    return f"{quote(directory)}/{_REPORT}" if _BELOW.fullmatch(directory) else ""
