"""Reads ``auditor.toml`` into click's defaults: the command line beats the environment beats the file."""

import tomllib
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from auditor.config import Configuration
from auditor.errors import UsageError


def load(ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path | None:
    """Click callback of ``--config``: validates the file and installs its options as defaults."""
    path, table = _find(value)
    try:
        configuration = Configuration.model_validate(table)
    except ValidationError as invalid:
        raise UsageError(f"{path}: {_sentence(invalid)}") from invalid
    ctx.meta["auditor.configuration"] = configuration
    known = {parameter.name for parameter in ctx.command.params}
    options = configuration.options()
    ctx.default_map = {**(ctx.default_map or {}), **{k: v for k, v in options.items() if k in known}}
    return path


def current() -> Configuration:
    """The configuration of the running command."""
    return click.get_current_context().meta.get("auditor.configuration") or Configuration()


def _find(named: Path | None) -> tuple[Path | None, dict[str, Any]]:
    if named is not None:
        return named, _table(named)
    local = Path("auditor.toml")
    if local.is_file():
        return local, _parse(local)
    project = Path("pyproject.toml")
    if project.is_file():
        table = _parse(project).get("tool", {}).get("auditor")
        if table is not None:
            return project, table
    return None, {}


def _table(path: Path) -> dict[str, Any]:
    document = _parse(path)
    if path.name == "pyproject.toml":
        found: dict[str, Any] = document.get("tool", {}).get("auditor", {})
        return found
    return document


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as unreadable:
        raise UsageError(f"{path} cannot be read: {unreadable}.") from unreadable
    except tomllib.TOMLDecodeError as broken:
        raise UsageError(f"{path} is not valid TOML: {broken}.") from broken


def _sentence(invalid: ValidationError) -> str:
    first = invalid.errors()[0]
    where = ".".join(map(str, first["loc"]))
    if first["type"] == "extra_forbidden":
        return f"{where!r} is not a setting. 'auditor schema config' prints those there are."
    said = first["msg"].removeprefix("Value error, ")
    return f"{where}: {said}."
