"""The tiers that a printed policy is to cover: the base, and those that were asked for."""

from collections.abc import Iterable, Sequence

from auditor.errors import UsageError
from auditor.provider import BASE, Operation


def wanted_tiers(operations: Sequence[Operation], tiers: Iterable[str], cloud: str) -> tuple[str, ...]:
    """The base tier and each one asked for. Raises UsageError for one that no operation of the cloud is of."""
    known = dict.fromkeys(operation.tier for operation in operations)
    wanted = tuple(dict.fromkeys((BASE, *tiers)))
    unknown = [tier for tier in wanted if tier not in known]
    if unknown:
        offered = ", ".join(tier for tier in known if tier != BASE)
        raise UsageError(f"There is no permission tier {unknown[0]!r} for {cloud}: there is {offered}.")
    return wanted
