"""How often Azure may be asked, and where each figure is from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Quota:
    """A bucket that holds ``burst`` calls and gains ``rate`` a second, and where the figures are from.

    ``shared`` tells that all subscriptions draw on it (it belongs to the caller). ``headers`` are the answer's
    headers that tell how many calls are left in it; they correct what we assume.
    """

    burst: int
    rate: float
    source: str
    headers: tuple[str, ...]
    shared: bool = False


QUOTAS: Final[Mapping[str, Quota]] = {
    "arm:reads": Quota(
        250,
        25.0,
        "Azure Resource Manager: reads of a subscription by one principal",
        ("x-ms-ratelimit-remaining-subscription-reads",),
    ),
    "arm:subscription-resource-requests": Quota(
        250,
        3.3,
        "Assumption from recorded headers: 12,000 an hour for a resource provider's own actions",
        ("x-ms-ratelimit-remaining-subscription-resource-requests",),
    ),
    "graph": Quota(
        15,
        3.0,
        "Azure Resource Graph: 15 queries in 5 seconds for each principal",
        ("x-ms-user-quota-remaining",),
        shared=True,
    ),
    "tenant": Quota(
        250,
        25.0,
        "Azure Resource Manager: reads of a tenant by one principal",
        ("x-ms-ratelimit-remaining-tenant-reads",),
        shared=True,
    ),
}
"""The quotas paced against, each for one subscription unless shared."""
