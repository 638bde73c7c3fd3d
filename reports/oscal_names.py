"""Ids and properties of OSCAL documents: the same thing has the same UUID in every report."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid5

from reports.plain import line

Row = Mapping[str, Any]

NAMESPACE: Final = "urn:serverless-auditor:oscal"
_NAMES: Final = UUID("5a8d6f4e-3b5c-5d0e-9a55-6f7d0c1f2b9a")


def uuid(*parts: str) -> str:
    """The UUID of what these parts name: the first says what kind of thing it is."""
    return str(uuid5(_NAMES, "\0".join(part.encode("utf-8", "replace").decode() for part in parts)))


def unknown_uuid(row: Row) -> str:
    """That of the observation of an answer that is missing, a row of ``unknowns``."""
    return uuid("unknown", row["check_id"], row["operation"], row["reason"], row["permission"] or "", row["message"])


def props(**values: str | None) -> list[dict[str, str]]:
    """Properties of our own namespace; those without a value are left out."""
    named = ((name.replace("_", "-"), line(value)) for name, value in values.items() if value)
    return [{"name": name, "ns": NAMESPACE, "value": value or "-"} for name, value in named]
