"""Writes what is generated, or with ``--check`` fails where a file no longer says what the code says.

``python -m tests.generate [--check]``: the catalogue of checks, the help texts and permissions in docs/, the
JSON Schemas, the data about AWS actions.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from functools import partial
from itertools import groupby
from pathlib import Path

from click.testing import CliRunner

from auditor import plugins
from auditor.check import Check
from auditor.cli.main import root
from auditor.engine.schemas import schema
from auditor.errors import ExitCode
from auditor.model.ids import Cloud
from tests import aws_actions

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"(<!-- generated: ([\w -]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def files(*, check: bool) -> Iterator[tuple[Path, str]]:
    """Every generated file and what it should say."""
    yield aws_actions.PATH, aws_actions.expected(check=check)
    yield ROOT / "checks" / "README.md", catalogue()
    for name in ("report", "snapshot", "config"):
        yield ROOT / "reports" / "schema" / f"{name}.schema.json", json.dumps(schema(name), indent=1) + "\n"
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        yield page, _BLOCK.sub(_block, page.read_text("utf-8"))


def _block(found: re.Match[str]) -> str:
    start, name, _, end = found.groups()
    return f"{start}{_BLOCKS[name]()}{end}"


def catalogue() -> str:
    """The page that lists every check."""
    lines = [
        "# Checks",
        "",
        "Generated from the checks themselves by `make generate`. Level *strict* marks opinions: they run with",
        "`--profile-level strict` and never lower the default score.",
    ]
    ordered = sorted(plugins.checks(), key=lambda check: (check.risk.value, check.id))
    for risk, group in groupby(ordered, key=lambda check: check.risk):
        lines += ["", f"## {risk}", "", "| check | severity | level | clouds | what it says |", "|---|---|---|---|---|"]
        lines += [_row(check) for check in group]
    return "\n".join(lines) + "\n"


def _row(check: Check) -> str:
    clouds = ", ".join(sorted(check.clouds))
    title = check.title.replace("|", "\\|")
    return f"| `{check.id}` | {check.severity} | {check.profile_level} | {clouds} | {title} |"


def _help(*verb: str) -> str:
    os.environ["COLUMNS"] = "100"
    result = CliRunner().invoke(root, [*verb, "--help"], prog_name="auditor", terminal_width=100)
    if result.exit_code:
        raise SystemExit(f"auditor {' '.join(verb)} --help failed: {result.output}")
    return f"```\n{result.output}```\n"


def _permissions(cloud: Cloud) -> str:
    rows = ["| permission | depth | tier | why |", "|---|---|---|---|"]
    seen = set()
    for operation in sorted(plugins.provider(cloud).operations, key=lambda op: (op.tier, op.permission, op.id)):
        if operation.permission not in seen:
            seen.add(operation.permission)
            rows.append(f"| `{operation.permission}` | {operation.depth} | {operation.tier} | {operation.purpose} |")
    return "\n".join(rows) + "\n"


def _exit_codes() -> str:
    rows = [f"| {code} | {re.sub(r'--[a-z-]+', lambda found: f'`{found[0]}`', code.meaning)} |" for code in ExitCode]
    return "\n".join(["| code | meaning |", "|---|---|", *rows]) + "\n"


_BLOCKS = {
    "exit codes": _exit_codes,
    "auditor --help": _help,
    "auditor scan --help": lambda: _help("scan"),
    **{f"{cloud} permissions": partial(_permissions, cloud) for cloud in Cloud},
}


def main() -> int:
    """Writes, or checks."""
    check = "--check" in sys.argv[1:]
    stale = []
    for path, text in files(check=check):
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale.append(path.relative_to(ROOT))
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    if check and stale:
        print(f"out of date: {', '.join(map(str, stale))}. Run 'make generate' and commit.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
