"""One function as data: what it stands for and how it is set up. Sound unless a field says otherwise."""

from collections.abc import Callable
from dataclasses import dataclass, field

from moto_fixtures.gcp.events import Event
from moto_fixtures.gcp.functions import HOME, Made
from moto_fixtures.gcp.policies import Binding
from moto_fixtures.gcp.usage import Usage
from moto_fixtures.gcp.wire import Json

STEADY = Usage()
STANDALONE = 0
"""The generation of a function that only Cloud Run knows."""


@dataclass(frozen=True)
class Blueprint:
    """A function of the demo company.

    ``record`` is laid over the sound record of the functions API, ``service`` over the Cloud Run service behind it
    and ``container`` over its container (None removes a member): where the last two say more than the record, the
    two have drifted apart. ``account`` names the account it runs as ("" for one of its own), ``roles`` what that
    account holds in the project and ``impersonators`` who holds what on that account. ``after`` is run once the function stands.
    """

    name: str
    stands_for: str
    project: str = "shop"
    location: str = HOME
    generation: int = 2
    event: Event | None = None
    record: Json = field(default_factory=dict)
    service: Json = field(default_factory=dict)
    container: Json = field(default_factory=dict)
    account: str = ""
    roles: tuple[str, ...] = ("roles/datastore.user",)
    impersonators: tuple[Binding, ...] = ()
    invokers: tuple[Binding, ...] = ()
    usage: Usage = STEADY
    after: Callable[[Made], None] | None = None


def settings(**members: object) -> Json:
    """A record that differs in its service configuration."""
    return {"serviceConfig": members}


def building(**members: object) -> Json:
    """A record that differs in its build configuration."""
    return {"buildConfig": members}
