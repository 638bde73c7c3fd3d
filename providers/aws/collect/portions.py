"""An organization in parts, one an account, each to be read by whoever can take its role."""

from dataclasses import replace
from functools import partial
from typing import Final

from auditor.fleet import AccountsFile, Fleet, ListedAccount
from auditor.provider import CollectOptions, Portion, Recorder
from providers.aws.collect.fleet import members_to_read, of_member
from providers.aws.collect.members import Member
from providers.aws.collect.organization_policies import OrganizationPolicies, are_asked_for
from providers.aws.gateway import Gateway
from providers.aws.operations.declaration import ORGANIZATION
from providers.aws.session import Session
from providers.calls.work_queue import WorkQueue

_SIDE_BY_SIDE: Final = 8


def portions(gateway: Gateway, session: Session, options: CollectOptions, recorder: Recorder) -> tuple[Portion, ...]:
    """The parts, by account. What only the organization tells is asked here, once, and recorded.

    Raises NoScopeError where the caller's identity cannot be read, or the accounts cannot be listed.
    """
    wanted = members_to_read(gateway, session, options, recorder)
    above = OrganizationPolicies(gateway) if are_asked_for(options) else None
    with WorkQueue("accounts", _SIDE_BY_SIDE, recorder.error, waiting=gateway.waiting) as queue:
        for member in wanted:
            mine = of_member(gateway, session, recorder, member)
            if above is not None:
                queue.add(None, partial(above.record, mine, member.row))
    tiers = tuple(tier for tier in options.tiers if tier != ORGANIZATION)
    return tuple(Portion(member.id, replace(options, tiers=tiers, fleet=_alone(member))) for member in wanted)


def _alone(member: Member) -> Fleet:
    """The account by itself, with the very roles that were found for it: none where it is read as who we are."""
    listed = ListedAccount(member.id, member.name, member.roles, member.external_id, member.regions, member.profile)
    return Fleet(listed=AccountsFile(accounts=(listed,)))
