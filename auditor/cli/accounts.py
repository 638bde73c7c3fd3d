"""``auditor accounts list``: which accounts a scan would read, as whom, and what keeps it from some."""

import json
from threading import Event
from typing import TYPE_CHECKING, Any

import click

from auditor.cli import options
from auditor.cli.fleet_options import fleet_options
from auditor.cli.messages import Verbs, Words
from auditor.errors import ExitCode

if TYPE_CHECKING:
    from auditor.model.ids import Cloud
    from auditor.provider import CollectOptions, Provider, Target


@click.group(cls=Verbs)
def command() -> None:
    """List the accounts that a scan would read."""


@command.command("list")
@options.config_file
@options.provider_options
@fleet_options
@options.option("--ca-bundle", type=click.Path(exists=True, dir_okay=False), help="PEM file of trusted authorities.")
@click.option("--format", "form", type=Words(("table", "json")), default="table", show_default=True)
@options.display_options
def list_accounts(form: str, **values: Any) -> int:
    """List the accounts that a scan with these options would read: as whom, which it leaves out, which it cannot read.

    Signs in to each; reads nothing else.
    """
    from auditor.cli import log_setup  # noqa: PLC0415 - keeps --help fast
    from auditor.cli.selection import choose_providers, collect_options  # noqa: PLC0415 - the same

    log_setup.configure(values)
    rest = {"depth": "quick", "tier": (), "function": (), "tag": (), "max_workers": 4}
    chosen = collect_options({**values, **rest}, Event())
    rows = [
        row
        for cloud, provider in choose_providers(values["provider"], chosen).items()
        for row in _rows(cloud, provider, chosen)
    ]
    if form == "json":
        click.echo(json.dumps(rows, indent=1))
    else:
        for row in rows:
            click.echo(_line(row))
    readable = [row["status"] == "ready" for row in rows]
    if not any(readable):
        return ExitCode.NO_SCOPE
    return ExitCode.INCOMPLETE if any(row["status"] == "missing" for row in rows) else ExitCode.OK


def _rows(cloud: "Cloud", provider: "Provider", chosen: "CollectOptions") -> list[dict[str, Any]]:
    from auditor.errors import NoScopeError  # noqa: PLC0415 - keeps --help fast
    from auditor.provider import Target  # noqa: PLC0415 - the same

    rows: list[dict[str, Any]] = []
    try:
        rows.extend(_row(cloud, target) for target in provider.targets(chosen))
    except NoScopeError as refused:
        rows.append(_row(cloud, Target("", missing=str(refused))))
    return rows


def _row(cloud: "Cloud", target: "Target") -> dict[str, Any]:
    from auditor.snapshot.redact import Redactor  # noqa: PLC0415 - keeps --help fast

    redactor = Redactor()  # a cloud's error message may quote a credential
    return {
        "cloud": cloud.value,
        "account": target.scope,
        "name": redactor.text(target.name),
        "unit": redactor.text(target.unit),
        "status": "missing" if target.missing else "left out" if target.left_out else "ready",
        "caller": target.caller,
        "reason": redactor.text(target.missing or target.left_out),
        "permission": target.permission,
    }


def _line(row: dict[str, Any]) -> str:
    from auditor.cli.terminal import wrapped  # noqa: PLC0415 - keeps --help fast
    from auditor.wording import inert  # noqa: PLC0415 - the same

    named = " ".join(filter(None, (f"{row['cloud']}/{row['account']}".rstrip("/"), row["name"], row["unit"])))
    need = f" (needs {row['permission']})" if row["permission"] and row["status"] == "missing" else ""
    said = f"as {row['caller']}" if row["status"] == "ready" and row["caller"] else row["reason"]
    return wrapped(inert(f"{named}: {said}{need}"), " " * 10, f"{row['status']:<9} ")
