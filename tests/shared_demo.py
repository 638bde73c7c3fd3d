"""The demo's result, deployed and scanned once for all processes that test: it takes half a minute each time."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

_WHOLE: Final = "whole"
"""A file that is there once the result is."""


def made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A directory that the first process to come fills, while the others wait; nobody changes it afterwards."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    place = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / f"{name}.{_WHOLE}").exists():
            place.mkdir(exist_ok=True)
            make(place)
            (shared / f"{name}.{_WHOLE}").touch()
    return place
