"""What policies of a role allow and no code of the role's functions calls."""

from typing import Protocol

from auditor.analysis.called_actions import calls_of
from auditor.analysis.policy_reductions import reduction_to_calls, uncalled_actions
from auditor.analysis.roles import acting_role
from auditor.model.function import Function
from auditor.model.identity import Identity, ServiceUsage
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Known, Observed, Unanswered, Unknown, each, not_offered

_SERVICES = frozenset({"lambda.amazonaws.com", "edgelambda.amazonaws.com"})


class Holders(Protocol):
    """Who else may run as a role; :class:`auditor.check.Context` is one."""

    def functions_running_as(self, identity: str) -> tuple[Function, ...]:
        """The functions that are known to."""

    def unread_identities(self, cloud: Cloud, scope: str | None = None) -> Gap | None:
        """Why there may be more; None: there are none."""

    def unlisted(self, cloud: Cloud) -> Gap | None:
        """Why functions may exist that no list named; None: there are none."""


def calls_of_role(function: Function, role: Identity, holders: Holders) -> ServiceUsage:
    """What the code of all functions that run as the role calls. Raises Unanswered where more may be called."""
    calls = calls_of({one.id: one for one in (function, *holders.functions_running_as(role.id))}.values())
    gap = holders.unread_identities(Cloud.AWS, function.scope) or holders.unlisted(Cloud.AWS)
    if gap is not None:
        raise Unanswered(gap)
    for stated in (one for group in each(role.trust) for one in group):
        others = set(stated.principals) - _SERVICES
        if others or not stated.principals:
            said = f"{', '.join(sorted(others)) or 'others'} may assume the role too, and what they call is not known"
            raise Unanswered(Gap(GapReason.NOT_COLLECTED, role.trust[0].source, None, said))
    return calls


def unused_permissions(function: Function, holders: Holders) -> Observed[tuple[str, ...]]:
    """The actions that its role's policies allow and no code of the role's functions calls, sorted."""
    if not isinstance(function.code.analysis, Known):
        return function.code.analysis
    source = function.code.analysis.source
    try:
        role = acting_role(function.identity.need())
        if isinstance(role, str):
            return not_offered(source, role)
        calls = calls_of_role(function, role, holders)
        found: set[str] = set()
        for policy in role.policies.need():
            policy.document.need()
            if reduction_to_calls(role, policy, calls) is not None:
                found.update(uncalled_actions(policy, calls))
    except Unanswered as unanswered:
        return Unknown(unanswered.gap)
    return Known(tuple(sorted(found)), source)
