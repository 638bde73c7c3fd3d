"""The least-privilege policy of this tool, written from the table of calls: nothing to forget, nothing to spare."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from auditor.provider import Operation
from providers.permission_tiers import wanted_tiers

ROLE_NAME: Final = "ServerlessAuditor"
"""The role that 'auditor permissions aws' rolls out, and that an organization's run assumes."""

_ASSUME: Final = "sts:AssumeRole"


def document(operations: Sequence[Operation], tiers: Iterable[str] = ()) -> Mapping[str, Any]:
    """An IAM policy with a statement for the base tier and for each tier asked for.

    Raises UsageError for a tier that does not exist.
    """
    wanted = wanted_tiers(operations, tiers, "AWS")
    return {"Version": "2012-10-17", "Statement": [row for tier in wanted for row in _statements(operations, tier)]}


def _statements(operations: Sequence[Operation], tier: str) -> Iterator[Mapping[str, Any]]:
    """One for the tier, and one for what is allowed on some resources only; roles are assumed of the auditor alone."""
    ours = [operation for operation in operations if operation.tier == tier]
    actions = {operation.permission for operation in ours if not operation.resource}
    sid = f"ServerlessAuditor{tier.capitalize()}"
    yield {"Sid": sid, "Effect": "Allow", "Action": sorted(actions - {_ASSUME}), "Resource": "*"}
    if _ASSUME in actions:
        yield {
            "Sid": f"{sid}Roles",
            "Effect": "Allow",
            "Action": [_ASSUME],
            "Resource": f"arn:*:iam::*:role/{ROLE_NAME}",
        }
    for action in sorted({operation.permission for operation in ours if operation.resource}):
        service = action.partition(":")[0]
        paths = sorted({operation.resource for operation in ours if operation.permission == action})
        yield {
            "Sid": f"{sid}{service.capitalize()}",
            "Effect": "Allow",
            "Action": [action],
            "Resource": [f"arn:*:{service}:*::{path}" for path in paths],
        }
