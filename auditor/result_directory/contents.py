"""What of an output directory is a result of ours, and what is somebody else's and stays."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from auditor.formats import FORMATS
from auditor.result_directory.lock import LOCK
from auditor.result_directory.manifest import MANIFEST, digest, read_manifest
from auditor.result_directory.signature import SIGNATURE

SNAPSHOT: Final = "snapshot"
ACCOUNTS: Final = "accounts"
"""The reports of single accounts, a directory each."""

_TREES: Final = frozenset({ACCOUNTS, *(form.filename for form in FORMATS.values() if form.directory)})
"""The directories of reports."""

HIDDEN: Final = ".auditor"
"""Where results are that links show; see :mod:`auditor.result_directory.links`."""

MARK: Final = ".unfinished"
"""In a result that is being written. One without it is complete, or was replaced."""

OWN: Final = frozenset({LOCK, HIDDEN, MARK})
"""What is neither a result nor somebody else's."""

_THROUGH: Final = f"{HIDDEN}/"
_HEAD: Final = 4096
_SIGNS: Final = (b'"serverless-auditor"', b"<title>Serverless audit")
"""What the beginning of a report of ours holds."""

_IN_SNAPSHOT: Final = re.compile(r"captures/[^/]+\.json|(aws|azure|gcp|[a-z]+)/[^/]+/[^/]+/[^/]+\.jsonl\.gz")


@dataclass(frozen=True, slots=True)
class Contents:
    """The names in a directory: those of a result of ours, and those of somebody else."""

    ours: frozenset[str]
    foreign: frozenset[str]


def contents(directory: Path) -> Contents:
    """Looks through a directory. A report that was changed since it was written is its owner's by now."""
    listed = read_manifest(directory)
    names = {entry.name for entry in os.scandir(directory)} - OWN
    ours = frozenset(
        name
        for name in names
        if _is_ours(directory / name, listed.get(name), known=bool(listed))
        or (name in _TREES and _are_reports(directory, name, listed))
    )
    return Contents(ours, frozenset(names - ours))


def is_link_of_ours(path: Path) -> bool:
    """Whether a path is a link into our hidden directory."""
    return path.is_symlink() and str(path.readlink()).startswith(_THROUGH)


def _is_ours(path: Path, listed: str | None, *, known: bool) -> bool:
    if path.is_symlink():
        return is_link_of_ours(path)
    if path.name == SNAPSHOT:
        return path.is_dir() and _is_snapshot(path)
    if not path.is_file():
        return False
    if path.name in (MANIFEST, SIGNATURE):
        return known
    return digest(path) == listed if listed is not None else _looks_like_ours(path)


def _are_reports(directory: Path, tree: str, listed: Mapping[str, str]) -> bool:
    """Whether a directory of reports holds what was written there, and nothing else."""
    place = directory / tree
    if not place.is_dir():
        return False
    files = [path for path in place.resolve().rglob("*") if path.is_symlink() or not path.is_dir()]
    names = {path: f"{tree}/{path.relative_to(place.resolve()).as_posix()}" for path in files}
    return all(not path.is_symlink() and digest(path) == listed.get(name) for path, name in names.items())


def _is_snapshot(directory: Path) -> bool:
    """Whether a directory holds nothing but what belongs into a snapshot (or nothing at all)."""
    files = (path for path in directory.rglob("*") if path.is_symlink() or not path.is_dir())
    names = (path.relative_to(directory).as_posix() for path in files)
    return all(_IN_SNAPSHOT.fullmatch(name) or Path(name).name.startswith(".") for name in names)


def _looks_like_ours(path: Path) -> bool:
    """Whether a file that no manifest lists is a report of this tool all the same, by how it begins."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    return any(sign in head for sign in _SIGNS)
