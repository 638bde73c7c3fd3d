"""Writes what is generated, or with ``--check`` fails where a file no longer says what the code says.

``python -m tests.generate [--check]``: the catalogue of checks, the help texts and permissions in docs/, the
JSON Schemas, the data about AWS actions.
"""

import inspect
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import is_dataclass
from enum import Enum
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from click.testing import CliRunner

from auditor import plugins
from auditor.analysis import managed_roles
from auditor.check import Check
from auditor.cli.main import root
from auditor.compliance.catalogue import controls_of, frameworks
from auditor.config import CheckSettings
from auditor.engine.azure_commands import in_subscription
from auditor.engine.row_schema import descriptions
from auditor.engine.schemas import schema
from auditor.errors import ExitCode
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.inventory import Location, Scope
from auditor.model.observed import Unknown
from auditor.provider import BASE
from tests import aws_actions, framework_pages

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"(<!-- generated: ([\w -]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def files(*, check: bool) -> Iterator[tuple[Path, str]]:
    """Every generated file and what it should say."""
    yield aws_actions.PATH, aws_actions.expected(check=check)
    yield ROOT / "docs" / "checks" / "README.md", catalogue()
    for each in plugins.checks():
        yield ROOT / "docs" / "checks" / f"{each.id}.md", check_page(each)
    yield ROOT / "docs" / "frameworks" / "README.md", framework_pages.index()
    for framework in frameworks().values():
        yield ROOT / "docs" / "frameworks" / f"{framework.id}.md", framework_pages.page(framework)
    yield ROOT / "docs" / "model.md", model_page()
    for name in ("report", "snapshot", "config"):
        yield ROOT / "reports" / "schema" / f"{name}.schema.json", json.dumps(schema(name), indent=1) + "\n"
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        if page.parent.name not in _WHOLE and page.name != "model.md":  # those are generated as a whole
            yield page, _BLOCK.sub(_block, page.read_text("utf-8"))

    for name, (cloud, line) in _DEPLOYED.items():
        page = ROOT / "docs" / "deploy" / name
        yield page, _PERMISSIONS.sub(partial(_granted, cloud, line), page.read_text("utf-8"))


_DEPLOYED = {
    "aws.yaml": (Cloud.AWS, "- {}"),
    "azure.bicep": (Cloud.AZURE, "'{}'"),
    "google.tf": (Cloud.GCP, '"{}",'),
}
"""The templates that grant what the tool needs: whose permissions, and how one is written."""

_PERMISSIONS = re.compile(r"( +)(\S+ generated: permissions\n).*?( +\S+ end\n)", re.DOTALL)


def _granted(cloud: Cloud, line: str, found: re.Match[str]) -> str:
    indent, start, end = found.groups()
    names = sorted({operation.permission for operation in plugins.provider(cloud).operations if operation.tier == BASE})
    return indent + start + "".join(f"{indent}{line.format(name)}\n" for name in names) + end


_WHOLE = ("checks", "frameworks")
"""Folders of docs/ that are generated as a whole."""


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
    return f"| [`{check.id}`]({check.id}.md) | {check.severity} | {check.profile_level} | {clouds} | {title} |"


def check_page(check: Check) -> str:
    """The page of one check."""
    facts = [
        ("Id", f"`{check.id}`"),
        ("Risk", check.risk.value),
        ("Severity", f"{check.severity}, confidence {check.confidence}"),
        ("Level", check.profile_level.value),
        ("Judges", f"each {check.subject}"),
        ("Clouds", ", ".join(sorted(check.clouds))),
        (
            "Weakness",
            f"[CWE-{check.cwe}](https://cwe.mitre.org/data/definitions/{check.cwe}.html)" if check.cwe else "none fits",
        ),
        ("Controls", ", ".join(controls_of(check)) or "none mapped"),
        ("Settings", ", ".join(f"`{name}`" for name in settings_of(check)) or "none"),
    ]
    lines = ["<!-- Generated from the check itself by `make generate`. -->", f"# {check.title}", "", check.summary, ""]
    lines += ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts)]
    lines += ["", "## Why it matters", "", check.why]
    for cloud, fix in sorted(check.fix.items()):
        lines += ["", f"## Fix on {_CLOUDS[cloud]}", "", fix.text]
        lines += ["", f"What could break: {fix.breaks}"] if fix.breaks else []
        lines += _code("sh", fix.command and in_subscription(fix.command), fix.no_command) + _code(
            "hcl", fix.terraform, fix.no_terraform
        )
    if check.references:
        lines += ["", "## References", "", *(f"- <{address}>" for address in check.references)]
    return "\n".join(lines) + "\n"


_CLOUDS = {Cloud.AWS: "AWS", Cloud.AZURE: "Azure", Cloud.GCP: "Google Cloud"}


