"""``auditor doctor``: who am I, what can I see, what is missing."""

from threading import Event
from typing import Any

import click

from auditor.cli import options


@click.command()
@options.config_file
@options.provider_options
@options.option("--ca-bundle", type=click.Path(exists=True, dir_okay=False), help="PEM file of trusted authorities.")
@options.display_options
def command(**values: Any) -> int:
    """Say who you are, what you can see and what is missing, before a scan."""
    from auditor.cli import logs  # noqa: PLC0415 - keeps --help fast
    from auditor.cli.exit_codes import INCOMPLETE, OK  # noqa: PLC0415 - the same
    from auditor.cli.main import inert  # noqa: PLC0415 - the same
    from auditor.cli.selection import choose_providers, collect_options  # noqa: PLC0415 - the same

    logs.configure(values["log_level"])
    rest = {"depth": "full", "function": (), "tag": (), "max_workers": 4}
    chosen = collect_options({**values, **rest}, Event())
    healthy = True
    for cloud, provider in choose_providers(values["provider"], chosen).items():
        click.echo(f"{cloud}:")
        for probe in provider.doctor(chosen):
            healthy &= probe.ok
            need = f" (needs {probe.permission})" if probe.permission and not probe.ok else ""
            click.echo(f"  {'ok     ' if probe.ok else 'MISSING'} {inert(probe.subject)}: {inert(probe.text)}{need}")
    if not healthy:
        click.echo("A scan would still run: what is missing becomes UNKNOWN, named in the report.")
    return OK if healthy else INCOMPLETE
