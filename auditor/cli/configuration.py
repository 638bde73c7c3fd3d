"""Reads ``auditor.toml`` into click's defaults: the command line beats the environment beats the file."""

import tomllib
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel, ValidationError

from auditor.cli.messages import say
from auditor.config import CheckSettings, Configuration, PriceSettings
from auditor.errors import UsageError, suggestion
from auditor.input_faults import expected, syntax

_LOAD_CODE = ("plugins", "checks-dir", "sign-command")
"""The keys that make us run code: never from a file that merely is where the command was started."""

_LARGEST = 1 << 20
"""Bytes of a configuration file; a larger one is something else."""


def load(ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path | None:
    """Click callback of ``--config``: validates the file and installs its options as defaults."""
    path, table = _find(value)
    if value is None:
        table = _without_code(path, table)
    try:
        configuration = Configuration.model_validate(table)
    except ValidationError as invalid:
        raise UsageError(f"{path}: {_sentence(invalid)}") from invalid
    ctx.meta["auditor.configuration"] = configuration
    ctx.meta["auditor.configuration_path"] = path
    known = {parameter.name for parameter in ctx.command.params}
    options = configuration.options()
    ctx.default_map = {**(ctx.default_map or {}), **{k: v for k, v in options.items() if k in known}}
    return path


def remember_plugins(ctx: click.Context, plugins: tuple[str, ...]) -> None:
    """Notes the distributions whose code may be loaded."""
    ctx.meta["auditor.plugins"] = plugins


def current() -> Configuration:
    """The configuration of the running command."""
    return click.get_current_context().meta.get("auditor.configuration") or Configuration()


def plugins() -> tuple[str, ...]:
    """The distributions whose code the running command may load."""
    named: tuple[str, ...] = click.get_current_context().meta.get("auditor.plugins", ())
    return named


def _without_code(path: Path | None, table: dict[str, Any]) -> dict[str, Any]:
    """The table without what would run code, said in one line. Misspelt keys stay, to be complained about."""
    skipped = [key for key in _LOAD_CODE if key in table or key.replace("-", "_") in table]
    if skipped:
        say(
            f"{path}: {' and '.join(skipped)} skipped: a configuration that is found in the working directory runs no "
            f"code. To run it, name the file: --config {path}."
        )
    dropped = {*skipped, *(key.replace("-", "_") for key in skipped)}
    return {key: value for key, value in table.items() if key not in dropped}


def _find(named: Path | None) -> tuple[Path | None, dict[str, Any]]:
    if named is not None:
        return named, _table(named)
    local = Path("auditor.toml")
    if local.is_file():
        return local, _parse(local)
    project = Path("pyproject.toml")
    if project.is_file():
        table = _section(project, _parse(project))
        if table is not None:
            return project, table
    return None, {}


def _table(path: Path) -> dict[str, Any]:
    document = _parse(path)
    return (_section(path, document) or {}) if path.name == "pyproject.toml" else document


def _section(path: Path, document: dict[str, Any]) -> dict[str, Any] | None:
    """``[tool.auditor]`` of a project's file; None where it has none."""
    tool = document.get("tool", {})
    found = tool.get("auditor") if isinstance(tool, dict) else None
    if found is not None and not isinstance(found, dict):
        raise UsageError(f"{path}: tool.auditor must be a table.")
    return found


def _parse(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise UsageError(f"{path} is larger than a configuration can be.")
        return tomllib.loads(content.decode("utf-8"))
    except OSError as unreadable:
        raise UsageError(f"{path} cannot be read: {unreadable.strerror}.") from unreadable
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as broken:
        raise UsageError(f"{path} {syntax('TOML', broken)}.") from broken


def _sentence(invalid: ValidationError) -> str:
    """The first complaint in the words of whoever wrote the file."""
    first = invalid.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if not _is_branch(part))
    if first["type"] == "extra_forbidden":
        return f"{where!r} is not a setting{_near_key(first['loc'])} 'auditor schema config' describes them."
    return f"{where}: {expected(first)}"


def _is_branch(part: int | str) -> bool:
    """Whether a part of a location names the branch of a union, which nobody wrote."""
    return isinstance(part, str) and ("[" in part or part in ("function-after", "str", "int"))


def _near_key(location: tuple[int | str, ...]) -> str:
    tables: dict[int | str, type[BaseModel]] = {"settings": CheckSettings, "prices": PriceSettings}
    model = tables.get(location[0], CheckSettings) if len(location) > 1 else Configuration
    known = [field.alias or name for name, field in model.model_fields.items()]
    return suggestion(str(location[-1]), known)
