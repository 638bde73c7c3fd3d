"""Redacts an answer before anything is stored: the only way from the clouds to the disk.

Declared fields (variables, presigned URLs, connection strings) are replaced by what was learnt about them. Every other
string is judged where its name or the shape it stands in promises a credential, and swept for credentials and for the
secrets already met in this run.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, TypeVar

from auditor.analysis.secrets import fields, sweep
from auditor.analysis.secrets.pairs import argument_pairs
from auditor.model.redacted import is_replaced, placeholder
from auditor.model.secret import Treatment
from auditor.snapshot.field_rules import FieldRule, compiled
from auditor.snapshot.known_values import KnownValues
from auditor.snapshot.placeholders import Placeholders
from auditor.snapshot.variables import JudgedValues

_T = TypeVar("_T")
_DEEPEST: Final = 100
_MEMO: Final = 20_000
_MEMO_TEXT: Final = 512
_SHORTEST: Final = 8
_PLACEHOLDER: Final = "[redacted:variable]"
"""What stands in messages, where nothing is told apart by it and of most values only a part was met."""


class Redactor:
    """Redacts the answers, messages and names of one run. Thread-safe; memory only."""

    def __init__(self, key: bytes | None = None) -> None:
        """Take the digests' key, or draw one that lives no longer than this object."""
        key = key if key is not None else secrets.token_bytes(32)
        self._placeholders = Placeholders(key)
        self._known = KnownValues()
        self._judged = JudgedValues(key, self._known)
        self._clean: dict[str, int] = {}

    def __repr__(self) -> str:
        """Show nothing of the key or of the values met."""
        return "<Redactor>"

    def body(self, body: object, rules: Mapping[str, Treatment]) -> object:
        """Return a redacted copy of a JSON-like `body`; `rules` maps field paths (`A[].B.C`) to treatments.

        A declared field that has another shape than expected is redacted all the same, never passed through.
        """
        met = self._known.secrets
        redacted = self._value("", body, compiled(rules), 0)
        if self._known.secrets != met:  # the answer may repeat a secret before the field that gave it away
            redacted = self._again(redacted)
        return redacted

    def text(self, text: str) -> str:
        """Redact exception or log text: credentials, secrets seen so far and parts of them, unlisted values."""
        return sweep(text, self._mark_in_message, self._known.spans_of_message)

    def subject(self, name: str) -> str:
        """Return what a call was about, spelt as answers spell it: swept, and the same at every time of the run."""
        return sweep(name, self._placeholders.of)

    def restore(self, asked: _T) -> _T:
        """Return the parameters of a call with the names behind placeholders: the cloud knows no others."""
        return self._placeholders.restore(asked)

    def _mark_in_message(self, detector: str, value: str) -> str:
        return _PLACEHOLDER if detector == "variable" else self._placeholders.of(detector, value)

    def _value(self, name: str, value: object, rule: FieldRule | None, depth: int) -> object:
        if rule is not None and rule.treatment is not None:
            return self._declared(name, value, rule.treatment, depth)
        if isinstance(value, str):
            return (
                self._field(name, value) if not fields.holds_listed_settings(value) else self._json(name, value, depth)
            )
        if value is None or isinstance(value, bool | float | date):
            return value
        if isinstance(value, int):
            return self._number(name, value)
        if depth > _DEEPEST:
            return placeholder("too-deep")
        if isinstance(value, Mapping):
            return self._mapping(name, value, rule, depth)
        if isinstance(value, list | tuple):
            return self._list(name, value, rule, depth)
        return placeholder("not-json")

    def _mapping(
        self, name: str, value: Mapping[object, object], rule: FieldRule | None, depth: int
    ) -> dict[str, object]:
        if fields.holds_settings(name):
            return self._variables(value)
        label = fields.label_of(value)
        result: dict[str, object] = {}
        for key, item in value.items():
            spelt = str(key)
            child = rule.child(spelt) if rule is not None else None
            if label is not None and fields.is_value(spelt):
                below = label if fields.is_telling(label) else name
                if fields.lists_settings(name) and (child is None or child.treatment is None):
                    result[self._key(spelt, name, result)] = self._judged.variable(label, item)
                    continue
            else:
                below = fields.name_below(name, spelt)
            result[self._key(spelt, name, result)] = self._value(below, item, child, depth + 1)
        return result

    def _list(self, name: str, value: Sequence[object], rule: FieldRule | None, depth: int) -> list[object]:
        items = [self._value(name, item, rule, depth + 1) for item in value]
        if fields.holds_arguments(name) or any(isinstance(item, str) and item.startswith("-") for item in items):
            arguments = [item if isinstance(item, str) else "" for item in items]
            for place, flag, argument in argument_pairs(arguments):
                items[place] = self._field(flag, argument)
        return items

    def _key(self, key: str, outer: str, taken: Mapping[str, object]) -> str:
        """Redact a key as well; two keys that become the same stay two."""
        clean = self._string(key)
        if clean == key and fields.is_telling(outer) and fields.is_chance_made(key):
            clean = self._placeholders.of_secret(key)
        if clean == key or clean not in taken:
            return clean
        return next(name for n in range(2, len(taken) + 3) if (name := f"{clean}#{n}") not in taken)

    def _declared(self, name: str, value: object, treatment: Treatment, depth: int) -> object:
        if value is None:
            return None
        if treatment is Treatment.URL:
            if isinstance(value, str):
                self._known.remember_secret(value, (value,))
            return placeholder("url")
        if treatment is Treatment.DROP:
            return placeholder("dropped")
        if treatment is Treatment.NAME and isinstance(value, str):
            return self._string(value)
        return self._treated(name, value, depth)

    def _treated(self, name: str, value: object, depth: int) -> object:
        """Replace variables, in any shape they come in (mapping, name and value records, list, bare value)."""
        if isinstance(value, Mapping):
            return self._variables(value)
        if isinstance(value, list | tuple):
            return [self._record(name, item, depth + 1) for item in value]
        return self._judged.variable(name, value)

    def _variables(self, value: Mapping[object, object]) -> dict[str, object]:
        result: dict[str, object] = {}
        for key, item in value.items():
            result[self._key(str(key), "", result)] = self._judged.variable(str(key), item)
        return result

    def _record(self, name: str, item: object, depth: int) -> object:
        if not isinstance(item, Mapping):
            return self._treated(name, item, depth) if depth <= _DEEPEST else placeholder("too-deep")
        label = next((item[key] for key in ("name", "Name", "key", "Key") if isinstance(item.get(key), str)), None)
        if label is None:
            return self._treated(name, item, depth)
        return {
            self._string(str(key)): self._string(label) if field is label else self._judged.variable(label, field)
            for key, field in item.items()
        }

    def _field(self, name: str, text: str) -> str:
        """Redact a field that nobody declared: whole where its name gives it away, else what is found inside."""
        if text and fields.is_telling(name) and self._judged.gives_away(name, text):
            return self._placeholders.of_secret(text)
        return self._string(text)

    def _json(self, name: str, text: str, depth: int) -> str:
        """Redact settings that stand in a text of JSON (a request's body in a log) like those of an answer."""
        try:
            parsed = json.loads(text)
            redacted = self._value(name, parsed, None, depth + 1)
            return self._field(name, text if redacted == parsed else json.dumps(redacted, ensure_ascii=False))
        except (ValueError, RecursionError):
            return self._field(name, text)

    def _number(self, name: str, value: int) -> object:
        if fields.is_telling(name) and self._judged.gives_away(name, str(value)):
            return self._placeholders.of_secret(str(value))
        return value

    def _string(self, text: str) -> str:
        if len(text) < _SHORTEST:
            return self._placeholders.of_secret(text) if self._known.is_secret(text) else text
        met = self._known.secrets
        if self._clean.get(text) == met:
            return text
        if self._known.is_secret(text):
            return self._placeholders.of_secret(text)
        swept = sweep(text, self._placeholders.of, self._known.spans)
        if swept == text and len(text) <= _MEMO_TEXT and len(self._clean) < _MEMO:
            self._clean[text] = met
        return swept

    def _again(self, value: object) -> object:
        """Take the secrets that were met meanwhile out of what was redacted before them."""
        if isinstance(value, str):
            return self._string(value)
        if isinstance(value, list):
            return [self._again(item) for item in value]
        if not isinstance(value, dict) or is_replaced(value):
            return value
        result: dict[str, object] = {}
        for key, item in value.items():
            result[self._key(key, "", result)] = self._again(item)
        return result
