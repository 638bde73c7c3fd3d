"""The least-privilege policy of this tool, written from the table of calls: nothing to forget, nothing to spare."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from auditor.errors import UsageError
from auditor.provider import BASE, Operation


def document(operations: Sequence[Operation], tiers: Iterable[str] = ()) -> Mapping[str, Any]:
    """An IAM policy with a statement for the base tier and for each tier asked for.

    Raises UsageError for a tier that does not exist.
    """
    known = dict.fromkeys(operation.tier for operation in operations)
    wanted = dict.fromkeys((BASE, *tiers))
    unknown = [tier for tier in wanted if tier not in known]
    if unknown:
        offered = ", ".join(tier for tier in known if tier != BASE)
        raise UsageError(f"There is no permission tier {unknown[0]!r} for AWS: there is {offered}.")
    return {"Version": "2012-10-17", "Statement": [_statement(operations, tier) for tier in wanted]}


def _statement(operations: Sequence[Operation], tier: str) -> Mapping[str, Any]:
    actions = sorted({operation.permission for operation in operations if operation.tier == tier})
    return {"Sid": f"ServerlessAuditor{tier.capitalize()}", "Effect": "Allow", "Action": actions, "Resource": "*"}
