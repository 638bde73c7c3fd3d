"""When a call that failed is made again, and after which pause."""

import random
from collections.abc import Mapping
from typing import Final

from auditor.model.observed import GapReason
from providers.calls.rate_limit import Bucket
from providers.calls.reply import Refusal

TRIES: Final = 60
"""Of a throttled call. With six in ten calls throttled, one call in 10¹³ is still refused after so many tries."""

_TRIES: Final[Mapping[GapReason, int]] = {
    GapReason.SERVICE_ERROR: 4,
    GapReason.UNREACHABLE: 3,
    GapReason.MALFORMED: 2,
}
_SLOW_TRIES: Final = 2
_SHORTEST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 8.0


def is_final(refusal: Refusal, tries: int, bucket: Bucket) -> bool:
    """Whether a call that was refused ``tries`` times is given up. A throttled one is not, while its quota answers."""
    if refusal.reason is GapReason.THROTTLED:
        return tries >= TRIES or bucket.given_up or bucket.dry
    return refusal.final or tries >= (_SLOW_TRIES if refusal.slow else _TRIES.get(refusal.reason, 1))


def pause_before(tries: int, refusal: Refusal) -> float:
    """Seconds to wait before another try: what the cloud asked for, or longer and longer at random."""
    longest = min(_LONGEST_PAUSE, 0.2 * 2 ** min(tries, 8))
    return max(refusal.retry_after, random.uniform(_SHORTEST_PAUSE, longest))  # noqa: S311 - spreads retries
