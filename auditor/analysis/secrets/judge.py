"""Weighs a variable's name and value together: a credential, a reference to one, or neither."""

import json
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from auditor.analysis.secrets import formats, value_heuristics
from auditor.analysis.secrets.by_name import judge_by_name, judge_by_shape
from auditor.analysis.secrets.encodings import decode_base64, decode_hex
from auditor.analysis.secrets.kinds import FIREBASE_KEY, is_firebase, refined
from auditor.analysis.secrets.names import CREDENTIAL, NameView, Promise, is_word_for_password, read_name
from auditor.analysis.secrets.pairs import embedded_literals, pairs, xml_fields
from auditor.analysis.secrets.references import blank_templates, hidden_default, parse_reference
from auditor.analysis.secrets.urls import URL, find_in_urls, query_values, schemeless_secret
from auditor.analysis.secrets.value_shape import is_made
from auditor.analysis.secrets.vocabulary import HOLDERS
from auditor.model.secret import Judgement, Reference, ReferenceKind, SecretVerdict
from auditor.model.severity import Confidence

CLEAR: Final = Judgement(SecretVerdict.CLEAR)
LONGEST: Final = 65_536
"""Characters of a value that are read: a Lambda function's whole environment is at most 4 KB."""

_DEEPEST: Final = 8
_ROLE: Final = re.compile(r'"role"\s{0,2}:\s{0,2}"anon"')
# Formats that the vendor also hands out for use in browsers: a name that says "public" is believed.
_MAY_BE_PUBLIC: Final = frozenset({"google-api-key", "json-web-token", "rpc-endpoint-key"})


def judge(name: str, value: str) -> Judgement:
    """Judge the value of one variable. Pure; never raises; reads at most `LONGEST` characters."""
    view = read_name(name)
    return refined(view, _judge(view, value[:LONGEST], 0))


def _judge(view: NameView, raw: str, depth: int) -> Judgement:
    value = _unquote(raw.strip())
    if not value:
        return CLEAR
    if value_heuristics.is_trivial(value):
        by_name = judge_by_name(view, value) if view.promise in CREDENTIAL else None
        return by_name or CLEAR
    found = _format(view, value)
    if found is not None:
        return found
    reference = parse_reference(view, value)
    if reference is not None:
        return Judgement(SecretVerdict.REFERENCE, reference=reference)
    return _literal(view, value, depth)


def _literal(view: NameView, value: str, depth: int) -> Judgement:
    fallback = hidden_default(value)
    if fallback is not None and depth < _DEEPEST:
        return _judge(view, fallback, depth + 1)
    literal = blank_templates(value)
    templated = literal != value
    if depth < _DEEPEST:
        inner = _structure(view, literal, depth)
        if inner is not None:
            if templated and inner.verdict is SecretVerdict.CLEAR:
                return Judgement(SecretVerdict.REFERENCE, reference=Reference(ReferenceKind.TEMPLATE, ""))
            return inner
    by_name = judge_by_name(view, literal)
    return by_name if by_name is not None else judge_by_shape(view, literal) or CLEAR


