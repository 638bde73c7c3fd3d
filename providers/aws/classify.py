"""Why a call has no answer: a total function from any error to one reason. Knows the SDK's errors by name only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from auditor.model.observed import GapReason

_LONGEST: Final = 500

THROTTLES: Final = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "Throttling.Rate",
        "ThrottlingException",
        "TooManyRequests",
        "TooManyRequestsException",
    }
)

EXPIRED: Final = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired", "ExpiredTokenId"}
)

DENIED: Final = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AccountAccessDenied",
        "AllAccessDisabled",
        "AuthFailure",
        "AuthorizationError",
        "AuthorizationErrorException",
        "Forbidden",
        "IncompleteSignature",
        "InsufficientPrivilegesException",
        "InvalidAccessException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "KMSAccessDeniedException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "NotAuthorized",
        "SignatureDoesNotMatch",
        "Unauthorized",
        "UnauthorizedAccess",
        "UnauthorizedException",
        "UnauthorizedOperation",
        "UnrecognizedClientException",
    }
)

NOT_OFFERED: Final = frozenset(
    {
        "InvalidAction",
        "NotImplemented",
        "OptInRequired",
        "OptInRequiredException",
        "SubscriptionRequiredException",
        "UnknownOperation",
        "UnknownOperationException",
    }
)

_MISSING: Final = ("NotFound", "NoSuch", "NonExist", "DoesNotExist")
"""Words of the services' own codes for "there is no such thing"; a bare status 404 may be any server's on the way."""

_TIMEOUTS: Final = frozenset({"ConnectTimeoutError", "ReadTimeoutError"})

_BY_CLASS: Final[Mapping[str, GapReason]] = {
    # credentials that cannot be had or renewed any more
    "CredentialRetrievalError": GapReason.EXPIRED,
    "LoginError": GapReason.EXPIRED,
    "MetadataRetrievalError": GapReason.EXPIRED,
    "NoAuthTokenError": GapReason.EXPIRED,
    "NoCredentialsError": GapReason.EXPIRED,
    "PartialCredentialsError": GapReason.EXPIRED,
    "RefreshWithMFAUnsupportedError": GapReason.EXPIRED,
    "SSOError": GapReason.EXPIRED,
    "TokenRetrievalError": GapReason.EXPIRED,
    # an answer that is none
    "ChecksumError": GapReason.MALFORMED,
    "EventStreamError": GapReason.MALFORMED,
    "FlexibleChecksumError": GapReason.MALFORMED,
    "IncompleteReadError": GapReason.MALFORMED,
    "PaginationError": GapReason.MALFORMED,
    "ResponseParserError": GapReason.MALFORMED,
    "ResponseStreamingError": GapReason.MALFORMED,
    # nobody there
    "ConnectionError": GapReason.UNREACHABLE,
    "HTTPClientError": GapReason.UNREACHABLE,
    "OSError": GapReason.UNREACHABLE,
    # the service has no endpoint there
    "BaseEndpointResolverError": GapReason.NOT_OFFERED,
    "EndpointProviderError": GapReason.NOT_OFFERED,
    "InvalidRegionError": GapReason.NOT_OFFERED,
    "ServiceNotInRegionError": GapReason.NOT_OFFERED,
    "UnknownRegionError": GapReason.NOT_OFFERED,
    "UnknownServiceError": GapReason.NOT_OFFERED,
    # what the SDK could not make sense of, as its parsers raise it
    "ArithmeticError": GapReason.MALFORMED,
    "AttributeError": GapReason.MALFORMED,
    "LookupError": GapReason.MALFORMED,
    "TypeError": GapReason.MALFORMED,
    "ValueError": GapReason.MALFORMED,
}


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


def classify(error: Exception, *, about_one: bool) -> Refusal:
    """Says why a call has no answer.

    ``about_one``: it asked about one resource, so "not found" in the service's own code means it is gone.
    """
    response = getattr(error, "response", None)
    if isinstance(response, Mapping):
        return _answered(error, response, about_one=about_one)
    names = [kind.__name__ for kind in type(error).__mro__]
    message = _short(str(error) or names[0])
    if "IncompleteRead" in message:
        return Refusal(GapReason.MALFORMED, message)
    reasons = (_BY_CLASS[name] for name in names if name in _BY_CLASS)
    slow = not _TIMEOUTS.isdisjoint(names)
    return Refusal(next(reasons, GapReason.SERVICE_ERROR), message, slow=slow)


def _answered(error: Exception, response: Mapping[str, Any], *, about_one: bool) -> Refusal:
    if type(error).__name__ == "EventStreamError":
        return Refusal(GapReason.MALFORMED, _short(str(error)))
    said, about = _mapping(response.get("Error")), _mapping(response.get("ResponseMetadata"))
    code = str(said.get("Code") or "").rsplit("#", 1)[-1]
    text = str(said.get("Message") or said.get("message") or "")
    status = about.get("HTTPStatusCode")
    status = status if isinstance(status, int) else 0
    reason = _reason(code, status, about_one=about_one)
    message = _short(f"{code}: {text}" if text else code or f"HTTP status {status}")
    return Refusal(reason, message, code, status, _retry_after(_mapping(about.get("HTTPHeaders"))))


def _reason(code: str, status: int, *, about_one: bool) -> GapReason:
    for codes, reason in (
        (THROTTLES, GapReason.THROTTLED),
        (EXPIRED, GapReason.EXPIRED),
        (NOT_OFFERED, GapReason.NOT_OFFERED),
        (DENIED, GapReason.DENIED),
    ):
        if code in codes:
            return reason
    if status == 429:
        return GapReason.THROTTLED
    if status == 501:
        return GapReason.NOT_OFFERED
    if status >= 500:
        return GapReason.SERVICE_ERROR
    if status in (401, 403):
        return GapReason.DENIED
    if about_one and any(word in code for word in _MISSING):
        return GapReason.VANISHED
    if 200 <= status < 300:
        return GapReason.MALFORMED
    return GapReason.SERVICE_ERROR


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _retry_after(headers: Mapping[str, Any]) -> float:
    try:
        seconds = float(headers.get("retry-after") or 0)
    except ValueError:
        return 0.0
    return min(max(seconds, 0.0), 120.0)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
