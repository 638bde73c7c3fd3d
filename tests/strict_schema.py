"""The published schemas tolerate keys added later; the tests do not."""

from copy import deepcopy
from typing import Any


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema, with every object closed to properties that it does not declare."""
    made = deepcopy(schema)
    _close(made)
    return made


def _close(shape: Any) -> None:
    if isinstance(shape, dict):
        if isinstance(shape.get("properties"), dict) and shape.get("type", "object") == "object":
            shape["additionalProperties"] = False
        for part in shape.values():
            _close(part)
    elif isinstance(shape, list):
        for part in shape:
            _close(part)