def _code(language: str, text: str | None, none: str | None) -> list[str]:
    name = "Terraform" if language == "hcl" else "command"
    return ["", f"```{language}", text.rstrip(), "```"] if text else ["", f"No {name}: {none}."]


def settings_of(check: Check) -> list[str]:
    """The settings that the check's module reads."""
    source = inspect.getsource(sys.modules[check.module])
    return [name for name in CheckSettings.model_fields if re.search(rf"settings\.{name}\b", source)]


def model_page() -> str:
    """What a function offers to checks and reporters: every class of the model, field by field."""
    lines = [
        "<!-- Generated from the model by `make generate`. -->",
        "# What a function offers",
        "",
        "A check is given a `Function` (or a `Scope`, or a `Location` in it). A fact marked *observed* may be unknown: `need()`",
        "gives its value, or ends the check with the verdict UNKNOWN and the missing permission; `known` asks first;",
        "`then` goes on to a fact inside. Where a fact may be null, the text says what null means. The tags are asked by key:",
        '`function.tags.get("owner")`, `"env" in function.tags`; where they are unknown, so is the answer.',
    ]
    for record in records(Function, Scope, Location):
        hints = get_type_hints(record)
        lines += [
            "",
            f"## {record.__name__}",
            "",
            inspect.getdoc(record) or "",
            "",
            "| field | type | |",
            "|---|---|---|",
        ]
        told = descriptions(record)
        for name, hint in hints.items():
            lines.append(f"| `{name}` | {_type(hint)} | {told.get(name, '')} |")
    return "\n".join(lines) + "\n"


def records(*roots: type) -> list[type]:
    """The classes of the model that are reached from ``roots``, those first."""
    found: dict[type, None] = {}
    pending = list(roots)
    while pending:
        hint = pending.pop(0)
        if isinstance(hint, type) and is_dataclass(hint):
            if hint not in found:
                found[hint] = None
                pending += get_type_hints(hint).values()
        else:
            pending += get_args(hint)
    return list(found)


def _type(hint: Any) -> str:
    arguments = get_args(hint)
    if Unknown in arguments:
        return "observed " + _type(get_args(next(each for each in arguments if each is not Unknown))[0])
    if arguments and get_origin(hint) is tuple:
        inner = [each for each in arguments if each is not Ellipsis]
        return ("list of " if Ellipsis in arguments else "pair of ") + ", ".join(map(_type, inner))
    if arguments:
        return " or ".join("null" if each is type(None) else _type(each) for each in arguments)
    if is_dataclass(hint):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return " / ".join(f"`{member.value}`" for member in hint)
    return {
        "Tags": "mapping of text to text",
        "str": "text",
        "int": "integer",
        "float": "number",
        "bool": "yes or no",
    }.get(hint.__name__, hint.__name__)


def _help(*verb: str) -> str:
    result = CliRunner().invoke(
        root, [*verb, "--help"], prog_name="auditor", terminal_width=100, env={"COLUMNS": "100"}
    )
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


def _managed(cloud: Cloud) -> str:
    """Of each of the vendor's audit roles: what of the base tier it does not hold, and the checks that costs."""
    operations = [op for op in plugins.provider(cloud).operations if op.tier == BASE]
    needed = {op.permission for op in operations}
    source, day = managed_roles.data_as_of()
    lines = [f"Source: {source}, {day}."]
    for role in managed_roles.managed_roles(cloud).values():
        lost = managed_roles.lacking(cloud, operations, (role,))
        lines += ["", f"### {role.name}", "", f"Holds {len(needed) - len(lost)} of {len(needed)} permissions."]
        if lost:
            lines += ["", "| lacking | checks that cannot reach a verdict without it |", "|---|---|"]
        for item in lost:
            checks = ", ".join(f"[`{name}`](../checks/{name}.md)" for name in item.checks)
            lines.append(f"| `{item.permission}` | {checks or 'none by itself'} |")
    return "\n".join(lines) + "\n"


_BLOCKS = {
    "exit codes": _exit_codes,
    "auditor --help": _help,
    "auditor scan --help": lambda: _help("scan"),
    "auditor plan --help": lambda: _help("plan"),
    "auditor explain --help": lambda: _help("explain"),
    "auditor graph --help": lambda: _help("graph"),
    "auditor code --help": lambda: _help("code"),
    "auditor checks test --help": lambda: _help("checks", "test"),
    **{f"{cloud} permissions": partial(_permissions, cloud) for cloud in Cloud},
    **{f"{cloud} managed roles": partial(_managed, cloud) for cloud in Cloud},
}


def main() -> int:
    """Writes, or checks."""
    check = "--check" in sys.argv[1:]
    wanted = dict(files(check=check))
    found = (path for folder in _WHOLE for path in (ROOT / "docs" / folder).glob("*.md"))
    stale = [path.relative_to(ROOT) for path in found if path not in wanted]
    for path in () if check else stale:
        (ROOT / path).unlink()
    for path, text in wanted.items():
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
