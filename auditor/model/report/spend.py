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

    name: Literal["compute", "requests", "source", "logs", "egress"]
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


class CapRow(Row):
    """The highest limit under which an hour of abuse costs no more than `settings.spend_per_hour`: a limit is free,
    and the highest takes least from honest callers.
    """

    limit: Literal["concurrent-runs", "requests-per-second"]
    """What to limit: runs at a time, or requests a second through each stage of the gateways in front of it."""
    number: int
    """How many."""


class SpendAfterRow(Row):
    """What is left of a ceiling under a limit."""

    hour: MoneyRow
    """What an hour costs then."""
    day: MoneyRow
    """What a day costs then."""


class CeilingRow(Row):
    """What the platform would let an attacker spend on one function."""

    hour: MoneyRow
    """What an hour of a flood through every trigger costs."""
    day: MoneyRow
    """What a day of it costs."""
    currency: str
    """Currency of its amounts, as ISO 4217 names it."""
    soft: bool
    """The platform may exceed the limits for a short time, and so the ceiling."""
    legs: tuple[SpendLegRow, ...]
    """The parts of the whole: what is in front of the instances adds up over the triggers, of the rest the greatest
    counts, for they share the instances."""
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
    cheapest_cap: CapRow | None = None
    """The limit to set; null: the hour costs no more than the threshold, nobody outside is known to set the function
    off, or no limit brings it below."""
    after: SpendAfterRow | None = None
    """The ceiling under that limit; null where there is none."""


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
