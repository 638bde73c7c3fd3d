"""Replaces a result again and again, and is killed at one step of the file system after the other.

Run by test_directory.py in a process of its own, which forks. Prints a line for each step: what a reader saw after the
kill, and what the run after it left.
"""

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from auditor.result_directory import ResultDirectory

STEPS = {"open", "os.rename", "os.link", "os.symlink", "os.mkdir", "os.rmdir", "os.remove", "os.truncate", "os.chmod"}
STEPS |= {"os.listdir", "os.scandir", "shutil.rmtree", "ctypes.dlopen", "ctypes.dlsym", "fcntl.flock", "shutil.move"}
NAMES = ("report.json", "report.html", "snapshot/captures/1.json", "snapshot/aws/1/eu-west-1/a.1.jsonl.gz")


def written(place: Path, text: str) -> None:
    """A result of which every file says the same."""
    for name in NAMES:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)


def replaced(directory: Path, text: str) -> None:
    """One run that ends well."""
    with ResultDirectory(directory, {"report.json", "report.html", "snapshot"}, lambda _: True) as result:
        written(result.staging, text)
        result.commit()


def seen(directory: Path) -> str:
    """What a reader sees: "old", "new", or what is wrong."""
    found = {(directory / name).read_text() if (directory / name).is_file() else "nothing" for name in NAMES}
    return found.pop() if len(found) == 1 else f"mixed: {sorted(found)}"


def killed(directory: Path, step: int) -> bool:
    """A run that is killed before its so-manieth step; False where it came to its end before."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    count = 0

    def watch(event: str, _: tuple[Any, ...]) -> None:
        nonlocal count
        if event in STEPS:
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    replaced(directory, "new")
    os._exit(0)


def main(scratch: Path, kind: str) -> None:
    """Kills at every step in turn."""
    home = scratch / "home"
    home.mkdir()
    out = home / "out"
    replaced(out, "old")
    (out / "notes.txt").write_text("mine")
    if kind != "exchange":
        (out / "mine").mkdir()
        (out / "mine" / "file").write_text("mine")
    if kind == "links":
        replaced(out, "old")
    base = scratch / "base"
    shutil.copytree(home, base, symlinks=True)
    step = 1
    while True:
        shutil.rmtree(home)
        shutil.copytree(base, home, symlinks=True)
        if not killed(out, step):
            break
        after = seen(out)
        mine = all((out / name).is_file() for name in ("notes.txt", "mine/file") if (base / "out" / name).is_file())
        replaced(out, "next")
        left = sorted(path.name.partition("incomplete-")[1] or path.name for path in home.iterdir() if path != out)
        hidden = sorted(path.name for path in (out / ".auditor").iterdir()) if (out / ".auditor").exists() else []
        whole = mine and (out / "notes.txt").read_text() == "mine"
        print(step, after, seen(out), "mine" if whole else "lost", left, len(hidden), sep="|", flush=True)
        step += 1
    print("end", step, seen(out), sep="|")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
