"""Logs and traces of a function, and the trails that record calls to it."""

from enum import StrEnum

from auditor.model.base import frozen
from auditor.model.observed import Observed


@frozen
class LogGroup:
    """A log group."""

    id: str
    """Resource id."""
    name: str
    """Name of the group."""
    retention_days: int | None
    """Days logs are kept; null: without end."""
    key: str | None
    """Customer-managed key; null: the provider-managed key."""


@frozen
class Logging:
    """Where the function logs."""

    configured: bool
    """False: the cloud returned no logging configuration."""
    group_name: str
    """Log group it writes to."""
    expected_group: str
    """Log group the platform would use by default."""
    format: str | None
    """Log format; null: not told."""
    application_level: str | None
    """Application log level; null: not set."""
    system_level: str | None
    """System log level; null: not set."""
    group: Observed[LogGroup | None]
    """The log group; null: it does not exist."""


class TrailCoverage(StrEnum):
    """How many functions' invocations a trail records."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


@frozen
class Trail:
    """An audit trail that covers a region."""

    id: str
    """Resource id."""
    logging: Observed[bool]
    """It is recording."""
    coverage: Observed[TrailCoverage]
    """How many functions' invocations it records."""
    functions: tuple[str, ...]
    """Ids it records where coverage is `some`; patterns may end in `*`."""
