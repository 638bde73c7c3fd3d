"""Why a call has no answer: a total function from any error to one reason. Knows the SDK's errors by name only."""

from collections.abc import Mapping
from typing import Any, Final

from auditor.model.observed import GapReason
from providers.calls.failure import one_line, refusal_of, retry_after
from providers.calls.reply import Refusal

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

_FINAL: Final = frozenset({"ValidationException", "InvalidParameterValueException", "ValidationError"})
"""Codes that say the request was wrong, whatever their status."""

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
    # no connection
    "HTTPClientError": GapReason.UNREACHABLE,
    # the service has no endpoint there
    "BaseEndpointResolverError": GapReason.NOT_OFFERED,
    "EndpointProviderError": GapReason.NOT_OFFERED,
    "InvalidRegionError": GapReason.NOT_OFFERED,
    "ServiceNotInRegionError": GapReason.NOT_OFFERED,
    "UnknownRegionError": GapReason.NOT_OFFERED,
    "UnknownServiceError": GapReason.NOT_OFFERED,
}


def classify(error: Exception, *, about_one: bool) -> Refusal:
    """Says why a call has no answer.

    ``about_one``: it asked about one resource, so "not found" in the service's own code means it is gone.
    """
    response = getattr(error, "response", None)
    if isinstance(response, Mapping):
        return _answered(error, response, about_one=about_one)
    return refusal_of(error, _BY_CLASS)


def _answered(error: Exception, response: Mapping[str, Any], *, about_one: bool) -> Refusal:
    if type(error).__name__ == "EventStreamError":
        return Refusal(GapReason.MALFORMED, one_line(str(error)))
    said, about = _mapping(response.get("Error")), _mapping(response.get("ResponseMetadata"))
    code = str(said.get("Code") or "").rsplit("#", 1)[-1]
    text = str(said.get("Message") or said.get("message") or "")
    status = about.get("HTTPStatusCode")
    status = status if isinstance(status, int) else 0
    reason = _reason(code, status, about_one=about_one)
    message = one_line(f"{code}: {text}" if text else code or f"HTTP status {status}")
    wait = retry_after(_mapping(about.get("HTTPHeaders")))
    final = code in _FINAL or (reason is GapReason.SERVICE_ERROR and 0 < status < 500)
    return Refusal(reason, message, code, status, wait, final=final)


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
        return GapReason.NOT_FOUND
    if 200 <= status < 300:
        return GapReason.MALFORMED
    return GapReason.SERVICE_ERROR


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
