"""How a value is written into a snapshot once it was redacted: what was learnt about it, never the value.

The only writer and the only reader of that form. A value of no interest leaves a placeholder that says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NoReturn, TypeVar

from auditor.model.capture import Json
from auditor.model.environment import Variable
from auditor.model.secret import Reference, ReferenceKind, SecretVerdict
from auditor.model.severity import Confidence

_E = TypeVar("_E", SecretVerdict, Confidence, ReferenceKind)

_JUDGED: Final = "$variable"
_DROPPED: Final = "$redacted"
_VERDICTS: Final = {verdict.value: verdict for verdict in SecretVerdict}
_CONFIDENCES: Final = {confidence.value: confidence for confidence in Confidence}
_KINDS: Final = {kind.value: kind for kind in ReferenceKind}


class UndecodableError(ValueError):
    """Something is not in the form that redaction writes; ``newer``: it names something that came after us."""

    def __init__(self, sentence: str, *, newer: bool = False) -> None:
        super().__init__(sentence)
        self.newer = newer


@dataclass(frozen=True, slots=True)
class JudgedValue:
    """What is kept of one value. ``about`` are further texts that are no secret: an account's name, a host."""

    variable: Variable
    about: Mapping[str, str] = field(default_factory=dict)


def encode(judged: JudgedValue) -> dict[str, Json]:
    """The JSON that stands in a value's place. Its name is not repeated: it is the member's."""
    variable = judged.variable
    reference = variable.reference
    shown = {"kind": reference.kind.value, "text": reference.text or None} if reference else None
    return {
        _JUDGED: {
            **({"about": dict(judged.about)} if judged.about else {}),
            "length": variable.length,
            "verdict": variable.verdict.value,
            "confidence": variable.confidence.value if variable.confidence else None,
            "detector": variable.detector,
            "reference": shown,
            "digest": variable.digest,
            "value": variable.value,
        }
    }


def decode(name: str, body: Json) -> JudgedValue:
    """What is kept of the value of ``name``. Raises UndecodableError for anything but what :func:`encode` writes.

    A value that was never judged is refused like a damaged one.
    """
    judged = body.get(_JUDGED) if isinstance(body, Mapping) else None
    if not isinstance(judged, Mapping):
        _refuse(f"the value of {name[:64]} was not judged")
    confidence = _text_or_none(judged, "confidence")
    variable = Variable(
        name=name,
        length=_length(judged),
        verdict=_one_of(_VERDICTS, _text(judged, "verdict"), "verdict"),
        confidence=None if confidence is None else _one_of(_CONFIDENCES, confidence, "confidence"),
        detector=_text_or_none(judged, "detector"),
        reference=_reference(_member(judged, "reference")),
        digest=_text(judged, "digest"),
        value=_text_or_none(judged, "value"),
    )
    about = judged.get("about", {})
    if not isinstance(about, Mapping) or not all(isinstance(text, str) for text in about.values()):
        _refuse("about is not a mapping of texts")
    return JudgedValue(variable, about)


def find(name: str, body: Json) -> JudgedValue | None:
    """What is kept of a value; None where nothing can be read."""
    try:
        return decode(name, body)
    except UndecodableError:
        return None


def placeholder(why: str) -> dict[str, Json]:
    """What stands in the place of a value that nobody needs."""
    return {_DROPPED: why}


def is_placeholder(value: Json) -> bool:
    """Whether a value was replaced and nothing was kept of it."""
    return isinstance(value, Mapping) and value.keys() == {_DROPPED}


def is_replaced(value: Json) -> bool:
    """Whether redaction put this in a value's place."""
    return is_placeholder(value) or (isinstance(value, Mapping) and value.keys() == {_JUDGED})


def _reference(body: Json) -> Reference | None:
    if body is None:
        return None
    if not isinstance(body, Mapping):
        _refuse("reference is not an object")
    kind = _one_of(_KINDS, _text(body, "kind"), "kind")
    return _shared(kind, _text_or_none(body, "text") or "")  # only strict kinds keep their text


@lru_cache(maxsize=10_000)
def _shared(kind: ReferenceKind, text: str) -> Reference:
    """One object for the many variables that refer to the same thing."""
    return Reference(kind, text)


def _length(judged: Mapping[str, Any]) -> int:
    value = _member(judged, "length")
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        _refuse("length is not a whole number")
    return value


def _member(judged: Mapping[str, Any], key: str) -> Json:
    if key not in judged:
        _refuse(f"{key} is missing")
    return judged[key]


def _text(judged: Mapping[str, Any], key: str) -> str:
    value = _member(judged, key)
    if not isinstance(value, str):
        _refuse(f"{key} is not text")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            _refuse(f"{key} is not well-formed text")
    return value


def _text_or_none(judged: Mapping[str, Any], key: str) -> str | None:
    return None if _member(judged, key) is None else _text(judged, key)


def _one_of(table: Mapping[str, _E], value: str, what: str) -> _E:
    if value not in table:
        raise UndecodableError(f"{what} has the unknown value {value[:64]!r}", newer=True)
    return table[value]


def _refuse(sentence: str) -> NoReturn:
    raise UndecodableError(sentence)
