"""``auditor scan``: collect, evaluate, write reports, print a summary."""

from typing import Any

import click

from auditor.cli import options
from auditor.cli.earlier_options import earlier_options
from auditor.cli.executor_options import executor_options
from auditor.cli.fleet_options import fleet_options
from auditor.errors import ExitCode

_EPILOG = f"Exit codes: {'; '.join(f'{code} {code.meaning}' for code in ExitCode)}."


@click.command(epilog=_EPILOG)
@options.config_file
@options.provider_options
@fleet_options
@earlier_options
@executor_options
@options.control_options
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
def command(**values: Any) -> int:
    """Audit live accounts, read-only.

    Reads every deployed function with its identity, environment and triggers, judges it, and writes report.json,
    report.html, snapshot/ and manifest.json into the output directory. Credentials come from each SDK's default
    chain, never from flags.
    """
    from auditor.cli.run import scan  # noqa: PLC0415 - keeps --help fast

    return scan(values)
