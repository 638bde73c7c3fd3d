"""Reads JSON text, and nothing that only looks like JSON.

Python's own reader takes NaN, numbers beyond any range, a key given twice and any depth. In what a cloud answered, or
in what was recorded of it, all of these are damage.
"""

import json
import math
from typing import Any, Final

MAX_DEPTH: Final = 128
"""Levels of nesting. Redaction stores no more than 100 and what it puts in a value's place."""


class DamagedJsonError(ValueError):
    """Text that is no JSON value; the message is a sentence."""


def read_json(text: str, max_depth: int = MAX_DEPTH) -> Any:
    """The value of a text. Raises DamagedJsonError for anything but one well-formed JSON value."""
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise _too_deep(max_depth) from None
    except DamagedJsonError:
        raise
    except ValueError:
        raise DamagedJsonError("It is not JSON.") from None
    if text.count("[") + text.count("{") > max_depth and _deeper(value, max_depth):
        raise _too_deep(max_depth)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DamagedJsonError("It gives a key twice in one object.")
    return found


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise DamagedJsonError("It holds a number beyond any range.")
    return number


def _constant(name: str) -> float:
    raise DamagedJsonError(f"It holds {name}, which is no number of JSON.")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_float=_float, parse_constant=_constant)


def _too_deep(depth: int) -> DamagedJsonError:
    return DamagedJsonError(f"It is nested more than {depth} deep.")


def _deeper(value: Any, depth: int) -> bool:
    """Whether a value is nested deeper, looked at level by level."""
    level = [value]
    for _ in range(depth):
        level = [
            item
            for outer in level
            for item in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(item, (dict, list))
        ]
        if not level:
            return False
    return True
