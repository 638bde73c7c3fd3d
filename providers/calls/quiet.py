"""Keeps libraries quiet: an SDK's loggers print requests, answers and headers."""

import logging


def silence(*names: str) -> None:
    """Turns loggers off at every level, with all below them."""
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)
