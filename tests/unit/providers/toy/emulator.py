"""The toy cloud on loopback: two routes on the frame of every emulator."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from moto_fixtures.emulation import faults as emulation
from moto_fixtures.emulation.faults import Spoil
from moto_fixtures.emulation.server import Emulator
from moto_fixtures.emulation.wire import Answer, Request

_PAGE = 2


@dataclass(frozen=True)
class Call:
    """A request, named. ``function`` is whose policy is asked for."""

    operation: str
    function: str
    page: int


@dataclass
class Fault(emulation.Fault[Call]):
    """A rule about calls."""

    operation: str = "*"
    function: str = "*"

    def pairs(self, call: Call) -> Iterable[tuple[str, str]]:
        """What the rule looks at of a call."""
        return (call.operation, self.operation), (call.function, self.function)


@dataclass(frozen=True)
class Deployed:
    """A function. ``callers`` None: it has no policy."""

    runtime: str
    callers: tuple[str, ...] | None = None
    region: str = "here"


class ToyCloud(Emulator[Call, Fault, Call]):
    """The toy cloud, with the functions it is given."""

    cloud = "the toy cloud"

    def __init__(self, functions: Mapping[str, Deployed]) -> None:
        super().__init__()
        self.functions = dict(functions)

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables that point the toy provider at this server."""
        return {"TOY_ENDPOINT": self.endpoint, "TOY_TOKEN": "anyone"}

    def read(self, request: Request) -> Call:
        """Names the call."""
        path, _, query = request.target.partition("?")
        page = int(parse_qs(query).get("page", ["0"])[0])
        function = path.removeprefix("/functions").removesuffix("/policy").strip("/")
        return Call("toy:GetPolicy" if function else "toy:ListFunctions", function, page)

    def answer(self, call: Call) -> Answer:
        """The answer to one call, logged."""
        self.log(call)
        return self.faulted(self.faults.pick(call), _refusal, lambda: self._served(call))

    def _served(self, call: Call) -> Answer:
        if not call.function:
            return self._listed(call.page * _PAGE)
        found = self.functions.get(call.function)
        if found is None:
            return _error(404, "NO_FUNCTION")
        return _error(404, "NO_POLICY") if found.callers is None else _json({"callers": found.callers})

    def _listed(self, start: int) -> Answer:
        rows = [
            {"name": name, "region": one.region, "runtime": one.runtime} for name, one in sorted(self.functions.items())
        ]
        body = {"functions": rows[start : start + _PAGE]}
        return _json(body | ({"next": str(start // _PAGE + 1)} if start + _PAGE < len(rows) else {}))


_ERRORS = {
    Spoil.DENY: (403, "FORBIDDEN"),
    Spoil.THROTTLE: (429, "SLOW_DOWN"),
    Spoil.EXPIRED_TOKEN: (401, "EXPIRED"),
    Spoil.VANISH: (404, "NO_FUNCTION"),
    Spoil.SERVER_ERROR: (500, "OOPS"),
}


def _refusal(fault: Fault) -> Answer | None:
    return _error(*_ERRORS[fault.kind]) if fault.kind in _ERRORS else None


def _error(status: int, code: str) -> Answer:
    return _json({"code": code}, status)


def _json(body: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(body).encode(), {"Content-Type": "application/json"})
