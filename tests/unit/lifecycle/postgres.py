"""A real PostgreSQL server on loopback, from Debian's package, for the length of a test session."""

import os
import shutil
import socket
import subprocess
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
def server(factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server with an empty database. Skips, loudly, where none is installed."""
    where = programs()
    if where is None:
        pytest.skip("NO POSTGRESQL: install Debian's package postgresql to test histories in it")
    data = factory.mktemp("postgres")
    as_owner: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        as_owner = ["runuser", "-u", OWNER, "--"]
        for directory in (data, *data.parents):
            if directory == Path("/tmp"):  # noqa: S108 - above it all is open
                break
            directory.chmod(0o755)
        shutil.chown(data, OWNER)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    base = data / "data"
    made = ["-D", str(base), "-U", "auditor", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run([*as_owner, str(where / "initdb"), *made], check=True, capture_output=True)
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
    control = [*as_owner, str(where / "pg_ctl"), "-D", str(base), "-w"]
    subprocess.run([*control, "-l", str(data / "log"), "-o", options, "start"], check=True, capture_output=True)
    try:
        yield f"postgresql://auditor@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True)
