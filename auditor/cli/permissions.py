"""``auditor permissions``: the least-privilege policy, from the operations table."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from auditor.cli import options
from auditor.cli.messages import Words
from auditor.cli.terminal import width, wrapped

if TYPE_CHECKING:
    from auditor.analysis.managed_roles import Lacking, ManagedRole
    from auditor.model.ids import Cloud
    from auditor.provider import Operation, Provider, Rollout


@click.command()
@click.argument("cloud", type=Words(options.CLOUDS))
@options.many(
    "--tier",
    metavar="TIER",
    help="Opt-in tiers to add (aws: activity, code, config, decrypt, organization, packages, usage; azure: packages, "
    "settings; gcp: packages).",
)
@options.many(
    "--check-managed",
    metavar="ROLE",
    envvar=None,  # a question asked once, no setting of a run
    help="Print what these roles of the vendor do not hold, and the checks that costs (aws: SecurityAudit; azure: "
    "Reader; gcp: roles/viewer; and others). Several count together.",
)
@click.option(
    "--format",
    "form",
    type=Words(("json", "table", "cloudformation-stackset", "terraform")),
    help="json, table (default with --check-managed), or what rolls the role out to a whole organisation: "
    "cloudformation-stackset (aws), terraform (all clouds).",
)
@click.option(
    "--trust", metavar="PRINCIPAL", help="Rolling out: who may act as the role (account, ARN, object id, member)."
)
@click.option("--external-id", metavar="ID", help="Rolling out, aws: the external id that assuming the role needs.")
@click.option("--role-name", metavar="NAME", default="", help="Rolling out: name of the role.")
def command(
    cloud: str,
    tier: tuple[str, ...],
    check_managed: tuple[str, ...],
    form: str | None,
    trust: str | None,
    external_id: str | None,
    role_name: str,
) -> int:
    """Print the least-privilege policy (AWS) or custom role (Azure, Google Cloud) this tool needs.

    Every line comes from the table of operations; a call that is not in it cannot be made.
    """
    from auditor import plugins  # noqa: PLC0415 - keeps --help fast
    from auditor.errors import UsageError, suggestion  # noqa: PLC0415 - the same
    from auditor.model.ids import Cloud  # noqa: PLC0415 - the same
    from auditor.provider import BASE, Rollout  # noqa: PLC0415 - the same

    provider = plugins.provider(Cloud(cloud))
    tiers = {operation.tier for operation in provider.operations}
    for name in tier:
        if name not in tiers:
            known = sorted(tiers)
            raise UsageError(f"There is no tier {name!r} for {cloud}, only {', '.join(known)}{suggestion(name, known)}")
    wanted = tuple(op for op in provider.operations if op.tier in {BASE, *tier})
    if check_managed:
        return _compare(Cloud(cloud), wanted, check_managed, form or "table")
    if form in _ROLLED_OUT:
        return _roll_out(provider, Rollout(form, trust or "", external_id, role_name, tuple(sorted({BASE, *tier}))))
    if trust or external_id or role_name:
        raise UsageError(f"--trust, --external-id and --role-name need --format {' or '.join(_ROLLED_OUT)}.")
    if form != "table":
        _say_what_is_added(provider, tier)
        click.echo(json.dumps(provider.policy(sorted({BASE, *tier})), indent=2))
        return 0
    for op in sorted(wanted, key=lambda op: (op.tier, op.permission, op.id)):
        line, columns = f"{op.permission:<50} {op.depth.value:<9} {op.tier:<8} {op.purpose}", width()
        if columns is None or len(line) <= columns:
            click.echo(line)
        else:
            head = f"{op.permission} ({op.depth}, {op.tier})"
            if len(head) > columns:
                head = head.replace(" (", "\n    (", 1)
            click.echo(f"{head}\n{wrapped(op.purpose, '    ', '    ')}")
    return 0


_ROLLED_OUT = ("cloudformation-stackset", "terraform")


def _roll_out(provider: "Provider", asked: "Rollout") -> int:
    """What deploys the role, and on standard error how, so that what is printed stays a template."""
    template, how = provider.rollout(asked)
    click.echo(template)
    click.echo(how, err=True, nl=False)
    return 0


def _say_what_is_added(provider: "Provider", tiers: Iterable[str]) -> None:
    """On standard error, so that what is printed stays a policy."""
    from auditor.analysis.managed_roles import operation_costs  # noqa: PLC0415 - keeps --help fast

    costs = operation_costs(provider.cloud)
    for name in dict.fromkeys(tiers):
        added = [op for op in provider.operations if op.tier == name]
        checks = sorted({check for op in added for check in costs.get(op.id, ())})
        permissions = ", ".join(sorted({op.permission for op in added}))
        needed = ", ".join(checks) or "none by itself"
        click.echo(wrapped(f"Tier {name} adds {permissions}. Checks that need it: {needed}."), err=True)


def _compare(cloud: "Cloud", operations: Sequence["Operation"], names: tuple[str, ...], form: str) -> int:
    from auditor.analysis.managed_roles import data_as_of, lacking, managed_roles  # noqa: PLC0415 - keeps --help fast
    from auditor.errors import UsageError, suggestion  # noqa: PLC0415 - the same

    known = managed_roles(cloud)
    for name in names:
        if name not in known:
            raise UsageError(f"No role {name!r} of {cloud} is known, only {', '.join(known)}{suggestion(name, known)}")
    roles = tuple(known[name] for name in dict.fromkeys(names))
    lost = lacking(cloud, operations, roles)
    source, day = data_as_of()
    rows = [_row(item, [op for op in operations if op.permission == item.permission]) for item in lost]
    if form == "json":
        document = {"roles": {role.name: role.id for role in roles}, "source": source, "as_of": day, "lacking": rows}
        click.echo(json.dumps(document, indent=2))
        return 0
    for line in _table(roles, len({op.permission for op in operations}), rows, f"{source}, {day}"):
        click.echo(wrapped(line, "    "))
    return 0


def _row(item: "Lacking", operations: Sequence["Operation"]) -> dict[str, Any]:
    depth = min((op.depth for op in operations), key=lambda depth: depth.rank)
    return {
        "permission": item.permission,
        "depth": depth.value,
        "tier": operations[0].tier,
        "purpose": "; ".join(dict.fromkeys(op.purpose for op in operations)),
        "checks": list(item.checks),
    }


def _table(roles: Sequence["ManagedRole"], needed: int, rows: Sequence[dict[str, Any]], source: str) -> Iterable[str]:
    named = " with ".join(f"{role.name} ({role.id})" if role.id != role.name else role.name for role in roles)
    yield f"{named} holds {needed - len(rows)} of {needed} permissions (source: {source})."
    if not rows:
        yield "Nothing is lacking."
        return
    yield "Lacking, the depth and tier that use it, and the checks that cannot reach a verdict without it:"
    width = max(len(row["permission"]) for row in rows)
    for row in rows:
        checks = ", ".join(row["checks"]) or f"none by itself ({row['purpose']})"
        yield f"  {row['permission']:<{width}}  {row['depth']:<8}  {row['tier']:<8}  {checks}"
