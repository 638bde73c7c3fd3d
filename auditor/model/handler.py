"""The entry points inside one deployed app: its functions with their bindings."""

from enum import StrEnum

from auditor.model.base import noun
from auditor.model.observed import UNFILLED, Observed


class HandlerAuth(StrEnum):
    """What an HTTP entry point asks of its callers."""

    ANONYMOUS = "anonymous"
    KEY = "key"
    ADMIN_KEY = "admin-key"
    UNRECOGNISED = "unrecognised"


class Direction(StrEnum):
    """Which way a binding carries data."""

    IN = "in"
    OUT = "out"
    TRIGGER = "trigger"


@noun
class Binding:
    """One binding. ``type`` is the cloud's word, lower-cased (httptrigger, queue). ``connection`` names a setting.

    ``target`` is the queue, path, topic or schedule where the cloud tells it.
    """

    type: str
    direction: Direction
    connection: str | None
    target: str | None


@noun
class HttpEntry:
    """How a handler answers over HTTP. ``methods`` empty: every verb. ``route`` None: the handler's name."""

    auth: HandlerAuth
    methods: tuple[str, ...]
    route: str | None
    url: str | None


@noun
class Handler:
    """One entry point of an app. ``http`` None: not started over HTTP. ``trigger`` the binding that starts it.

    ``run_on_startup``: a timer that also runs at every start of the host. ``problem`` says what is wrong with a
    handler that has no trigger.
    """

    name: str
    language: str | None
    enabled: bool
    trigger: Binding | None
    bindings: tuple[Binding, ...]
    http: HttpEntry | None
    run_on_startup: bool
    problem: str = ""
    since: Observed[str | None] = UNFILLED
