"""The process that analyses packages: one confined child for each, so that none can harm the next.

It reads jobs as lines of JSON from standard input and answers each with the length of a JSON document and the document.
"""

import json
import os
import select
import signal
import struct
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Final

from auditor.code import findings
from auditor.code.components.reading import read_components
from auditor.code.confinement import confine
from auditor.code.secrets_in_code import is_read, too_large
from auditor.code.taint import TaintResult
from auditor.code.unpack.contents import Contents
from auditor.code.unpack.limits import RefusedPackageError
from auditor.code.unpack.open_package import open_archive, open_directory
from auditor.model.code_analysis import CodeFacts

WALL_SECONDS: Final = 120
LARGEST_ANSWER: Final = 32 << 20
_MEMORY: Final = 3
_CRASH: Final = 4
_CHUNK: Final = 1 << 16
_TOO_MUCH: Final = "the analysis of the code needs more memory than it is given, and nothing of it was searched"
_FAILED: Final = "The analysis of the package failed by an error of ours"


def main() -> None:
    """Answers jobs until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    findings.prepare()
    for line in sys.stdin.buffer:
        answer = confined(json.loads(line))
        sys.stdout.buffer.write(struct.pack("<Q", len(answer)) + answer)
        sys.stdout.buffer.flush()


def confined(job: dict[str, Any]) -> bytes:
    """What a confined child answers to a job; a reason where it does not."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        _answer(job, theirs)
    os.close(theirs)
    answer, why = _heard(ours)
    os.close(ours)
    if why:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    why = why or _why(status)
    return json.dumps({"Refused": why, "Ended": True}).encode() if why else answer


def _answer(job: dict[str, Any], pipe: int) -> None:
    """Never returns: whatever happens, the child ends here."""
    code = _CRASH
    try:
        package = _opened(Path(job["path"]))
        confine()
        _write(pipe, json.dumps(analysed(package, job.get("handler"))).encode())
        code = 0
    except MemoryError:
        code = _MEMORY
    except Exception as crash:  # noqa: BLE001 - one package costs its own analysis and no other
        _write(pipe, json.dumps({"Refused": f"{_FAILED} ({type(crash).__name__})."}).encode())
        code = 0
    finally:
        os._exit(code)


def _write(pipe: int, answer: bytes) -> None:
    written = 0
    while written < len(answer):
        written += os.write(pipe, answer[written : written + _CHUNK])


def _opened(path: Path) -> IO[bytes] | Path:
    return path if path.is_dir() else path.open("rb")


def analysed(package: IO[bytes] | Path, handler: str | None = None) -> dict[str, Any]:
    """What is found in a package: components, defects of its code, and a sentence for all that was not read."""
    try:
        files: Contents = open_directory(package) if isinstance(package, Path) else open_archive(package)
    except RefusedPackageError as refused:
        return {"Refused": f"The package was not read: {refused}."}
    inventory = read_components(files)
    components = [[each.ecosystem, each.name, each.version, each.evidence, each.path] for each in inventory.components]
    code, unsearched = _searched(files, handler)
    return {
        "Components": components,
        "Findings": [asdict(each) for each in code.findings],
        "Facts": asdict(code.facts),
        "Incomplete": [*files.notes, *inventory.incomplete],
        "CodeIncomplete": list(code.incomplete),
        "Unread": list(files.notes_about(is_read)),
        "Unsearched": [*too_large(files), *unsearched],
        "Files": len(files),
        "Rules": list(findings.RULES),
    }


def _searched(files: Contents, handler: str | None) -> tuple[TaintResult, tuple[str, ...]]:
    """What the code does; a sentence instead where it needs more memory than there is: the components stay."""
    try:
        return findings.analyse(files, handler), ()
    except MemoryError:
        return TaintResult(findings=(), facts=CodeFacts(more_calls=(_TOO_MUCH,)), incomplete=(_TOO_MUCH,)), (_TOO_MUCH,)


def _heard(pipe: int) -> tuple[bytes, str]:
    """What a child writes until it ends, and why it is not waited for any longer."""
    answer = bytearray()
    ends = time.monotonic() + WALL_SECONDS
    while (left := ends - time.monotonic()) > 0:
        if not select.select([pipe], [], [], left)[0]:
            break
        chunk = os.read(pipe, _CHUNK)
        if not chunk:
            return bytes(answer), ""
        answer += chunk
        if len(answer) > LARGEST_ANSWER:
            return b"", "The package holds more than can be told."
    return b"", f"The analysis of the package took longer than {WALL_SECONDS} s and was ended."


def _why(status: int) -> str:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number in (signal.SIGXCPU, signal.SIGKILL):
            return "The analysis of the package used up its processor time and was ended."
        return f"The analysis of the package ended with signal {number}."
    code = os.WEXITSTATUS(status)
    if code == _MEMORY:
        return "The analysis of the package needs more memory than it is given."
    return f"{_FAILED}." if code else ""
