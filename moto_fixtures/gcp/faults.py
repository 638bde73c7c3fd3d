"""A fault plan: which answers are to be spoiled, how, and how often. Tests fill it; the demo leaves it empty."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase

from moto_fixtures.gcp import errors
from moto_fixtures.gcp.wire import Answer, page_of_html


class Spoil(StrEnum):
    """Ways an answer can go wrong."""

    DENY = "deny"
    DISABLED = "disabled"
    UNAUTHENTICATED = "unauthenticated"
    VANISH = "vanish"
    THROTTLE = "throttle"
    UNAVAILABLE = "unavailable"
    SERVER_ERROR = "server-error"
    BAD_GATEWAY = "bad-gateway"
    MALFORMED = "malformed"
    TRUNCATED = "truncated"
    DROP_CONNECTION = "drop-connection"
    REWRITE = "rewrite"
    SLOW = "slow"


@dataclass(frozen=True)
class About:
    """What a call is about, as far as faults are concerned.

    ``operation`` is the id of the declared call ("" where it is none), ``consumer`` the number of its project.
    """

    operation: str
    host: str
    permission: str
    project: str
    consumer: str
    resource: str
    method: str
    path: str


@dataclass
class Fault:
    """One rule: globs choose the calls, ``times`` bounds how many are spoiled, ``share`` spoils only some.

    ``retry_after`` is sent with 429 and 503; ``consumer`` names another project than the one asked about in
    "switched off" and "quota exceeded", as when the calls are charged elsewhere. ``rewrite`` makes another body of the
    real one.
    """

    kind: Spoil
    operation: str = "*"
    project: str = "*"
    path: str = "*"
    permission: str = "*"
    times: int | None = None
    share: float = 1.0
    delay: float = 0.0
    rewrite: Callable[[bytes], bytes] = bytes
    retry_after: float | None = None
    consumer: str = ""

    def concerns(self, about: About) -> bool:
        """Whether the rule speaks of this call."""
        pairs = (
            (about.operation, self.operation),
            (about.project, self.project),
            (about.path, self.path),
            (about.permission, self.permission),
        )
        return all(fnmatchcase(value, pattern) for value, pattern in pairs)


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

    def pick(self, about: About) -> Fault | None:
        """The rule that spoils this call, using up one of its turns; or None."""
        if not self.rules:
            return None
        with self._lock:
            for rule in self.rules:
                if rule.times == 0 or not rule.concerns(about):
                    continue
                if rule.share < 1.0 and self._random.random() >= rule.share:
                    continue
                if rule.times is not None:
                    rule.times -= 1
                return rule
        return None


def refusal(fault: Fault, about: About) -> Answer | None:
    """The error answer of a fault that replaces the real answer; None for one that spoils it otherwise."""
    if fault.kind is Spoil.BAD_GATEWAY:
        return page_of_html(502, "Server Error")
    error = _error(fault, about)
    return error.answer(about.host) if error else None


def _error(fault: Fault, about: About) -> errors.ServiceError | None:
    consumer = fault.consumer or f"projects/{about.consumer}"
    if fault.kind is Spoil.DENY:
        return errors.denied(about.host, about.permission, about.resource)
    if fault.kind is Spoil.DISABLED:
        return errors.disabled(about.host, consumer)
    if fault.kind is Spoil.UNAUTHENTICATED:
        return errors.unauthenticated(about.host)
    if fault.kind is Spoil.VANISH:
        return errors.missing(about.resource)
    if fault.kind is Spoil.THROTTLE:
        return errors.throttled(about.host, consumer, 60, 60, fault.retry_after)
    if fault.kind is Spoil.UNAVAILABLE:
        return errors.unavailable(fault.retry_after)
    if fault.kind is Spoil.SERVER_ERROR:
        return errors.internal()
    return None


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
