"""Python: installed distributions, lock files, requirements."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from auditor.code.components.found import (
    DECLARED,
    INSTALLED,
    LOCK,
    Found,
    UnreadableManifestError,
    component,
    headers,
    members,
    read_json,
    read_lines,
    read_toml,
    several,
)

ECOSYSTEM: Final = "PyPI"
_SEPARATORS: Final = re.compile(r"[-_.]+")
_PINNED: Final = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[A-Za-z0-9._, -]*\])?\s*={2,3}\s*([^\s;#,\\]+)")
_REQUIREMENT: Final = re.compile(r"\s*[A-Za-z0-9]")
_WHEEL_NAME: Final = re.compile(r"(?P<name>[A-Za-z0-9_.]+?)-(?P<version>[0-9][A-Za-z0-9_.!+]*)(-.*)?")


def normalized(name: str) -> str:
    """A name as PyPI compares it."""
    return _SEPARATORS.sub("-", name).lower()


def metadata(path: str, content: bytes, _complaints: list[str]) -> Iterator[Found]:
    """A ``METADATA`` or ``PKG-INFO``; where it is damaged, its directory's name says what is installed."""
    said = headers(content, ("name", "version"))
    name, version = said.get("name", ""), said.get("version", "")
    folder = path.rsplit("/", 2)[-2] if "/" in path else ""
    match = _WHEEL_NAME.fullmatch(re.sub(r"\.(dist|egg)-info$|\.egg$", "", folder))
    if match and not (name and version):
        name, version = name or match["name"], version or match["version"]
    if "�" in name:
        raise UnreadableManifestError("its name is no text")
    yield component(ECOSYSTEM, normalized(name), version, INSTALLED, path)


def requirements(path: str, content: bytes, complaints: list[str]) -> Iterator[Found]:
    """A requirements file: what is pinned to one version. The rest is said to be open."""
    open_ended = 0
    for line in read_lines(content):
        pinned = _PINNED.match(line)
        if pinned and "*" not in pinned[2]:
            yield from several(ECOSYSTEM, iter([(normalized(pinned[1]), pinned[2])]), DECLARED, path, complaints)
        elif _REQUIREMENT.match(line):
            open_ended += 1
    if open_ended:
        complaints.append(f"{open_ended} requirements are not pinned to a version")


def toml_lock(path: str, content: bytes, complaints: list[str]) -> Iterator[Found]:
    """The lock of Poetry, uv or PDM: an array of packages."""
    yield from several(ECOSYSTEM, _packages(read_toml(content)), LOCK, path, complaints)


def _packages(lock: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    for package in members(lock, "package", list):
        source = package.get("source") if isinstance(package, Mapping) else None
        if isinstance(source, Mapping) and {"virtual", "editable", "directory"} & source.keys():
            continue  # the project itself
        yield _name(package.get("name")), package.get("version")


def pipenv_lock(path: str, content: bytes, complaints: list[str]) -> Iterator[Found]:
    """The lock of Pipenv: what is installed by default; development packages are not deployed."""
    default = members(read_json(content), "default", dict)
    pairs = (
        (
            _name(name),
            entry.get("version", "").removeprefix("==") if isinstance(entry.get("version", ""), str) else None,
        )
        for name, entry in default.items()
        if isinstance(entry, Mapping)
    )
    yield from several(ECOSYSTEM, pairs, LOCK, path, complaints)


def _name(name: Any) -> Any:
    return normalized(name) if isinstance(name, str) else name
