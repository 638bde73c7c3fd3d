"""``auditor doctor``: who am I, what can I see, what is missing."""

from collections.abc import Collection, Iterator, Sequence
from threading import Event
from typing import TYPE_CHECKING, Any

import click

from auditor.cli import options
from auditor.errors import ExitCode

if TYPE_CHECKING:
    from auditor.provider import Probe


@click.command()
@options.config_file
@options.provider_options
@options.option("--ca-bundle", type=click.Path(exists=True, dir_okay=False), help="PEM file of trusted authorities.")
@options.display_options
def command(**values: Any) -> int:
    """Say who you are, what you can see and what is missing, before a scan."""
    from auditor.cli import log_setup  # noqa: PLC0415 - keeps --help fast
    from auditor.cli.selection import choose_providers, collect_options  # noqa: PLC0415 - the same
    from auditor.cli.terminal import wrapped  # noqa: PLC0415 - the same
    from auditor.snapshot.redact import Redactor  # noqa: PLC0415 - the same
    from auditor.wording import inert  # noqa: PLC0415 - the same

    log_setup.configure(values)
    redactor = Redactor()  # a cloud's error message may quote a credential
    rest = {"depth": "full", "tier": (), "function": (), "tag": (), "max_workers": 4}
    chosen = collect_options({**values, **rest}, Event())
    healthy = True
    blind: dict[str, bool] = {}
    for cloud, provider in choose_providers(values["provider"], chosen).items():
        click.echo(f"{cloud}:")
        probes = []
        for probe in provider.doctor(chosen):
            probes.append(probe)
            healthy &= probe.ok
            need = f" (needs {probe.permission})" if probe.permission and not probe.ok else ""
            said = inert(redactor.text(probe.text))
            mark = "ok     " if probe.ok else "MISSING"
            click.echo(wrapped(f"{inert(probe.subject)}: {said}{need}", " " * 10, f"  {mark} "))
        blind[cloud] = not _readable(probes, provider.listing)
        for line in _grants(cloud, probes):
            click.echo(line)
    if blind and all(blind.values()):
        click.echo(wrapped(f"A scan would read nothing: it would end with exit code {ExitCode.NO_SCOPE}."))
        return ExitCode.NO_SCOPE
    if not healthy:
        lost = ", ".join(cloud for cloud, unread in blind.items() if unread)
        nothing = f" Of {lost} it would read nothing." if lost else ""
        click.echo(wrapped(f"A scan would still run: what is missing becomes UNKNOWN, named in the report.{nothing}"))
    return ExitCode.OK if healthy else ExitCode.INCOMPLETE


def _readable(probes: "Sequence[Probe]", listing: Collection[str]) -> bool:
    """Whether functions could be listed; where that was not even tried, whether all before it went well."""
    lists = [probe for probe in probes if probe.subject in listing]
    return any(probe.ok for probe in lists) if lists else all(probe.ok for probe in probes)


def _grants(cloud: str, probes: "Sequence[Probe]") -> Iterator[str]:
    """Why no grant would help, where the cloud says so, and one command that grants what is missing otherwise."""
    from auditor.cli.terminal import wrapped  # noqa: PLC0415 - keeps --help fast
    from auditor.engine.permission_grants import combined, gap_help  # noqa: PLC0415 - the same

    lacking = [probe for probe in probes if probe.permission and not probe.ok]
    caller = next((probe.caller for probe in lacking if probe.caller), "")
    helped: list[Probe] = []
    advised: dict[str, None] = {}
    for probe in lacking:
        gap = {"reason": "DENIED", "permission": probe.permission, "scope": probe.scope, "message": probe.text}
        advice, command = gap_help(gap, {cloud: caller})
        if command:
            helped.append(probe)
        else:
            advised[f"{probe.permission}: {advice}"] = None
    for sentence in advised:
        yield wrapped(sentence, "    ", "  ")
    permissions = list(dict.fromkeys(probe.permission or "" for probe in helped))
    grant = combined(permissions, list(dict.fromkeys(probe.scope for probe in helped)), {cloud: caller})
    if grant:
        yield f"  To grant what is missing{' to ' + caller if caller else ''}:"
        yield from (f"    {line}" for line in grant.command.splitlines())
