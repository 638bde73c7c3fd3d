"""What readers of manifests share: components as they are found, before they are merged."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from auditor.code.files import text_of

MAX_VERSION: Final = 128
MAX_NAME: Final = 214
"""Characters; npm takes no longer name."""

MAX_MANIFEST: Final = 32 << 20
"""Bytes of a manifest that are read."""

MAX_LINE: Final = 2_000
"""Characters of a line of a manifest."""

INSTALLED, BINARY, LOCK, DECLARED = "installed", "binary", "lock", "declared"


class UnreadableManifestError(Exception):
    """A manifest that is not what its format says; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Found:
    """A component as one file of the package names it. ``ecosystem`` is OSV's name; ``evidence`` how it was seen."""

    ecosystem: str
    name: str
    version: str
    evidence: str
    path: str


def component(ecosystem: str, name: Any, version: Any, evidence: str, path: str) -> Found:
    """A component. Raises UnreadableManifestError for a name or a version that is none."""
    if not isinstance(name, str) or not isinstance(version, str) or not name.strip() or not version.strip():
        raise UnreadableManifestError("a name or a version is missing or is no text")
    name, version = name.strip(), version.strip()
    if len(version) > MAX_VERSION:
        raise UnreadableManifestError(f"a version is longer than {MAX_VERSION} characters")
    if len(name) > MAX_NAME:
        raise UnreadableManifestError(f"a name is longer than {MAX_NAME} characters")
    if not (name.isprintable() and version.isprintable()):
        raise UnreadableManifestError("a name or a version holds control characters")
    return Found(ecosystem, name, version, evidence, path)


def several(
    ecosystem: str, pairs: Iterator[tuple[Any, Any]], evidence: str, path: str, complaints: list[str]
) -> Iterator[Found]:
    """The components of pairs of name and version; one that is none is a complaint and costs no other."""
    for name, version in pairs:
        try:
            yield component(ecosystem, name, version, evidence, path)
        except UnreadableManifestError as wrong:
            if str(wrong) not in complaints:
                complaints.append(str(wrong))


def read_json(content: bytes) -> Any:
    """A manifest in JSON. Raises UnreadableManifestError where it is none."""
    try:
        return json.loads(_bounded(content), parse_constant=_refuse_constant)
    except RecursionError as deep:
        raise UnreadableManifestError("it is nested too deep") from deep
    except ValueError as wrong:
        raise UnreadableManifestError("it is no JSON") from wrong


def _refuse_constant(_name: str) -> None:
    raise ValueError


def read_toml(content: bytes) -> Mapping[str, Any]:
    """A manifest in TOML. Raises UnreadableManifestError where it is none."""
    try:
        return tomllib.loads(_bounded(content))
    except RecursionError as deep:
        raise UnreadableManifestError("it is nested too deep") from deep
    except ValueError as wrong:
        raise UnreadableManifestError("it is no TOML") from wrong


def read_lines(content: bytes) -> Iterator[str]:
    """The lines of a manifest, but those that are too long to be any: they raise UnreadableManifestError at the end."""
    long = 0
    for line in _bounded(content).splitlines():
        if len(line) > MAX_LINE:
            long += 1
        else:
            yield line
    if long:
        raise UnreadableManifestError(f"{long} lines are longer than {MAX_LINE} characters")


def _bounded(content: bytes) -> str:
    if len(content) > MAX_MANIFEST:
        raise UnreadableManifestError(f"it is larger than {MAX_MANIFEST >> 20} MiB")
    return text_of(content)


def members(value: Any, key: str, kind: type) -> Any:
    """A member of an object, empty where there is none. Raises UnreadableManifestError for one of another type."""
    if not isinstance(value, Mapping):
        raise UnreadableManifestError("it holds no object where one belongs")
    member = value.get(key)
    if member is None:
        return kind()
    if not isinstance(member, kind):
        raise UnreadableManifestError(f"its {key} is of the wrong type")
    return member


_HEADER: Final = re.compile(r"([A-Za-z-]+):[ \t]*(.*)")


def headers(content: bytes, wanted: tuple[str, ...]) -> dict[str, str]:
    """The first values of the wanted headers of a metadata file, of which only the beginning is read."""
    found: dict[str, str] = {}
    for line in text_of(content[: 64 << 10]).splitlines():
        if not line.strip():
            break
        match = _HEADER.match(line[:MAX_LINE])
        if match and match[1].lower() in wanted:
            found.setdefault(match[1].lower(), match[2].strip())
    return found
