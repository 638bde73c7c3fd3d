"""``auditor evaluate``: everything after collection, offline."""

from pathlib import Path
from typing import Any

import click

from auditor.cli import options


@click.command()
@click.argument("snapshot", type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.config_file
@options.function_options
@options.selection_options
@options.import_option
@options.output_options
@options.split_option
@options.gate_options
@options.waiver_options
@options.baseline_option
@options.history_option
@options.notify_options
@options.as_of_option
@options.display_options
def command(snapshot: Path, **values: Any) -> int:
    """Judge a saved SNAPSHOT offline: no credentials, no cloud SDK."""
    from auditor.cli import log_setup  # noqa: PLC0415 - keeps --help fast
    from auditor.cli.finish import asked, finish  # noqa: PLC0415 - the same
    from auditor.cli.output_directory import destination, placing  # noqa: PLC0415 - the same

    log_setup.configure(values)
    request = asked(values)
    with destination(request.directory, request.writes, placing(values)) as result:
        return finish(request, result, snapshot)
