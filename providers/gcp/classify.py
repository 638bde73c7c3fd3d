"""Why a call has no answer: a total function from any error to one reason. Knows the SDK's errors by name only."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from auditor.model.observed import GapReason
from providers.calls.failure import bounded, one_line, reason_of_status, refusal_of, retry_after
from providers.calls.json_reader import read_json
from providers.calls.reply import AnswerError, Refusal

_OFF: Final = frozenset({"SERVICE_DISABLED", "accessNotConfigured"})
_THROTTLES: Final = frozenset(
    {"RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED", "rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"}
)
_EXPIRED: Final = frozenset({"ACCESS_TOKEN_EXPIRED", "UNAUTHENTICATED", "authError"})
_REFUSED_TOKEN: Final = frozenset({"ACCOUNT_STATE_INVALID", "ACCESS_TOKEN_TYPE_UNSUPPORTED", "CREDENTIALS_MISSING"})
_SAYS_OFF: Final = re.compile(r"has not been used in project (\S+) before or it is disabled")
_NUMBER: Final = re.compile(r"^projects/([\w:.-]+)$")

_BY_CLASS: Final[Mapping[str, GapReason]] = {
    # tokens that cannot be had any more; a token service that does not answer is below
    "RefreshError": GapReason.EXPIRED,
    "ReauthFailError": GapReason.EXPIRED,
    "MalformedError": GapReason.EXPIRED,
    "GoogleAuthError": GapReason.EXPIRED,
    # no connection
    "TransportError": GapReason.UNREACHABLE,
    "Timeout": GapReason.UNREACHABLE,
    "RetryError": GapReason.UNREACHABLE,
    # an answer that is none
    "ChunkedEncodingError": GapReason.MALFORMED,
    "ContentDecodingError": GapReason.MALFORMED,
    "JSONDecodeError": GapReason.MALFORMED,
    "ParseError": GapReason.MALFORMED,
    # a redirect is not followed
    "TooManyRedirects": GapReason.SERVICE_ERROR,
}
_TIMEOUTS: Final = ("Timeout", "ConnectTimeout", "ReadTimeout")


def classify(error: Exception, *, about_one: bool, own: Collection[str] = ()) -> Refusal:
    """Says why a call has no answer, from what was raised. See :func:`refused` for the rest."""
    response = getattr(error, "response", None)
    if response is not None and hasattr(response, "status_code"):
        return refused(response, about_one=about_one, own=own)
    if getattr(error, "retryable", False) and any(kind.__name__ == "RefreshError" for kind in type(error).__mro__):
        return Refusal(GapReason.UNREACHABLE, one_line(str(error)))
    return refusal_of(error, _BY_CLASS, _TIMEOUTS)


def refused(response: Any, *, about_one: bool, own: Collection[str] = ()) -> Refusal:
    """Says why a response is no answer.

    ``about_one``: it asked about one resource, so "not found" means it is gone. ``own``: the id and number of the
    project asked about, as far as they are known.
    """
    status = int(response.status_code)
    said = _error(response)
    details = list(_details(said))
    codes = [code for code in (*_reasons(details), *_old_reasons(said), said.get("status")) if isinstance(code, str)]
    code = codes[0] if codes else ""
    text = said.get("message")
    message = one_line(f"{code}: {text}" if code and text else str(text or code or f"HTTP status {status}"))
    wait = max(retry_after(response.headers), *(_delay(detail) for detail in details), 0.0)
    off = not _OFF.isdisjoint(codes) or (status == 403 and _SAYS_OFF.search(str(text)) is not None)
    if off:
        return _switched_off(message, code, status, _charged(details, str(text)), own)
    reason = _reason(frozenset(codes), status, about_one=about_one)
    final = reason is GapReason.SERVICE_ERROR and 0 < status < 500
    return Refusal(reason, message, code, status, wait, final=final)


def _switched_off(message: str, code: str, status: int, charged: str, own: Collection[str]) -> Refusal:
    """Off in the project asked about: not offered. Off in another one that is charged: that says nothing of it."""
    if charged and own and charged not in own:
        text = f"The service is switched off in project {charged}, which the calls are charged to. {message}"
        return Refusal(GapReason.SERVICE_ERROR, one_line(text), code, status, final=True, off=True)
    return Refusal(GapReason.NOT_OFFERED, message, code, status, final=True, off=True)


def _reason(codes: frozenset[str], status: int, *, about_one: bool) -> GapReason:
    if status == 429 or not _THROTTLES.isdisjoint(codes):
        return GapReason.THROTTLED
    if status == 401:
        return GapReason.DENIED if not _REFUSED_TOKEN.isdisjoint(codes) else GapReason.EXPIRED
    if not _EXPIRED.isdisjoint(codes):
        return GapReason.EXPIRED
    return reason_of_status(status, about_one=about_one)


def _error(response: Any) -> Mapping[str, Any]:
    try:
        body = read_json(response.content)
    except AnswerError:
        return {}
    if isinstance(body, list) and body:  # some services wrap the error of a list in a list
        body = body[0]
    said = body.get("error") if isinstance(body, Mapping) else None
    if isinstance(said, str):
        return {"message": said}
    return said if isinstance(said, Mapping) else {}


def _details(said: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    details = said.get("details")
    if isinstance(details, list):
        yield from (detail for detail in details if isinstance(detail, Mapping))


def _reasons(details: list[Mapping[str, Any]]) -> Iterator[Any]:
    yield from (detail["reason"] for detail in details if detail.get("reason"))


def _old_reasons(said: Mapping[str, Any]) -> Iterator[Any]:
    """The reasons of the older error format, which Storage and Compute still use."""
    errors = said.get("errors")
    if isinstance(errors, list):
        yield from (error["reason"] for error in errors if isinstance(error, Mapping) and error.get("reason"))


def _charged(details: list[Mapping[str, Any]], text: str) -> str:
    for detail in details:
        metadata = detail.get("metadata")
        consumer = metadata.get("consumer") if isinstance(metadata, Mapping) else None
        if isinstance(consumer, str) and (found := _NUMBER.match(consumer)):
            return found.group(1)
    said = _SAYS_OFF.search(text)
    return said.group(1) if said else ""


def _delay(detail: Mapping[str, Any]) -> float:
    wait = detail.get("retryDelay")
    try:
        return bounded(float(wait.removesuffix("s"))) if isinstance(wait, str) else 0.0
    except ValueError:
        return 0.0
