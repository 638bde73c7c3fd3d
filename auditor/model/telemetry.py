"""Logs and traces of a function, and the trails that record calls to it."""

from enum import StrEnum

from auditor.model.base import noun
from auditor.model.observed import Observed


@noun
class LogGroup:
    """``retention_days`` None: kept for ever. ``key`` None: encrypted with the cloud's own key."""

    id: str
    name: str
    retention_days: int | None
    key: str | None


@noun
class Logging:
    """Where the function logs. ``configured`` False: the cloud returned no logging configuration.

    ``expected_group`` is the group the platform would use by itself. ``group`` Known(None): it does not exist.
    """

    configured: bool
    group_name: str
    expected_group: str
    format: str | None
    application_level: str | None
    system_level: str | None
    group: Observed[LogGroup | None]


class TrailCoverage(StrEnum):
    """How many functions' invocations a trail records."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


@noun
class Trail:
    """An audit trail that covers a place. ``functions``: the ids it records when ``coverage`` is SOME
    (patterns may end in ``*``).
    """

    id: str
    logging: Observed[bool]
    coverage: Observed[TrailCoverage]
    functions: tuple[str, ...]
