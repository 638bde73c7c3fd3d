"""``auditor advisories``: the local store of published advisories."""

import json
from pathlib import Path

import click

from auditor.cli import options
from auditor.cli.messages import Verbs, Words, say
from auditor.errors import ExitCode, UsageError
from auditor.wording import inert

_directory = options.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where the store lies (default: the user's cache directory).",
)


@click.group(cls=Verbs)
def command() -> None:
    """Published advisories, kept on this machine: bring them up to date, say how old they are, or ask them."""


@command.command()
@options.config_file
@_directory
@options.many("--ecosystem", metavar="NAME", help="Only these, such as PyPI, npm, Maven, Go (default: all).")
@click.option("--mirror", metavar="URL", help="Fetch the OSV dumps below this address instead.")
@click.option("--kev", "kev", metavar="URL", help="Fetch CISA's catalogue of exploited vulnerabilities from there.")
@click.option("--epss", "epss", metavar="URL", help="Fetch FIRST's table of EPSS scores from there.")
def update(
    directory: Path | None, ecosystem: tuple[str, ...], mirror: str | None, kev: str | None, epss: str | None
) -> int:
    """Fetch OSV's dumps, KEV and EPSS. A download that broke off is resumed; each is taken whole or not at all."""
    try:
        from auditor.code.advisories import update as updating  # noqa: PLC0415 - keeps --help fast
        from auditor.code.advisories.choosing import usual_directory  # noqa: PLC0415 - the same
        from auditor.code.advisories.versions import ECOSYSTEMS  # noqa: PLC0415 - the same
    except ModuleNotFoundError as missing:
        raise UsageError(
            f"Advisories need the Python package {missing.name}: pip install 'serverless-auditor[code]'."
        ) from missing
    unknown = sorted(set(ecosystem) - set(ECOSYSTEMS))
    if unknown:
        raise UsageError(f"--ecosystem {unknown[0]}: there are {', '.join(ECOSYSTEMS)}.")
    whole = updating.update(
        directory or usual_directory(),
        ecosystem or ECOSYSTEMS,
        click.echo,
        dumps=(mirror or updating.DUMPS).rstrip("/"),
        exploited=kev or updating.EXPLOITED,
        likelihood=epss or updating.LIKELIHOOD,
    )
    return ExitCode.OK if whole else ExitCode.INCOMPLETE


@command.command()
@options.config_file
@_directory
def status(directory: Path | None) -> int:
    """Say what is held, and from when."""
    from auditor.code.advisories.choosing import NONE_HELD, usual_directory  # noqa: PLC0415 - keeps --help fast
    from auditor.code.advisories.store import FILE, AdvisoryStore  # noqa: PLC0415 - the same

    place = directory or usual_directory()
    if not (place / FILE).is_file():
        click.echo(NONE_HELD)
        return ExitCode.INCOMPLETE
    for source, at in AdvisoryStore.open(place).fetched().items():
        click.echo(f"{source:12} {at}")
    return ExitCode.OK


@command.command()
@click.argument("purls", nargs=-1, required=True, metavar="PURL...")
@options.config_file
@options.advisories_option
@click.option("--format", "form", type=Words(("text", "json")), default="text", show_default=True)
def match(purls: tuple[str, ...], advisories: str | None, form: str) -> int:
    """Say which advisories package URLs (pkg:pypi/requests@2.19.0) fall under.

    JSON holds a list of ids for each; null: it could not be judged, which standard error explains (exit 4).
    """
    from auditor.code.advisories.choosing import AdvisorySource  # noqa: PLC0415 - keeps --help fast
    from auditor.code.components.purl import component_of  # noqa: PLC0415 - the same

    source = AdvisorySource(advisories)
    found: dict[str, list[str] | None] = {}
    for purl in purls:
        component = component_of(purl)
        if component is None:
            found[purl] = None
            say(f"{purl} is no package URL with a version of an ecosystem that is read.")
            continue
        ids, unjudged = source.matched(component)
        found[purl] = None if unjudged else list(ids)
        for sentence in unjudged:
            say(f"{purl}: {sentence}")
    if form == "json":
        click.echo(json.dumps(found, indent=1))
    else:
        for purl, named in found.items():
            click.echo(inert(f"{purl}  {'not judged' if named is None else ' '.join(named) or 'none'}"))
    return ExitCode.INCOMPLETE if None in found.values() else ExitCode.OK
