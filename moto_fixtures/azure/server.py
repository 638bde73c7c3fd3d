"""The emulated Azure on loopback: Resource Manager and the sign-in.

Use it as a context manager. ``environment`` points the auditor (or, with TLS, any Azure SDK) at it.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace

from moto_fixtures.azure import arm, entra, errors
from moto_fixtures.azure.faults import About, Denials, Fault, refusal
from moto_fixtures.azure.graph import table_of
from moto_fixtures.azure.quotas import Quotas
from moto_fixtures.azure.routes import Route, Style, route_of
from moto_fixtures.azure.tenant import Tenant
from moto_fixtures.azure.wire import JSON, Call
from moto_fixtures.emulation.faults import FaultPlan
from moto_fixtures.emulation.server import Emulator
from moto_fixtures.emulation.wire import Answer, Request

CLIENT = "3c9e5d21-6f7a-4b8c-9d0e-1f2a3b4c5d6e"
_SECRET = "not-a-secret-at-all"
_PLAIN = {"Content-Type": JSON, "Cache-Control": "no-cache"}


@dataclass(frozen=True)
class Seen:
    """One request in the log: the operation as the route table names it (empty: none), and the status answered."""

    method: str
    path: str
    api_version: str
    operation: str
    status: int


class Server(Emulator[Call, Fault, Seen]):
    """An Azure endpoint on a free loopback port, with a fault plan, denials, quotas and a request log.

    ``standing`` faults belong to what is served and outlive ``faults.clear()``. ``page_size`` is the length of ARM's
    pages.
    """

    cloud = "Azure"

    def __init__(
        self,
        tenant: Tenant | None = None,
        *,
        tls: bool = False,
        latency: float = 0.0,
        quotas: Quotas | None = None,
        page_size: int = 500,
    ) -> None:
        super().__init__(latency, tls=tls)
        self.tenant = tenant or Tenant()
        self.standing: FaultPlan[Fault] = FaultPlan()
        self.denials = Denials()
        self.quotas = quotas or Quotas()
        self.page_size = page_size
        self._numbers = itertools.count(1)

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables that point the auditor at this server; with TLS also those the SDK's sign-in reads."""
        named = {"AUDITOR_AZURE_ENDPOINT": self.endpoint, "NO_PROXY": "127.0.0.1"}
        if not self.bundle:
            return named
        return named | {
            "NO_PROXY": "127.0.0.1,localhost",
            "AZURE_AUTHORITY_HOST": self.endpoint,
            "AZURE_TENANT_ID": self.tenant.id,
            "AZURE_CLIENT_ID": CLIENT,
            "AZURE_CLIENT_SECRET": _SECRET,
            "REQUESTS_CA_BUNDLE": self.bundle,
        }

    def read(self, request: Request) -> Call:
        """Takes the request apart."""
        return Call(request)

    def answer(self, call: Call) -> Answer:
        """The answer to one call, after its latency, with the headers every answer carries."""
        signed_in = entra.sign_in(call)
        if signed_in is not None:
            return replace(signed_in, headers=_PLAIN | dict(signed_in.headers))
        route = route_of(call)
        operation = "" if route is None else route.operation
        if route is not None and route.style is Style.GRAPH:
            operation = f"graph:{table_of(call)}"
        about = About(operation, call)
        action = route.action if route else ""
        found = self.faulted(
            self.faults.pick(about) or self.standing.pick(about),
            lambda fault: refusal(fault, about, action, self._challenge()),
            lambda: self._served(route, operation, call),
        )
        self.log(Seen(call.method, call.sent, call.api_version, operation, found.status))
        number = f"{next(self._numbers):012d}"
        common = _PLAIN | {"x-ms-request-id": f"00000000-0000-4000-8000-{number}",
                  "x-ms-correlation-request-id": f"00000000-0000-4000-9000-{number}"}  # fmt: skip
        return Answer(found.status, found.body, common | dict(found.headers), found.cut)

    def _challenge(self) -> tuple[str, str]:
        return self.endpoint, self.tenant.id

    def _served(self, route: Route | None, operation: str, call: Call) -> Answer:
        headers: dict[str, str] = {}
        try:
            if not call.headers.get("authorization", "").startswith("Bearer "):
                raise errors.no_token(*self._challenge())  # noqa: TRY301 - one place words every refusal
            arm.checked(call)
            if route is None:
                raise errors.unknown_route(call)  # noqa: TRY301
            wait, headers = self.quotas.take(arm.bucket_of(route), call.subscription)
            if wait is not None:
                return _throttled(route, call, wait, headers)
            if self.denials.rules and self.denials.forbid(route.action, call.path, operation):
                raise errors.forbidden(route.action, call.sent)  # noqa: TRY301
            found = arm.answer(route, call, self.tenant, self.denials, self.page_size)
        except errors.ArmError as error:
            found = error.answer()
        except Exception as error:  # noqa: BLE001 - a crash of the emulation must reach the client, not hang it
            found = errors.ArmError(500, "EmulatorFailure", f"{type(error).__name__}: {error}").answer()
        return Answer(found.status, found.body, headers | dict(found.headers), found.cut)


def _throttled(route: Route, call: Call, wait: int, headers: dict[str, str]) -> Answer:
    if route.style is Style.GRAPH:
        found = errors.graph_throttled(wait)
    elif route.style is Style.POSTED:
        found = errors.action_throttled(route.action, wait).answer()
    else:
        found = errors.throttled(call, wait).answer()
    return Answer(found.status, found.body, headers | dict(found.headers))
