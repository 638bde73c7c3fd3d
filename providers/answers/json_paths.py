"""Looks into answers without trusting their shape: what is not of the expected type is not there.

For collecting, where what was not found is merely not asked about. Who judges reads with
:mod:`providers.answers.fields`.
"""

from collections.abc import Iterator, Mapping
from typing import Any


def record(value: Any, *path: str) -> Mapping[str, Any]:
    """The mapping at a path; an empty one for anything else."""
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def rows(value: Any, *path: str) -> Iterator[Mapping[str, Any]]:
    """The mappings in the list at a path."""
    items = record(value, *path[:-1]).get(path[-1])
    if isinstance(items, list):
        yield from (item for item in items if isinstance(item, Mapping))


def text(value: Any, *path: str) -> str:
    """The text at a path; "" for anything else."""
    found = record(value, *path[:-1]).get(path[-1])
    return found if isinstance(found, str) else ""


def texts(value: Any, *path: str) -> Iterator[str]:
    """The texts in the list at a path."""
    items = record(value, *path[:-1]).get(path[-1])
    if isinstance(items, list):
        yield from (item for item in items if isinstance(item, str) and item)
