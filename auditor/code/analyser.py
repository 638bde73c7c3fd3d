"""Analyses packages in a process of their own."""

import json
import os
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Final

from auditor.code.components.found import Found
from auditor.errors import UsageError

_HOME: Final = str(Path(__file__).resolve().parents[2])
_START: Final = "import sys; sys.path.insert(0, sys.argv[1]); from auditor.code.worker import main; main()"
_MEMBERS: Final = {
    "Components": list,
    "Findings": list,
    "Facts": dict,
    "Incomplete": list,
    "CodeIncomplete": list,
    "Unread": list,
    "Unsearched": list,
    "Files": int,
    "Rules": list,
}


class AnalysisError(Exception):
    """A package that could not be analysed; the text says why."""


class AnalysisEndedError(AnalysisError):
    """A package whose analysis was ended by a limit, or broke: it may be a whole one."""


class Analyser:
    """The worker process and what it answers. Thread-safe; packages wait for their turn."""

    def __init__(self) -> None:
        if not hasattr(os, "fork"):
            raise UsageError(
                "Code is analysed in a confined process, which this system cannot make: use Linux or macOS."
            )
        self._lock = Lock()
        self._worker: subprocess.Popen[bytes] | None = None

    def analyse(self, package: Path, handler: str | None = None) -> dict[str, Any]:
        """What is found in a package. Raises AnalysisError where it was refused, or the process broke."""
        job = json.dumps({"path": str(package.resolve()), "handler": handler}).encode() + b"\n"
        with self._lock:
            answer = self._asked(job)
        if answer.get("Ended"):
            raise AnalysisEndedError(str(answer["Refused"]))
        if answer.get("Refused"):
            raise AnalysisError(str(answer["Refused"]))
        if not all(isinstance(answer.get(name), kind) for name, kind in _MEMBERS.items()):
            raise AnalysisError("The analysis of the package answered nothing whole.")
        return answer

    def _asked(self, job: bytes) -> dict[str, Any]:
        worker = self._running()
        try:
            assert worker.stdin is not None and worker.stdout is not None  # noqa: S101, PT018 - both are pipes
            worker.stdin.write(job)
            worker.stdin.flush()
            (length,) = struct.unpack("<Q", worker.stdout.read(8))
            answer = json.loads(worker.stdout.read(length))
        except (OSError, struct.error, ValueError) as broken:
            self.close()
            raise AnalysisError("The process that analyses packages ended.") from broken
        return answer if isinstance(answer, dict) else {}

    def _running(self) -> subprocess.Popen[bytes]:
        if self._worker is None or self._worker.poll() is not None:
            self._worker = subprocess.Popen(  # noqa: S603 - this Python, our own module
                [sys.executable, "-I", "-c", _START, _HOME],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"PATH": os.defpath},
            )
        return self._worker

    def close(self) -> None:
        """Ends the process."""
        if self._worker is not None:
            self._worker.kill()
            self._worker.communicate()
            self._worker = None


def components_of(answer: Mapping[str, Any]) -> tuple[Found, ...]:
    """The components of an answer."""
    return tuple(Found(*map(str, row)) for row in answer["Components"] if isinstance(row, list) and len(row) == 5)
