"""Prepares an answer for the recorder: keeps apart what redaction has to replace from what points elsewhere.

Redaction replaces whole values. So the query of an address, which often holds a token, is moved out of it, and the
variables of a container that only refer to a secret are moved out of those that hold a value.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from auditor.model.capture import Json
from providers.gcp.workflow_source import called_addresses

_ADDRESSES: Final = {"pushEndpoint": "pushQuery", "uri": "uriQuery"}
_CALLED: Final = frozenset({"httpTarget", "httpEndpoint", "pushConfig"})
_SOURCES: Final = ("valueSource", "valueFrom")
_DECLARATION: Final = "kubectl.kubernetes.io/last-applied-configuration"
"""An annotation that repeats the whole service, variables included."""


def prepared(body: Json) -> Json:
    """The body as it is handed to the recorder: a copy where something had to be kept apart."""
    if isinstance(body, Mapping):
        return {key: value for name, item in body.items() for key, value in _field(str(name), item).items()}
    if isinstance(body, list):
        return [prepared(item) for item in body]
    return body


def overlaid(parsed: Json, raw: Json) -> Json:
    """What an SDK made of an answer, with whatever it left out of it because that is newer than the SDK."""
    if isinstance(parsed, dict) and isinstance(raw, Mapping):
        more = {key: value for key, value in raw.items() if key not in parsed}
        return {**{key: overlaid(value, raw.get(key)) for key, value in parsed.items()}, **more}
    if isinstance(parsed, list) and isinstance(raw, list):
        return [overlaid(*pair) for pair in zip(parsed, raw, strict=True)] if len(parsed) == len(raw) else raw
    return parsed


def _field(name: str, item: Any) -> dict[str, Any]:
    if name == "env" and isinstance(item, list):
        return _variables(item)
    if name in _CALLED and isinstance(item, Mapping):
        return {name: _called(item)}
    if name == _DECLARATION:
        return {}
    if name == "sourceContents" and isinstance(item, str):
        return {"calls": called_addresses(item)}
    return {name: prepared(item)}


def _variables(items: list[Any]) -> dict[str, Any]:
    values: list[Any] = []
    sources: list[Any] = []
    for item in items:
        found = {key: item[key] for key in _SOURCES if item.get(key)} if isinstance(item, Mapping) else {}
        if found:
            sources.append({"name": item.get("name"), **found})
            item = {key: value for key, value in item.items() if key not in _SOURCES}  # noqa: PLW2901 - what is left
            if not item.get("value"):
                continue
        values.append(item)
    return {"env": values, "envSources": sources}


def _called(target: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, item in target.items():
        if name in _ADDRESSES and isinstance(item, str):
            result[name], query = _split(item)
            if query:
                result[_ADDRESSES[name]] = query
        else:
            result[name] = prepared(item)
    return result


def _split(address: str) -> tuple[str, dict[str, str]]:
    """An address without login, query and fragment, and those as names and values."""
    try:
        parts = urlsplit(address)
        login, _, host = parts.netloc.rpartition("@")
    except ValueError:
        return "", {"address": address}
    query: dict[str, str] = {}
    if parts.query and "=" not in parts.query:
        query["query"] = parts.query
    else:
        for key, value in parse_qsl(parts.query, keep_blank_values=True):
            query[key] = f"{query[key]},{value}" if key in query else value
    if login:
        query["login"] = login
    if parts.fragment:
        query["fragment"] = parts.fragment
    return urlunsplit((parts.scheme, host, parts.path, "", "")), query
