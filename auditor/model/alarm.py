"""Alarms on the metrics of functions, and what threat detection reports of them."""

from auditor.model.base import frozen


@frozen
class Alarm:
    """An alarm on a metric of one function, or of every function of its location."""

    name: str
    """Name of the alarm."""
    metric: str
    """The metric it watches, as the cloud names it; `*`: an expression over metrics of functions."""
    acts: bool
    """It does something when it goes off: notifies, or is part of an alarm that does."""
    everywhere: bool
    """It watches every function of the location."""


@frozen
class Detection:
    """An active finding of the cloud's threat detection about the function."""

    id: str
    """Id of the finding."""
    kind: str
    """Type of the finding, as the cloud names it."""
    severity: float
    """Severity, as the cloud gives it: 1 to 10."""
    title: str
    """Its title."""
    last_seen: str
    """When it was last updated (ISO 8601)."""
