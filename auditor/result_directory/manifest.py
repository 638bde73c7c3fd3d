"""``manifest.json``: the sha256 of each file of a result."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

from auditor.snapshot.files import atomic

MANIFEST: Final = "manifest.json"
_BLOCK: Final = 1 << 20


def write_manifest(directory: Path, files: Iterable[Path]) -> None:
    """Lists files of a directory with their digests."""
    listed = {path.relative_to(directory).as_posix(): digest(path) for path in sorted(files)}
    with atomic(directory / MANIFEST) as stream:
        document = {"algorithm": "sha256", "files": dict(sorted(listed.items()))}
        stream.write((json.dumps(document, indent=1) + "\n").encode())


def read_manifest(directory: Path) -> Mapping[str, str]:
    """The digests by path of a manifest of ours; empty where there is none that can be read."""
    try:
        document = json.loads((directory / MANIFEST).read_bytes())
        files = document["files"]
        return {str(name): str(found) for name, found in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def digest(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    found = sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            found.update(block)
    return found.hexdigest()
