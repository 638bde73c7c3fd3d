"""The routes: which request is which call, what permission it needs, and who answers it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from moto_fixtures.gcp.organization import Organization, Project
from moto_fixtures.gcp.wire import Call, Json

Handler = Callable[["Asked"], Json]
_NAME = re.compile(r"\{(\w+)\}")
_SHAPES = {
    "scope": r"(?:projects|folders|organizations)/[^/]+",
    "version": r"v[12]",
    "role": r"(?:projects|organizations)/[^/]+/roles/[^/:]+",
}


@dataclass(frozen=True)
class Asked:
    """One call, recognised: what its path names, and the project it is about (None above projects)."""

    call: Call
    estate: Organization
    names: Mapping[str, str]
    scope: Project | None

    @property
    def project(self) -> Project:
        """The project asked about."""
        if self.scope is None:
            raise LookupError("the call is about no project")
        return self.scope


@dataclass(frozen=True)
class Route:
    """``id`` is what the call is called, ``host`` the service that answers it."""

    id: str
    method: str
    pattern: re.Pattern[str]
    host: str
    permission: str
    handler: Handler
    when: tuple[str, str] = ("", "")

    def takes(self, call: Call) -> dict[str, str] | None:
        """What the path of a call names; None where the call is another one."""
        if self.method != call.method or (self.when[0] and call.one(self.when[0]) != self.when[1]):
            return None
        match = self.pattern.fullmatch(call.path)
        return match.groupdict() if match else None


ROUTES: list[Route] = []


def route(
    id: str,
    path: str,
    permission: str,
    host: str = "",
    method: str = "GET",
    when: tuple[str, str] = ("", ""),
) -> Callable[[Handler], Handler]:
    """Declares who answers ``method path``. ``{name}`` matches one part of the path.

    ``when`` is a query parameter and the value that tells two calls with one path apart.
    """

    def declare(handler: Handler) -> Handler:
        pattern = "".join(
            piece if index % 2 == 0 else f"(?P<{piece}>{_SHAPES.get(piece, '[^/:]+')})"
            for index, piece in enumerate(_NAME.split(path))
        )
        at = host or f"{id.partition(':')[0]}.googleapis.com"
        ROUTES.append(Route(id, method, re.compile(f"/{pattern}"), at, permission, handler, when))
        return handler

    return declare


def find(call: Call) -> tuple[Route, dict[str, str]] | None:
    """The route of a call and what its path names."""
    for each in ROUTES:
        names = each.takes(call)
        if names is not None:
            return each, names
    return None
