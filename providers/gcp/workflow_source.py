"""What the source of a workflow calls: all that is kept of it, for the source may hold anything."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import yaml

from auditor.model.capture import Json

_COMPUTED: Final = "${"


def called_addresses(source: str) -> Json:
    """Each call of a fixed address, as host and path with the kind of token it sends ("" for none).

    An address that is computed is left out; null where the source cannot be read. A workflow is YAML, of which JSON is
    a part; its steps are mappings with ``args`` (Workflows documentation, "Invoke Cloud Run functions", 2026-12-01).
    """
    try:
        document = yaml.safe_load(source)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    found = {(address, token) for args in _arguments(document) for address, token in _call(args)}
    return [{"address": address, "token": token} for address, token in sorted(found)]


def _arguments(document: Any) -> Iterator[dict[Any, Any]]:
    """Every mapping named ``args``; a node that aliases repeat is walked through once."""
    seen: set[int] = set()
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, dict | list) or id(node) in seen:
            continue
        seen.add(id(node))
        waiting.extend(node.values() if isinstance(node, dict) else node)
        if isinstance(node, dict) and isinstance(node.get("args"), dict):
            yield node["args"]


def _call(args: dict[Any, Any]) -> Iterator[tuple[str, str]]:
    url, auth = args.get("url"), args.get("auth")
    if not isinstance(url, str) or _COMPUTED in url:
        return
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return
    token = auth.get("type") if isinstance(auth, dict) else None
    if parts.scheme in ("http", "https") and host:
        yield f"{host}{parts.path.rstrip('/')}", token if token in ("OIDC", "OAuth2") else ""
