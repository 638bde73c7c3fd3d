"""Rewrites the demo's expected verdicts and prints what changed: ``python -m tests.scenario.expect``.

The file is a promise. A changed line is to be looked at by a person before it is committed.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from auditor.cli.main import run
from moto_fixtures.aws.company import EXPECTED

AS_OF = "2026-11-24"
"""The day the verdicts are written for: runtimes grow old, a test must not."""


def by_name(report: dict[str, Any]) -> dict[str, dict[str, str]]:
    """check → ``location/function`` (or the location) → status."""
    names = {row["id"]: f"{row['location']}/{row['name']}" for row in report["functions"]}
    found: dict[str, dict[str, str]] = {}
    for subject, verdicts in report["verdicts"].items():
        for check, status in verdicts.items():
            found.setdefault(check, {})[names.get(subject, subject.rpartition("/")[2])] = status
    return found


def text(verdicts: dict[str, dict[str, str]]) -> str:
    """One line a check, sorted."""
    lines = [f"{json.dumps(check)}: {json.dumps(verdicts[check], sort_keys=True)}" for check in sorted(verdicts)]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> int:
    """Scans, compares, rewrites."""
    with tempfile.TemporaryDirectory() as scratch:
        run(["demo", "--profile-level", "strict", "--quiet", "-M", "json", "-o", scratch])
        again = str(Path(scratch) / "again")
        run(["evaluate", scratch, "--profile-level", "strict", "--quiet", "-M", "json", "-o", again, "--as-of", AS_OF])
        found = by_name(json.loads((Path(again) / "report.json").read_bytes()))
    before = json.loads(EXPECTED.read_text("utf-8")) if EXPECTED.is_file() else {}
    for check in sorted({*found, *before}):
        was, now = before.get(check, {}), found.get(check, {})
        for subject in sorted({*was, *now}):
            if was.get(subject) != now.get(subject):
                print(f"{check}  {subject}: {was.get(subject)} -> {now.get(subject)}")
    EXPECTED.write_text(text(found), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
