"""Removes old results of a job that writes one a day, and nothing that is not a result of ours."""

import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from auditor.result_directory.contents import contents
from auditor.result_directory.lock import HeldError, Lock

_DAY: Final = r"(\d{4}-\d{2}-\d{2}(?:T\d{6}Z(?:-\d{1,2})?)?)"


def dated(pattern: str, now: datetime) -> list[str]:
    """The names that a pattern with ``{date}`` has at a moment, the first that is free to be taken."""
    stamps = [now.strftime(form) for form in ("%Y-%m-%d", "%Y-%m-%dT%H%M%SZ")]
    stamps += [f"{stamps[1]}-{number}" for number in range(2, 100)]
    return [pattern.replace("{date}", stamp) for stamp in stamps]


def prune(parent: Path, pattern: str, keep: int) -> list[str]:
    """Removes all results but the newest ``keep``; returns a sentence for each that had to stay.

    ``pattern`` is the last part of their names, with ``{date}``. A directory is a result where it holds files of ours.
    One that holds files of somebody else, or that another run holds, stays.
    """
    name = re.compile(_DAY.join(map(re.escape, pattern.split("{date}"))))
    found = []
    try:
        entries = list(os.scandir(parent))
    except OSError as refused:
        return [f"{parent} cannot be listed ({refused.strerror}): no old result was removed."]
    for entry in entries:
        match = name.fullmatch(entry.name)
        moment = _moment(match[1]) if match else None
        if moment and entry.is_dir(follow_symlinks=False) and contents(Path(entry.path)).ours:
            found.append((moment, Path(entry.path)))
    newest_first = sorted(found, reverse=True)
    return [note for _, path in newest_first[keep:] for note in _remove(path)]


def _moment(stamp: str) -> tuple[datetime, int] | None:
    """When a result was begun: that of a day without a time was its first. None: no run of ours has that name."""
    moment, _, number = stamp.partition("Z-")
    form = "%Y-%m-%dT%H%M%S" if "T" in moment else "%Y-%m-%d"
    try:
        return datetime.strptime(moment.rstrip("Z"), form).replace(tzinfo=UTC), int(number or 1)
    except ValueError:
        return None


def _remove(path: Path) -> list[str]:
    foreign = sorted(contents(path).foreign)
    if foreign:
        return [f"{path} was not removed: {foreign[0]} in it is not of this tool."]
    try:
        lock = Lock(path, {"pid": os.getpid()})
    except HeldError:
        return [f"{path} was not removed: another run holds it."]
    except OSError as refused:
        return [f"{path} was not removed: {refused.strerror}."]
    try:
        shutil.rmtree(path)
    except OSError as refused:
        return [f"{path} was not removed whole: {refused.strerror}."]
    finally:
        lock.release()
    return []
