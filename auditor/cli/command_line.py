"""The command line as a report may show it."""

import shlex
from collections.abc import Iterable

import click

from auditor.snapshot.redact import Redactor

_SECRET = ("--external-id",)
_HIDDEN = "[redacted]"


def shown() -> str:
    """The command line of the running command, without what is secret or looks like a credential."""
    given = click.get_current_context().find_root().obj
    return shown_as(given if isinstance(given, list) else [])


def shown_as(arguments: Iterable[str]) -> str:
    """A command line without what is secret or looks like a credential."""
    redactor = Redactor()
    words, secret = ["auditor"], False
    for argument in arguments:
        name, equals, _ = argument.partition("=")
        if secret:
            words.append(_HIDDEN)
        elif equals and name in _SECRET:
            words.append(f"{name}={_HIDDEN}")
        else:
            words.append(redactor.text(argument))
        secret = not secret and argument in _SECRET
    return shlex.join(words)
