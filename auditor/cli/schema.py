"""``auditor schema``: JSON Schema of what we write and read."""

import json

import click

from auditor.cli.messages import Words


@click.command()
@click.argument("subject", type=Words(("report", "snapshot", "config", "waivers")))
def command(subject: str) -> int:
    """Print the JSON Schema of report.json, of a snapshot's lines, of auditor.toml, or of a waiver file."""
    from auditor.engine.schemas import schema  # noqa: PLC0415 - keeps --help fast

    click.echo(json.dumps(schema(subject), indent=1))
    return 0
