"""``manifest.json``: the sha256 of each file we wrote, and by it what an earlier run left that is no longer true."""

import json
import logging
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Final

from auditor.snapshot.files import atomic, storing

_log = logging.getLogger(__name__)
_NAME: Final = "manifest.json"


def replace_manifest(directory: Path, files: Iterable[Path]) -> None:
    """Lists what this run wrote, and removes what the manifest of an earlier one lists besides.

    Only a file that still is what we wrote goes away; whatever else is in the directory is not ours.
    """
    written = {path.relative_to(directory).as_posix(): _digest(path) for path in sorted(files)}
    for name, digest in read_manifest(directory).items():
        if name not in written:
            _remove(directory, name, digest)
    _write(directory, written)


def renew_manifest(directory: Path, files: Iterable[Path]) -> None:
    """Brings the manifest of an earlier run up to date with files that were written anew; makes none."""
    listed = read_manifest(directory)
    if listed:
        _write(directory, {**listed, **{path.relative_to(directory).as_posix(): _digest(path) for path in files}})


def remove_listed(directory: Path) -> None:
    """Removes what the manifest of an earlier run lists, and then the manifest."""
    listed = read_manifest(directory)
    for name, digest in listed.items():
        _remove(directory, name, digest)
    if listed:
        with storing(directory / _NAME):
            (directory / _NAME).unlink(missing_ok=True)


def read_manifest(directory: Path) -> Mapping[str, str]:
    """The digests by path of a manifest of ours; empty where there is none that can be read."""
    try:
        document = json.loads((directory / _NAME).read_bytes())
        files = document["files"]
        return {str(name): str(digest) for name, digest in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write(directory: Path, digests: Mapping[str, str]) -> None:
    with atomic(directory / _NAME) as stream:
        document = {"algorithm": "sha256", "files": dict(sorted(digests.items()))}
        stream.write((json.dumps(document, indent=1) + "\n").encode())


def _remove(directory: Path, name: str, digest: str) -> None:
    path = directory / name
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or not path.is_file():
        return
    if not path.resolve().is_relative_to(directory.resolve()):
        return
    with storing(path):
        if _digest(path) != digest:
            return
        path.unlink()
    _log.debug("removed %s, which an earlier run had written", path)
    for folder in path.relative_to(directory).parents:
        if folder.name:
            with suppress(OSError):  # something else is in it
                (directory / folder).rmdir()


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
