"""Redacts an answer before anything is stored: the only door between the clouds and the disk.

Declared fields (variables, presigned URLs, connection strings) are replaced by what was learnt about them; every
other string is swept for credentials, and for the secrets already met in this run.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Final, TypeVar

from auditor.analysis.secrets import judge, sweep
from auditor.analysis.secrets.allowlist import may_keep
from auditor.analysis.secrets.parts import describe
from auditor.model.environment import Variable
from auditor.model.redacted import JudgedValue, encode, placeholder
from auditor.model.secret import STRICT_REFERENCES, Judgement, Reference, SecretVerdict, Treatment
from auditor.snapshot.marks import Marks
from auditor.snapshot.seen import SeenValues

_T = TypeVar("_T")
_DEEPEST: Final = 100
_MEMO: Final = 20_000
_MEMO_TEXT: Final = 512


class _Node:
    """One step of the declared field paths; lists are transparent, `*` stands for any key."""

    __slots__ = ("children", "treatment")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.treatment: Treatment | None = None

    def child(self, key: object) -> "_Node | None":
        return self.children.get(str(key)) or self.children.get("*")


def _compile(rules: Mapping[str, Treatment]) -> _Node:
    root = _Node()
    for path, treatment in rules.items():
        node = root
        for step in path.replace("[]", "").split("."):
            if step:
                node = node.children.setdefault(step, _Node())
        node.treatment = treatment
    return root


class Redactor:
    """Redacts the answers of one run; equal digests mean equal values within the run only."""

    def __init__(self, key: bytes | None = None) -> None:
        """Take the digest's key, or draw one that lives no longer than this object."""
        self._key = key if key is not None else secrets.token_bytes(32)
        self._marks = Marks(self._key)
        self._seen = SeenValues(self._marks.of_secret)
        self._clean: set[str] = set()
        self._judged: dict[tuple[str, str], Judgement] = {}

    def __repr__(self) -> str:
        """Show nothing of the key or of the values met."""
        return "<Redactor>"

    def body(self, body: object, rules: Mapping[str, Treatment]) -> object:
        """Return a redacted copy of a JSON-like `body`; `rules` maps field paths (`A[].B.C`) to treatments.

        A declared field that has another shape than expected is redacted all the same, never passed through.
        """
        root = _compile(rules)
        self._collect("", body, root, 0)
        return self._redact("", body, root, 0)

    def text(self, text: str) -> str:
        """Redact exception or log text: credentials, and every secret or unlisted value seen so far."""
        return self._seen.clean_message(text, self._swept)

    def subject(self, name: str) -> str:
        """Return what a call was about, spelt as answers spell it: swept, and the same at every time of the run."""
        return self._swept(name)

    def restore(self, asked: _T) -> _T:
        """Return the parameters of a call with the names that stand behind marks: the cloud knows no others."""
        return self._marks.restore(asked)

    def _swept(self, text: str) -> str:
        return sweep(text, self._marks.of)

    def _collect(self, name: str, value: object, node: _Node, depth: int) -> None:
        """Meet the values of declared fields first, since the same answer may repeat them before their field."""
        if node.treatment is not None:
            self._meet(name, value, node.treatment, depth)
        elif depth > _DEEPEST:
            return
        elif isinstance(value, Mapping):
            for key, item in value.items():
                child = node.child(key)
                if child is not None:
                    self._collect(str(key), item, child, depth + 1)
        elif isinstance(value, list | tuple):
            for item in value:
                self._collect(name, item, node, depth + 1)

    def _meet(self, name: str, value: object, treatment: Treatment, depth: int) -> None:
        if treatment is Treatment.URL:
            if isinstance(value, str):
                self._seen.remember(value, secret=True)
        elif treatment is not Treatment.DROP:
            self._treat(name, value, depth)

    def _redact(self, name: str, value: object, node: _Node | None, depth: int) -> object:
        if node is not None and node.treatment is not None:
            return self._declared(name, value, node.treatment, depth)
        if isinstance(value, str):
            return self._string(value)
        if value is None or isinstance(value, bool | int | float | date):
            return value
        if depth > _DEEPEST:
            return placeholder("too-deep")
        if isinstance(value, Mapping):
            return self._mapping(value, node, depth)
        if isinstance(value, list | tuple):
            return [self._redact(name, item, node, depth + 1) for item in value]
        return placeholder("not-json")

    def _mapping(self, value: Mapping[object, object], node: _Node | None, depth: int) -> dict[str, object]:
        result: dict[str, object] = {}
        for key, item in value.items():
            child = node.child(key) if node is not None else None
            result[self._key_for(str(key), result)] = self._redact(str(key), item, child, depth + 1)
        return result

    def _key_for(self, key: str, taken: Mapping[str, object]) -> str:
        """Sweep a key as well; two keys that become the same stay two."""
        clean = self._string(key)
        if clean == key or clean not in taken:
            return clean
        return next(name for n in range(2, len(taken) + 3) if (name := f"{clean}#{n}") not in taken)

    def _declared(self, name: str, value: object, treatment: Treatment, depth: int) -> object:
        if value is None:
            return None
        if treatment is Treatment.URL:
            return placeholder("url")
        if treatment is Treatment.DROP:
            return placeholder("dropped")
        return self._treat(name, value, depth)

    def _treat(self, name: str, value: object, depth: int) -> object:
        """Replace variables, in any shape they come in (mapping, name and value records, list, bare value)."""
        if isinstance(value, Mapping):
            result: dict[str, object] = {}
            for key, item in value.items():
                result[self._key_for(str(key), result)] = self._variable(str(key), item)
            return result
        if isinstance(value, list | tuple):
            return [self._record(name, item, depth + 1) for item in value]
        return self._variable(name, value)

    def _record(self, name: str, item: object, depth: int) -> object:
        if not isinstance(item, Mapping):
            return self._treat(name, item, depth) if depth <= _DEEPEST else placeholder("too-deep")
        label = next((item[key] for key in ("name", "Name", "key", "Key") if isinstance(item.get(key), str)), None)
        if label is None:
            return self._treat(name, item, depth)
        return {
            self._string(str(key)): self._string(label) if field is label else self._variable(label, field)
            for key, field in item.items()
        }

    def _variable(self, name: str, value: object) -> dict[str, object]:
        text = _as_text(value)
        judgement = self._judge(name, text)
        keep = judgement.verdict is not SecretVerdict.SECRET and may_keep(name, text)
        reference = judgement.reference
        strict = reference is not None and reference.kind in STRICT_REFERENCES
        if judgement.verdict is SecretVerdict.SECRET:
            self._seen.remember(text, secret=True)
        elif not keep and not strict:
            self._seen.remember(text, secret=False)
        if reference is not None and not strict:
            reference = Reference(reference.kind, "")
        variable = Variable(
            name=name,
            length=len(text),
            verdict=judgement.verdict,
            confidence=judgement.confidence,
            detector=judgement.detector,
            reference=reference,
            digest=hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:16],
            value=text if keep else None,
        )
        return encode(JudgedValue(variable, describe(text)))

    def _judge(self, name: str, text: str) -> Judgement:
        pair = (name, text)
        known = self._judged.get(pair)
        if known is None:
            known = judge(name, text)
            if len(self._judged) < _MEMO and len(text) <= _MEMO_TEXT:
                self._judged[pair] = known
        return known

    def _string(self, text: str) -> str:
        text = self._seen.clean(text)
        if len(text) < _GRAIN or text in self._clean:
            return text
        swept = self._swept(text)
        if swept == text and len(text) <= _MEMO_TEXT and len(self._clean) < _MEMO:
            self._clean.add(text)
        return swept


_GRAIN: Final = 8


def _as_text(value: object) -> str:
    """Return a variable's value as text; an absent one has none, and a structure is read as its JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, default=str, sort_keys=True)
    return str(value)
