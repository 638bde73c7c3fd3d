"""Our own log. SDK loggers stay off at every level: they print headers, bodies and credentials."""

import logging
import os
import sys

from auditor.config import Configuration
from auditor.errors import suggestion

_SDKS = ("botocore", "boto3", "urllib3", "s3transfer", "azure", "msal", "google", "grpc")
_BESIDES = ("config", "as_of", "tier", "azure_endpoint", "gcp_endpoint", "notify_secret")
"""What an environment may set besides what a configuration file may."""


def configure(level: str) -> None:
    """Sends our log to standard error; silences everyone else. Warns of variables that look like options of ours."""
    for name in _SDKS:
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)
    own = logging.getLogger("auditor")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Inert("%(levelname)s %(message)s"))
    own.handlers = [handler]
    own.propagate = False
    own.setLevel(level.upper())
    for name in strays():
        logging.getLogger(__name__).warning(
            "%s is set, but is no option of ours%s", name, suggestion(name, sorted(variables()))
        )


def variables() -> frozenset[str]:
    """The environment variables we read."""
    options = {*Configuration.model_fields, *_BESIDES} - {"settings"}
    return frozenset(f"AUDITOR_{name.upper()}" for name in options)


def strays() -> list[str]:
    """The variables of the environment that are named like ours and are none."""
    return sorted(name for name in os.environ if name.startswith("AUDITOR_") and name not in variables())


class _Inert(logging.Formatter):
    """One line a record, without terminal escapes: a record may quote a name from the cloud."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
