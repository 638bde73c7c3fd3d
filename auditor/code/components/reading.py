"""Finds the manifests of a package and reads each by its format."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from auditor.code.components import go, java, node, others, python
from auditor.code.components.found import Found, UnreadableManifestError
from auditor.code.files import PackageFiles, shown

Reader = Callable[[str, bytes, list[str]], Iterator[Found]]

_BY_NAME: Final[dict[str, Reader]] = {
    "package-lock.json": node.package_lock,
    "npm-shrinkwrap.json": node.package_lock,
    ".package-lock.json": node.package_lock,
    "yarn.lock": node.yarn_lock,
    "pnpm-lock.yaml": node.pnpm_lock,
    "poetry.lock": python.toml_lock,
    "uv.lock": python.toml_lock,
    "pdm.lock": python.toml_lock,
    "Pipfile.lock": python.pipenv_lock,
    "Gemfile.lock": others.gemfile_lock,
    "composer.lock": others.composer_lock,
}
_REQUIREMENTS: Final = re.compile(r"requirements[\w.-]*\.(txt|in)")
_METADATA: Final = re.compile(r"(^|/)[^/]+\.dist-info/METADATA|(^|/)[^/]+\.egg-info/PKG-INFO|(^|/)EGG-INFO/PKG-INFO")
_EGG_FILE: Final = re.compile(r"(^|/)[^/]+\.egg-info")
_BINARY_NAMES: Final = re.compile(r"[^.]+|.+\.(exe|bin)")
_BUNDLE: Final = 200 << 10
"""Bytes of a JavaScript file that more likely holds libraries than one author's code."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """The components of one package as they were found, and a sentence for everything that could not be read."""

    components: tuple[Found, ...]
    incomplete: tuple[str, ...]


def read_components(files: PackageFiles) -> Inventory:
    """The components that the files of a package name."""
    found: list[Found] = []
    incomplete: list[str] = []
    for path in files:
        reader = _reader(path)
        if reader is None and _may_be_binary(path) and go.is_binary(files[path][:8]):
            reader = go.binary
        if reader is None:
            continue
        complaints: list[str] = []
        try:
            found.extend(reader(path, files[path], complaints))
        except UnreadableManifestError as wrong:
            complaints.append(str(wrong))
        incomplete += [f"{shown(path)}: {why.rstrip('.')}." for why in complaints]
    incomplete += _unlisted(files, found)
    return Inventory(tuple(found), tuple(incomplete))


def _reader(path: str) -> Reader | None:
    name = path.rpartition("/")[2]
    if name in _BY_NAME:
        return None if _in_dependency(path) and name != ".package-lock.json" else _BY_NAME[name]
    if name == "package.json":
        return node.module if node.is_module(path) else None
    if name in ("METADATA", "PKG-INFO") and _METADATA.search(path):
        return python.metadata
    if name.endswith(".egg-info") and _EGG_FILE.fullmatch(path):
        return python.metadata
    if name.lower().endswith(java.ARCHIVES):
        return java.archive
    if name.endswith(".deps.json"):
        return others.dotnet_deps
    if name.endswith(".gemspec") and path.split("/")[-2:-1] == ["specifications"]:
        return others.gemspec
    if path.endswith("composer/installed.json"):
        return others.composer_installed
    if _REQUIREMENTS.fullmatch(name) and not _in_dependency(path):
        return python.requirements
    return None


def _in_dependency(path: str) -> bool:
    """Whether a file belongs to a library: the lock of a library says nothing of what is installed."""
    return "node_modules/" in path or "site-packages/" in path or "/vendor/" in f"/{path}"


def _may_be_binary(path: str) -> bool:
    name = path.rpartition("/")[2]
    return bool(_BINARY_NAMES.fullmatch(name)) and "node_modules/" not in path and "-info/" not in path


def _unlisted(files: PackageFiles, found: list[Found]) -> Iterator[str]:
    """Code that came with libraries of which nothing says which they are."""
    if any(each.ecosystem == node.ECOSYSTEM for each in found):
        return
    for path in files:
        if path.endswith((".js", ".mjs", ".cjs")) and not _in_dependency(path) and len(files[path]) > _BUNDLE:
            yield f"{shown(path)}: it looks bundled, and what it was bundled from cannot be listed."
