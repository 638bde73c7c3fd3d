"""``auditor frameworks list|show``: the frameworks, their controls, and which checks are evidence for each."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from auditor.cli import options
from auditor.cli.messages import Verbs, Words
from auditor.cli.terminal import paragraphs, width, wrapped

if TYPE_CHECKING:
    from auditor.compliance.catalogue import Control, Framework

_INDENT = "    "
_FORMAT = click.option("--format", "form", type=Words(("text", "json")), default="text", show_default=True)


@click.group(cls=Verbs)
def command() -> None:
    """List the frameworks, or show one: its controls and which checks are evidence for them."""


@command.command("list")
@options.config_file
@_FORMAT
def list_frameworks(form: str) -> int:
    """List the frameworks: how many controls a scan touches, and how many of them it can decide or fail."""
    from auditor.compliance.catalogue import frameworks  # noqa: PLC0415 - keeps --help fast

    rows = [_summary(framework) for framework in frameworks().values()]
    if form == "json":
        click.echo(json.dumps(rows, indent=1))
        return 0
    size = max(len(str(row["id"])) for row in rows)
    columns = width()
    for row in rows:
        said = f"{row['controls']} controls, {row['decided']} with a check that can fail them; {row['title']}"
        if columns is None or size + 2 + len(said) <= columns:
            click.echo(f"{str(row['id']).ljust(size)}  {said}")
        else:
            click.echo(f"{row['id']}\n{wrapped(said, _INDENT, _INDENT)}")
    return 0


def _summary(framework: "Framework") -> dict[str, object]:
    decided = [each for each in framework.controls if any(link.strength.decides for link in each.links)]
    return {
        "id": framework.id,
        "version": framework.version,
        "title": framework.title,
        "publisher": framework.publisher,
        "url": framework.url,
        "as_of": framework.as_of,
        "size": framework.size,
        "controls_total": framework.controls_total,
        "clouds": [cloud.value for cloud in framework.clouds],
        "controls": len(framework.controls),
        "decided": len(decided),
        "checks": len(framework.checks),
    }


@command.command("show")
@click.argument("framework_id", metavar="ID")
@options.config_file
@options.many("--control", metavar="ID", envvar=None, help="Only this control.")
@_FORMAT
def show(framework_id: str, control: tuple[str, ...], form: str) -> int:
    """Show a framework: of each control the checks that are evidence for it, how strongly, and on whose word."""
    from auditor.compliance.catalogue import framework  # noqa: PLC0415 - keeps --help fast

    found = framework(framework_id)
    chosen = [found.control(name) for name in dict.fromkeys(control)] or list(found.controls)
    if form == "json":
        document = {**_summary(found), "licence": found.licence, "scope": found.scope}
        click.echo(json.dumps({**document, "controls": [asdict(each) for each in chosen]}, indent=1))
        return 0
    if not control:
        click.echo(wrapped(f"{found.title}, version {found.version} ({found.publisher})"))
        click.echo(f"{found.url}\n\n{paragraphs(found.scope)}")
        click.echo(wrapped(f"The whole has: {found.size}. Links reviewed {found.as_of}. {found.licence}."))
    _print(chosen)
    return 0


def _print(controls: "Iterable[Control]") -> None:
    for control in controls:
        click.echo("\n" + wrapped(f"{control.id}  {control.title}"))
        for link in control.links:
            clouds = ", ".join(link.clouds)
            said = f"{link.check} ({link.strength}; {clouds}; {link.basis}): {link.rationale}"
            click.echo(wrapped(said, "  ", _INDENT))
        if control.limit:
            how = "Limit" if control.links else "Not assessed"
            click.echo(wrapped(f"{how}: {control.limit}. Evidence would be: {control.wanted}.", "  ", _INDENT))
