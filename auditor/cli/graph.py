"""``auditor graph``: the trigger graph of a finished report."""

import json
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import click

from auditor.cli import options
from auditor.cli.messages import Words
from auditor.cli.plan import found_report, usual


@click.command()
@click.argument("report", required=False, type=click.Path(path_type=Path))
@options.config_file
@click.option("--function", "glob", metavar="GLOB", default="*", help="Only the functions with such a name.")
@click.option("--format", "form", type=Words(("text", "json", "graphml")), default="text", show_default=True)
def command(report: Path | None, glob: str, form: str) -> int:
    """Print the trigger graph of REPORT: event sources, functions, destinations.

    REPORT is a report.json or a result directory (default: the output directory of a scan). GraphML can be opened by
    yEd, Gephi and NetworkX.
    """
    from auditor.analysis.graph.export import graphml  # noqa: PLC0415 - keeps --help fast
    from auditor.engine.report_reader import read_report  # noqa: PLC0415 - the same
    from auditor.errors import UsageError  # noqa: PLC0415 - the same

    path = found_report(report or usual())
    graph = read_report(path).head.get("graph")
    if graph is None:
        raise UsageError(
            f"{path} holds no graph, it was written by an older version: judge its snapshot again with "
            "'auditor evaluate'."
        )
    narrowed = _around(graph, glob)
    if form == "json":
        click.echo(json.dumps(narrowed, indent=1, ensure_ascii=False))
    elif form == "graphml":
        graphml(narrowed).write(sys.stdout.buffer, encoding="utf-8", xml_declaration=True)
    else:
        click.echo("\n".join(_text(narrowed)))
    return 0


def _around(graph: dict[str, Any], glob: str) -> dict[str, Any]:
    """The functions of such a name with their edges, and what feeds their sources; the whole graph for ``*``."""
    if glob == "*":
        return graph
    kept = {node["id"] for node in graph["nodes"] if node["kind"] == "function" and fnmatchcase(node["name"], glob)}
    named = set(kept)
    edges = [edge for edge in graph["edges"] if edge["from"] in kept or edge["to"] in kept]
    for edge in edges:
        named |= {edge["from"], edge["to"]}
    feeding = [edge for edge in graph["edges"] if edge["to"] in named and edge not in edges]
    edges += [edge for edge in feeding if edge["kind"] in ("feeds", "calls")]
    named |= {edge["from"] for edge in edges}
    return {
        "nodes": [node for node in graph["nodes"] if node["id"] in named],
        "edges": edges,
        "unread": [row for row in graph["unread"] if row["subject"] in kept],
    }


def _text(graph: dict[str, Any]) -> Iterator[str]:
    """One line an edge, one line for what could not be read."""
    names = {node["id"]: f"{node['kind']} {node['name']}" for node in graph["nodes"]}
    for edge in graph["edges"]:
        notes = [
            edge["certainty"],
            *([edge["detail"]] if edge["detail"] else []),
            *([] if edge["enabled"] else ["off"]),
        ]
        source, target = (names.get(edge[end], edge[end]) for end in ("from", "to"))
        yield _clean(f"{source} --{edge['kind']}--> {target}  ({', '.join(notes)})")
    missing = {(row["operation"], row["reason"], row["permission"]) for row in graph["unread"]}
    for operation, reason, permission in sorted(missing, key=str):
        needed = f"; it needs {permission}" if permission else ""
        yield f"not read: {operation} ({reason}{needed})"


def _clean(line: str) -> str:
    """A line without control characters: names come from the cloud."""
    return "".join(letter if letter.isprintable() else "?" for letter in line)
