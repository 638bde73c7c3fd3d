"""LocalStack's core as a process on loopback: a second reading of AWS, written by others than moto's authors."""

import http.client
import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

_ATTEMPTS = 360  # half a second apart
"""Seconds to wait for it: it imports every service it has."""


class LocalStack:
    """One fresh account; ``port`` is where it answers. Use it as a context manager."""

    def __init__(self, environment: Path) -> None:
        self._program = environment / "bin" / "localstack-supervisor"
        self._scratch = tempfile.TemporaryDirectory(prefix="localstack-")
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        self.log = Path(self._scratch.name) / "localstack.log"

    def __enter__(self) -> Self:
        settings = {
            "DISABLE_EVENTS": "1",  # no usage statistics
            "SKIP_SSL_CERT_DOWNLOAD": "1",
            "GATEWAY_LISTEN": f"127.0.0.1:{self.port}",
            "LOCALSTACK_VOLUME_DIR": str(Path(self._scratch.name) / "volume"),
            "DNS_ADDRESS": "0",
            "EAGER_SERVICE_LOADING": "0",
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [self._program],
                env={**kept, **settings},
                cwd=self._scratch.name,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._await()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def version(self) -> str:
        """What it says it is."""
        health = self._health()
        return str(health["version"]) if health else "?"

    def stop(self) -> None:
        """Ends it with everything it started, and removes what it wrote."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        self._scratch.cleanup()

    def _await(self) -> None:
        for _ in range(_ATTEMPTS):
            if self._health() is not None:
                return
            if self._process is None or self._process.poll() is not None:
                break
            time.sleep(0.5)
        tail = self.log.read_text("utf-8", "replace")[-2000:]
        raise RuntimeError(f"LocalStack did not start. The end of what it printed:\n{tail}")

    def _health(self) -> dict[str, object] | None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/_localstack/health")
            answer = connection.getresponse()
            return dict(json.loads(answer.read())) if answer.status == http.client.OK else None
        except (OSError, ValueError, http.client.HTTPException):
            return None
        finally:
            connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
