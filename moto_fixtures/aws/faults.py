"""A fault plan: which answers are to be spoiled, how, and how often. Tests fill it; the demo leaves it empty."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase

from moto_fixtures.aws.errors import error_answer
from moto_fixtures.aws.wire import Answer, Call

_IAM_PREFIX = {
    "accessanalyzer": "access-analyzer",
    "efs": "elasticfilesystem",
    "resourcegroupstaggingapi": "tag",
}


class Spoil(StrEnum):
    """Ways an answer can go wrong."""

    DENY = "deny"
    THROTTLE = "throttle"
    EXPIRED_TOKEN = "expired-token"
    VANISH = "vanish"
    SERVER_ERROR = "server-error"
    MALFORMED = "malformed"
    TRUNCATED = "truncated"
    DROP_CONNECTION = "drop-connection"
    REWRITE = "rewrite"
    SLOW = "slow"
    KMS_DENIED = "kms-denied"


@dataclass
class Fault:
    """One rule: globs choose the calls, ``times`` bounds how many are spoiled, ``share`` spoils only some.

    ``rewrite`` makes another body of the real one. ``service`` may be boto3's name of the client or the prefix of its permissions (efs, elasticfilesystem).
    """

    kind: Spoil
    service: str = "*"
    operation: str = "*"
    resource: str = "*"
    region: str = "*"
    times: int | None = None
    share: float = 1.0
    delay: float = 0.0
    rewrite: Callable[[bytes], bytes] = bytes

    def concerns(self, call: Call) -> bool:
        """Whether the rule speaks of this call."""
        pairs = (
            (call.operation, self.operation),
            (call.resource, self.resource),
            (call.region, self.region),
        )
        names = (call.service, _IAM_PREFIX.get(call.service, call.service))
        named = any(fnmatchcase(name, self.service) for name in names)
        return named and all(fnmatchcase(value, pattern) for value, pattern in pairs)


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

    def pick(self, call: Call) -> Fault | None:
        """The rule that spoils this call, using up one of its turns; or None."""
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


_GONE = {
    "ec2": ("InvalidParameterValue", 400),
    "ecr": ("RepositoryNotFoundException", 400),
    "efs": ("FileSystemNotFound", 404),
    "iam": ("NoSuchEntity", 404),
    "kms": ("NotFoundException", 400),
    "lambda": ("ResourceNotFoundException", 404),
    "s3": ("NoSuchBucket", 404),
    "signer": ("ResourceNotFoundException", 404),
    "sns": ("NotFound", 404),
    "sqs": ("AWS.SimpleQueueService.NonExistentQueue", 400),
}
_ACCESS_DENIED = {"ec2": "UnauthorizedOperation", "query": "AccessDenied", "rest-xml": "AccessDenied"}
_THROTTLED = {
    "ec2": ("RequestLimitExceeded", 503),
    "query": ("Throttling", 400),
    "rest-xml": ("SlowDown", 503),
    "rest-json": ("TooManyRequestsException", 429),
}
_EXPIRED = {
    "ec2": ("RequestExpired", 400),
    "query": ("ExpiredToken", 403),
    "rest-xml": ("ExpiredToken", 400),
    "rest-json": ("ExpiredTokenException", 403),
}


def denial(call: Call, caller: str) -> Answer:
    """AccessDenied as the call's service words it."""
    action = f"{_IAM_PREFIX.get(call.service, call.service)}:{call.operation}"
    message = (
        f"User: {caller} is not authorized to perform: {action} because no identity-based policy "
        f"allows the {action} action"
    )
    code = _ACCESS_DENIED.get(call.protocol, "AccessDeniedException")
    return error_answer(call.protocol, code, message, 400 if call.protocol in ("json", "cbor") else 403)


def refusal(fault: Fault, call: Call, caller: str) -> Answer | None:
    """The error answer of a fault that replaces the real answer; None for one that spoils it otherwise."""
    if fault.kind is Spoil.DENY:
        return denial(call, caller)
    if fault.kind is Spoil.THROTTLE:
        code, status = _THROTTLED.get(call.protocol, ("ThrottlingException", 400))
        extra = {"Reason": "CallerRateLimitExceeded", "Type": "User"}
        return error_answer(call.protocol, code, "Rate exceeded", status, extra)
    if fault.kind is Spoil.EXPIRED_TOKEN:
        code, status = _EXPIRED.get(call.protocol, ("ExpiredTokenException", 400))
        return error_answer(call.protocol, code, "The security token included in the request is expired", status)
    if fault.kind is Spoil.VANISH:
        code, status = _GONE.get(call.service, ("ResourceNotFoundException", 400))
        what = "Function not found" if call.service == "lambda" else "Not found"
        return error_answer(call.protocol, code, f"{what}: {call.resource}", status)
    if fault.kind is Spoil.SERVER_ERROR:
        return error_answer(call.protocol, "InternalFailure", "An internal error occurred", 500)
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
