"""Over which time metrics are asked."""

from datetime import UTC, datetime, timedelta
from typing import Final

METRICS: Final = "insights:GetMetrics"
_DAYS: Final = 90


def timespan() -> str:
    """The last 90 whole days, as Azure Monitor writes them."""
    end = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return "/".join(f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (end - timedelta(days=_DAYS), end))
