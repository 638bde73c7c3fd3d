"""Who we are and which regions there are to read."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from auditor.errors import NoScopeError, UsageError
from auditor.model.observed import GapReason
from auditor.provider import CollectOptions, Recorder
from providers.answers.answers import GLOBAL
from providers.answers.json_paths import rows, text
from providers.aws.arn import parse_arn
from providers.aws.collect.region_context import Account
from providers.aws.gateway import Gateway
from providers.aws.operations import BY_ID
from providers.aws.session import Session, check_names
from providers.calls.opening import Opening, unopened
from providers.calls.reply import Refusal

_SIGN_IN: Final = "sign in again (`aws sso login`), or renew AWS_ACCESS_KEY_ID and the variables beside it"
_CALLER: Final = re.compile(r"\barn:[\w-]+:(?:iam|sts)::\d{12}:[\w+=,.@/-]+")


def check_regions(options: CollectOptions, session: Session) -> None:
    """Raises UsageError for a region name that no partition has."""
    known = tuple(region for partition in session.partitions() for region in session.regions(partition))
    check_names((*options.regions, *options.exclude_regions), known)


def identify(gateway: Gateway, session: Session, options: CollectOptions, *, recorded: bool = True) -> Account | None:
    """The caller's account and partition; None where the run was stopped first.

    ``recorded`` False is for credentials whose own account may not be one of those that are read.
    Raises NoScopeError where the credentials do not say whose they are.
    """
    operation = BY_ID["sts:GetCallerIdentity"]
    refusals: dict[str, Refusal] = {}
    answer: Any = None
    for home in _homes(session, options):
        gateway.home = home
        answer = gateway.ask(operation, GLOBAL)
        if not isinstance(answer, Refusal):
            break
        refusals[home] = answer
        if not _elsewhere(answer):
            break
    said = answer.message if isinstance(answer, Refusal) else text(answer, "Arn")
    found = None
    if isinstance(answer, Refusal) and operation.id in said:  # a refusal of this very call names who asked
        found = _CALLER.search(said)
    arn = parse_arn(found.group() if found else said)
    if arn is None or not re.fullmatch(r"\d{12}", arn.account):
        _unknown(session, refusals if isinstance(answer, Refusal) else {})
        return None
    gateway.scope = arn.account
    if recorded:
        gateway.record(operation, GLOBAL, "", 0, answer)
    return Account(arn.account, arn.partition, found.group() if found else said)


def _homes(session: Session, options: CollectOptions) -> Sequence[str]:
    """The regions in which to ask who we are, until one answers: those configured, else one of each partition."""
    chosen = (*options.regions[:2], *((session.region,) if session.region else ()))
    if chosen:
        return tuple(dict.fromkeys(chosen))
    return tuple(session.first_region(name) for name in session.partitions())


def _elsewhere(refusal: Refusal) -> bool:
    """Whether the credentials may belong to another partition."""
    return refusal.code == "InvalidClientTokenId" or refusal.reason is GapReason.UNREACHABLE


def _unknown(session: Session, refusals: Mapping[str, Refusal]) -> None:
    """Raises NoScopeError for credentials that do not say whose they are; a stopped run ends quietly.

    ``refusals`` are those of each region asked. What one partition answers says more than the silence of others, and
    the first partition is the one most people mean.
    """
    if not refusals:
        raise NoScopeError("AWS answered sts:GetCallerIdentity without an account.")
    if any(refusal.reason is GapReason.INTERRUPTED for refusal in refusals.values()):
        return
    by_weight = sorted(refusals, key=lambda home: (_elsewhere(refusals[home]), refusals[home].status == 0))
    home, refusal = by_weight[0], refusals[by_weight[0]]
    said = refusal.message.rstrip(".")
    if "AssumeRole" in said:
        raise NoScopeError(f"The role cannot be assumed ({said}): check --role-arn, --external-id and its trust.")
    if refusal.reason is GapReason.DENIED:
        raise NoScopeError(f"The AWS credentials are not accepted by sts:GetCallerIdentity ({said}): {_SIGN_IN}.")
    failed = "AWS did not say whose the credentials are (sts:GetCallerIdentity)"
    address, setting = session.endpoint("sts", home)
    raise unopened(Opening("AWS", failed, _SIGN_IN, "sts:GetCallerIdentity", "grant it", address, setting), refusal)


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
        wanted = _enabled(gateway, recorder) or _own(gateway, recorder)
    return tuple(sorted(set(wanted) - set(options.exclude_regions)))


def _enabled(gateway: Gateway, recorder: Recorder) -> list[str]:
    """The regions that EC2 lists unless asked for all: those the account may use, opted in or by default."""
    body = gateway.call("ec2:DescribeRegions", GLOBAL).body
    found = [name for row in rows(body, "Regions") if (name := text(row, "RegionName"))]
    lost = len(body["Regions"]) - len(found) if body else 0
    if found and lost:
        recorder.error(
            f"{lost} of the account's regions could not be told by name (ec2:DescribeRegions) and were not read."
        )
    return found


def _own(gateway: Gateway, recorder: Recorder) -> list[str]:
    recorder.error(
        f"The enabled regions could not be listed (ec2:DescribeRegions): only {gateway.home} was read. Name others "
        "with --region."
    )
    return [gateway.home]
