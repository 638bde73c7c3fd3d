"""Over how many days metrics are asked, and how an answer, which does not repeat that, is recorded with it."""

from typing import Final

DEFAULT_DAYS: Final = 90


def subject(metric: str, days: int) -> str:
    """What a list is recorded as asking about: the metric, and the days where they are not the default."""
    return metric if days == DEFAULT_DAYS else f"{metric}#{days}"


def days_of(recorded: str) -> tuple[str, int] | None:
    """The metric and the days of a subject; None for what is none."""
    metric, mark, days = recorded.partition("#")
    if not mark:
        return metric, DEFAULT_DAYS
    return (metric, int(days)) if days.isdecimal() and int(days) > 0 else None
