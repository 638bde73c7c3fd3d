"""What is written in place of a value that is not: a placeholder, the same for the same value, another for another.

A value made of the letters of names may be one (a function called like a token), so its placeholder is made of them
too and stays readable inside ARNs, resource ids and host names. Only memory knows which value stands behind one.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar, cast

from auditor.analysis.secrets import sweep
from auditor.analysis.secrets.formats import DETECTORS

_T = TypeVar("_T")
_DIGITS: Final = 8
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")
_NAME_PLACEHOLDER: Final = re.compile(r"redacted-[a-z0-9-]{1,60}-[0-9a-f]{8}")
_FORMATS: Final = frozenset(detector.id for detector in DETECTORS)
_NAMES_KEY: Final = b"serverless-auditor: names that look like a credential"


def _digest(key: bytes, value: str) -> str:
    return hmac.new(key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:_DIGITS]


def _placeholder(key: bytes, detector: str, value: str) -> str:
    """The placeholder of a value.

    A name in a vendor's token format has the same one in every run: a function keeps its identity from one report to
    the next, and the union of two snapshots fits together. Those formats are generated, so 32 bits of a digest help
    nobody to guess them. Everything else may be a person's password: its digest means nothing outside the run.
    """
    if _NAME.fullmatch(value) is None:
        return f"[redacted:{detector}-{_digest(key, value)}]"
    return f"redacted-{detector}-{_digest(_NAMES_KEY if detector in _FORMATS else key, value)}"


def stable_name(text: str) -> str:
    """A resource's name (or a pattern of names) as reports and snapshots spell it, whichever run wrote them."""
    return sweep(text, lambda detector, value: _placeholder(_NAMES_KEY, detector, value))


class Placeholders:
    """The placeholders of one run. Memory only."""

    def __init__(self, key: bytes) -> None:
        """Take the key of the run's digests."""
        self._key = key
        self._behind: dict[str, str] = {}

    def of(self, detector: str, value: str) -> str:
        """The placeholder of a value that a detector found."""
        placeholder = _placeholder(self._key, detector, value)
        if not placeholder.startswith("["):
            self._behind[placeholder] = value
        return placeholder

    def of_secret(self, value: str) -> str:
        """The placeholder of a value that was judged a secret where it stood; a token keeps that of its format."""
        swept = sweep(value, self.of)
        return swept if _NAME_PLACEHOLDER.fullmatch(swept) else self.of("variable", value)

    def restore(self, asked: _T) -> _T:
        """The same structure with the names that stand behind its placeholders: what only the cloud may be told."""
        return cast("_T", self._restored(asked))

    def _restored(self, value: Any) -> Any:
        if isinstance(value, str):
            return _NAME_PLACEHOLDER.sub(self._raw, value) if self._behind and "redacted-" in value else value
        if isinstance(value, Mapping):
            return {self._restored(key): self._restored(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self._restored(item) for item in value)
        return value

    def _raw(self, match: re.Match[str]) -> str:
        return self._behind.get(match.group(), match.group())
