"""``make differential``: our evaluator and an independent one decide the same generated requests alike.

Development only, and never part of the tests. The other evaluator is ``@cloud-copilot/iam-simulate`` (AGPL), run by Node
in a process of its own from a directory that nothing else uses. Exit codes: 0 they agree but for the classes that
``settled`` names; 1 a difference that no class explains; 77 skipped, without Node or network.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import SystemRandom
from typing import Any, Final

from auditor.analysis.permissions.decision import Answer
from tests.aws_decisions import decided
from tests.differential.requests import Requests
from tests.differential.settled import settled

SKIPPED: Final = 77
_HERE: Final = Path(__file__).parent
_ENVIRONMENT: Final = Path(".oracle")
_SHOWN: Final = 5
_PINNED: Final = Path("tests/data/aws_iam_settled_cases.jsonl")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make differential")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(2**31))
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--show", type=int, default=_SHOWN)
    given = parser.parse_args()
    why = installed()
    if why:
        print(f"DIFFERENTIAL TEST SKIPPED: {why} Nothing was compared (exit {SKIPPED}).", file=sys.stderr)
        return SKIPPED
    print(f"seed {given.seed}, {given.cases} requests", flush=True)
    rows = list(Requests(given.seed).rows(given.cases))
    return compare(rows, simulated(rows), given.show) or pinned()


def installed() -> str:
    """Puts the other evaluator where it is missing or of other versions; why that cannot be, else ""."""
    wanted, stamp = (_HERE / "package.json").read_text("utf-8"), _ENVIRONMENT / "installed.json"
    if stamp.is_file() and stamp.read_text("utf-8") == wanted and shutil.which("node"):
        return ""
    if not (shutil.which("node") and shutil.which("npm")):
        return "Node and npm are not on the path."
    shutil.rmtree(_ENVIRONMENT, ignore_errors=True)
    _ENVIRONMENT.mkdir()
    shutil.copy(_HERE / "package.json", _ENVIRONMENT)
    command = ["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(command, check=False, cwd=_ENVIRONMENT, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip() or "no message").splitlines()[-1]
        return f"'{' '.join(command)}' failed: {last}."
    stamp.write_text(wanted, "utf-8")
    return ""


def simulated(rows: Iterable[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    """What the other evaluator answers, by id."""
    script = shutil.copy(_HERE / "simulate.mjs", _ENVIRONMENT)
    text = "".join(json.dumps(row) + "\n" for row in rows)
    done = subprocess.run(
        ["node", Path(script).name], check=True, cwd=_ENVIRONMENT, input=text, capture_output=True, text=True
    )
    answers = map(json.loads, done.stdout.splitlines())
    return {answer["id"]: answer for answer in answers}


def pinned() -> int:
    """Whether the other evaluator still answers the settled cases as when they were settled."""
    rows = [json.loads(line) for line in _PINNED.read_text("utf-8").splitlines()]
    found = {row["id"]: simulated([{**row, "id": 0}])[0]["result"] for row in rows}
    moved = [
        f"  {row['id']}: {row['theirs']}, now {found[row['id']]}" for row in rows if found[row["id"]] != row["theirs"]
    ]
    print("\n".join([f"{len(rows)} settled cases, {len(moved)} of which the other evaluator answers anew", *moved]))
    return 1 if moved else 0


def compare(rows: list[dict[str, Any]], theirs: Mapping[int, Mapping[str, Any]], shown: int) -> int:
    """Prints what differs, class by class; 1 where a difference has no class."""
    classes: Counter[str] = Counter()
    unexplained: list[tuple[dict[str, Any], Answer, Mapping[str, Any]]] = []
    allowed = 0
    for row in rows:
        ours, their = decided(row).answer, theirs[row["id"]]
        wanted = "yes" if their["result"] == "Allowed" else "no"
        allowed += wanted == "yes"
        if ours == wanted and their["result"] != "ERROR":
            continue
        why = settled(row, their)
        classes[why or "UNEXPLAINED"] += 1
        if not why:
            unexplained.append((row, ours, their))
    print(f"{len(rows) - classes.total()} agree ({allowed} allowed), {classes.total()} differ")
    for why, number in classes.most_common():
        print(f"  {number}: {why}")
    for row, ours, their in unexplained[:shown]:
        print(json.dumps({"ours": ours, "theirs": their, "row": row}))
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
