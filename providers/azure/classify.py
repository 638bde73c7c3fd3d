"""Why a call has no answer: a total function from any answer or error to one reason. Knows the SDK by names only."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from auditor.model.observed import GapReason
from providers.calls.failure import bounded, one_line, refusal_of, retry_after
from providers.calls.reply import Refusal

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
    # no connection
    "ServiceRequestError": GapReason.UNREACHABLE,
    "ServiceResponseError": GapReason.UNREACHABLE,
}
_TIMEOUTS: Final = ("ServiceRequestTimeoutError", "ServiceResponseTimeoutError")
_OWN_LIMIT: Final = "Resource"
"""How the codes of a resource provider's own limits on one action begin: the subscription's other calls go on."""

_CHAIN: Final = "DefaultAzureCredential failed to retrieve a token"
_ENTRA: Final = re.compile(r"AADSTS\d+:[^.\n]*")
"""Microsoft Entra's own words on why it gives no token."""

_NO_SIGN_IN: Final = re.compile(r"HTTPS?Connection(?:Pool)?\(host='(?P<host>[^']+)'")
"""How the SDK says that its credentials' own request met no answer."""
_ERRNO: Final = re.compile(r"\[Errno -?\d+\] (?P<why>[A-Za-z ]+)")

_REPEATABLE: Final = frozenset({408})
"""Statuses below 500 after which the same request may succeed."""


def classify_error(error: Exception) -> Refusal:
    """Says why a call failed before an answer came."""
    refusal = refusal_of(error, _BY_CLASS, _TIMEOUTS)
    if refusal.reason is not GapReason.EXPIRED:
        return refusal
    unconnected = _NO_SIGN_IN.search(str(error))
    if unconnected and not _ENTRA.search(str(error)):
        why = _ERRNO.search(str(error))
        said = f"signing in at {unconnected['host']}: {why['why'] if why else 'no connection'}"
        return replace(refusal, reason=GapReason.UNREACHABLE, message=one_line(said))
    return replace(refusal, message=_sign_in_failure(str(error)))


def _sign_in_failure(text: str) -> str:
    """What is wrong with credentials, without the paragraph the SDK writes on each of those it tried."""
    codes = dict.fromkeys(" ".join(found.group().split()).rstrip(".") for found in _ENTRA.finditer(text))
    if codes:
        return one_line("; ".join(codes))
    return "none was found" if _CHAIN in text else one_line(text)


def classify_answer(status: int, headers: Mapping[str, str], body: Any, *, about_one: bool) -> Refusal:
    """Says why an answer is none. ``body`` is what its JSON held (None: it was no JSON).

    ``about_one``: the call asked about one resource, so "not found" means it is gone.
    """
    code, text = _said(body)
    reason = _reason(code, text, status, is_json=body is not None, about_one=about_one)
    message = f"{code}: {text}" if code and text else code or text
    if not message:
        message = f"HTTP status {status}" if body is not None or status >= 400 else f"HTTP status {status}, not JSON"
    wait = retry_after(headers) or bounded(_clock_seconds(headers.get("x-ms-user-quota-resets-after") or ""))
    final = reason is GapReason.SERVICE_ERROR and status < 500 and status not in _REPEATABLE
    own = reason is GapReason.THROTTLED and code.startswith(_OWN_LIMIT) and wait > 0
    return Refusal(reason, one_line(message), code, status, wait, final=final, own_limit=own)


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
        return GapReason.NOT_FOUND
    return GapReason.SERVICE_ERROR


def _clock_seconds(text: str) -> float:
    """The seconds of ``hh:mm:ss``; 0 for anything else."""
    try:
        hours, minutes, seconds = (float(part) for part in text.split(":"))
    except ValueError:
        return 0.0
    return hours * 3600 + minutes * 60 + seconds
