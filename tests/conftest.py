"""For every test: no network but loopback, no credentials and no terminal of the person who runs it."""

import os
import socket
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("default", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("default")

_CREDENTIALS = ("AWS_", "AZURE_", "GOOGLE_", "CLOUDSDK_", "AUDITOR_", "MSI_", "IDENTITY_")
_TERMINAL = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "CLICOLOR")
for _name in [name for name in os.environ if name.startswith((*_CREDENTIALS, *_TERMINAL))]:
    del os.environ[_name]
os.environ.update(
    AWS_EC2_METADATA_DISABLED="true",
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    NO_GCE_CHECK="true",
)

_connect = socket.socket.connect


def _loopback_only(self: socket.socket, address: Any) -> None:
    host = address[0] if isinstance(address, tuple) else ""
    if self.family in (socket.AF_INET, socket.AF_INET6) and not (
        host.startswith("127.") or host in ("::1", "localhost")
    ):
        raise ConnectionRefusedError(f"tests may only talk to loopback, not {host}")
    _connect(self, address)


socket.socket.connect = _loopback_only  # type: ignore[method-assign, assignment]


_LONG: Final = ("scenario", "browser", "property", "contract")
"""Folders with the longest files. They come first, so that no process is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Brings the files of the longest folders forward; within a file nothing moves."""
    root = Path(__file__).parent

    def place(item: pytest.Item) -> int:
        folder = item.path.relative_to(root).parts[0]
        return _LONG.index(folder) if folder in _LONG else len(_LONG)

    items.sort(key=place)
