"""Reads a waiver file, TOML or YAML, and writes an entry of one."""

import json
import tomllib
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from auditor.errors import UsageError, suggestion
from auditor.input_faults import InputFault, expected, shown, syntax
from auditor.model.waiver import WaiverEntry, WaiverFile

_LARGEST: Final = 4 << 20
"""Bytes of a waiver file; a larger one is something else."""


def read(path: Path) -> tuple[WaiverEntry, ...]:
    """The entries of a file. Raises UsageError in one sentence for what is none."""
    return parse(content(path), path)


def parse(text: str, path: Path) -> tuple[WaiverEntry, ...]:
    """The entries of the text of a file; its name says whether it is YAML."""
    document = _yaml(text, path) if path.suffix.lower() in (".yaml", ".yml") else _toml(text, path)
    if document is None:
        return ()
    if not isinstance(document, dict):
        raise UsageError(f"{path} is not a waiver file: it must hold a list called waivers.")
    try:
        return WaiverFile.model_validate(document).waivers
    except ValidationError as invalid:
        raise UsageError(f"{path}: {_sentence(invalid)}") from invalid


def content(path: Path) -> str:
    """The text of a file. Raises UsageError for what cannot be read."""
    try:
        with path.open("rb") as stream:
            found = stream.read(_LARGEST + 1)
        if len(found) > _LARGEST:
            raise UsageError(f"{path} is larger than a waiver file can be.")
        return found.decode("utf-8-sig")
    except OSError as unreadable:
        raise UsageError(f"{path} cannot be read: {unreadable.strerror}.") from unreadable
    except UnicodeDecodeError as unreadable:
        raise UsageError(f"{path} {syntax('text', unreadable)}.") from unreadable


def _toml(text: str, path: Path) -> Any:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as broken:
        raise UsageError(f"{path} {syntax('TOML', broken)}.") from broken


def _yaml(text: str, path: Path) -> Any:
    try:
        return yaml.load(text, _PlainLoader)  # noqa: S506 - a SafeLoader without aliases
    except (yaml.YAMLError, RecursionError, ValueError) as broken:
        raise UsageError(f"{path} {syntax('YAML', broken)}.") from broken


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases, by which a small file can describe a huge document, and without a key twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise InputFault("aliases are not allowed here")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise InputFault(f"line {node.start_mark.line + 1} gives the key {key!r} twice")
        return super().construct_mapping(node, deep)


def _sentence(invalid: ValidationError) -> str:
    first = invalid.errors()[0]
    where, name = _entry(first["loc"])
    if first["type"] == "extra_forbidden":
        known = WaiverEntry.model_fields if where else WaiverFile.model_fields
        return f"{where}{name!r} is no key{suggestion(name, known)} 'auditor schema waivers' describes them."
    if first["type"] == "missing":
        return f"{where}it has no {name}, which every waiver needs."
    if first["type"] == "string_pattern_mismatch":
        return f"{where}{name} must be 16 hexadecimal characters, as reports show it, not {shown(first['input'])}."
    if first["type"] == "string_type":
        return f"{where}{name} must be a text, not {shown(first['input'])}: put it in quotes."
    if first["type"].startswith("date"):
        return f"{where}{name} must be a day, such as 2027-03-31, not {shown(first['input'])}."
    said = expected(first)
    return f"{where}{name + ': ' if name else ''}{said[:1].lower()}{said[1:]}"


def _entry(location: tuple[int | str, ...]) -> tuple[str, str]:
    """``waiver 3: `` and the key, from a place in the document."""
    number = next((part for part in location if isinstance(part, int)), None)
    names = [str(part) for part in location if not isinstance(part, int)]
    if number is None:
        return "", names[-1] if names else ""
    return f"waiver {number + 1}: ", names[-1] if len(names) > 1 else ""


def rendered(entry: WaiverEntry, path: Path, comment: str = "") -> str:
    """The entry as it stands in a file of that name, with a comment above it."""
    said = "".join(f"# {line}\n" for line in comment.splitlines())
    values = {**entry.matching, "reason": entry.reason, "expires": entry.expires}
    values |= {key: value for key in ("owner", "ticket") if (value := getattr(entry, key)) is not None}
    if path.suffix.lower() in (".yaml", ".yml"):
        lines = [f"{key}: {value if key == 'expires' else json.dumps(value)}" for key, value in values.items()]
        return "".join(f"  {line}\n" for line in said.splitlines()) + "  - " + "\n    ".join(lines) + "\n"
    lines = [f"{key} = {value if key == 'expires' else json.dumps(value)}" for key, value in values.items()]
    return f"{said}[[waivers]]\n" + "\n".join(lines) + "\n"


def added(text: str, entry: WaiverEntry, path: Path, comment: str = "") -> str:
    """The text of a file with one entry more. Raises UsageError where the result would not read back so."""
    before = parse(text, path)
    block = rendered(entry, path, comment)
    if path.suffix.lower() in (".yaml", ".yml"):
        start = text if before or "waivers:" in text else f"{text.rstrip()}\nwaivers:\n".lstrip()
        whole = f"{start.rstrip()}\n{block}"
    else:
        whole = f"{text.rstrip()}\n\n{block}" if text.strip() else block
    if not _reads_as(whole, path, (*before, entry)):
        sentence = f"{path}: the entry cannot be appended to a file written like this; add it yourself:"
        raise UsageError(sentence, block.splitlines())
    return whole


def _reads_as(text: str, path: Path, entries: tuple[WaiverEntry, ...]) -> bool:
    try:
        return parse(text, path) == entries
    except UsageError:
        return False
