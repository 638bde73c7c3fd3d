"""``auditor accounts list`` for AWS: which accounts a scan would read, as whom, and what keeps it from some."""

from collections.abc import Iterator
from contextlib import closing

from auditor.errors import NoScopeError, UsageError
from auditor.provider import CollectOptions, Target
from providers.aws.collect.account import identify
from providers.aws.collect.fleet import opened, signed_in
from providers.aws.collect.members import Member, members
from providers.aws.gateway import Gateway
from providers.aws.operations import BY_ID
from providers.aws.session import Session
from providers.calls.reply import Refusal
from providers.doctor import SentenceRecorder


def aims(gateway: Gateway, session: Session, options: CollectOptions) -> Iterator[Target]:
    """A line for each account. Raises NoScopeError where they cannot be told."""
    own = identify(gateway, session, options, recorded=False)
    if own is None:
        return
    if not options.fleet.spans_accounts:
        yield Target(own.id, caller=own.caller)
        return
    recorder = SentenceRecorder()
    for member in members(gateway, own, options, recorder):
        yield _tried(gateway, session, member)
    yield from (Target("", missing=sentence) for sentence in recorder.said)


def _tried(gateway: Gateway, session: Session, member: Member) -> Target:
    if member.left_out:
        return Target(member.id, member.name, member.unit, left_out=member.left_out)
    try:
        with closing(opened(session, member)) as role:
            mine = gateway.for_session(role)
            mine.scope, mine.home = member.id, gateway.home
            account = signed_in(mine, member)
    except (NoScopeError, UsageError) as refused:
        return Target(member.id, member.name, member.unit, missing=str(refused))
    if isinstance(account, Refusal):
        whom = member.roles[-1] if member.roles else ""
        needed = BY_ID["sts:AssumeRole"].permission if member.roles else None
        return Target(member.id, member.name, member.unit, whom, missing=account.message, permission=needed)
    return Target(member.id, member.name, member.unit, account.caller)
