"""Rewrites the demo's expected verdicts and prints what changed: ``make expect``.

The files are a promise: for each check a default and its exceptions, one verdict a line, so that a change of one
verdict is a diff of one line. A changed line is to be looked at by a person before it is committed.
"""

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from auditor.cli.main import run
from auditor.model.ids import Cloud
from moto_fixtures.company import expected

AS_OF = "2026-11-24"
"""The day the verdicts are written for: runtimes grow old, a test must not."""


_SETS = ("function", "wider", "scope")
"""What the subjects of checks are called, the largest set first: functions, and what is wider than one."""


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


def read(path: Path) -> dict[str, dict[str, str]]:
    """check → subject → status, as the file promises it; nothing where there is no file yet."""
    document = json.loads(path.read_text("utf-8")) if path.is_file() else {"subjects": {}, "checks": {}}
    return {
        check: {
            **dict.fromkeys(document["subjects"][promise["judges"]], promise["default"]),
            **promise.get("except", {}),
        }
        for check, promise in document["checks"].items()
    }


def text(verdicts: dict[str, dict[str, str]], defaults: dict[str, str]) -> str:
    """The file that promises ``verdicts``; a default of the previous file stays while it still holds anywhere."""
    sets = sorted({tuple(sorted(found)) for found in verdicts.values()}, key=len)
    if len(sets) > len(_SETS):
        raise ValueError("Checks judge more than three sets of subjects: name the fourth here.")
    judges = dict(zip(reversed(sets), _SETS, strict=False))
    groups = {group: names for names, group in judges.items()}
    checks = {}
    for check, found in sorted(verdicts.items()):
        usual = Counter(found.values()).most_common(1)[0][0]
        default = defaults[check] if defaults.get(check) in found.values() else usual
        but = {name: status for name, status in sorted(found.items()) if status != default}
        promise = {"judges": judges[tuple(sorted(found))], "default": default}
        checks[check] = promise | ({"except": but} if but else {})
    return json.dumps({"subjects": groups, "checks": checks}, indent=1, sort_keys=True) + "\n"


def differences(promised: dict[str, dict[str, str]], found: dict[str, dict[str, str]]) -> list[str]:
    """A line for each verdict that differs: check, subject, promised and found."""
    lines = []
    for check in sorted({*promised, *found}):
        was, now = promised.get(check, {}), found.get(check, {})
        changed = (subject for subject in sorted({*was, *now}) if was.get(subject) != now.get(subject))
        lines += [f"{check}  {subject}: {was.get(subject)} -> {now.get(subject)}" for subject in changed]
    return lines


def new(check: str, verdicts: dict[str, str]) -> str:
    """One line for a check that nothing was promised of: its usual verdict counted, the others by name."""
    (usual, count), *_ = Counter(verdicts.values()).most_common(1)
    others = [f"{subject}: {status}" for subject, status in sorted(verdicts.items()) if status != usual]
    return f"{check}  new: {count} {usual}" + "".join(f", {other}" for other in others)


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
    promised = read(path)
    for check in sorted(found.keys() - promised.keys()):
        print(new(check, found[check]))
    for line in differences(promised, {check: each for check, each in found.items() if check in promised}):
        print(line)
    checks = json.loads(path.read_text("utf-8"))["checks"] if path.is_file() else {}
    path.write_text(text(found, {check: promise["default"] for check, promise in checks.items()}), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
