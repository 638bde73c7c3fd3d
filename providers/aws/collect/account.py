"""Who we are and which regions there are to read."""

import re
from collections.abc import Sequence
from typing import Any, Final

from auditor.errors import NoScopeError, UsageError
from auditor.model.observed import GapReason
from auditor.provider import CollectOptions, Recorder
from providers.answers.json_paths import rows, text
from providers.aws.arn import parse_arn
from providers.aws.classify import Refusal
from providers.aws.collect.place import Account
from providers.aws.gateway import GLOBAL, Gateway
from providers.aws.operations import BY_ID
from providers.aws.session import Session, check_names

_ENABLED: Final = ["ENABLED", "ENABLED_BY_DEFAULT"]
_CALLER: Final = re.compile(r"\barn:[\w-]+:(?:iam|sts)::\d{12}:[\w+=,.@/-]+")


def check_regions(options: CollectOptions, session: Session) -> None:
    """Raises UsageError for a region name that no partition has."""
    known = tuple(region for partition in session.partitions() for region in session.regions(partition))
    check_names((*options.regions, *options.exclude_regions), known)


def identify(gateway: Gateway, session: Session, options: CollectOptions) -> Account | None:
    """The caller's account and partition; None where the run was stopped first.

    Raises NoScopeError where the credentials do not say whose they are.
    """
    operation = BY_ID["sts:GetCallerIdentity"]
    answer: Any = None
    for home in _homes(session, options):
        gateway.home = home
        answer = gateway.ask(operation, GLOBAL)
        elsewhere = isinstance(answer, Refusal) and (
            answer.code == "InvalidClientTokenId" or answer.reason is GapReason.UNREACHABLE
        )
        if not elsewhere:
            break
    told = answer.message if isinstance(answer, Refusal) else text(answer, "Arn")
    found = None
    if isinstance(answer, Refusal) and operation.id in told:  # a refusal of this very call names who asked
        found = _CALLER.search(told)
    arn = parse_arn(found.group() if found else told)
    if arn is None or not re.fullmatch(r"\d{12}", arn.account):
        _unknown(answer)
        return None
    gateway.scope = arn.account
    gateway.record(operation, GLOBAL, "", 0, answer)
    return Account(arn.account, arn.partition)


def _homes(session: Session, options: CollectOptions) -> Sequence[str]:
    """The regions in which to ask who we are, until one answers: those configured, else one of each partition."""
    chosen = (*options.regions[:2], *((session.region,) if session.region else ()))
    if chosen:
        return tuple(dict.fromkeys(chosen))
    return tuple(session.first_region(name) for name in session.partitions())


def _unknown(answer: Any) -> None:
    if not isinstance(answer, Refusal):
        raise NoScopeError("AWS answered sts:GetCallerIdentity without an account.")
    if answer.reason is GapReason.INTERRUPTED:
        return
    said = answer.message.rstrip(".")
    if answer.reason is GapReason.EXPIRED:
        raise NoScopeError(f"The AWS credentials have expired ({said}): sign in again.")
    if "AssumeRole" in said:
        raise NoScopeError(f"The role cannot be assumed ({said}): check --role-arn, --external-id and its trust.")
    if answer.reason is GapReason.DENIED:
        raise NoScopeError(f"The AWS credentials are not accepted by sts:GetCallerIdentity ({said}).")
    raise NoScopeError(f"AWS could not be asked who the caller is, sts:GetCallerIdentity ({said}).")


def regions_to_read(
    gateway: Gateway, session: Session, options: CollectOptions, account: Account, recorder: Recorder
) -> tuple[str, ...]:
    """The regions of this run, sorted. ``--region`` skips the discovery.

    Raises UsageError for a region of another partition.
    """
    if options.regions:
        wanted: Sequence[str] = options.regions
        known = session.regions(account.partition)
        for region in (region for region in wanted if known and region not in known):
            raise UsageError(
                f"Region {region!r} is not in partition {account.partition!r}, to which account {account.id} belongs."
            )
    else:
        wanted = _enabled(gateway) or _own(gateway, recorder)
    return tuple(sorted(set(wanted) - set(options.exclude_regions)))


def _enabled(gateway: Gateway) -> list[str]:
    found: list[str] = []
    listed = 0

    def each(page: Any) -> None:
        nonlocal listed
        listed += len(page["Regions"])
        found.extend(name for row in rows(page, "Regions") if (name := text(row, "RegionName")))

    complete, _ = gateway.listing(
        "account:ListRegions", GLOBAL, each=each, RegionOptStatusContains=_ENABLED, MaxResults=50
    )
    if complete and found and len(found) == listed:
        return found
    body = gateway.call("ec2:DescribeRegions", GLOBAL).body
    also = [name for row in rows(body, "Regions") if (name := text(row, "RegionName"))]
    return sorted({*found, *also})


def _own(gateway: Gateway, recorder: Recorder) -> list[str]:
    recorder.error(
        f"The enabled regions could not be listed (account:ListRegions, ec2:DescribeRegions): only {gateway.home} "
        "was read. Name others with --region."
    )
    return [gateway.home]
