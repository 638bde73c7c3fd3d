"""The functions inside an app, as ``GET {site}/functions`` lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One function. ``decorated``: written in the Python v2 model, whose bindings are told in upper case."""

    name: str
    bindings: tuple[Mapping[str, Any], ...]
    language: str = "node"
    disabled: bool = False
    decorated: bool = False


def http(auth: str | None = "function", methods: tuple[str, ...] | None = ("get",), route: str = "") -> dict[str, Any]:
    """An HTTP trigger; None leaves the member out."""
    binding: dict[str, Any] = {"type": "httpTrigger", "direction": "in", "name": "req"}
    binding |= {"authLevel": auth} if auth is not None else {}
    binding |= {"methods": list(methods)} if methods is not None else {}
    return binding | ({"route": route} if route else {})


HTTP_OUT = {"type": "http", "direction": "out", "name": "res"}


def trigger(kind: str, **members: Any) -> dict[str, Any]:
    """A trigger of another kind, such as ``queue``, ``timer`` or ``blob``."""
    return {"type": f"{kind}Trigger", "direction": "in", "name": "item", **members}


def _shouted(binding: Mapping[str, Any]) -> dict[str, Any]:
    loud: dict[str, Any] = {name: str(binding[name]).upper() for name in ("direction", "authLevel") if name in binding}
    if "methods" in binding:
        loud["methods"] = [method.upper() for method in binding["methods"]]
    return {**binding, **loud}


def function_row(site: str, name: str, location: str, entry: Entry, kind: str) -> dict[str, Any]:
    """One row of the list. ``site`` is the app's or slot's id, ``name`` what it is called in rows: app or app/slot."""
    host = f"https://{name.replace('/', '-')}.azurewebsites.net"
    files = f"{host}/admin/vfs/site/wwwroot/{entry.name}"
    config: dict[str, Any] = {"bindings": [dict(binding) for binding in entry.bindings]}
    if entry.decorated:
        config = {
            "name": entry.name, "entryPoint": entry.name, "scriptFile": "function_app.py", "language": "python",
            "functionDirectory": "/home/site/wwwroot", "bindings": [_shouted(binding) for binding in entry.bindings],
        }  # fmt: skip
    answers = any(str(binding.get("type", "")) == "httpTrigger" for binding in entry.bindings)
    route = next((str(binding["route"]) for binding in entry.bindings if binding.get("route")), entry.name)
    return {
        "id": f"{site}/functions/{entry.name}",
        "name": f"{name}/{entry.name}",
        "type": f"Microsoft.Web/{kind}/functions",
        "location": location,
        "properties": {
            "name": entry.name,
            "function_app_id": None,
            "script_root_path_href": None if entry.decorated else f"{files}/",
            "script_href": f"{host}/admin/vfs/home/site/wwwroot/function_app.py"
            if entry.decorated
            else f"{files}/index.js",
            "config_href": None if entry.decorated else f"{files}/function.json",
            "test_data_href": f"{host}/admin/vfs/tmp/FunctionsData/{entry.name}.dat",
            "secrets_file_href": None,
            "href": f"{host}/admin/functions/{entry.name}",
            "config": config,
            "files": None,
            "test_data": "",
            "invoke_url_template": f"{host}/api/{route}".lower() if answers else None,
            "language": "python" if entry.decorated else entry.language,
            "isDisabled": entry.disabled,
        },
    }
