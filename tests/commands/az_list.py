"""Writes ``az.json``: what azure-cli's own parser takes of the commands that are listed there, and of those named.

azure-cli is no dependency of the project: run this with the Python of an environment that has it (``pip install
azure-cli``), from the root of the checkout: ``PYTHON tests/commands/az_list.py ['storage account update' …]``. Commands
of extensions are kept as they are; their extension stands beside them.
"""

import json
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("az.json")


def main() -> None:
    """Reads the list, loads every command of azure-cli, writes the list."""
    document: dict[str, Any] = json.loads(PATH.read_text("utf-8"))
    core = import_module("azure.cli.core")
    client = core.get_default_cli()
    import_module("azure.cli.core.file_util").create_invoker_and_load_cmds_and_args(client)
    table = client.invocation.commands_loader.command_table
    listed = document["commands"]
    kept = {name: row for name, row in listed.items() if "extension" in row and name not in table}
    read = {name: _row(table[name]) for name in {*listed, *sys.argv[1:]} - kept.keys()}
    document["source"] = f"The command table of azure-cli {core.__version__}; extensions: their published reference."
    document["date"] = datetime.now(UTC).date().isoformat()
    document["commands"] = dict(sorted({**kept, **read}.items()))
    PATH.write_text(_compact(document), "utf-8")


def _row(command: Any) -> dict[str, Any]:
    flags, required = [], []
    for argument in command.arguments.values():
        settings = argument.type.settings
        spelt = [option for option in map(str, settings.get("options_list") or ()) if option.startswith("--")]
        if not spelt or spelt[0] in ("--__cmd__", "--cmd"):  # its own argument, not the user's
            continue
        flags += [_flag(name.removeprefix("--"), settings) for name in spelt]
        if settings.get("required"):
            by_id = "@" if settings.get("id_part") else ""
            required.append("|".join(name.removeprefix("--") for name in spelt) + by_id)
    return {"required": sorted(required), "flags": " ".join(sorted(flags))}


def _flag(name: str, settings: dict[str, Any]) -> str:
    choices = settings.get("choices")
    many = str(settings.get("nargs"))
    mark = {"*": "*", "+": "*", "?": "?", "0": "!"}.get(many, "")
    if "store_true" in str(settings.get("action")):
        mark = "!"
    limited = "|".join(map(str, choices)) if isinstance(choices, list | tuple | set | frozenset) else ""
    short = limited if len(limited) < 120 and " " not in limited else ""
    return f"{name}{mark}" + (f"={short}" if short else "")


def _compact(document: dict[str, Any]) -> str:
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in document["commands"].items())
    head = {key: value for key, value in document.items() if key != "commands"}
    return json.dumps(head, indent=1)[:-2] + ',\n "commands": {\n' + rows + "\n }\n}\n"


if __name__ == "__main__":
    main()
