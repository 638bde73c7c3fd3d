"""ARNs in conditions: whose resource, or whose principal, does the pattern pin?"""

from dataclasses import dataclass

from providers.aws.iam.condition_scope import ConditionScope, Width
from providers.aws.iam.patterns import is_account, is_fixed, is_variable
from providers.aws.iam.policy_owner import PolicyOwner


@dataclass(frozen=True, slots=True)
class ArnPattern:
    """The parts of an ARN, each of which may be a wildcard."""

    partition: str
    service: str
    account: str
    resource: str


def read_arn(text: str) -> ArnPattern | None:
    """The parts of an ARN (pattern), None when it is no ARN."""
    parts = text.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn":
        return None
    _, partition, service, _region, account, resource = parts
    return ArnPattern(partition, service, account, resource)


def judge_source_arn(key: str, value: str, home: PolicyOwner) -> ConditionScope:
    """What is left when the resource a service acts for must match the ARN."""
    if is_variable(value):
        return _open(key, value, "holds a policy variable")
    arn = read_arn(value)
    if arn is None:
        return _open(key, value, "is a wildcard" if "*" in value else "is no ARN")
    if is_account(arn.account):
        return judge_account(key, arn.account, home, partition=arn.partition, shown=value, of_source=True)
    name = arn.resource.split("/", 1)[0]
    if arn.account == "*" and arn.service == "execute-api" and is_fixed(name):
        why = f"{key} {value} names one API but leaves its account open"
        return ConditionScope(Width.SOURCE, why, of_source=True)
    if "*" in arn.account or "?" in arn.account:
        return _open(key, value, "leaves the account open")
    if arn.service == "s3" and not is_fixed(name):
        return _open(key, value, "matches buckets that anybody can create")
    if not is_fixed(arn.service) or not is_fixed(name or "/"):
        return _open(key, value, "matches resources of any account")
    why = (
        f"{key} {value} names a bucket without its account, and a bucket name can change owner"
        if arn.service == "s3"
        else f"{key} {value} names no account"
    )
    return ConditionScope(Width.SOURCE, why, of_source=True)


def judge_caller_arn(key: str, value: str, home: PolicyOwner) -> ConditionScope:
    """What is left when the calling principal must match the ARN."""
    arn = None if is_variable(value) else read_arn(value)
    if arn is not None and is_account(arn.account):
        return judge_account(key, arn.account, home, partition=arn.partition, shown=value, of_caller=True)
    why = f'{key} "{value}" fixes no account: a principal of any account can match, so it restricts nothing'
    return ConditionScope(Width.SIGNED, why, of_caller=True, open_value=True)


def judge_account(
    key: str,
    account: str,
    home: PolicyOwner,
    *,
    partition: str = "",
    shown: str = "",
    of_source: bool = False,
    of_caller: bool = False,
) -> ConditionScope:
    """What is left when the account is fixed: the own one, or another."""
    own = home.owns(account, partition)
    words = f"{key} fixes {shown or account}"
    why = f"{words}, of this account" if own else f"{words}, of another account ({account})"
    return ConditionScope(Width.OWN if own else Width.FOREIGN, why, of_source=of_source, of_caller=of_caller)


def _open(key: str, value: str, what: str) -> ConditionScope:
    why = f'{key} "{value}" {what} and restricts nothing'
    return ConditionScope(Width.SIGNED, why, of_source=True, open_value=True)
