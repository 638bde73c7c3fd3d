"""Which calls of the emulated Google Cloud a fault concerns, and how it words it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from moto_fixtures.emulation import faults as emulation
from moto_fixtures.emulation.faults import Spoil
from moto_fixtures.emulation.wire import Answer
from moto_fixtures.gcp import errors
from moto_fixtures.gcp.wire import page_of_html


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
class Fault(emulation.Fault[About]):
    """A rule about calls.

    ``retry_after`` is sent with 429 and 503; ``consumer`` names another project than the one asked about in
    "switched off" and "quota exceeded", as when the calls are charged elsewhere.
    """

    operation: str = "*"
    project: str = "*"
    path: str = "*"
    permission: str = "*"
    retry_after: float | None = field(default=None, kw_only=True)
    consumer: str = field(default="", kw_only=True)

    def pairs(self, about: About) -> Iterable[tuple[str, str]]:
        """What the rule looks at of a call."""
        return (
            (about.operation, self.operation),
            (about.project, self.project),
            (about.path, self.path),
            (about.permission, self.permission),
        )


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
