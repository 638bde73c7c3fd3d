"""The output directory: made early, so that a wrong path costs no scan."""

import shutil
from pathlib import Path

from auditor.errors import UsageError


def prepare(directory: Path) -> Path:
    """Makes the output directory; returns where its snapshot goes, emptied of an earlier run's.

    A snapshot is a union of files: leftovers of an earlier run would become part of this one. Raises UsageError
    where the directory cannot be made, or holds a ``snapshot`` that is not one of ours.
    """
    snapshot = directory / "snapshot"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if snapshot.exists():
            if any(snapshot.iterdir()) and not (snapshot / "captures").is_dir():
                raise UsageError(f"{snapshot} exists and is not a snapshot of ours; choose another --output-dir.")
            shutil.rmtree(snapshot)
        snapshot.mkdir()
    except OSError as refused:
        raise UsageError(
            f"{directory} cannot be written: {refused.strerror}. Choose another --output-dir."
        ) from refused
    return snapshot
