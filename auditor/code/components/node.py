"""Node.js: installed modules, and the locks of npm, Yarn and pnpm."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from auditor.code.components.found import (
    INSTALLED,
    LOCK,
    Found,
    UnreadableManifestError,
    component,
    members,
    read_json,
    read_lines,
    several,
)

ECOSYSTEM: Final = "npm"
_MODULES: Final = "node_modules/"
_YARN_KEY: Final = re.compile(r'"?((?:@[^/@\s"]+/)?[^@\s"/]+)@')
_YARN_VERSION: Final = re.compile(r'  version:?\s+"?([^\s"]+)"?\s*$')
_PNPM_KEY: Final = re.compile(r"  ['\"]?/?((?:@[^/@\s]+/)?[^/@\s'\"]+)[@/]([0-9][^()'\":\s]*)(?:\([^'\"]*\))?['\"]?:")


def is_module(path: str) -> bool:
    """Whether a ``package.json`` is that of an installed module, not one inside it."""
    inside = path.rpartition(_MODULES)[2] if _MODULES in path else ""
    steps = inside.split("/")
    return bool(inside) and len(steps) == (3 if inside.startswith("@") else 2)


def module(path: str, content: bytes, complaints: list[str]) -> Iterator[Found]:
    """The ``package.json`` of an installed module."""
    manifest = read_json(content)
    if not isinstance(manifest, Mapping):
        raise UnreadableManifestError("it is no object")
    if re.search(rb'"version"\s*:[^{}]*"version"\s*:', content[: 64 << 10]):
        complaints.append("it says its version twice; the last is taken")
    yield component(ECOSYSTEM, manifest.get("name"), manifest.get("version"), INSTALLED, path)


def package_lock(path: str, content: bytes, complaints: list[str]) -> Iterator[Found]:
    """``package-lock.json`` of any version, without development packages."""
    lock = read_json(content)
    if "packages" in lock if isinstance(lock, Mapping) else False:
        pairs = _of_packages(members(lock, "packages", dict))
    else:
        pairs = _of_tree(members(lock, "dependencies", dict))
    yield from several(ECOSYSTEM, pairs, LOCK, path, complaints)


def _of_packages(packages: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    for place, entry in packages.items():
        if not isinstance(entry, Mapping):
            yield None, None
        elif _MODULES in place and not (entry.get("dev") or entry.get("link")):
            yield entry.get("name") or place.rpartition(_MODULES)[2], entry.get("version")


def _of_tree(dependencies: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    pending = [dependencies]
    while pending:
        for name, entry in pending.pop().items():
            if not isinstance(entry, Mapping):
                yield None, None
            elif not entry.get("dev"):
                yield name, entry.get("version")
                pending.append(members(entry, "dependencies", dict))


def yarn_lock(path: str, content: bytes, complaints: list[str]) -> Iterator[Found]:
    """``yarn.lock``, of Yarn 1 and of later ones."""
    yield from several(ECOSYSTEM, _of_yarn(content), LOCK, path, complaints)


def _of_yarn(content: bytes) -> Iterator[tuple[Any, Any]]:
    name = None
    for line in read_lines(content):
        if line and not line[0].isspace() and not line.startswith("#"):
            key = _YARN_KEY.match(line)
            name = key[1] if key and "@workspace:" not in line else None
            alias = re.search(r"@npm:((?:@[^/@]+/)?[^@/]+)@", line)
            name = alias[1] if name and alias else name
        elif name and (version := _YARN_VERSION.match(line)):
            yield name, version[1]
            name = None


def pnpm_lock(path: str, content: bytes, complaints: list[str]) -> Iterator[Found]:
    """``pnpm-lock.yaml``: the keys of its packages. Read by line: no YAML that could unfold into more."""
    lines = tuple(read_lines(content))
    if not any(line.startswith("lockfileVersion:") for line in lines):
        raise UnreadableManifestError("it says no lockfileVersion")
    yield from several(ECOSYSTEM, _of_pnpm(lines), LOCK, path, complaints)


def _of_pnpm(lines: tuple[str, ...]) -> Iterator[tuple[Any, Any]]:
    inside = False
    for line in lines:
        if line and not line[0].isspace():
            inside = line.rstrip() == "packages:"
        elif inside and (key := _PNPM_KEY.match(line)):
            yield key[1], key[2].partition("_")[0]
