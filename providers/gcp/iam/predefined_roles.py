"""Which predefined roles hold a permission, whichever it is: a dated table of all roles and permissions.

``predefined_roles.json.gz`` is what the IAM API lists, from iann0036/iam-dataset (MIT): permissions in groups that the
same roles hold, the roles by their numbers.
"""

import gzip
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from auditor.errors import UsageError, suggestion


def holders_of(permission: str) -> frozenset[str] | None:
    """The predefined roles that hold a permission, without ``roles/``; None for one that the table does not know."""
    group = _groups().get(permission)
    if group is None:
        return None
    names = _table()["roles"]
    return frozenset(names[number] for number in group)


def is_listed(role: str) -> bool:
    """Whether the table has a role, named without ``roles/``."""
    return role in _names()


def check_permission(permission: str, custom: frozenset[str]) -> None:
    """Raises UsageError for a permission that neither the table nor a custom role of the capture knows."""
    if permission in _groups() or permission in custom:
        return
    raise UsageError(
        f"{permission!r} is no permission that Google's predefined roles of {data_as_of()} hold: write it as"
        f" service.resource.verb, such as storage.objects.get{suggestion(permission, _groups())}"
    )


def data_as_of() -> str:
    """The day of the table (ISO)."""
    return str(_table()["date"])


@cache
def _groups() -> Mapping[str, tuple[int, ...]]:
    return {name: tuple(numbers) for names, numbers in _table()["groups"] for name in names.split()}


@cache
def _names() -> frozenset[str]:
    return frozenset(_table()["roles"])


@cache
def _table() -> dict[str, Any]:
    packed = files("providers.gcp").joinpath("data", "predefined_roles.json.gz").read_bytes()
    found: dict[str, Any] = json.loads(gzip.decompress(packed))
    return found
