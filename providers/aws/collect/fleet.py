"""Several accounts, each read as a role of its own. What fails in one is a gap of that one."""

from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Final

from auditor.errors import NoScopeError, UsageError
from auditor.model.observed import GapReason
from auditor.provider import CollectOptions, Recorder
from providers.answers.answers import GLOBAL
from providers.answers.json_paths import text
from providers.aws.arn import parse_arn
from providers.aws.collect.account import check_regions, identify
from providers.aws.collect.members import Member, members
from providers.aws.collect.organization_policies import OrganizationPolicies, are_asked_for
from providers.aws.collect.region_context import Account
from providers.aws.collect.run import read_regions
from providers.aws.gateway import Gateway
from providers.aws.operations import BY_ID, LISTING
from providers.aws.session import Session
from providers.calls.reply import Refusal
from providers.calls.work_queue import WorkQueue

_SIDE_BY_SIDE: Final = 8
"""Accounts read at once. Each has quotas of its own, so more are limited by this machine alone."""

_IDENTITY: Final = BY_ID["sts:GetCallerIdentity"]
_ASSUME: Final = BY_ID["sts:AssumeRole"]


def read_fleet(gateway: Gateway, session: Session, options: CollectOptions, recorder: Recorder) -> None:
    """Asks everything of every account that was asked for; whatever has no answer becomes a recorded gap.

    Raises NoScopeError where the caller's identity cannot be read, or the accounts cannot be listed.
    """
    wanted = members_to_read(gateway, session, options, recorder)
    above = OrganizationPolicies(gateway) if are_asked_for(options) else None
    with WorkQueue("accounts", _SIDE_BY_SIDE, recorder.error, waiting=gateway.waiting) as queue:
        for member in wanted:
            queue.add(None, partial(_read, gateway, session, options, recorder, member, above))


def members_to_read(
    gateway: Gateway, session: Session, options: CollectOptions, recorder: Recorder
) -> tuple[Member, ...]:
    """The accounts to read, with what is said of all of them recorded; none where the run was stopped first."""
    check_regions(options, session)
    own = identify(gateway, session, options, recorded=False)
    if own is None:
        return ()
    recorder.caller(own.caller)
    found = members(gateway, own, options, recorder)
    wanted = tuple(member for member in found if not member.left_out)
    if not wanted and not gateway.stopped:
        raise NoScopeError("The options leave no active AWS account to read ('auditor accounts list' says why).")
    for member in found:
        recorder.account(member.id, name=member.name, unit=member.unit, left_out=member.left_out)
    return wanted


def of_member(gateway: Gateway, session: Session, recorder: Recorder, member: Member) -> Gateway:
    """The gateway to an account, which is opened by this and noted with what the organization's list says of it."""
    recorder.scope(member.id, ())
    mine = gateway.for_session(session)
    mine.scope, mine.home = member.id, gateway.home
    if member.row is not None:
        mine.record(BY_ID[member.listed_by], GLOBAL, "", 0, {"Accounts": [member.row]})
    return mine


def _read(
    gateway: Gateway,
    session: Session,
    options: CollectOptions,
    recorder: Recorder,
    member: Member,
    above: OrganizationPolicies | None,
) -> None:
    mine = of_member(gateway, session, recorder, member)
    try:
        with closing(opened(session, member)) as role:
            mine.session = role
            account = signed_in(mine, member)
            if isinstance(account, Refusal):
                unreadable(mine, member, account)
                return
            recorder.caller(account.caller)
            narrowed = replace(options, regions=member.regions) if member.regions and not options.regions else options
            told = partial(above.record, mine, member.row) if above is not None else None
            read_regions(mine, role, narrowed, recorder, account, told)
    except (NoScopeError, UsageError) as refused:
        unreadable(mine, member, Refusal(GapReason.DENIED, str(refused)))


def opened(session: Session, member: Member) -> Session:
    """The session that reads an account. Raises UsageError for a profile or a role that cannot be one."""
    source = session.of_profile(member.profile) if member.profile else session
    return source.assuming(member.roles, member.external_id)


def signed_in(mine: Gateway, member: Member) -> Account | Refusal:
    """As whom an account is read, or why it cannot be: never as somebody of another account."""
    answer = mine.ask(_IDENTITY, GLOBAL)
    if isinstance(answer, Refusal):
        return answer
    arn = parse_arn(text(answer, "Arn"))
    if arn is None or text(answer, "Account") != member.id:
        whose = text(answer, "Account") or "none that it names"
        return Refusal(GapReason.DENIED, f"The credentials for account {member.id} belong to account {whose}.")
    mine.record(_IDENTITY, GLOBAL, "", 0, answer)
    return Account(member.id, arn.partition, text(answer, "Arn"))


def unreadable(mine: Gateway, member: Member, refusal: Refusal) -> None:
    """Records why an account is not read: nobody could sign in to it, and so its functions are not known."""
    operation = _ASSUME if member.roles else _IDENTITY
    said = refusal
    if member.roles and refusal.reason is GapReason.DENIED:
        said = replace(refusal, message=f"{member.roles[-1]} cannot be assumed: {refusal.message}")
    mine.record(operation, GLOBAL, "", 0, said)
    for listing in sorted(LISTING):
        mine.record(BY_ID[listing], GLOBAL, "", 0, said)
