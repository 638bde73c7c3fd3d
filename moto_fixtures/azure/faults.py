"""Which calls of the emulated Azure a fault concerns, and how it words it. Denials are kept beside, for they last."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from moto_fixtures.azure import errors
from moto_fixtures.azure.wire import Call
from moto_fixtures.emulation import faults as emulation
from moto_fixtures.emulation.faults import Spoil
from moto_fixtures.emulation.wire import Answer

_HTML = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>Our services aren't available.</body></html>"


@dataclass(frozen=True)
class About:
    """A call, and the operation's id (``web:ListFunctions``, ``graph:resources``; "" where it is none)."""

    operation: str
    call: Call


@dataclass
class Fault(emulation.Fault[About]):
    """A rule about calls.

    ``operation`` is matched with the operation's id, ``resource`` with the path in lower case, ``query`` with the text
    of a Resource Graph query.
    """

    operation: str = "*"
    resource: str = "*"
    query: str = ""
    retry_after: int = field(default=1, kw_only=True)

    def pairs(self, about: About) -> Iterable[tuple[str, str]]:
        """What the rule looks at of a call."""
        return (about.operation, self.operation), (about.call.path, self.resource.lower())

    def concerns(self, about: About) -> bool:
        """Whether the rule speaks of this call."""
        asked = not self.query or self.query.lower() in about.call.body.decode("utf-8", "replace").lower()
        return asked and super().concerns(about)


@dataclass
class Denials:
    """What the caller may not do: globs of an action (or an operation's id) over globs of a path."""

    rules: list[tuple[str, str]] = field(default_factory=list)

    def deny(self, action: str, scope: str = "*") -> None:
        """Denies an action, such as ``Microsoft.Web/sites/config/list/action`` or ``*/action``, over a scope."""
        self.rules.append((action.lower(), scope.lower()))

    def clear(self) -> None:
        """Grants everything again."""
        self.rules.clear()

    def forbid(self, action: str, path: str, operation: str = "") -> bool:
        """Whether a rule denies this."""
        names = (action.lower(), operation.lower())
        return any(
            fnmatchcase(path, scope) and any(fnmatchcase(name, pattern) for name in names if name)
            for pattern, scope in self.rules
        )

    def granted(self, subscription: str) -> dict[str, list[str]]:
        """What the caller may do on a whole subscription, as one entry of its permissions.

        A denial over a part of the subscription takes nothing away; one of an operation is no matter of rights.
        """
        path = f"/subscriptions/{subscription}/"
        denied = {action for action, scope in self.rules if fnmatchcase(path, scope) and ":" not in action}
        actions = ["*/read"] if "*/action" in denied else ["*/read", "*/action"]
        without = sorted(denied - {"*/action"})
        return {"actions": actions, "notActions": without, "dataActions": [], "notDataActions": []}


def refusal(fault: Fault, about: About, action: str, challenge: tuple[str, str]) -> Answer | None:
    """The answer of a fault that replaces the real one; None for one that spoils it otherwise."""
    operation, call = about.operation, about.call
    wait = fault.retry_after if fault.kind is Spoil.THROTTLE else None
    if fault.kind in (Spoil.THROTTLE, Spoil.THROTTLE_SILENT):
        if operation.startswith("graph:"):
            return errors.graph_throttled(wait)
        if call.method == "POST":
            return errors.action_throttled(action, wait).answer()
        return errors.throttled(call, wait).answer()
    if fault.kind is Spoil.HOST_DOWN:
        return errors.host_down()
    if fault.kind is Spoil.HTML:
        return Answer(502, _HTML, {"Content-Type": "text/html"})
    if fault.kind is Spoil.DENY:
        return errors.forbidden(action, call.sent).answer()
    namespace = call.sent.rpartition("/providers/")[2].partition("/")[0]
    made: dict[Spoil, Callable[[], errors.ArmError]] = {
        Spoil.NO_TOKEN: lambda: errors.no_token(*challenge),
        Spoil.EXPIRED_TOKEN: lambda: errors.expired_token(*challenge),
        Spoil.VANISH: lambda: errors.not_found(call),
        Spoil.CONFLICT: errors.conflict,
        Spoil.SERVER_ERROR: errors.server_error,
        Spoil.SERVER_TIMEOUT: errors.server_timeout,
        Spoil.GATEWAY_TIMEOUT: errors.gateway_timeout,
        Spoil.NOT_REGISTERED: lambda: errors.not_registered(namespace),
    }
    error = made.get(fault.kind)
    return error().answer() if error else None
