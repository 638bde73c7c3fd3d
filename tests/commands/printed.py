"""Every command there is to print: each check's, for each cloud, and those of what was found in the demo."""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from auditor import plugins
from auditor.engine.azure_commands import in_container_app, in_subscription
from auditor.engine.shell_template import fill
from auditor.model.ids import Cloud

TOOLS = {Cloud.AWS: "aws", Cloud.AZURE: "az", Cloud.GCP: "gcloud"}


class Sample(dict[str, str]):
    """A value for every placeholder: its own name, so that a complaint says which it was."""

    def __contains__(self, name: object) -> bool:
        return name != "slot"

    def get(self, name: str, _default: Any = None) -> str:
        return self[name]

    def __missing__(self, name: str) -> str:
        return _SAMPLES.get(name, f"sample-{name.replace('_', '-')}")


_SAMPLES = {
    "account": "111122223333",
    "location": "eu-west-1",
    "partition": "aws",
    "member": "serviceAccount:caller@shop.iam.gserviceaccount.com",
    "granted": "roles/run.invoker",
    "taker_kind": "role",
}


@dataclass(frozen=True)
class Printed:
    """One command as it would be pasted. ``origin`` says who prints it."""

    origin: str
    text: str

    def __str__(self) -> str:
        return f"{self.origin}: {self.text}"

    @property
    def words(self) -> list[str]:
        """What the shell passes on to the first program; comments and redirections are gone."""
        lexer = shlex.shlex(self.text, posix=True, punctuation_chars="<>|&;()")
        lexer.whitespace_split = True
        return list(takewhile(lambda word: word not in (">", "|", "&&", "||", ";"), lexer))


def templates() -> Iterator[Printed]:
    """The whole command of every check for every cloud, each placeholder filled."""
    for check in plugins.checks():
        for cloud, fix in check.fix.items():
            if fix.command is not None:
                yield Printed(f"{check.id} ({cloud})", fill(in_subscription(fix.command), Sample()))
            if fix.command is not None and cloud is Cloud.AZURE:
                hosted = in_subscription(in_container_app(fix.command))
                yield Printed(f"{check.id} (container app)", fill(hosted, Sample()))


def found(report: Mapping[str, Any]) -> Iterator[Printed]:
    """The whole command of every finding of a report, each different one once."""
    seen: set[str] = set()
    for finding in report["findings"]:
        command = finding["remediation"]["command"]
        if command not in seen:
            seen.add(command)
            yield Printed(f"{finding['check_id']} of {finding['subject_id']}", command)


def lines(printed: Printed) -> Iterator[Printed]:
    """The single commands of one that has several lines; one that goes on after a backslash is one."""
    for line in printed.text.replace("\\\n", " ").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield Printed(printed.origin, line)


def of_tool(tool: str, commands: Iterator[Printed]) -> list[Printed]:
    """The single commands of one tool."""
    return [line for command in commands for line in lines(command) if line.words[:1] == [tool]]
