"""Why a call has no answer: a total function from any answer or error to one reason. Knows the SDK by names only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from auditor.model.observed import GapReason

_LONGEST: Final = 500
_LONGEST_WAIT: Final = 600.0

EXPIRED: Final = frozenset({"ExpiredAuthenticationToken", "TokenExpired"})

DENIED: Final = frozenset(
    {
        "AuthenticationFailed",
        "AuthorizationFailed",
        "Forbidden",
        "InvalidAuthenticationToken",
        "InvalidAuthenticationTokenTenant",
        "LinkedAuthorizationFailed",
        "Unauthorized",
    }
)

NOT_OFFERED: Final = frozenset(
    {
        "InvalidResourceNamespace",
        "InvalidResourceType",
        "MissingSubscriptionRegistration",
        "SubscriptionNotRegistered",
    }
)

_BY_CLASS: Final[Mapping[str, GapReason]] = {
    # credentials that cannot be had or renewed any more
    "ClientAuthenticationError": GapReason.EXPIRED,
    "CredentialUnavailableError": GapReason.EXPIRED,
    # an answer that is none
    "DecodeError": GapReason.MALFORMED,
    "IncompleteReadError": GapReason.MALFORMED,
    # nobody there
    "ServiceRequestError": GapReason.UNREACHABLE,
    "ServiceResponseError": GapReason.UNREACHABLE,
    "OSError": GapReason.UNREACHABLE,
    # what nobody could make sense of, as parsers raise it
    "ArithmeticError": GapReason.MALFORMED,
    "AttributeError": GapReason.MALFORMED,
    "LookupError": GapReason.MALFORMED,
    "RecursionError": GapReason.MALFORMED,
    "TypeError": GapReason.MALFORMED,
    "ValueError": GapReason.MALFORMED,
}
_TIMEOUTS: Final = frozenset({"ServiceRequestTimeoutError", "ServiceResponseTimeoutError"})
_CUT_SHORT: Final = ("IncompleteRead", "Response ended prematurely")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer. ``code`` is the cloud's error code ("" where no answer came), ``retry_after`` the
    seconds it asked us to wait (0: it did not say), ``slow`` that a whole timeout was spent on it.
    """

    reason: GapReason
    message: str
    code: str = ""
    status: int = 0
    retry_after: float = 0.0
    slow: bool = False


def classify_error(error: Exception) -> Refusal:
    """Says why a call failed before an answer came."""
    names = [kind.__name__ for kind in type(error).__mro__]
    message = _short(str(error) or names[0])
    if any(sign in message for sign in _CUT_SHORT):
        return Refusal(GapReason.MALFORMED, message)
    reasons = (_BY_CLASS[name] for name in names if name in _BY_CLASS)
    slow = not _TIMEOUTS.isdisjoint(names)
    return Refusal(next(reasons, GapReason.SERVICE_ERROR), message, slow=slow)


def classify_answer(status: int, headers: Mapping[str, str], body: Any, *, about_one: bool) -> Refusal:
    """Says why an answer is none. ``body`` is what its JSON held (None: it was no JSON).

    ``about_one``: the call asked about one resource, so "not found" means it is gone.
    """
    code, text = _said(body)
    reason = _reason(code, text, status, is_json=body is not None, about_one=about_one)
    message = f"{code}: {text}" if code and text else code or text
    if not message:
        message = f"HTTP status {status}" if body is not None or status >= 400 else f"HTTP status {status}, not JSON"
    return Refusal(reason, _short(message), code, status, retry_after(headers))


def _said(body: Any) -> tuple[str, str]:
    """The code and message of an error: Resource Manager's, or a Functions host's in its own spelling."""
    said = body.get("error", body) if isinstance(body, Mapping) else {}
    if isinstance(said, str):
        return said, str(body.get("error_description") or body.get("message") or "")
    if not isinstance(said, Mapping):
        return "", ""
    code = said.get("code") or said.get("Code") or ""
    texts = [str(said.get("message") or said.get("Message") or ""), *_details(said)]
    return str(code), " ".join(dict.fromkeys(filter(None, texts)))


def _details(said: Mapping[str, Any]) -> Iterator[str]:
    """The codes of an error's details: Resource Graph says there, and only there, what is wrong."""
    details = said.get("details")
    if isinstance(details, list):
        for detail in details:
            if isinstance(detail, Mapping) and isinstance(detail.get("code"), str):
                yield f"({detail['code']})"


def _reason(code: str, text: str, status: int, *, is_json: bool, about_one: bool) -> GapReason:
    if status == 429:
        return GapReason.THROTTLED
    if code in EXPIRED:
        return GapReason.EXPIRED
    if code in NOT_OFFERED or (code == "DisallowedOperation" and "not registered" in text):
        return GapReason.NOT_OFFERED
    if status in (401, 403) or code in DENIED:
        return GapReason.DENIED
    if status >= 500 or status in (408, 409):
        return GapReason.SERVICE_ERROR
    if not is_json or status < 400:
        return GapReason.MALFORMED
    if status == 404 and about_one:
        return GapReason.VANISHED
    return GapReason.SERVICE_ERROR


def retry_after(headers: Mapping[str, str]) -> float:
    """The seconds an answer asks us to wait: a number, a date, or Resource Graph's hours, minutes and seconds."""
    given = headers.get("Retry-After") or ""
    try:
        return _bounded(float(given))
    except ValueError:
        pass
    try:
        return _bounded((parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        pass
    return _bounded(_clock_seconds(headers.get("x-ms-user-quota-resets-after") or ""))


def _clock_seconds(text: str) -> float:
    """The seconds of ``hh:mm:ss``; 0 for anything else."""
    try:
        hours, minutes, seconds = (float(part) for part in text.split(":"))
    except ValueError:
        return 0.0
    return hours * 3600 + minutes * 60 + seconds


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), _LONGEST_WAIT) if seconds == seconds else 0.0  # noqa: PLR0124 - not a number


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
