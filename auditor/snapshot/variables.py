"""What is stored of a declared value: what was judged of it, never the value."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Final

from auditor.analysis.secrets import fields, judge
from auditor.analysis.secrets.allowlist import may_keep
from auditor.analysis.secrets.connection_details import describe
from auditor.analysis.secrets.sweep import credentials_in
from auditor.model.environment import Variable
from auditor.model.redacted import JudgedValue, encode
from auditor.model.secret import STRICT_REFERENCES, Judgement, Reference, SecretVerdict
from auditor.model.severity import Confidence
from auditor.snapshot.known_values import KnownValues

_MEMO: Final = 20_000
_MEMO_TEXT: Final = 512
_DIGEST: Final = 16


class JudgedValues:
    """Judges the values of one run and remembers them; equal digests mean equal values within the run only."""

    def __init__(self, key: bytes, known: KnownValues) -> None:
        """Take the digest's key, and where the values met are remembered."""
        self._key = key
        self._known = known
        self._memo: dict[tuple[str, str], Judgement] = {}

    def _judge(self, name: str, text: str) -> Judgement:
        pair = (name, text)
        judged = self._memo.get(pair)
        if judged is None:
            judged = judge(name, text)
            if len(self._memo) < _MEMO and len(text) <= _MEMO_TEXT:
                self._memo[pair] = judged
        return judged

    def gives_away(self, name: str, text: str) -> bool:
        """Say whether a field that nobody declared is a credential; a sure one is remembered from then on."""
        judged = self._judge(name, text)
        if not fields.gives_away(name, text, judged):
            return False
        if judged.confidence is Confidence.HIGH:
            self._remember(text)
        return True

    def _remember(self, text: str) -> None:
        self._known.remember_secret(text, credentials_in(text) or (text,))

    def variable(self, name: str, value: object) -> dict[str, object]:
        """What is stored in place of the value of a variable, parameter or declared field."""
        text = _as_text(value)
        judged = self._judge(name, text)
        if judged.verdict is SecretVerdict.SECRET:
            self._remember(text)
        keep = judged.verdict is not SecretVerdict.SECRET and may_keep(name, text)
        reference = judged.reference
        strict = reference is not None and reference.kind in STRICT_REFERENCES
        if judged.verdict is not SecretVerdict.SECRET and not keep and not strict:
            self._known.remember_clear(text)
        if reference is not None and not strict:
            reference = Reference(reference.kind, "")
        variable = Variable(
            name=name,
            length=len(text),
            verdict=judged.verdict,
            confidence=judged.confidence,
            detector=judged.detector,
            reference=reference,
            digest=self._digest(text),
            value=text if keep else None,
        )
        return encode(JudgedValue(variable, describe(text)))

    def _digest(self, text: str) -> str:
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hex()[:_DIGEST]


def _as_text(value: object) -> str:
    """Return a variable's value as text; an absent one has none, and a structure is read as its JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, default=str, sort_keys=True)
    return str(value)
