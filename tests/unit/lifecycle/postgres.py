"""A real PostgreSQL server on loopback, from Debian's package, for the length of a test session."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

OWNER = "postgres"


def programs() -> Path | None:
    """Where the server's programs are; None where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    return Path(named).parent if named else None


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server with an empty database. Skips, loudly, where none is installed."""
    where = programs()
    if where is None:
        pytest.skip("NO POSTGRESQL: install Debian's package postgresql to test histories in it")
    # a directory of its own: what pytest makes is closed to the server's user
    with tempfile.TemporaryDirectory(prefix="auditor-postgres-") as made:
        yield from _started(where, Path(made))


def _started(where: Path, directory: Path) -> Iterator[str]:
    as_owner: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        as_owner = ["runuser", "-u", OWNER, "--"]
        shutil.chown(directory, OWNER)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    base = directory / "data"
    made = ["-D", str(base), "-U", "auditor", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    _run([*as_owner, str(where / "initdb"), *made])
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
    control = [*as_owner, str(where / "pg_ctl"), "-D", str(base), "-w", "-t", "300"]
    _run([*control, "-l", str(directory / "log"), "-o", options, "start"])
    try:
        yield f"postgresql://auditor@127.0.0.1:{port}/postgres"
    finally:
        _run([*control, "-m", "immediate", "stop"])


def _run(command: list[str]) -> None:
    """In a directory that the server's user may be in, whatever test went before; with what it said where it fails."""
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
