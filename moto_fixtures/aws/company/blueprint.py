"""One function as data: what it stands for and how it is set up. Sound unless a field says otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto_fixtures.aws.company.deploy_context import HOME


@dataclass(frozen=True)
class Url:
    """A function URL; ``grants`` says whether the public invoke permissions a NONE URL needs are given too."""

    auth: str
    cors: Mapping[str, Any] = field(default_factory=dict)
    grants: bool = False
    on_alias: bool = False
    mode: str = "BUFFERED"


@dataclass(frozen=True)
class LogGroup:
    """The log group made for a function; ``key`` names a KMS key of the workbench, empty for none."""

    retention: int | None = 400
    key: str = "logs"
    name: str = ""


@dataclass(frozen=True)
class Blueprint:
    """A function of the demo company.

    ``settings`` are CreateFunction members over the sound defaults (None removes one); ``role`` names a role of
    the workbench, empty for one of its own; ``permissions`` are AddPermission requests, ``statements`` a whole
    resource policy; ``source`` an event source mapping; ``after`` is run once the function stands.
    """

    name: str
    stands_for: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    region: str = HOME
    role: str = ""
    access: tuple[Mapping[str, Any], ...] = ()
    permissions: tuple[Mapping[str, Any], ...] = ()
    statements: tuple[Mapping[str, Any], ...] = ()
    alias_permissions: tuple[Mapping[str, Any], ...] = ()
    url: Url | None = None
    source: Mapping[str, Any] | None = None
    invoke: Mapping[str, Any] | None = None
    log: LogGroup | None = LogGroup()
    reserved: int | None = 5
    published: bool = True
    signing: str = "enforced"
    tags: Mapping[str, str] | None = None
    after: Callable[[Any, str], None] | None = None
