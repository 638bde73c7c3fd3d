"""Reads the JSON of an answer within limits, and nothing that only looks like JSON."""

import re
from typing import Final

from auditor.model import json_text
from auditor.model.capture import Json
from providers.calls import limits
from providers.calls.reply import AnswerError

_HALVES: Final = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


def read_json(content: bytes) -> Json:
    """The value of a body in UTF-8. Raises AnswerError, as a sentence, for what is no JSON or exceeds the limits.

    Half of a surrogate pair, which Java and .NET leave behind where they cut a text, becomes U+FFFD.
    """
    if content.count(b",") + content.count(b"[") + content.count(b"{") > limits.MAX_VALUES:
        raise AnswerError(f"The answer holds more than {limits.MAX_VALUES:,} values.", final=True)
    try:
        value: Json = json_text.read_json(content.decode("utf-8-sig"), limits.MAX_DEPTH)
    except json_text.DamagedJsonError as damage:
        raise AnswerError(f"The answer {damage.what}.") from None
    except UnicodeDecodeError:
        raise AnswerError("The answer is not JSON.") from None
    return _mended(value) if _HALVES.search(content) else value


def _mended(value: Json) -> Json:
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_mended(item) for item in value]
    if isinstance(value, dict):
        mended = {str(_mended(key)): _mended(item) for key, item in value.items()}
        if len(mended) != len(value):
            raise AnswerError("The answer gives a key twice in one object.")
        return mended
    return value
