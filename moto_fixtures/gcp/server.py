"""The emulated Google Cloud on loopback: every service under one address.

Use it as a context manager; ``endpoint`` is what ``AUDITOR_GCP_ENDPOINT`` should say.
"""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from moto_fixtures.emulation.server import Emulator
from moto_fixtures.emulation.wire import Answer, Request
from moto_fixtures.gcp import (
    errors,
    routes,  # noqa: F401 - loads every route
)
from moto_fixtures.gcp.faults import About, Fault, refusal
from moto_fixtures.gcp.organization import Organization, Project
from moto_fixtures.gcp.quotas import Quotas
from moto_fixtures.gcp.routes.registry import Asked, Route, find
from moto_fixtures.gcp.tokens import TOKEN_PATH, Tokens
from moto_fixtures.gcp.wire import Call, answer, page_of_html, parse

_PROJECT = re.compile(r"/projects/([^/:]+)")
_VERB = re.compile(r":\w+$")
_NOBODY = ("-", "_")


@dataclass(frozen=True)
class Seen:
    """One request in the log. ``operation`` is the id of the declared call, "" for a path nobody declared."""

    method: str
    path: str
    operation: str
    project: str
    status: int


class Server(Emulator[Call, Fault, Seen]):
    """Google Cloud on a free loopback port, with denials, quotas, a fault plan and a request log.

    ``denied`` holds (permission, project) globs. Without ``quotas`` there are none.
    """

    cloud = "Google Cloud"
    spoils_errors = False

    def __init__(self, estate: Organization | None = None, quotas: Quotas | None = None, latency: float = 0.0) -> None:
        super().__init__(latency)
        self.estate = estate or Organization()
        self.quotas = quotas
        self.tokens = Tokens()
        self.denied: set[tuple[str, str]] = set()

    @property
    def token_uri(self) -> str:
        """Where google-auth gets its tokens."""
        return self.endpoint + TOKEN_PATH

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables that point the audit at this server and at nothing else."""
        return {"AUDITOR_GCP_ENDPOINT": self.endpoint, "NO_GCE_CHECK": "true", "NO_PROXY": "127.0.0.1"}

    def read(self, request: Request) -> Call:
        """Takes the request apart."""
        return parse(request)

    def deny(self, permission: str, project: str = "*") -> None:
        """Takes a permission away from the caller; both are globs."""
        self.denied.add((permission, project))

    def answer(self, call: Call) -> Answer:
        """The answer to one call, logged."""
        if self.tokens.concerns(call):
            return self._token(call)
        found = find(call)
        if found is None:
            self.log(Seen(call.method, call.path, "", "", 404))
            return page_of_html(404, "Not Found")
        route, names = found
        project, about = self._about(call, route)
        made = self.faulted(
            self.faults.pick(about),
            lambda fault: refusal(fault, about),
            lambda: self._served(call, route, names, project, about),
        )
        self.log(Seen(call.method, call.path, route.id, about.project, made.status))
        return made

    def _token(self, call: Call) -> Answer:
        try:
            return self.tokens.give(call)
        except errors.ServiceError as error:
            return error.answer("iamcredentials.googleapis.com")

    def _about(self, call: Call, route: Route) -> tuple[str, About]:
        """What the call is about. The project may be named by number, and there may be none of that name."""
        match = _PROJECT.search(call.path)
        named = match.group(1) if match and match.group(1) not in _NOBODY else ""
        project = self._project(named)
        first = next(iter(self.estate.projects.values()), None)
        charged = project or first
        resource = _VERB.sub("", call.path.split("/", 2)[2])
        about = About(
            route.id,
            route.host,
            route.permission,
            project.id if project else named,
            charged.number if charged else "0",
            resource,
            call.method,
            call.path,
        )
        return named, about

    def _project(self, named: str) -> Project | None:
        with contextlib.suppress(errors.ServiceError):
            return self.estate.known(named) if named else None
        return None

    def _served(self, call: Call, route: Route, names: Mapping[str, str], named: str, about: About) -> Answer:
        try:
            self.tokens.check(call, route.host)
            self._take(route, about)
            project = self.estate.known(named) if named else None
            self._permit(route, project, about)
            return answer(route.handler(Asked(call, self.estate, names, project)))
        except errors.ServiceError as error:
            return error.answer(route.host)
        except Exception as error:  # noqa: BLE001 - a crash of the emulation must reach the client, not hang it
            return errors.internal(f"{route.id}: {type(error).__name__}: {error}").answer(route.host)

    def _permit(self, route: Route, project: Project | None, about: About) -> None:
        """Whether the service is on is looked at first, the caller's permission after."""
        if project is not None and route.host in project.disabled:
            raise errors.disabled(route.host, f"projects/{project.number}")
        for permission, where in self.denied:
            if fnmatchcase(about.permission, permission) and fnmatchcase(about.project, where):
                raise errors.denied(route.host, route.permission, about.resource)

    def _take(self, route: Route, about: About) -> None:
        if self.quotas is None:
            return
        wait = self.quotas.take(route.host, about.consumer)
        if wait is not None:
            limit = self.quotas.limit(route.host)
            says = float(max(1, round(wait + 0.5))) if self.quotas.tells_when else None
            raise errors.throttled(route.host, f"projects/{about.consumer}", limit.calls, limit.window, says)
