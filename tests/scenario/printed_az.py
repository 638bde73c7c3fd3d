"""Makes the changes of az commands that a fix prints in the emulated tenant, whose API only reads."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from moto_fixtures.azure.response_shapes.access import METRICS_PUBLISHER, assignment, assignment_in_graph
from moto_fixtures.azure.tenant import Resource, Tenant

_MONITOR: Final = "providers/Microsoft.Insights/components/shop-insights"
"""The one resource that the code works with, in place of everything."""
_ASSIGNMENTS: Final = "providers/Microsoft.Authorization/roleAssignments"
_REFERENCE: Final = "@Microsoft.KeyVault(SecretUri=https://fhw-keys.vault.azure.net/secrets/rotated)"


@dataclass(frozen=True)
class _Asked:
    """A command taken apart: its options by name. What is not known was answered already."""

    options: dict[str, str]
    subscription: str


def run(command: str, tenant: Tenant, subscription: str) -> list[str]:
    """Makes the change of every line; the kinds of commands that it knew."""
    return [_run(words, tenant, subscription) for words in _lines(command)]


def _lines(command: str) -> list[list[str]]:
    lines = (shlex.split(line, comments=True) for line in command.splitlines())
    return [words for words in lines if words]


def _run(words: list[str], tenant: Tenant, subscription: str) -> str:
    assert words[0] == "az", words
    plain = words[1 : next(index for index, word in enumerate(words) if word.startswith("--"))]
    options: dict[str, str] = {}
    name = ""
    for word in words[1 + len(plain) :]:
        if word.startswith("--"):
            name, _, value = word[2:].partition("=")
            options[name] = value
        else:
            options[name] = f"{options[name]}\n{word}" if options[name] else word
    kind = " ".join(plain)
    _CHANGES[kind](_Asked(options, options.get("subscription", subscription)), tenant)
    return kind


def _assign(asked: _Asked, tenant: Tenant) -> None:
    principal, place = asked.options["assignee"], f"/subscriptions/{asked.subscription}"
    body = assignment(
        f"{place}/resourceGroups/Fernhollow-Shop/{_MONITOR}",
        METRICS_PUBLISHER,
        principal,
        subscription=asked.subscription,
    )
    tenant.put(Resource(assignment_in_graph(body), "authorizationresources"))
    listed = f"{place}/{_ASSIGNMENTS}"
    tenant.put_list(listed, [*tenant.lists[listed.lower()], body])


def _unassign(asked: _Asked, tenant: Tenant) -> None:
    gone = asked.options["ids"].lower()
    tenant.remove(gone)
    for path, rows in list(tenant.lists.items()):
        if path.endswith(_ASSIGNMENTS.lower()):
            tenant.put_list(path, [row for row in rows if str(row["id"]).lower() != gone])


def _remove(asked: _Asked, tenant: Tenant) -> None:
    assert asked.options["ids"].lower() in tenant.resources, asked
    tenant.remove(asked.options["ids"])


def _site(asked: _Asked) -> str:
    group, app = asked.options["resource-group"], asked.options["name"]
    slot = f"/slots/{asked.options['slot']}" if "slot" in asked.options else ""
    return (
        f"/subscriptions/{asked.subscription}/resourcegroups/{group}/providers/microsoft.web/sites/{app}{slot}".lower()
    )


def _set(asked: _Asked, tenant: Tenant) -> None:
    """A setting that refers to the vault, and what the platform says of the reference."""
    site = _site(asked)
    name, _, value = asked.options["settings"].partition("=")
    assert "REPLACE-vault" in value, asked
    document = tenant.documents[f"{site}/config/appsettings"]
    assert name in document["properties"], name
    tenant.put_document(
        f"{site}/config/appsettings", {**document, "properties": {**document["properties"], name: _REFERENCE}}
    )
    listed = f"{site}/config/configreferences/appsettings"
    tenant.put_list(listed, [*tenant.lists.get(listed, ()), _resolved(site, name)])


def _resolved(site: str, name: str) -> dict[str, Any]:
    return {
        "id": f"{site}/config/configreferences/appsettings/{name}",
        "name": name,
        "type": "Microsoft.Web/sites/config",
        "properties": {
            "reference": _REFERENCE,
            "status": "Resolved",
            "vaultName": "fhw-keys",
            "secretName": "rotated",
            "secretVersion": None,
            "identityType": {"type": "SystemAssigned"},
            "details": "Reference has been successfully resolved.",
            "source": "KeyVault",
            "activeVersion": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        },
    }


def _connect(asked: _Asked, tenant: Tenant) -> None:
    """The line for a credential that stands in a connection string; of a setting nothing is to be done."""
    assert not tenant.documents[f"{_site(asked)}/config/connectionstrings"]["properties"], asked


def _nothing(_asked: _Asked, _tenant: Tenant) -> None:
    """Stores the new value: nothing of it is read."""


def _update(asked: _Asked, tenant: Tenant) -> None:
    path = asked.options["ids"].lower()
    document = tenant.documents[path]
    properties = dict(document["properties"])
    for change in asked.options["set"].split("\n"):
        name, _, value = change.removeprefix("properties.").partition("=")
        *above, last = name.split(".")
        here = properties
        for key in above:
            here[key] = dict(here.get(key) or {})
            here = here[key]
        here[last] = {"true": True, "false": False}.get(value, value)
    tenant.put_document(path, {**document, "properties": properties})


_CHANGES: dict[str, Callable[[_Asked, Tenant], None]] = {
    "role assignment create": _assign,
    "role assignment delete": _unassign,
    "network dns record-set cname delete": _remove,
    "functionapp config appsettings set": _set,
    "webapp config connection-string set": _connect,
    "keyvault secret set": _nothing,
    "resource update": _update,
}
