""".NET, Ruby and PHP."""

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

_GEM_LINE: Final = re.compile(r"    ([A-Za-z0-9][\w.-]*) \(([^()\s]+)\)$")
_GEM_FILE: Final = re.compile(r"([A-Za-z0-9][\w.-]*?)-(\d[\w.]*)(?:-[\w-]+)?\.gemspec")


def dotnet_deps(path: str, content: bytes, complaints: list[str]) -> Iterator[Found]:
    """``*.deps.json``: the NuGet packages that were published with the app."""
    libraries = members(read_json(content), "libraries", dict)
    pairs = (
        key.partition("/")[::2]
        for key, entry in libraries.items()
        if isinstance(entry, Mapping) and entry.get("type") == "package"
    )
    yield from several("NuGet", iter(pairs), INSTALLED, path, complaints)


def gemfile_lock(path: str, content: bytes, complaints: list[str]) -> Iterator[Found]:
    """``Gemfile.lock``: the gems of its sources."""
    yield from several("RubyGems", _gems(content), LOCK, path, complaints)


def _gems(content: bytes) -> Iterator[tuple[str, str]]:
    section = ""
    for line in read_lines(content):
        if line and not line[0].isspace():
            section = line.strip()
        elif section == "GEM" and (match := _GEM_LINE.match(line)):
            version, _, platform = match[2].partition("-")
            yield match[1], version if re.search(r"[a-z]", platform) else match[2]


def gemspec(path: str, _content: bytes, _complaints: list[str]) -> Iterator[Found]:
    """``specifications/NAME-VERSION.gemspec``: an installed gem, by the name of the file. It is Ruby and is not run."""
    match = _GEM_FILE.fullmatch(path.rpartition("/")[2])
    if match is None:
        raise UnreadableManifestError("its file name says no version")
    yield component("RubyGems", match[1], match[2], INSTALLED, path)


def composer_lock(path: str, content: bytes, complaints: list[str]) -> Iterator[Found]:
    """``composer.lock``, without development packages."""
    yield from several("Packagist", _composer(members(read_json(content), "packages", list)), LOCK, path, complaints)


def composer_installed(path: str, content: bytes, complaints: list[str]) -> Iterator[Found]:
    """``vendor/composer/installed.json``: a list, or an object with one."""
    said = read_json(content)
    packages = said if isinstance(said, list) else members(said, "packages", list)
    yield from several("Packagist", _composer(packages), INSTALLED, path, complaints)


def _composer(packages: list[Any]) -> Iterator[tuple[Any, Any]]:
    for entry in packages:
        said = entry if isinstance(entry, Mapping) else {}
        name, version = said.get("name"), said.get("version")
        yield (
            (name.lower() if isinstance(name, str) else name),
            (re.sub(r"^v(?=\d)", "", version) if isinstance(version, str) else version),
        )
