"""Which resources the Resource patterns of AWS policies mean: one, every one of a type, everything."""

import re
from dataclasses import dataclass
from functools import lru_cache

from auditor.analysis.service_authorization import ResourceType
from auditor.model.wildcards import ANY, covers, overlaps

_WILD_RUN = re.compile(r"[*?]*\*[*?]*")
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_LITERALS = {"*": "\x01", "?": "\x02", "$": "$"}
"""Policy variables that stand for the letter itself."""
_UNKNOWN = "\x03"
"""In place of a policy variable: some value, and never every value."""
_PARTS = 6
_REMEMBERED = 16_384
"""Answers kept: many roles ask the same few thousand questions."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The account (12 digits, "" where it does not matter) and partition whose resources are meant."""

    account: str
    partition: str


@lru_cache(maxsize=_REMEMBERED)
def plain(pattern: str) -> str:
    """The pattern with each run of wildcards as one: that ``?*`` asks for a letter rules nothing out."""
    return _WILD_RUN.sub(ANY, _VARIABLE.sub(lambda found: _LITERALS.get(found[1], _UNKNOWN), pattern))


@lru_cache(maxsize=_REMEMBERED)
def means_everything(pattern: str, owner: Owner) -> bool:
    """Whether it means every ARN, or every one of the owner's account, however it is spelt."""
    text = plain(pattern)
    if text in (ANY, "*:*"):
        return True
    accounts = (ANY, owner.account) if owner.account else (ANY,)
    return any(covers(text, f"arn:{owner.partition}:*:*:{account}:*") for account in accounts)


def means_no_resource(pattern: str) -> bool:
    """Whether it covers actions that have no resource: those are asked for ``*`` itself."""
    return set(pattern) == {ANY}


@lru_cache(maxsize=_REMEMBERED)
def covers_type(pattern: str, kind: ResourceType, owner: Owner) -> bool:
    """Whether it means every resource of the type, in whichever region and account it names (or all)."""
    text = plain(pattern)
    if means_everything(pattern, owner):
        return True
    if any(covers(text, f"arn:{owner.partition}:{arn}") for arn in _places(kind.arn, owner.account)):
        return True
    parts, wanted = text.split(":", _PARTS - 1), kind.arn.split(":", _PARTS - 3)
    if len(parts) < _PARTS or parts[0] != "arn" or len(wanted) < _PARTS - 2:
        return False
    _, partition, service, region, account, resource = parts
    service_of, region_of, account_of, resource_of = wanted
    return (
        covers(partition, owner.partition)
        and covers(service, service_of)
        and _names_place(region, region_of)
        and _names_place(account, account_of)
        and covers(resource, resource_of)
    )


def _places(arn: str, account: str) -> tuple[str, ...]:
    """The ARN format, and the same in the owner's account."""
    parts = arn.split(":", _PARTS - 3)
    if len(parts) < _PARTS - 2 or parts[2] != ANY or not account:
        return (arn,)
    return arn, ":".join((*parts[:2], account, parts[3]))


def _names_place(segment: str, wanted: str) -> bool:
    """Whether a region or account can be the one wanted: any where there is one, none where there is none."""
    return covers(segment, "") if not wanted else segment != ""


@lru_cache(maxsize=_REMEMBERED)
def meets(pattern: str, kind: ResourceType, owner: Owner) -> bool:
    """Whether it can mean a resource of the type at all."""
    text = _VARIABLE.sub(lambda found: _LITERALS.get(found[1], ANY), pattern)
    parts = text.lower().split(":", 3)
    if len(parts) > 3 and not set("*?") & set("".join(parts[:3])) and parts[2] != kind.arn.partition(":")[0].lower():
        return False
    return overlaps(text.lower(), f"arn:{owner.partition}:{kind.arn}".lower())


def is_single(kind: ResourceType) -> bool:
    """Whether there is only one of the type in an account and region, so that naming it names all there are."""
    return ANY not in kind.arn.split(":", _PARTS - 3)[-1]
