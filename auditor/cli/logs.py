"""Our own log. SDK loggers stay off at every level: they print headers, bodies and credentials."""

import logging
import sys

_SDKS = ("botocore", "boto3", "urllib3", "s3transfer", "azure", "msal", "google", "grpc")


def configure(level: str) -> None:
    """Sends our log to standard error; silences everyone else."""
    for name in _SDKS:
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)
    own = logging.getLogger("auditor")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    own.handlers = [handler]
    own.propagate = False
    own.setLevel(level.upper())
