"""Bodies of answers, made from what their operations declare."""

from collections.abc import Mapping
from typing import Any, Final

from auditor.answer_shape import AnswerShape

SAMPLES: Final[Mapping[type, Any]] = {dict: {}, list: [], str: "text", bool: False, int: 0}
"""The least value of each type."""


def least(shape: AnswerShape) -> dict[str, Any]:
    """The least body that is told to be a whole answer; without a member where the cloud legally answers so."""
    members = [*shape.required.items(), *([] if shape.empty else list(shape.identifying.items())[:1])]
    return {path: SAMPLES[kind] for path, kind in members}
