"""Evaluates a snapshot again and again, and gets a signal before one step of the operating system after the other.

Run by test_signals.py in a process of its own, which forks. Prints a line for each step: the signal, how the command
ended, what its result says, and what lies beside it.
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from auditor import plugins
from auditor.cli.main import run
from auditor.model.capture import CaptureFacts, Depth
from auditor.model.ids import Cloud
from auditor.snapshot.archive import write_facts

STEPS = ("open", "os.", "shutil.", "ctypes.", "fcntl.")
SKIPPED = ("os.fork", "os.kill")


def ended(out: Path, command: list[str], step: int, number: signal.Signals) -> int | None:
    """The exit code of a command that gets a signal before its so-manieth step; None where it had ended before."""
    child = os.fork()
    if child:
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return None if code == 99 else code
    count = 0

    def watch(event: str, _: tuple[Any, ...]) -> None:
        nonlocal count
        if event.startswith(STEPS) and event not in SKIPPED:
            count += 1
            if count == step:
                os.kill(os.getpid(), number)

    sys.addaudithook(watch)
    code = run([*command, "-o", str(out)], restored=False)
    os._exit(code if count >= step else 99)


def main(scratch: Path) -> None:
    """Signals at every step in turn."""
    out, base = scratch / "home" / "out", scratch / "base"
    facts = CaptureFacts(
        "2026-11-23T00:00:00Z",
        "2026-11-23T00:01:00Z",
        Depth.QUICK,
        "1",
        ((Cloud.AWS, "111122223333", ()),),
        (),
        (),
        False,
        (),
    )
    write_facts(scratch / "snapshot", facts)
    command = ["evaluate", str(scratch / "snapshot"), "--quiet", "--check", "url-auth-none"]
    run([*command, "-o", str(out)])
    plugins.checks()
    shutil.copytree(out.parent, base, symlinks=True)
    before = json.loads((out / "report.json").read_bytes())["run"]["selection"]
    for step in range(1, 10_000):
        number = (signal.SIGTERM, signal.SIGINT)[step % 2]
        shutil.rmtree(out.parent)
        shutil.copytree(base, out.parent, symlinks=True)
        code = ended(out, [*command, "--check", "policy-public"], step, number)
        if code is None:
            print("end", step, sep="|")
            return
        report = json.loads((out / "report.json").read_bytes())["run"]
        result = "old" if report["selection"] == before else "new"
        files = sorted(path.name for path in out.iterdir())
        print(
            number.name, code, result, report["exit_code"], files, len(list(out.parent.iterdir())), sep="|", flush=True
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
