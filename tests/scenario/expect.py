"""Rewrites the demo's expected verdicts and prints what changed: ``python -m tests.scenario.expect``.

The file is a promise. A changed line is to be looked at by a person before it is committed.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from auditor.cli.main import run
from auditor.model.ids import Cloud
from moto_fixtures.company import expected

AS_OF = "2026-11-24"
"""The day the verdicts are written for: runtimes grow old, a test must not."""


def by_name(report: dict[str, Any], cloud: Cloud) -> dict[str, dict[str, str]]:
    """check → ``location/function`` (or the location, or the scope) → status, of one cloud."""
    several = sum(scope["cloud"] == cloud for scope in report["scopes"]) > 1
    names = {}
    for row in report["functions"]:
        scope = f"{row['scope'].rpartition('/')[2]}/" if several else ""
        names[row["id"]] = row["cloud"], f"{scope}{row['location']}/{row['name']}"
    found: dict[str, dict[str, str]] = {}
    for subject, verdicts in report["verdicts"].items():
        own, _, rest = subject.partition("/")
        of, name = names.get(subject, (own, rest if several else rest.rpartition("/")[2]))
        for check, status in verdicts.items() if of == cloud else ():
            found.setdefault(check, {})[name] = status
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
        report = json.loads((Path(again) / "report.json").read_bytes())
    for cloud in Cloud:
        _rewrite(expected(cloud), by_name(report, cloud))
    return 0


def _rewrite(path: Path, found: dict[str, dict[str, str]]) -> None:
    before = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    for check in sorted({*found, *before}):
        was, now = before.get(check, {}), found.get(check, {})
        for subject in sorted({*was, *now}):
            if was.get(subject) != now.get(subject):
                print(f"{check}  {subject}: {was.get(subject)} -> {now.get(subject)}")
    path.write_text(text(found), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
