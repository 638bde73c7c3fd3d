"""Which accounts a run over several of them reads, and as which role each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from auditor.errors import NoScopeError
from auditor.fleet import Fleet, ListedAccount
from auditor.model.observed import GapReason
from auditor.provider import CollectOptions, Recorder
from providers.answers.answers import GLOBAL
from providers.answers.json_paths import rows, text
from providers.aws.collect.region_context import Account
from providers.aws.gateway import Gateway
from providers.aws.operations import BY_ID
from providers.calls.opening import Opening, unopened
from providers.calls.paging import pages
from providers.calls.reply import Refusal

_ALL: Final = "organizations:ListAccounts"
_BELOW: Final = "organizations:ListAccountsForParent"
_UNITS: Final = "organizations:ListOrganizationalUnitsForParent"
_ACTIVE: Final = "ACTIVE"
_EXCLUDED: Final = "excluded by the options of the run"
_PAGE: Final = 20
"""Accounts and units a page holds at most (Organizations API reference)."""

_NAMED: Final = (
    "name the accounts with --accounts or --accounts-file, or ask from the management account or a delegated one"
)


@dataclass(frozen=True, slots=True)
class Member:
    """An account to read. ``roles`` are ARNs, each assumed from the one before; none: with the credentials as they are.

    ``row`` is what Organizations says of it, by the operation that said it; ``left_out`` why it is not read.
    """

    id: str
    name: str = ""
    unit: str = ""
    roles: tuple[str, ...] = ()
    external_id: str | None = None
    regions: tuple[str, ...] = ()
    profile: str | None = None
    row: Mapping[str, Any] | None = None
    listed_by: str = ""
    left_out: str = ""


def members(gateway: Gateway, own: Account, options: CollectOptions, recorder: Recorder) -> tuple[Member, ...]:
    """Every account that was asked for, those that are left out included, by id.

    Raises NoScopeError where the accounts of the organization cannot be listed.
    """
    fleet = options.fleet
    if not fleet.organization:
        found = [_of_file(account, fleet, own, options) for account in fleet.named()]
        return tuple(sorted(found, key=lambda member: member.id))
    by_id: dict[str, Member] = {}
    for operation, unit, row in _listed(gateway, fleet, recorder):
        name = text(row, "Id")
        by_id[name] = Member(
            name,
            text(row, "Name"),
            unit or _path(row),
            () if name == own.id else _arns((fleet.role or "",), name, own.partition),
            options.settings.get("external_id"),
            row=row,
            listed_by=operation,
            left_out=_left_out(row, fleet),
        )
    for name in fleet.accounts:
        if name not in by_id:
            recorder.error(f"AWS account {name} is not among the accounts that were listed: it was not read.")
    return tuple(by_id[name] for name in sorted(by_id) if not fleet.accounts or name in fleet.accounts)


def _of_file(account: ListedAccount, fleet: Fleet, own: Account, options: CollectOptions) -> Member:
    """An account that was named. Its own role wins; the account of the credentials needs none."""
    roles = account.roles or (() if account.profile or account.id == own.id else (fleet.role or "",))
    external_id = account.external_id or options.settings.get("external_id")
    arns = _arns(roles, account.id, own.partition)
    return Member(account.id, account.name, "", arns, external_id, account.regions, account.profile)


def _arns(roles: Iterable[str], account: str, partition: str) -> tuple[str, ...]:
    return tuple(role if role.startswith("arn:") else f"arn:{partition}:iam::{account}:role/{role}" for role in roles)


def _left_out(row: Mapping[str, Any], fleet: Fleet) -> str:
    """Why an account of the organization is not read. ``Status`` is what AWS said before it had ``State``."""
    if text(row, "Id") in fleet.excluded:
        return _EXCLUDED
    state = text(row, "State") or text(row, "Status")
    return "" if state in ("", _ACTIVE) else f"its state is {state}"


def _path(row: Mapping[str, Any]) -> str:
    """The unit of an account, as the newest answers tell it."""
    paths = row.get("Paths")
    first = paths[0] if isinstance(paths, list) and paths else ""
    return first if isinstance(first, str) else ""


def _listed(gateway: Gateway, fleet: Fleet, recorder: Recorder) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Rows of accounts with the operation that listed them and the unit they are in, where that is known."""
    if not fleet.units:
        yield from ((_ALL, "", row) for row in _rows(gateway, recorder, _ALL, "Accounts"))
        return
    waiting, seen = list(fleet.units), set(fleet.units)
    while waiting and not gateway.stopped:
        unit = waiting.pop(0)
        for row in _rows(gateway, recorder, _BELOW, "Accounts", ParentId=unit):
            yield _BELOW, unit, row
        for row in _rows(gateway, recorder, _UNITS, "OrganizationalUnits", ParentId=unit):
            name = text(row, "Id")
            if name and name not in seen:
                seen.add(name)
                waiting.append(name)


def _rows(
    gateway: Gateway, recorder: Recorder, operation_id: str, member: str, **asked: Any
) -> Iterator[Mapping[str, Any]]:
    """The rows of a list of the organization. One that broke off is said; raises NoScopeError where none came."""
    operation, read = BY_ID[operation_id], 0

    def ask(token: str) -> Any:
        return gateway.ask(operation, GLOBAL, MaxResults=_PAGE, **asked, **({"NextToken": token} if token else {}))

    for answer in pages(ask, lambda body: body.get("NextToken")):
        if not isinstance(answer, Refusal):
            yield from (row for row in rows(answer, member) if text(row, "Id"))
            read += 1
        elif read or asked:
            said = answer.message.rstrip(".")
            recorder.error(f"{operation_id} broke off ({said}): accounts that it did not list were not read.")
        else:
            raise _unlisted(gateway, operation_id, answer)


def _unlisted(gateway: Gateway, operation_id: str, refusal: Refusal) -> NoScopeError:
    if refusal.reason is GapReason.INTERRUPTED:
        return NoScopeError("The run was stopped before the accounts of the organization were listed.")
    address, setting = gateway.session.endpoint("organizations", gateway.home)
    failed = "The accounts of the AWS organization cannot be listed"
    opening = Opening("AWS", failed, "sign in again", BY_ID[operation_id].permission, _NAMED, address, setting)
    return unopened(opening, refusal)
