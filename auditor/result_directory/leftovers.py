"""What runs that were killed left behind: replaced results go, what had been collected gets a name one can see."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from auditor.result_directory.contents import HIDDEN, MARK, SNAPSHOT, contents
from auditor.result_directory.links import shown


def place_beside(target: Path, run: str) -> Path:
    """Where a run writes that exchanges its result with the directory."""
    return target.with_name(f"{_prefix(target)}{run}")


def place_inside(target: Path, run: str) -> Path:
    """Where a run writes whose result links will show."""
    return target / HIDDEN / run


def settle(target: Path, worth: Callable[[Path], bool]) -> list[str]:
    """Sees to what is left beside a directory and in its hidden one; returns a sentence for each thing kept.

    Only for whoever holds the directory's lock and has no place of its own yet, or none any more: what it finds
    belongs to no living run.
    """
    notes = []
    for path in _left(target):
        if not (path / MARK).exists():
            _drop(path, target)
        elif worth(path / SNAPSHOT):
            kept = put_aside(target, path)
            notes.append(f"a run that was cut off had collected something: {kept_in(kept)}")
        else:
            shutil.rmtree(path, ignore_errors=True)
    return notes


def put_aside(target: Path, path: Path) -> Path:
    """Gives what a run left a name one can see, beside its directory or inside; returns it."""
    (path / MARK).unlink(missing_ok=True)
    run = path.name.removeprefix(_prefix(target)).partition("-")[0]
    beside = path.parent == target.parent
    base = target.with_name(f"{target.name}.incomplete-{run}") if beside else target / f"incomplete-{run}"
    place, number = base, 1
    while place.exists():
        number += 1
        place = base.with_name(f"{base.name}-{number}")
    with suppress(OSError):  # it keeps the name it has then
        path.rename(place)
        return place
    return path


def kept_in(place: Path) -> str:
    """Where what was collected is, and what it is good for."""
    return f"it is kept in {place}, and 'auditor evaluate {place}' judges it."


def _prefix(target: Path) -> str:
    return f".{target.name}.auditor-"


def _left(target: Path) -> Iterator[Path]:
    """The places of runs: beside the directory, and in its hidden one but for that which is shown."""
    with suppress(OSError):  # a parent that may not be read holds none of ours
        yield from sorted(path for path in target.parent.iterdir() if path.name.startswith(_prefix(target)))
    hidden, now = target / HIDDEN, shown(target)
    if hidden.is_dir() and not hidden.is_symlink():
        entries = sorted(os.scandir(hidden), key=lambda entry: entry.name)
        yield from (Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False) and entry.name != now)


def _drop(path: Path, target: Path) -> None:
    """Removes a result that was replaced. Files of others that came into it in the last moment go back."""
    if path.parent == target.parent:
        for name in contents(path).foreign:
            stray, place = path / name, target / name
            if place.exists() and stray.exists() and place.samefile(stray):
                continue
            with suppress(OSError):
                stray.replace(place)
                continue
            return  # it cannot be brought back: nothing is removed
    shutil.rmtree(path, ignore_errors=True)
