"""``auditor report``: render a finished report again."""

from pathlib import Path
from typing import Any

import click

from auditor.cli import options
from auditor.errors import ExitCode


@click.command()
@click.argument("report", type=click.Path(exists=True, path_type=Path))
@options.config_file
@options.many(
    "--framework",
    metavar="ID",
    help="Add what the report says of the controls of this framework ('auditor frameworks').",
)
@options.output_options
@options.display_options
def command(report: Path, **values: Any) -> int:
    """Render a finished REPORT (a report.json, or its directory) in other formats."""
    from auditor import plugins  # noqa: PLC0415 - keeps --help fast
    from auditor.cli import log_setup  # noqa: PLC0415 - the same
    from auditor.cli.finish import chosen_reporters, with_controls  # noqa: PLC0415 - the same
    from auditor.cli.messages import say, unread  # noqa: PLC0415 - the same
    from auditor.cli.output_directory import STANDARD_OUTPUT, destination, placing  # noqa: PLC0415 - the same
    from auditor.cli.signals import decided  # noqa: PLC0415 - the same
    from auditor.compliance.assess import assess  # noqa: PLC0415 - the same
    from auditor.compliance.catalogue import framework  # noqa: PLC0415 - the same
    from auditor.engine.audit import write  # noqa: PLC0415 - the same
    from auditor.engine.report_reader import found_report  # noqa: PLC0415 - the same

    log_setup.configure(values)
    reporters = chosen_reporters(values)
    frameworks = [framework(name) for name in dict.fromkeys(values["framework"])]
    document, directory = found_report(report), values["output_dir"]
    if frameworks:
        document.assessed(assess(document, frameworks, plugins.checks()))
    reporters = with_controls(reporters, directory, assessed=bool(document.head.get("frameworks")))
    with destination(directory, {reporter.filename for reporter in reporters}, placing(values)) as result:
        written = write(document, reporters, result.staging, say)
        result.carry_all()
        with decided():
            result.commit()
            with unread():
                for path in written if not values["quiet"] and directory != STANDARD_OUTPUT else ():
                    click.echo(directory / path.name)
    return ExitCode.OK if len(written) == len(reporters) else ExitCode.INTERNAL
