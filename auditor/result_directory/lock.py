"""One run at a time in a directory: a lock that its holder's death releases."""

import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

try:
    import fcntl
except ImportError:  # no such locks on this system: a file that exists is the lock
    fcntl = None  # type: ignore[assignment]

LOCK: Final = ".auditor.lock"
_TRIES: Final = 100
_A_MOMENT: Final = 0.02
"""Seconds in which whoever has just taken a lock writes down who it is."""


class HeldError(Exception):
    """Another run holds the directory. ``holder`` tells its ``pid`` and when it ``started``, as far as it is known."""

    def __init__(self, path: Path, holder: dict[str, Any]) -> None:
        super().__init__(str(path))
        self.path = path
        self.holder = holder


class Lock:
    """The lock of one directory; it names the process and when it started, for whoever comes second."""

    def __init__(self, directory: Path, holder: dict[str, Any]) -> None:
        """Takes the lock. Raises HeldError where a living process has it, OSError where no file can be made."""
        self.path = directory / LOCK
        self._handle = _taken(self.path)
        os.truncate(self._handle, 0)
        os.pwrite(self._handle, json.dumps(holder).encode(), 0)

    def release(self, path: Path | None = None) -> None:
        """Gives the lock up. ``path`` is where its file is by now."""
        (path or self.path).unlink(missing_ok=True)
        os.close(self._handle)


def _taken(path: Path) -> int:
    """The open file of a lock that is ours. What a dead process left is taken over."""
    for _ in range(_TRIES):
        handle = _opened(path)
        if not _locked(handle):
            os.close(handle)
            time.sleep(_A_MOMENT)
            raise HeldError(path, _holder(path))
        if _is_still(path, handle):
            return handle
        os.close(handle)  # it was given up just then: another file has its name by now
    raise HeldError(path, _holder(path))


def _opened(path: Path) -> int:
    if fcntl is not None:
        return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        raise HeldError(path, _holder(path)) from None


def _locked(handle: int) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(path: Path, handle: int) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(path.stat(), os.fstat(handle))
    return False


def _holder(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
