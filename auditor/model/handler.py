"""The entry points inside one deployed app: its functions with their bindings."""

from enum import StrEnum

from auditor.model.base import frozen
from auditor.model.observed import UNFILLED, Observed


class HandlerAuth(StrEnum):
    """What an HTTP entry point asks of its callers."""

    ANONYMOUS = "anonymous"
    KEY = "key"
    ADMIN_KEY = "admin-key"
    UNRECOGNISED = "unrecognised"
    UNREPORTED = "unreported"
    """The API that lists it does not say."""


class Direction(StrEnum):
    """Which way a binding carries data."""

    IN = "in"
    OUT = "out"
    TRIGGER = "trigger"


@frozen
class Binding:
    """One binding of a handler."""

    type: str
    """The cloud's type, lower-cased, such as `httptrigger` or `queue`."""
    direction: Direction
    """Which way it carries data."""
    connection: str | None
    """Name of the setting that holds its connection; null: none."""
    target: str | None
    """Queue, path, topic or schedule; null: not told."""
    resource: str | None = None
    """The resource it means, with the account or namespace that tells it from others of its name; null: not told."""


@frozen
class HttpEntry:
    """How a handler answers over HTTP."""

    auth: HandlerAuth
    """What it asks of its callers."""
    methods: tuple[str, ...] | None
    """HTTP methods; empty: all; null: not told."""
    route: str | None
    """Route; null: the handler's name."""
    url: str | None
    """URL; null: not told."""


@frozen
class Handler:
    """One entry point of an app."""

    name: str
    """Name of the handler."""
    language: str | None
    """Language; null: not told."""
    enabled: bool
    """It can start."""
    trigger: Binding | None
    """The binding that starts it; null: none."""
    bindings: tuple[Binding, ...]
    """Its other bindings."""
    http: HttpEntry | None
    """How it answers over HTTP; null: not started over HTTP."""
    run_on_startup: bool | None
    """A timer that also runs at every start of the host; null: not told."""
    problem: str = ""
    """What is wrong with a handler that has no trigger; empty: nothing."""
    since: Observed[str | None] = UNFILLED
    """ISO date-time of its last change; null: not told."""
