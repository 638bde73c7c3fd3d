"""``make acceptance``: the demo's AWS company gets the same verdicts in LocalStack as on moto, but for a named list.

Development only, and never part of the tests: LocalStack is installed into an environment of its own. Exit codes: 0 as
on moto; 1 a verdict differs without a reason, or a reason explains nothing; 77 skipped, because LocalStack cannot be
installed here.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from auditor.cli.demo import pointed_at
from auditor.cli.main import run
from auditor.model.ids import Cloud
from moto_fixtures.aws.company.deploy_context import ABROAD, HOME
from moto_fixtures.company import expected
from tests.acceptance.localstack import LocalStack
from tests.acceptance.named import DIFFERENT, REFUSED
from tests.acceptance.second_aws import Both, deploy
from tests.scenario.expect import AS_OF, by_name, differences, read

SKIPPED: Final = 77
_ENVIRONMENT: Final = Path(".venv-acceptance")
_REQUIREMENTS: Final = Path(__file__).with_name("requirements.txt")
_PYTHONS: Final = ("python3.13", "python3.14")
"""Names to look for on PATH."""


class CannotInstallError(Exception):
    """LocalStack cannot be had on this machine; the text says why."""


def main() -> int:
    """Installs, deploys, scans, compares."""
    try:
        environment = installed()
    except CannotInstallError as why:
        print(f"ACCEPTANCE SKIPPED: {why} Nothing was compared (exit {SKIPPED}).", file=sys.stderr)
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="acceptance-") as scratch:
        report, refused = scanned(environment, Path(scratch))
    return compare(report, refused)


def installed() -> Path:
    """The environment that holds LocalStack, made where it is missing or was made for other requirements."""
    wanted, stamp = _REQUIREMENTS.read_text("utf-8"), _ENVIRONMENT / "requirements.txt"
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return _ENVIRONMENT.resolve()
    python = next((found for name in _PYTHONS if (found := _working(name))), None)
    if python is None:
        raise CannotInstallError(f"LocalStack needs Python 3.13 or newer, and none of {', '.join(_PYTHONS)} is here.")
    print(f"Installing LocalStack into {_ENVIRONMENT} (520 MB)...", flush=True)
    shutil.rmtree(_ENVIRONMENT, ignore_errors=True)
    for command in (
        [python, "-m", "venv", str(_ENVIRONMENT)],
        [str(_ENVIRONMENT / "bin" / "pip"), "install", "--quiet", "--requirement", str(_REQUIREMENTS)],
    ):
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
            raise CannotInstallError(f"'{' '.join(command)}' failed: {last}")
    stamp.write_text(wanted, "utf-8")
    return _ENVIRONMENT.resolve()


def _working(name: str) -> str | None:
    """The path of an interpreter that starts; version managers put names on the path that do not."""
    path = shutil.which(name)
    works = path and subprocess.run([path, "-c", "import venv"], check=False, capture_output=True).returncode == 0
    return path if works else None


def scanned(environment: Path, scratch: Path) -> tuple[dict[str, Any], set[tuple[str, str]]]:
    """The report of a scan of the company in LocalStack, as of the expected verdicts' day, and what was refused."""
    with LocalStack(environment) as localstack, Both(localstack.port) as server:
        print(f"LocalStack {localstack.version}: deploying the company...", flush=True)
        refused = deploy(server)
        print("Scanning...", flush=True)
        narrowed = ["--provider", "aws", "--region", f"{HOME},{ABROAD}", "--depth", "full", "--tier", "code"]
        narrowed += ["--activity", "90"]
        with pointed_at(server.environment):
            _ran("scan", *narrowed, "--no-progress", "-o", str(scratch / "scan"))
    _ran("evaluate", str(scratch / "scan"), "--as-of", AS_OF, "-o", str(scratch / "as-of"))
    report: dict[str, Any] = json.loads((scratch / "as-of" / "report.json").read_bytes())
    return report, refused


def _ran(*arguments: str) -> None:
    code = run([*arguments, "--profile-level", "strict", "--quiet", "-M", "json"])
    if code:
        raise SystemExit(f"auditor {arguments[0]} ended with code {code}.")


def compare(report: dict[str, Any], refused: Collection[tuple[str, str]]) -> int:
    """Prints what differs without a reason, and reasons that explain nothing; returns the exit code."""
    promised = read(expected(Cloud.AWS))
    lines = differences(promised, by_name(report, Cloud.AWS))
    unexplained, idle = judged(lines, refused)
    for title, rows in (("Differs without a reason", unexplained), ("A reason that explains nothing", idle)):
        for row in rows:
            print(f"{title}: {row}")
    total, named = sum(map(len, promised.values())), len(lines) - len(unexplained)
    print(f"{total} verdicts on moto; {len(lines)} differ in LocalStack, {named} of them for a named reason.")
    return 1 if unexplained or idle else 0


def judged(lines: Sequence[str], refused: Collection[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """The differences that no entry of the named list explains, and the entries that explain none."""
    used: set[tuple[str, str]] = set()
    unexplained = []
    for line in lines:
        check, _, rest = line.partition("  ")
        subject = rest.rpartition(": ")[0]
        reason = next((key for key in DIFFERENT if fnmatchcase(check, key[0]) and fnmatchcase(subject, key[1])), None)
        if reason is None:
            unexplained.append(line)
        else:
            used.add(reason)
    idle = [f"{check}  {subject}" for check, subject in DIFFERENT.keys() - used]
    idle += [f"refused {operation} {function}".rstrip() for operation, function in REFUSED.keys() - set(refused)]
    return unexplained, sorted(idle)


if __name__ == "__main__":
    sys.exit(main())
