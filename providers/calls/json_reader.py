"""Reads the JSON of an answer, and nothing that only looks like JSON.

Python's own reader takes NaN, numbers beyond any range, a key given twice and any depth. All of these are damage: what
comes of them later is a crash, or a value that was not meant.
"""

import json
import math
import re
from typing import Any, Final

from auditor.model.capture import Json
from providers.calls import limits
from providers.calls.reply import AnswerError

_STRINGS: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_BRACKETS: Final = bytes.maketrans(b"{}", b"[]")
_OTHERS: Final = bytes(set(range(256)) - set(b"[]{}"))
_HALVES: Final = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


def read_json(content: bytes) -> Json:
    """The value of a body in UTF-8. Raises AnswerError, as a sentence, for what is no JSON or exceeds the limits.

    Half of a surrogate pair, which Java and .NET leave behind where they cut a text, becomes U+FFFD.
    """
    if content.count(b",") + content.count(b"[") + content.count(b"{") > limits.MAX_VALUES:
        raise AnswerError(f"The answer holds more than {limits.MAX_VALUES:,} values.", final=True)
    try:
        value: Json = _DECODER.decode(content.decode("utf-8-sig"))
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise AnswerError("The answer is not JSON.") from None
    if _depth_exceeds(content, limits.MAX_DEPTH):
        raise _too_deep()
    return _mended(value) if _HALVES.search(content) else value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise AnswerError("The answer gives a key twice in one object.")
    return found


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise AnswerError("The answer holds a number beyond any range.")
    return number


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > limits.MAX_INTEGER_DIGITS:
        raise AnswerError("The answer holds a number beyond any range.")
    return int(text)


def _constant(name: str) -> float:
    raise AnswerError(f"The answer holds {name}, which is no number of JSON.")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_float, parse_int=_integer, parse_constant=_constant
)


def _too_deep() -> AnswerError:
    return AnswerError(f"The answer is nested more than {limits.MAX_DEPTH} deep.")


def _depth_exceeds(content: bytes, depth: int) -> bool:
    """Whether well-formed JSON is nested deeper: takes the innermost pairs of brackets away, again and again."""
    if content.count(b"[") + content.count(b"{") <= depth:
        return False
    brackets = _STRINGS.sub(b"", content).translate(_BRACKETS, _OTHERS)
    for _ in range(depth):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)


def _mended(value: Json) -> Json:
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_mended(item) for item in value]
    if isinstance(value, dict):
        return _object([(str(_mended(key)), _mended(item)) for key, item in value.items()])
    return value
