"""A fault plan: which answers are to be spoiled, how, and how often. Denials are kept beside it, for they last."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase

from moto_fixtures.azure import errors
from moto_fixtures.azure.wire import Answer, Call

_HTML = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>Our services aren't available.</body></html>"


class Spoil(StrEnum):
    """Ways an answer can go wrong."""

    DENY = "deny"
    NO_TOKEN = "no-token"
    EXPIRED_TOKEN = "expired-token"
    VANISH = "vanish"
    CONFLICT = "conflict"
    THROTTLE = "throttle"
    THROTTLE_SILENT = "throttle-silent"
    """429 without Retry-After."""
    SERVER_ERROR = "server-error"
    SERVER_TIMEOUT = "server-timeout"
    GATEWAY_TIMEOUT = "gateway-timeout"
    HOST_DOWN = "host-down"
    NOT_REGISTERED = "not-registered"
    HTML = "html"
    MALFORMED = "malformed"
    TRUNCATED = "truncated"
    DROP_CONNECTION = "drop-connection"
    REWRITE = "rewrite"
    SLOW = "slow"


@dataclass
class Fault:
    """One rule: globs choose the calls, ``times`` bounds how many are spoiled, ``share`` spoils only some.

    ``operation`` is matched with the operation's id (``web:ListFunctions``, ``graph:resources``), ``resource`` with
    the path in lower case, ``query`` with the text of a Resource Graph query. ``rewrite`` makes
    another body of the real one.
    """

    kind: Spoil
    operation: str = "*"
    resource: str = "*"
    query: str = ""
    times: int | None = None
    share: float = 1.0
    delay: float = 0.0
    rewrite: Callable[[bytes], bytes] = bytes
    retry_after: int = 1

    def concerns(self, operation: str, call: Call) -> bool:
        """Whether the rule speaks of this call."""
        if not (fnmatchcase(operation, self.operation) and fnmatchcase(call.path, self.resource.lower())):
            return False
        return not self.query or self.query.lower() in call.body.decode("utf-8", "replace").lower()


@dataclass
class FaultPlan:
    """Rules in order; the first that concerns a call and still has turns left decides. Safe across threads."""

    rules: list[Fault] = field(default_factory=list)
    seed: int = 7

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(self.seed)  # noqa: S311 - repeatable, not secret

    def add(self, fault: Fault) -> None:
        """Appends a rule."""
        with self._lock:
            self.rules.append(fault)

    def clear(self) -> None:
        """Forgets every rule."""
        with self._lock:
            self.rules.clear()

    def pick(self, operation: str, call: Call) -> Fault | None:
        """The rule that spoils this call, using up one of its turns; or None."""
        if not self.rules:
            return None
        with self._lock:
            for rule in self.rules:
                if rule.times == 0 or not rule.concerns(operation, call):
                    continue
                if rule.share < 1.0 and self._random.random() >= rule.share:
                    continue
                if rule.times is not None:
                    rule.times -= 1
                return rule
        return None


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


def refusal(fault: Fault, operation: str, action: str, call: Call, challenge: tuple[str, str]) -> Answer | None:
    """The answer of a fault that replaces the real one; None for one that spoils it otherwise."""
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


def spoiled(fault: Fault, answer: Answer) -> Answer:
    """A real answer damaged on its way: other text, broken text, or a connection closed half-way through the body."""
    half = len(answer.body) // 2
    if fault.kind is Spoil.REWRITE:
        return Answer(answer.status, fault.rewrite(answer.body), answer.headers)
    if fault.kind is Spoil.MALFORMED:
        return Answer(answer.status, answer.body[:half], answer.headers)
    if fault.kind is Spoil.TRUNCATED:
        return Answer(answer.status, answer.body, answer.headers, cut=half)
    if fault.kind is Spoil.DROP_CONNECTION:
        return Answer(answer.status, b"", answer.headers, cut=-1)
    return answer
