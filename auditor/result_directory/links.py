"""Results that links show: ``report.json -> .auditor/current/report.json``, and ``current`` decides which result it is.

For directories that cannot be exchanged as a whole. Whatever is replaced here is replaced by one rename, and what
a name shows does not change but by the rename of ``current``.
"""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from auditor.result_directory.contents import HIDDEN, MARK, is_link_of_ours
from auditor.result_directory.exchange import exchange

CURRENT: Final = "current"
_NEW: Final = "link"


def show(directory: Path, result: Path, before: Iterable[str]) -> None:
    """Lets the names in ``directory`` show ``result``, a directory inside its hidden one.

    ``before`` are the names of the previous result; those that the new one has not go away. Raises OSError where the
    file system knows no symbolic links.
    """
    names = {entry.name for entry in os.scandir(result)} - {MARK}
    before = set(before)
    _move_behind_links(directory, result, [name for name in sorted(before) if not is_link_of_ours(directory / name)])
    for name in sorted(names - before):
        _link(directory, name)  # shows nothing yet
    _turn(directory, result.name)
    for name in sorted(before - names):
        (directory / name).unlink(missing_ok=True)


def shown(directory: Path) -> str:
    """The name of the result that is shown now; "" for none."""
    try:
        return str((directory / HIDDEN / CURRENT).readlink())
    except OSError:
        return ""


def cloned(source: Path, target: Path) -> None:
    """A second name for a file or for each file of a directory; a copy where the file system has no second names."""
    source = source.resolve()
    if not source.is_dir():
        _second_name(source, target)
        return
    shutil.copytree(source, target, copy_function=_second_name, symlinks=True)


def _second_name(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _move_behind_links(directory: Path, result: Path, names: list[str]) -> None:
    """Makes links of what stands in the directory itself; what a name shows stays the same throughout."""
    if not names:
        return
    previous = result.with_name(f"{result.name}-before")
    shutil.rmtree(previous, ignore_errors=True)
    previous.mkdir()
    for name in names:
        cloned(directory / name, previous / name)
    for name in _linked(directory):
        with suppress(FileNotFoundError):  # a link that shows nothing
            cloned(directory / name, previous / name)
    _turn(directory, previous.name)
    for name in names:
        _link(directory, name)


def _linked(directory: Path) -> list[str]:
    return [entry.name for entry in os.scandir(directory) if is_link_of_ours(Path(entry.path))]


def _link(directory: Path, name: str) -> None:
    """Puts a link in the place of a name."""
    new, place = directory / HIDDEN / _NEW, directory / name
    _clear(new)
    new.symlink_to(f"{HIDDEN}/{CURRENT}/{name}", target_is_directory=place.is_dir())
    if not place.is_dir() or place.is_symlink():
        new.replace(place)
        return
    try:
        exchange(new, place)
    except OSError:  # two steps then: the name is missing for a moment, and never shows another result
        aside = directory / HIDDEN / f"{_NEW}-{name}"
        _clear(aside)
        place.rename(aside)
        new.rename(place)
        _clear(aside)
    _clear(new)


def _turn(directory: Path, result: str) -> None:
    """Shows another result: the one step that counts."""
    new = directory / HIDDEN / _NEW
    _clear(new)
    new.symlink_to(result, target_is_directory=True)
    new.replace(directory / HIDDEN / CURRENT)


def _clear(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
