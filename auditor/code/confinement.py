"""Takes from a process what the analysis of a hostile package must not have: time, memory, files, network, programs."""

import ctypes
import os
import resource
import sys
from typing import Any, Final

CPU_SECONDS: Final = 60
ADDRESS_SPACE: Final = 1 << 30
OPEN_FILES: Final = 32
_NEW_USER: Final = 0x10000000
_NEW_NETWORK: Final = 0x40000000
_FORBIDDEN: Final = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "os.fork", "os.link", "os.sym")
_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class ForbiddenError(Exception):
    """Code of the analysis did what it must not do."""


def confine() -> None:
    """Confines this process for good. Its own network where the system lets an unprivileged process have one.

    The audit hook forbids connections, programs and writing to Python code even where the system does not.
    """
    for kind, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))
    _leave_network()
    sys.addaudithook(_forbid)


def _leave_network() -> bool:
    """Whether the process now has a network of its own, in which there is nothing."""
    try:
        return bool(ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK) == 0)
    except (OSError, AttributeError):
        return False


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise ForbiddenError(event)
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES:
        raise ForbiddenError(event)
