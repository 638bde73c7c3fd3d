"""Which calls of the emulated AWS a fault concerns, and how each service words it."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from moto_fixtures.aws.errors import error_answer
from moto_fixtures.aws.moto_extensions.environment import environment_withheld
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation import faults as emulation
from moto_fixtures.emulation.faults import Spoil
from moto_fixtures.emulation.wire import Answer

_IAM_PREFIX = {
    "accessanalyzer": "access-analyzer",
    "efs": "elasticfilesystem",
    "resourcegroupstaggingapi": "tag",
}


@dataclass
class Fault(emulation.Fault[Call]):
    """A rule about calls. ``service`` may be boto3's name of the client or the prefix of its permissions (efs, elasticfilesystem)."""

    service: str = "*"
    operation: str = "*"
    resource: str = "*"
    region: str = "*"

    def pairs(self, call: Call) -> Iterable[tuple[str, str]]:
        """What the rule looks at of a call."""
        return (call.operation, self.operation), (call.resource, self.resource), (call.region, self.region)

    def concerns(self, call: Call) -> bool:
        """Whether the rule speaks of this call."""
        names = (call.service, _IAM_PREFIX.get(call.service, call.service))
        return any(fnmatchcase(name, self.service) for name in names) and super().concerns(call)

    def spoiled(self, answer: Answer) -> Answer:
        """A real answer damaged on its way, or without the variables that a key kept closed."""
        return environment_withheld(answer) if self.kind is Spoil.KMS_DENIED else super().spoiled(answer)


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
