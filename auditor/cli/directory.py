"""The output directory: looked at early, so that a wrong path costs no scan."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from auditor.engine.manifest import remove_listed
from auditor.errors import UsageError


def prepare(directory: Path) -> Path:
    """Makes the output directory; returns where its snapshot goes.

    Raises UsageError where the directory cannot be made, or holds a ``snapshot`` that is not one of ours.
    """
    snapshot = directory / "snapshot"
    with _writing(directory):
        directory.mkdir(parents=True, exist_ok=True)
        snapshot.mkdir(exist_ok=True)
        if any(snapshot.iterdir()) and not (snapshot / "captures").is_dir():
            raise UsageError(f"{snapshot} exists and is not a snapshot of ours; choose another --output-dir.")
    return snapshot


def empty(snapshot: Path) -> None:
    """Removes what an earlier run wrote, once it is clear that this one can begin.

    A snapshot is a union of files: leftovers of an earlier run would become part of this one. Its reports go too, as
    its manifest lists them: they would stand beside a snapshot they were not made from.
    """
    with _writing(snapshot.parent):
        shutil.rmtree(snapshot)
        remove_listed(snapshot.parent)
        snapshot.mkdir()


@contextmanager
def _writing(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as refused:
        raise UsageError(
            f"{directory} cannot be written: {refused.strerror}. Choose another --output-dir."
        ) from refused
