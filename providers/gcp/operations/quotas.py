"""How often Google Cloud may be asked, and where each figure is from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Quota:
    """So many calls in a window of seconds for the project that is charged; ``burst`` of them may come at once.

    A quota by the window admits no more than ``limit`` in any window, so a burst is paid for by the rate.
    """

    limit: float
    window: float
    burst: int
    source: str

    @property
    def rate(self) -> float:
        """Calls a second that, with the burst, never exceed the limit in a window."""
        return (self.limit - self.burst) / self.window


_ASSUMED: Final = "assumption: no figure is published for this call"

QUOTAS: Final[Mapping[str, Quota]] = {
    "cloudfunctions": Quota(5000, 100, 100, "Cloud Functions quotas: read calls, 5,000 per 100 seconds"),
    "cloudasset": Quota(100, 60, 30, "Cloud Asset quotas: ListAssets, 100 per minute"),
    "run": Quota(3000, 60, 100, "assumption: Cloud Run read calls, 3,000 per minute"),
    "iam": Quota(6000, 60, 200, "IAM quotas: read calls, 6,000 per minute"),
    "other": Quota(600, 60, 100, _ASSUMED),
}
"""The quotas paced against, by service."""


def quota(bucket: str) -> Quota:
    """The quota of a bucket; a service that is not listed has a bucket of its own at the assumed rate."""
    return QUOTAS.get(bucket) or QUOTAS["other"]
