"""Compares a result with the digests of its manifest."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from auditor.errors import UsageError
from auditor.result_directory.contents import OWN, SNAPSHOT
from auditor.result_directory.manifest import MANIFEST, digest, read_manifest
from auditor.result_directory.signature import SIGNATURE


@dataclass(frozen=True, slots=True)
class Verification:
    """What became of the files of a result, by path. ``added`` lie in its snapshot, where they would be evaluated;
    ``other`` lie beside the result, and change nothing of it.

    ``manifest`` is the sha256 of the manifest itself: it is not signed, so compare it with one that is kept elsewhere.
    """

    manifest: str
    unchanged: tuple[str, ...]
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]
    other: tuple[str, ...]
    signed: bool
    """There is a signature of the manifest. Whose it is, and whether it is right, its own command says."""

    @property
    def intact(self) -> bool:
        """Whether everything that the manifest lists is as it was written, and the snapshot holds nothing more."""
        return not (self.changed or self.missing or self.added)


def verify(directory: Path) -> Verification:
    """Reads every file that the manifest lists. Raises UsageError where there is no manifest that can be read."""
    place = directory.resolve()
    listed = read_manifest(place)
    if not listed:
        why = "its manifest.json cannot be read" if (place / MANIFEST).exists() else "it has no manifest.json"
        raise UsageError(f"{directory} is no result that can be verified: {why}.")
    found = {name: _state(place, name, wanted) for name, wanted in sorted(listed.items())}
    beside = sorted(name for name in _names(place) if name not in listed and name not in (MANIFEST, SIGNATURE))
    added = [name for name in beside if PurePosixPath(name).parts[0] == SNAPSHOT]
    by_state = {wanted: tuple(name for name, state in found.items() if state == wanted) for wanted in _STATES}
    other = tuple(name for name in beside if name not in added)
    return Verification(
        manifest=digest(place / MANIFEST),
        added=tuple(added),
        other=other,
        signed=(place / SIGNATURE).is_file(),
        **by_state,
    )


_STATES = ("unchanged", "changed", "missing")


def _state(place: Path, name: str, wanted: str) -> str:
    """What became of a listed file; one that cannot be read, or that lies elsewhere, is not what was written."""
    path = place / name
    if not os.path.lexists(path):
        return "missing"
    try:
        inside = not PurePosixPath(name).is_absolute() and ".." not in PurePosixPath(name).parts and path.is_file()
        return "unchanged" if inside and digest(path) == wanted else "changed"
    except OSError:
        return "changed"


def _names(place: Path) -> Iterator[str]:
    """The files below a directory, links to files included, but for what is the directory's own; no link is followed
    into another directory, except where the result itself is shown by one.
    """
    for folder, folders, files in os.walk(place):
        folders[:] = [name for name in folders if name not in OWN]
        names = [*files, *(name for name in folders if (Path(folder) / name).is_symlink())]
        for name in names:
            path = Path(folder) / name
            if name not in OWN and not (path.is_symlink() and path.is_dir() and path.name == SNAPSHOT):
                yield path.relative_to(place).as_posix()
    if (place / SNAPSHOT).is_symlink():
        shown = (place / SNAPSHOT).resolve()
        yield from (f"{SNAPSHOT}/{path.relative_to(shown).as_posix()}" for path in shown.rglob("*") if path.is_file())
