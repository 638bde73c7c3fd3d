"""Reads an answer's body: its JSON, where its list continues, and the shape in which it is stored."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from auditor.model.capture import Json
from providers.azure.operations import AzureOperation

GOES_ON: Final = "continues"
"""Stands for the address of a list's next page: a list that was cut off is told from one that ended."""
_PORTS: Final = {"http": 80, "https": 443}


def unwrapped(operation: AzureOperation, body: Json) -> Json:
    """A list in the form it is documented in. Some come bare; an empty bare one proves nothing and stays as it is."""
    return {"value": body} if isinstance(body, list) and body and operation.pages == "value" else body


def stored(operation: AzureOperation, body: Mapping[str, Any]) -> Json:
    """What is recorded of an answer: of its continuation only that there is one; in the shape redaction knows."""
    kept = {key: value for key, value in body.items() if key not in ("nextLink", "$skipToken")}
    if body.get("nextLink") and operation.pages:
        kept["nextLink"] = GOES_ON
    reshape = _RESHAPES.get(operation.reshape)
    return reshape(kept) if reshape else kept


def continues_at(body: Json, endpoint: str) -> str | None:
    """Where a list goes on: "" where it ends, None where it would lead to another host or is no address."""
    link = body.get("nextLink") if isinstance(body, Mapping) else None
    if link is None or link == "":
        return ""
    if not isinstance(link, str):
        return None
    try:
        there = urljoin(f"{endpoint}/", link)
        return there if _host(there) == _host(endpoint) else None
    except ValueError:
        return None


def _host(url: str) -> tuple[str, str, int | None, bool]:
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").lower(), port, "@" in parts.netloc


def _connection_strings(body: dict[str, Any]) -> Json:
    """``{name: {value, type}}`` as ``{name: value}`` beside ``{name: type}``: each value is judged under its name."""
    given = body.get("properties")
    if not isinstance(given, Mapping):
        return body
    pairs = {name: item if isinstance(item, Mapping) else {"value": item} for name, item in given.items()}
    return {
        **body,
        "properties": {name: item.get("value") for name, item in pairs.items()},
        "connectionTypes": {name: item.get("type") for name, item in pairs.items()},
    }


def _containers(body: dict[str, Any]) -> Json:
    """Container apps with the sources of variables and secrets beside them, so that references stay readable."""
    for key in ("data", "value"):
        rows = body.get(key)
        if isinstance(rows, list):
            return {**body, key: [_container_app(row) for row in rows]}
    return _container_app(body)


def _container_app(row: Json) -> Json:
    properties = row.get("properties") if isinstance(row, Mapping) else None
    if not isinstance(properties, Mapping):
        return row
    changed: dict[str, Json] = {}
    if isinstance(template := properties.get("template"), Mapping):
        lists = (name for name in ("containers", "initContainers") if isinstance(template.get(name), list))
        changed["template"] = {**template, **{name: [_container(item) for item in template[name]] for name in lists}}
    if isinstance(configuration := properties.get("configuration"), Mapping):
        changed["configuration"] = _configuration(configuration)
    return {**row, "properties": {**properties, **changed}}


def _configuration(configuration: Mapping[str, Any]) -> Json:
    """A configuration with the vaults of its secrets beside the secrets."""
    secrets = configuration.get("secrets")
    if not isinstance(secrets, list):
        return configuration
    named = [item for item in secrets if isinstance(item, Mapping)]
    values = [{"name": item.get("name"), "value": item.get("value")} for item in named]
    vaults = [
        {"name": item.get("name"), "keyVaultUrl": item["keyVaultUrl"], "identity": item.get("identity")}
        for item in named
        if item.get("keyVaultUrl")
    ]
    return {**configuration, "secrets": values, "secretSources": vaults}


def _container(container: Json) -> Json:
    variables = container.get("env") if isinstance(container, Mapping) else None
    if not isinstance(variables, list):
        return container
    named = [item for item in variables if isinstance(item, Mapping)]
    values = [{"name": item.get("name"), "value": item.get("value")} for item in named if "secretRef" not in item]
    sources = [{"name": item.get("name"), "secretRef": item["secretRef"]} for item in named if "secretRef" in item]
    return {**container, "env": values, "envSources": sources}


_RESHAPES: Final[Mapping[str, Callable[[dict[str, Any]], Json]]] = {
    "connection-strings": _connection_strings,
    "containers": _containers,
}
