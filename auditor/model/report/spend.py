"""What abuse of functions can cost."""

from typing import Literal

from auditor.model.ids import Cloud
from auditor.model.observed import GapReason
from auditor.model.report.row import Row


class MoneyRow(Row):
    """An amount of money, to the cent."""

    low: float
    """At the least: limits that were not read at their lower end, runs as long as they may last."""
    high: float | None
    """At the most; null where no limit is known."""


class SpendLegRow(Row):
    """One part of a bill."""

    leg: Literal["compute", "requests", "source", "logs", "egress"]
    """What is paid for; `source` is the gateway, load balancer, queue, topic or bucket in front of the function."""
    hour: MoneyRow
    """What an hour of it costs."""
    day: MoneyRow
    """What a day of it costs."""


class SpendTriggerRow(Row):
    """What a flood through one trigger could cost."""

    name: str
    """The trigger."""
    hour: MoneyRow
    """What an hour of it costs."""
    day: MoneyRow
    """What a day of it costs."""
    legs: tuple[SpendLegRow, ...]
    """Its parts."""
    limits: tuple[str, ...]
    """The limits of the platform that bound it."""
    beyond: tuple[str, ...]
    """What nothing bounds."""


class UnreadLimitRow(Row):
    """A limit that could not be read."""

    operation: str
    """The operation that should have answered."""
    permission: str | None
    """Permission that it needs; null where none would help."""
    reason: GapReason
    """Why."""


class SpendCeilingRow(Row):
    """What the platform would let an attacker spend on one function."""

    hour: MoneyRow
    """What an hour of a flood through every trigger costs."""
    day: MoneyRow
    """What a day of it costs."""
    triggers: tuple[SpendTriggerRow, ...]
    """Each trigger."""
    assumptions: tuple[str, ...]
    """What is taken as given."""
    unread_limits: tuple[UnreadLimitRow, ...]
    """Limits that could not be read: they make the ceiling a range."""
    shares: str | None
    """Region or plan whose instances it shares with other functions; null: it has its own."""
    observed_day: MoneyRow | None = None
    """What a day of the executions costs that its metrics count, their time and number; null: the metrics were not
    read, or do not tell how long executions took."""


class DearestRow(Row):
    """One of the functions with the highest spend ceilings."""

    function_id: str
    """The function."""
    function_name: str
    """Its name."""
    cloud: Cloud
    """Its cloud."""
    location: str
    """Region."""
    hour: MoneyRow
    """What an hour of abuse costs."""
    day: MoneyRow
    """What a day of abuse costs."""
    observed_day: MoneyRow | None = None
    """What a day of the executions costs that its metrics count; null: not known."""


class SpendRow(Row):
    """What abuse of all functions could cost."""

    currency: str
    """Currency of every amount in the report, as ISO 4217 names it."""
    prices_as_of: str
    """ISO date of the shipped prices."""
    prices_source: str
    """Where they are from."""
    hour: MoneyRow
    """What an hour of abuse of every function costs; what functions share counts once."""
    day: MoneyRow
    """What a day of it costs."""
    functions: int
    """Functions with a ceiling."""
    without: int
    """Functions without: how they are hosted is not known, or not priced."""
    dearest: tuple[DearestRow, ...]
    """Up to ten functions, highest ceiling first."""
