"""``auditor collect``: collect only."""

from typing import Any

import click

from auditor.cli import options
from auditor.cli.earlier_options import earlier_options
from auditor.cli.executor_options import executor_options
from auditor.cli.fleet_options import fleet_options


@click.command()
@options.config_file
@options.provider_options
@fleet_options
@earlier_options
@executor_options
@options.control_options
@options.output_options
@options.display_options
def command(**values: Any) -> int:
    """Collect only: write a snapshot into OUTPUT_DIR/snapshot, to be judged later with 'auditor evaluate'."""
    from auditor.cli.run import collect_only  # noqa: PLC0415 - keeps --help fast

    return collect_only(values)
