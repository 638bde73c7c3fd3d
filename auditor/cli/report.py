"""``auditor report``: render a finished report again."""

from pathlib import Path
from typing import Any

import click

from auditor.cli import options


@click.command()
@click.argument("report", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.config_file
@options.output_options
@options.display_options
def command(report: Path, **values: Any) -> int:
    """Render a finished REPORT (a report.json) in other formats."""
    from auditor import plugins  # noqa: PLC0415 - keeps --help fast
    from auditor.cli import configuration  # noqa: PLC0415 - the same
    from auditor.engine.audit import write  # noqa: PLC0415 - the same
    from auditor.engine.document import read_report  # noqa: PLC0415 - the same
    from auditor.engine.manifest import renew_manifest  # noqa: PLC0415 - the same
    from auditor.errors import UsageError  # noqa: PLC0415 - the same

    if not values["formats"]:
        raise UsageError("--format names no format, so nothing would be written: name one, such as html.")

    known = configuration.plugins()
    reporters = [plugins.reporter(name, known) for name in dict.fromkeys(values["formats"])]
    written = write(read_report(report), reporters, values["output_dir"])
    renew_manifest(values["output_dir"], written)
    for path in written:
        if not values["quiet"]:
            click.echo(path)
    return 0
