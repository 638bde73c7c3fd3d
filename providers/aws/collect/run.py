"""One account, read: identity, regions, then every region side by side."""

from collections.abc import Callable
from functools import partial
from typing import Final

from auditor.model.capture import Depth
from auditor.provider import CollectOptions, Recorder
from providers.answers.answers import GLOBAL
from providers.aws.collect.account import check_regions, identify, regions_to_read
from providers.aws.collect.compute import AccountCompute
from providers.aws.collect.front_ends import distributions
from providers.aws.collect.organization_policies import OrganizationPolicies, are_asked_for
from providers.aws.collect.region import Region
from providers.aws.collect.region_context import Account, RegionContext
from providers.aws.collect.service_usage import LANE, ServiceUsage
from providers.aws.gateway import Gateway
from providers.aws.operations import BY_ID
from providers.aws.session import Session
from providers.calls.work_queue import WorkQueue

_ORGANIZATION: Final = "organizations:DescribeOrganization"
_BUDGETS: Final = "budgets:DescribeBudgets"
_ANOMALIES: Final = "ce:GetAnomalyMonitors"
_BLOCKED: Final = "s3control:GetPublicAccessBlock"
_WIDTHS: Final = {
    "bulk": 4,
    "apigateway": 2,
    "events": 2,
    "s3": 2,
    "sqs": 2,
    "states": 2,
    "lambda": 4,
    "lambda:GetPolicy": 8,
    "lambda:GetFunction": 6,
    LANE: 4,
}
"""Calls of a lane under way at once: enough for its quota at a latency of 250 ms (GetFunction never is the
bottleneck), and for throttled GetPolicy calls that sit out their back-off."""


def read_account(gateway: Gateway, session: Session, options: CollectOptions, recorder: Recorder) -> None:
    """Asks everything; whatever has no answer becomes a recorded gap.

    Raises NoScopeError where the identity cannot be read, UsageError for regions that do not exist.
    """
    check_regions(options, session)
    account = identify(gateway, session, options)
    if account is None:
        return
    recorder.caller(account.caller)
    above = OrganizationPolicies(gateway) if are_asked_for(options) else None
    read_regions(gateway, session, options, recorder, account, partial(above.record, gateway) if above else None)


def read_regions(
    gateway: Gateway,
    session: Session,
    options: CollectOptions,
    recorder: Recorder,
    account: Account,
    organization: Callable[[], None] | None = None,
) -> None:
    """Everything but the identity; ``organization`` records what the organization says of the account.

    Raises UsageError for regions of another partition.
    """
    everywhere = _queue("aws", gateway, recorder)
    compute = AccountCompute()
    everywhere.add("bulk", lambda: compute.identities(gateway))
    if options.depth.rank >= BY_ID[_ORGANIZATION].depth.rank:
        everywhere.add("bulk", lambda: gateway.call(_ORGANIZATION, GLOBAL))
        everywhere.add("bulk", lambda: gateway.call(_BLOCKED, GLOBAL, AccountId=account.id))
        everywhere.add("bulk", lambda: distributions(gateway))
        everywhere.add("bulk", lambda: gateway.listing(_BUDGETS, GLOBAL, AccountId=account.id))
    if options.depth.rank >= BY_ID[_ANOMALIES].depth.rank:
        everywhere.add("bulk", lambda: gateway.listing(_ANOMALIES, GLOBAL))
    if organization is not None:
        everywhere.add("bulk", organization)
    works = [everywhere]
    usage = ServiceUsage(gateway, options)
    try:
        regions = regions_to_read(gateway, session, options, account, recorder)
        recorder.scope(account.id, regions)
        for region in regions:
            work = _queue(region, gateway, recorder)
            works.append(work)
            context = RegionContext(gateway, account, region, options, work, usage=usage)
            Region(context).start()
            if context.at_least(Depth.STANDARD):
                compute.region(context)
    finally:
        for work in works:
            work.close()


def _queue(name: str, gateway: Gateway, recorder: Recorder) -> WorkQueue:
    threads = sum(_WIDTHS.values())
    return WorkQueue(name, threads, recorder.error, width=lambda lane: _WIDTHS[str(lane)], waiting=gateway.waiting)
