"""Whom a run tells besides the reader of its reports: webhooks, and whatever scrapes its metrics."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor.engine.report import AuditReport
from auditor.errors import StorageError
from auditor.lifecycle import metrics, notification
from auditor.lifecycle.notification import Hook
from auditor.model.severity import Severity

SECRET = "AUDITOR_NOTIFY_SECRET"  # noqa: S105 - the name of a variable
"""The environment variable with the key that messages are signed with."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Where a run is told, and from which severity of a new finding on."""

    hooks: tuple[Hook, ...]
    least: Severity
    metrics: Path | None

    def tell(self, report: AuditReport) -> Iterator[str]:
        """Tells it; what could not be told, one sentence each: the result stands all the same."""
        if self.metrics is not None:
            try:
                metrics.write(self.metrics, report.head)
            except StorageError as refused:
                yield str(refused)
        told = notification.message(report, self.least) if self.hooks else None
        if told is not None:
            yield from self._send(told)

    def tell_failure(self, sentence: str) -> Iterator[str]:
        """Tells that there is no report, and why."""
        if self.hooks:
            yield from self._send(notification.failure(sentence))

    def _send(self, told: Mapping[str, Any]) -> Iterator[str]:
        for hook in self.hooks:
            refused = notification.send(hook, told, os.environ.get(SECRET, ""))
            if refused is not None:
                yield refused


def telling(values: Mapping[str, Any]) -> Telling:
    """Reads the options. Raises UsageError for an address that is none."""
    hooks = tuple(map(notification.hook, values["notify"]))
    return Telling(hooks, Severity(values["notify_on"]), values["metrics_file"])
