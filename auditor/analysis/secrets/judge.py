"""Weighs a variable's name and value together: a credential, a reference to one, or neither."""

import json
import re
from typing import Final
from urllib.parse import unquote

from auditor.analysis.secrets import formats, shapes
from auditor.analysis.secrets.by_name import judge_by_name, judge_by_shape
from auditor.analysis.secrets.connections import (
    URL,
    embedded_literals,
    pairs,
    schemeless_secret,
    url_secret,
    xml_fields,
)
from auditor.analysis.secrets.names import NameView, Promise, read_name
from auditor.analysis.secrets.references import blank_templates, hidden_default, parse_reference
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
    return _judge(read_name(name), value[:LONGEST], 0)


def _judge(view: NameView, raw: str, depth: int) -> Judgement:
    value = _unquote(raw.strip())
    if not value or (shapes.is_trivial(value) and not _numeric_password(view, value)):
        return CLEAR
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


def _numeric_password(view: NameView, value: str) -> bool:
    return view.promise is Promise.PASSWORD and value.isdigit() and len(value) >= 4


def _format(view: NameView, value: str) -> Judgement | None:
    detector = formats.first(value)
    if detector is None:
        return None
    if detector in _MAY_BE_PUBLIC and (view.public or _anonymous_jwt(value)):
        return CLEAR
    return secret(detector, Confidence.HIGH)


def _anonymous_jwt(value: str) -> bool:
    parts = value.split(".")
    payload = shapes.decode_base64(parts[1]) if len(parts) == 3 else None
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
            return _json(parsed, depth + 1) or CLEAR
    if shapes.is_public_material(value):
        return CLEAR
    if URL.match(value):
        return _url(value)
    if value.startswith(("Bearer ", "Basic ", "Token ", "ApiKey ")):
        return _authorization(value)
    if schemeless_secret(value):
        return secret("connection-string", Confidence.MEDIUM)
    inner = _embedded(value, depth)
    return inner if inner is not None else _decoded(view, value, depth)


def _url(value: str) -> Judgement | None:
    detector = url_secret(value)
    if detector is not None:
        return secret(detector, Confidence.HIGH)
    for key, text, _ in pairs(value):
        view = read_name(key)
        if view.promise in {Promise.PASSWORD, Promise.SECRET} and judge_by_name(view, text) not in {None, CLEAR}:
            return secret("connection-string", Confidence.HIGH)
    if "://" not in value and schemeless_secret(value):
        return secret("connection-string", Confidence.HIGH)
    return CLEAR


def _authorization(value: str) -> Judgement | None:
    scheme, _, token = value.partition(" ")
    token = token.strip()
    if scheme == "Basic":
        text = shapes.decode_base64(token)
        return secret("basic-authorization", Confidence.HIGH) if text and ":" in text else None
    if parse_reference(read_name("token"), token or " ") or shapes.is_filler(token):
        return CLEAR
    return secret("bearer-token", Confidence.HIGH) if shapes.looks_random(token, 12) else None


def _embedded(value: str, depth: int) -> Judgement | None:
    """Judge the fields of a connection string, list of settings, XML text or command line."""
    for key, text, _ in pairs(value):
        found = _field(key, text, depth)
        if found is not None:
            return found
    for start, end in embedded_literals(value):
        if not shapes.is_filler(value[start:end]):
            return secret("command-line-password", Confidence.MEDIUM)
    for key, text in xml_fields(value):
        found = _field(key, text, depth)
        if found is not None:
            return found
    return None


_FIELD_PROMISES: Final = frozenset({Promise.PASSWORD, Promise.SECRET, Promise.TOKEN, Promise.KEY, Promise.LOGIN})


def _field(key: str, text: str, depth: int) -> Judgement | None:
    view = read_name(key)
    if view.promise not in _FIELD_PROMISES:
        if not key.lower().startswith("x-"):
            return None
        view = read_name("key")  # a vendor's header: its value alone tells
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
    text = shapes.decode_base64(value)
    if text is None or depth > _DEEPEST - 2:
        return None
    user, colon, password = text.partition(":")
    if colon and "://" not in text and _USER.fullmatch(user) and _PASSWORD.fullmatch(password):
        stands_in = shapes.is_filler(password) or shapes.is_trivial(password)
        return CLEAR if stands_in else secret("basic-authorization", Confidence.MEDIUM)
    inner = _structure(view, text.strip(), _DEEPEST - 1) if _is_json(text) else _judge(view, text, _DEEPEST - 1)
    if inner is not None and inner.verdict is SecretVerdict.SECRET:
        return inner
    if view.promise in {Promise.PASSWORD, Promise.SECRET} and "\n" not in text and not shapes.is_public_material(text):
        return None
    return _embedded(text, _DEEPEST - 1) or CLEAR


_JWK_SECRETS: Final = {"oct": "k", "RSA": "d", "EC": "d", "OKP": "d"}


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
    label, text = (
        node.get("name") or node.get("key") or node.get("Key") or node.get("Name"),
        node.get("value", node.get("Value")),
    )
    if isinstance(label, str) and isinstance(text, str) and (hit := _json_value(label, text, depth)):
        return hit
    return next((hit for key, item in node.items() if (hit := _json_value(key, item, depth))), None)


def _json_value(key: str, item: object, depth: int) -> Judgement | None:
    if isinstance(item, dict | list):
        return _json(item, depth + 1)
    if isinstance(item, int) and not isinstance(item, bool):
        item = str(item)
    if not isinstance(item, str):
        return None
    view = read_name(key)
    found = _judge(view, item, depth + 1)
    if found.verdict is SecretVerdict.SECRET and found.detector != "high-entropy":
        return secret(
            "embedded-field" if found.detector == "name-and-shape" else found.detector or "embedded-field",
            found.confidence or Confidence.MEDIUM,
        )
    return None