def _unquote(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'`":
        return value[1:-1].strip()
    return value


def _format(view: NameView, value: str) -> Judgement | None:
    detector = None if value_heuristics.is_filler(value) else formats.first(value)
    if detector is None:
        return None
    if detector in _MAY_BE_PUBLIC and (view.public or _anonymous_jwt(value)):
        return CLEAR
    if detector == "google-api-key" and is_firebase(view, value):
        return secret(FIREBASE_KEY, Confidence.HIGH)
    return secret(detector, Confidence.HIGH)


def _anonymous_jwt(value: str) -> bool:
    parts = value.split(".")
    payload = decode_base64(parts[1]) if len(parts) == 3 else None
    return payload is not None and _ROLE.search(payload) is not None


def secret(detector: str, confidence: Confidence) -> Judgement:
    """Return the verdict SECRET as `detector` found it."""
    return Judgement(SecretVerdict.SECRET, confidence, detector)


def _structure(view: NameView, value: str, depth: int) -> Judgement | None:
    """Judge what the value's own syntax reveals; None when it has none, so that the name decides."""
    if value.startswith(("{", "[")) and value.endswith(("}", "]")):
        try:
            parsed = json.loads(value)
        except (ValueError, RecursionError):
            parsed = None
        if isinstance(parsed, dict | list):
            return _json(parsed, depth + 1) or _listed(view, parsed, depth + 1) or CLEAR
    if value_heuristics.is_public_material(value):
        return CLEAR
    if value.startswith("H4sI"):
        return _decoded(view, value, depth) or CLEAR
    if URL.match(value):
        return _url(value, depth)
    if value.startswith(("Bearer ", "Basic ", "Token ", "ApiKey ")):
        return _authorization(value)
    if schemeless_secret(value):
        return secret("connection-string", Confidence.MEDIUM)
    inner = _embedded(view, value, depth)
    return inner if inner is not None else _decoded(view, value, depth)


def _url(value: str, depth: int) -> Judgement:
    detector = _in_url(value)
    if detector is not None:
        return secret(detector, Confidence.HIGH)
    for key, text, _ in pairs(value):
        view = read_name(key)
        if view.promise in {Promise.PASSWORD, Promise.SECRET} and judge_by_name(view, text) not in {None, CLEAR}:
            return secret("connection-string", Confidence.HIGH)
    if "://" not in value and schemeless_secret(value):
        return secret("connection-string", Confidence.HIGH)
    for key, text in query_values(value):
        view = read_name(key)
        inner = (_decoded(view, text, depth + 1) or _embedded(view, text, depth + 1)) if len(text) > 16 else None
        if inner is not None and inner.verdict is SecretVerdict.SECRET:
            return inner
    return CLEAR


def _in_url(value: str) -> str | None:
    return next((detector for _, _, detector in find_in_urls(value)), None)


def _authorization(value: str) -> Judgement | None:
    scheme, _, token = value.partition(" ")
    token = token.strip()
    if scheme == "Basic":
        text = decode_base64(token)
        return secret("basic-authorization", Confidence.HIGH) if text and ":" in text else None
    if parse_reference(read_name("token"), token or " ") or value_heuristics.is_filler(token):
        return CLEAR
    return secret("bearer-token", Confidence.HIGH) if value_heuristics.looks_random(token, 12) else None


def _embedded(view: NameView, value: str, depth: int) -> Judgement | None:
    """Judge the fields of a connection string, list of settings, XML text or command line."""
    if "://" in value and (detector := _in_url(value)) is not None:
        return secret(detector, Confidence.HIGH)
    for key, text in _fields(value):
        found = _field(view, key, text, depth)
        if found is not None:
            return found
    for start, end in embedded_literals(value):
        if not value_heuristics.is_filler(value[start:end]) and not value[start:end].startswith(("$", "%", "{")):
            return secret("command-line-password", Confidence.MEDIUM)
    return None


def _fields(value: str) -> Iterator[tuple[str, str]]:
    for key, text, _ in pairs(value):
        yield key, text
    for key, text, _ in xml_fields(value):
        yield key, text


_FIELD_PROMISES: Final = CREDENTIAL | {Promise.KEY}
_HOLDERS: Final = frozenset({"value", "val", "data", "content", "text"})


def _field(outer: NameView, key: str, text: str, depth: int) -> Judgement | None:
    view = read_name(key)
    if view.promise not in _FIELD_PROMISES:
        if key.lower() in _HOLDERS and outer.promise in CREDENTIAL:
            view = outer
        elif key.lower().startswith("x-"):
            view = read_name("key")  # a vendor's header: its value alone tells
        else:
            return None
    inner = _judge(view, unquote(text) if "%" in text else text, depth + 1)
    if inner.verdict is not SecretVerdict.SECRET:
        return None
    detector = inner.detector if inner.detector not in {None, "name-and-shape"} else "embedded-field"
    return secret(detector or "embedded-field", inner.confidence or Confidence.MEDIUM)


_USER: Final = re.compile(r"[\w.@+-]{1,64}")
_PASSWORD: Final = re.compile(r"[!-~]{4,100}")


def _is_json(text: str) -> bool:
    return text.lstrip().startswith(("{", "["))


def _decoded(view: NameView, value: str, depth: int) -> Judgement | None:
    if depth > _DEEPEST - 2:
        return None
    text = decode_base64(value) or decode_hex(value)
    if text is None:
        return _unpercented(view, value, depth)
    user, colon, password = text.partition(":")
    if colon and "://" not in text and _USER.fullmatch(user) and _PASSWORD.fullmatch(password):
        stands_in = value_heuristics.is_filler(password) or value_heuristics.is_trivial(password)
        return CLEAR if stands_in else secret("basic-authorization", Confidence.MEDIUM)
    nested = max(depth + 1, _DEEPEST - 4)  # a layer costs more of the depth than a field does
    inner = _structure(view, text.strip(), nested) if _is_json(text) else _judge(view, text, nested)
    if inner is not None and inner.verdict is SecretVerdict.SECRET:
        return inner
    if (
        view.promise in {Promise.PASSWORD, Promise.SECRET}
        and "\n" not in text
        and not value_heuristics.is_public_material(text)
    ):
        return None
    return _embedded(view, text, _DEEPEST - 1) or CLEAR


def _unpercented(view: NameView, value: str, depth: int) -> Judgement | None:
    if "%" not in value:
        return None
    text = unquote(value)
    if text == value or not text.isprintable():
        return None
    inner = _structure(view, text, max(depth + 1, _DEEPEST - 4))
    return inner if inner is not None and inner.verdict is SecretVerdict.SECRET else None


def _listed(view: NameView, node: dict[str, object] | list[object], depth: int) -> Judgement | None:
    """Judge what stands under a name that promises several credentials by that name (`TOKENS={"tenant": …}`).

    Only what chance or a person's rules for passwords made: what is told about credentials is listed in the same way.
    """
    if view.promise not in CREDENTIAL or not view.certain or view.counts:
        return None
    fields = node.items() if isinstance(node, dict) else (("", item) for item in node)
    for key, item in fields:
        owner = key.lower() in HOLDERS or read_name(key).promise is Promise.NOTHING
        if owner and isinstance(item, str) and is_made(item.strip()):
            found = _judge(view, item, depth + 1)
            if found.verdict is SecretVerdict.SECRET:
                return secret("embedded-field", found.confidence or Confidence.MEDIUM)
    return None


_JWK_SECRETS: Final = {"oct": "k", "RSA": "d", "EC": "d", "OKP": "d"}
_LABELS: Final = ("name", "key", "Key", "Name")


def _json(node: object, depth: int) -> Judgement | None:
    """Return the first secret among the fields of a JSON value."""
    if depth > _DEEPEST:
        return None
    if isinstance(node, list):
        return next((hit for item in node if (hit := _json_value("", item, depth))), None)
    if not isinstance(node, dict):
        return None
    kty = node.get("kty")
    if isinstance(kty, str):
        private = node.get(_JWK_SECRETS.get(kty, "d"))
        return secret("json-web-key", Confidence.HIGH) if isinstance(private, str) and private else None
    label = next((node[key] for key in _LABELS if isinstance(node.get(key), str)), None)
    text = node.get("value", node.get("Value"))
    if label is not None and isinstance(text, str) and (hit := _json_value(label, text, depth)):
        return hit
    return next((hit for key, item in node.items() if (hit := _json_value(key, item, depth))), None)


def _json_value(key: str, item: object, depth: int) -> Judgement | None:
    if isinstance(item, list) and all(isinstance(part, str) for part in item):
        return next((hit for part in item if (hit := _json_value(key, part, depth + 1))), None)
    if isinstance(item, dict | list):
        return _json(item, depth + 1)
    if isinstance(item, int) and not isinstance(item, bool):
        item = str(item)
    if not isinstance(item, str) or (item[:1].isupper() and is_word_for_password(item)):
        return None  # labels of a form, as translations list them
    found = _judge(read_name(key), item, depth + 1)
    if found.verdict is SecretVerdict.SECRET and found.detector != "high-entropy":
        return secret(
            "embedded-field" if found.detector == "name-and-shape" else found.detector or "embedded-field",
            found.confidence or Confidence.MEDIUM,
        )
    return None
