"""``auditor permissions``: the least-privilege policy, from the operations table."""

import json

import click

from auditor.cli import options
from auditor.cli.messages import Words


@click.command()
@click.argument("cloud", type=Words(options.CLOUDS))
@options.many("--tier", metavar="TIER", help="Opt-in tiers to add (aws: decrypt; azure: settings).")
@click.option("--format", "form", type=Words(("json", "table")), default="json", show_default=True)
def command(cloud: str, tier: tuple[str, ...], form: str) -> int:
    """Print the least-privilege policy (AWS) or custom role (Azure, Google Cloud) this tool needs.

    Every line comes from the table of operations; a call that is not in it cannot be made.
    """
    from auditor import plugins  # noqa: PLC0415 - keeps --help fast
    from auditor.errors import UsageError, suggestion  # noqa: PLC0415 - the same
    from auditor.model.ids import Cloud  # noqa: PLC0415 - the same

    provider = plugins.provider(Cloud(cloud))
    tiers = {operation.tier for operation in provider.operations}
    for name in tier:
        if name not in tiers:
            known = sorted(tiers)
            raise UsageError(f"There is no tier {name!r} for {cloud}, only {', '.join(known)}{suggestion(name, known)}")
    wanted = {"base", *tier}
    if form == "json":
        click.echo(json.dumps(provider.policy(sorted(wanted)), indent=2))
        return 0
    for operation in sorted(provider.operations, key=lambda op: (op.tier, op.permission, op.id)):
        if operation.tier in wanted:
            click.echo(f"{operation.permission:<50} {operation.depth.value:<9} {operation.tier:<8} {operation.purpose}")
    return 0
