"""Our own log. SDK loggers stay off at every level: they print headers, bodies and credentials."""

import json
import logging
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final

import click

from auditor.cli.messages import log_events
from auditor.config import Configuration
from auditor.errors import UsageError, suggestion
from auditor.wording import inert, inert_lines

JSON: Final = "json"

_SDKS = ("botocore", "boto3", "urllib3", "s3transfer", "azure", "msal", "google", "grpc")
_BESIDES = (
    *("directory", "ecosystem"),
    *("config", "as_of", "tier", "azure_endpoint", "gcp_endpoint", "notify_secret"),
)
"""What an environment may set besides what a configuration file may."""


def configure(values: Mapping[str, Any]) -> None:
    """Sends our log to standard error as ``--log-level`` and ``--log-format`` say; silences everyone else.

    Warns of variables that look like options of ours.
    """
    for name in _SDKS:
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)
    own = logging.getLogger("auditor")
    handler = _Errors()
    handler.setFormatter(_Events() if values["log_format"] == JSON else _Inert("%(levelname)s %(message)s"))
    own.handlers = [handler]
    own.propagate = False
    own.setLevel(values["log_level"].upper())
    log_events(wanted=values["log_format"] == JSON)
    for name in strays():
        raise UsageError(f"{name} is set, but is no option of ours{suggestion(name, sorted(variables()))}")


_KUBERNETES: Final = re.compile(r"AUDITOR_(SERVICE_(HOST|PORT)|PORT(_\d+_(TCP|UDP|SCTP))?)(_|$)")


def variables() -> frozenset[str]:
    """The environment variables we read."""
    options = {*(name.rstrip("_") for name in Configuration.model_fields), *_BESIDES} - {"settings"}
    return frozenset(f"AUDITOR_{name.upper()}" for name in options)


def strays() -> list[str]:
    """The variables of the environment that are named like ours and are none.

    What Kubernetes sets for a service that is called auditor is not meant for us.
    """
    named = (name for name in os.environ if name.startswith("AUDITOR_") and name not in variables())
    return sorted(name for name in named if not _KUBERNETES.match(name))


class _Errors(logging.Handler):
    """Standard error as it is when something is logged; nobody may read it any more."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(BrokenPipeError):
            click.echo(self.format(record), err=True)


class _Inert(logging.Formatter):
    """One line a record, without terminal escapes: a record may quote a name from the cloud."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return inert(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        return inert_lines(super().format(record))  # a traceback has lines of its own


class _Events(logging.Formatter):
    """One JSON object a line: ``time`` (RFC 3339, UTC), ``level``, ``logger``, ``message``, ``run`` (16 hex characters,
    the same in every line of a run), and ``event`` with its figures where the record is one of the run's own events.
    """

    def __init__(self) -> None:
        super().__init__()
        self._run = secrets.token_hex(8)

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        row = {
            "time": moment.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "run": self._run,
            **getattr(record, "event", {}),
        }
        return json.dumps(row)
