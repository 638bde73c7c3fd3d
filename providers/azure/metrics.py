"""Over which time metrics are asked."""

from datetime import UTC, datetime, timedelta
from typing import Final

METRICS: Final = "insights:GetMetrics"
DEFAULT_DAYS: Final = 90
_KEPT: Final = 93
"""Days for which Azure Monitor keeps platform metrics; a span that begins earlier is refused. Azure Monitor
documentation, "Data retention of metrics", 2026-12-01."""


def timespan(days: int | None = None) -> str:
    """The last whole days, 90 unless asked otherwise and never more than are kept, as Azure Monitor writes them."""
    end = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    start = end - timedelta(days=min(days or DEFAULT_DAYS, _KEPT - 1))
    return "/".join(f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (start, end))
