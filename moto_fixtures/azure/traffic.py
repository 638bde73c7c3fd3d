"""How much an app is used."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Traffic:
    """Executions a day. ``recent``: of the last seven days (None: the same); ``failing``: the share answered 5xx;
    ``ended`` days ago they stopped; ``http``: they come as requests.
    """

    per_day: int = 0
    recent: int | None = None
    failing: float = 0.0
    ended: int = 0
    http: bool = True

    def on(self, age: int) -> int:
        """Executions of a day so many days ago; a weekly rhythm, so that the numbers look like numbers."""
        if age < self.ended:
            return 0
        daily = self.per_day if self.recent is None or age > 7 else self.recent
        return daily * (90 + 5 * (age % 5)) // 100
