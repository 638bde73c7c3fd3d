"""``auditor code``: what is inside a package, offline."""

import json
from pathlib import Path
from typing import Any

import click

from auditor.cli import options
from auditor.cli.messages import Words, say
from auditor.errors import ExitCode, UsageError


@click.command()
@click.argument("package", type=click.Path(exists=True, path_type=Path))
@options.config_file
@options.advisories_option
@click.option("--handler", help="Entry point as the function is configured, such as app.handler.")
@click.option(
    "--trigger",
    metavar="KIND",
    help="What sets the function off, such as http, sqs or s3: what only other events reach fails no gate.",
)
@click.option("--format", "form", type=Words(("text", "json")), default="text", show_default=True)
@click.option(
    "--sbom",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the components as CycloneDX 1.6 (JSON).",
)
@options.option("--fail-on", type=Words((*options.SEVERITIES, "none")), default="none", show_default=True)
@options.option("--fail-on-incomplete", is_flag=True, help="Exit with 4 when something could not be read or judged.")
def command(
    package: Path,
    advisories: str | None,
    handler: str | None,
    trigger: str | None,
    form: str,
    sbom: Path | None,
    fail_on: str,
    fail_on_incomplete: bool,
) -> int:
    """Analyse a PACKAGE: a zip, jar, tar or directory. Its components, their vulnerabilities. Nothing in it is run."""
    try:
        from auditor.cli.code_report import examined, printed  # noqa: PLC0415 - keeps --help fast
        from auditor.code.sbom import cyclonedx  # noqa: PLC0415 - the same
    except ModuleNotFoundError as missing:
        raise UsageError(
            f"Analysing code needs the Python package {missing.name}: pip install 'serverless-auditor[code]'."
        ) from missing
    found = examined(package, handler, advisories, trigger)
    if sbom is not None:
        _write(sbom, cyclonedx(package.name, found.components))
    click.echo(printed(found) if form == "text" else json.dumps(found.row(), indent=1))
    if found.reaches(fail_on):
        return ExitCode.GATE_FAILED
    if found.whole:
        return ExitCode.OK
    more = f" (and {len(found.incomplete) - 1} more)" if len(found.incomplete) > 1 else ""
    say(f"incomplete: {found.incomplete[0].rstrip('.')}{more}.")
    return ExitCode.INCOMPLETE if fail_on_incomplete else ExitCode.OK


def _write(path: Path, document: dict[str, Any]) -> None:
    from auditor.snapshot.files import atomic  # noqa: PLC0415 - keeps --help fast

    with atomic(path) as stream:
        stream.write(json.dumps(document, indent=1).encode())
