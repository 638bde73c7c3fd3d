"""How a call is declared, and what the declarations of several services share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from auditor.answer_shape import AnswerShape
from auditor.model.capture import Depth
from auditor.model.secret import Treatment
from auditor.provider import ACTIVITY as ACTIVITY  # noqa: PLC0414 - the collectors import every tier from here
from auditor.provider import Operation
from providers.aws.operations.quotas import QUOTAS


@dataclass(frozen=True, slots=True)
class AwsOperation(Operation):
    """A declared call as the SDK knows it.

    ``client`` is the SDK's name of the service, ``method`` of the call; ``token`` the request's and the answer's
    field that continue a list.
    """

    client: str = ""
    method: str = ""
    token: tuple[str, str] = ("", "")


VARIABLES: Final = {"Environment.Variables": Treatment.VARIABLES}
FULL, STANDARD = Depth.FULL, Depth.STANDARD
CODE: Final = "code"
"""The tier of calls whose answers hold a signed URL of code, which a careful owner grants to few, and of those that
only such an answer leads to: GetFunction alone names the container image, and so its repository."""
ORGANIZATION: Final = "organization"
"""The tier of what only the organization's management account or a delegated one may ask: listing its accounts, and
reading the policies that bind them; and of assuming a role in each."""
USAGE: Final = "usage"
"""The tier of the reports on which services a role used: AWS makes each one on request, as a job that is asked for."""
RECORDED: Final = "config"
"""The tier of what AWS Config has recorded, which spares calls to Lambda where it records functions."""

MARKER: Final = ("Marker", "NextMarker")
NEXT: Final = ("nextToken", "nextToken")
NEXT_UPPER: Final = ("NextToken", "NextToken")
GONE: Final = frozenset({"ResourceNotFoundException"})


def holds(**members: type) -> AnswerShape:
    """The shape of an answer that always holds these members: AWS writes a list that is empty, it does not omit it."""
    return AnswerShape(required=members)


def under(prefix: str, rules: Mapping[str, Treatment]) -> dict[str, Treatment]:
    """The same rules below a field."""
    return {f"{prefix}.{path}": treatment for path, treatment in rules.items()}


def declare(id: str, purpose: str, **rest: Any) -> AwsOperation:
    """Declares ``service:Operation``; permission, bucket, client and method follow from the id unless given."""
    service, name = id.split(":")
    if rest.get("pages"):
        rest.setdefault("answer", holds(**{rest["pages"]: list}))
        rest.setdefault("continuation", rest["token"][1:])
    return AwsOperation(
        id=id,
        permission=rest.pop("permission", id),
        purpose=purpose,
        bucket=rest.pop("bucket", service if service in QUOTAS else f"other:{service}"),
        client=rest.pop("client", service),
        method=rest.pop("method", name),
        **rest,
    )
