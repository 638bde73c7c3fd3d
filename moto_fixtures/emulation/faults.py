"""A fault plan: which answers are to be spoiled, how, and how often. Tests fill it; the demo leaves it empty."""

import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Generic, TypeVar

from moto_fixtures.emulation.wire import Answer

C_contra = TypeVar("C_contra", contravariant=True)


class Spoil(StrEnum):
    """Ways an answer can go wrong. Up to KMS_DENIED they come in its place: each cloud words those that it has."""

    DENY = "deny"
    THROTTLE = "throttle"
    THROTTLE_SILENT = "throttle-silent"
    """Without a word on when to come again."""
    NO_TOKEN = "no-token"
    EXPIRED_TOKEN = "expired-token"
    UNAUTHENTICATED = "unauthenticated"
    DISABLED = "disabled"
    NOT_REGISTERED = "not-registered"
    VANISH = "vanish"
    CONFLICT = "conflict"
    UNAVAILABLE = "unavailable"
    SERVER_ERROR = "server-error"
    SERVER_TIMEOUT = "server-timeout"
    GATEWAY_TIMEOUT = "gateway-timeout"
    BAD_GATEWAY = "bad-gateway"
    HOST_DOWN = "host-down"
    HTML = "html"
    KMS_DENIED = "kms-denied"
    MALFORMED = "malformed"
    TRUNCATED = "truncated"
    DROP_CONNECTION = "drop-connection"
    REWRITE = "rewrite"
    SLOW = "slow"


@dataclass
class Fault(Generic[C_contra]):
    """One rule: globs choose the calls, ``times`` bounds how many are spoiled, ``share`` spoils only some.

    ``delay`` is in seconds, ``rewrite`` makes another body of the real one. Each cloud's own fault says which globs
    choose a call of its kind.
    """

    kind: Spoil
    times: int | None = field(default=None, kw_only=True)
    share: float = field(default=1.0, kw_only=True)
    delay: float = field(default=0.0, kw_only=True)
    rewrite: Callable[[bytes], bytes] = field(default=bytes, kw_only=True)

    def pairs(self, call: C_contra) -> Iterable[tuple[str, str]]:
        """What the rule looks at of a call, each with the glob that it has to match."""
        raise NotImplementedError

    def concerns(self, call: C_contra) -> bool:
        """Whether the rule speaks of this call."""
        return all(fnmatchcase(value, pattern) for value, pattern in self.pairs(call))

    def spoiled(self, answer: Answer) -> Answer:
        """A real answer damaged on its way: other text, broken text, or a connection closed within the body."""
        half = len(answer.body) // 2
        if self.kind is Spoil.REWRITE:
            return replace(answer, body=self.rewrite(answer.body))
        if self.kind is Spoil.MALFORMED:
            return replace(answer, body=answer.body[:half])
        if self.kind is Spoil.TRUNCATED:
            return replace(answer, cut=half)
        if self.kind is Spoil.DROP_CONNECTION:
            return replace(answer, body=b"", cut=-1)
        if self.kind is Spoil.SLOW:
            return answer
        raise ValueError(f"nobody emulates {self.kind} here")


F = TypeVar("F", bound=Fault)  # type: ignore[type-arg]


@dataclass
class FaultPlan(Generic[F]):
    """Rules in order; the first that concerns a call and still has turns left decides. Safe across threads."""

    rules: list[F] = field(default_factory=list)
    seed: int = 7

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(self.seed)  # noqa: S311 - repeatable, not secret

    def add(self, fault: F) -> None:
        """Appends a rule."""
        with self._lock:
            self.rules.append(fault)

    def clear(self) -> None:
        """Forgets every rule."""
        with self._lock:
            self.rules.clear()

    def pick(self, call: object) -> F | None:
        """The rule that spoils this call, using up one of its turns; or None."""
        if not self.rules:
            return None
        with self._lock:
            for rule in self.rules:
                if rule.times == 0 or not rule.concerns(call):
                    continue
                if rule.share < 1.0 and self._random.random() >= rule.share:
                    continue
                if rule.times is not None:
                    rule.times -= 1
                return rule
        return None
