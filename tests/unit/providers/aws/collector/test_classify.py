"""Every error of the SDK has one reason, and a new class of error cannot be forgotten."""

import inspect
from typing import Any

import botocore.exceptions
import pytest
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from auditor.model.observed import GapReason
from providers.aws.classify import DENIED, EXPIRED, NOT_OFFERED, THROTTLES, classify

OURS = {GapReason.SERVICE_ERROR}
"""Errors of configuration or of our own use of the SDK: no gap names them better."""

EXPECTED = {
    "ChecksumError": GapReason.MALFORMED,
    "ConnectTimeoutError": GapReason.UNREACHABLE,
    "ConnectionClosedError": GapReason.UNREACHABLE,
    "ConnectionError": GapReason.UNREACHABLE,
    "CredentialRetrievalError": GapReason.EXPIRED,
    "EndpointConnectionError": GapReason.UNREACHABLE,
    "EndpointProviderError": GapReason.NOT_OFFERED,
    "EndpointResolutionError": GapReason.NOT_OFFERED,
    "EndpointVariantError": GapReason.NOT_OFFERED,
    "BaseEndpointResolverError": GapReason.NOT_OFFERED,
    "FlexibleChecksumError": GapReason.MALFORMED,
    "HTTPClientError": GapReason.UNREACHABLE,
    "IncompleteReadError": GapReason.MALFORMED,
    "InvalidRegionError": GapReason.NOT_OFFERED,
    "LoginAuthorizationCodeError": GapReason.EXPIRED,
    "LoginError": GapReason.EXPIRED,
    "LoginInsufficientPermissions": GapReason.EXPIRED,
    "LoginRefreshRequired": GapReason.EXPIRED,
    "LoginTokenLoadError": GapReason.EXPIRED,
    "MetadataRetrievalError": GapReason.EXPIRED,
    "NoAuthTokenError": GapReason.EXPIRED,
    "NoCredentialsError": GapReason.EXPIRED,
    "NoRegionError": GapReason.NOT_OFFERED,
    "PaginationError": GapReason.MALFORMED,
    "PartialCredentialsError": GapReason.EXPIRED,
    "ProxyConnectionError": GapReason.UNREACHABLE,
    "ReadTimeoutError": GapReason.UNREACHABLE,
    "RefreshWithMFAUnsupportedError": GapReason.EXPIRED,
    "ResponseStreamingError": GapReason.MALFORMED,
    "SSLError": GapReason.UNREACHABLE,
    "SSOError": GapReason.EXPIRED,
    "SSOTokenLoadError": GapReason.EXPIRED,
    "ServiceNotInRegionError": GapReason.NOT_OFFERED,
    "TokenRetrievalError": GapReason.EXPIRED,
    "UnauthorizedSSOTokenError": GapReason.EXPIRED,
    "UnknownEndpointError": GapReason.NOT_OFFERED,
    "UnknownEndpointResolutionBuiltInName": GapReason.NOT_OFFERED,
    "UnknownFIPSEndpointError": GapReason.NOT_OFFERED,
    "UnknownRegionError": GapReason.NOT_OFFERED,
    "UnknownServiceError": GapReason.NOT_OFFERED,
}
OF_USE = (
    "Config",
    "Invalid",
    "Unsupported",
    "Param",
    "Parameter",
    "Stub",
    "Waiter",
    "Validation",
    "Unknown",
    "Missing",
)
"""What the names of errors about configuration or use have in them."""

CLASSES = sorted(
    (
        kind
        for _, kind in inspect.getmembers(botocore.exceptions, inspect.isclass)
        if issubclass(kind, Exception) and not issubclass(kind, Warning)
    ),
    key=lambda kind: kind.__name__,
)


def made(kind: type[Exception]) -> Exception:
    """An instance without the arguments its message wants."""
    if issubclass(kind, ClientError):
        return kind({"Error": {"Code": "X", "Message": "x"}, "ResponseMetadata": {"HTTPStatusCode": 400}}, "Do")
    error = kind.__new__(kind)
    Exception.__init__(error, "it failed")
    return error


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_error_of_the_sdk_has_its_reason(kind: type[Exception]) -> None:
    reason = classify(made(kind), about_one=False).reason
    expected = EXPECTED.get(kind.__name__)
    if expected is not None:
        assert reason is expected
    elif kind.__name__ == "EventStreamError":
        assert reason is GapReason.MALFORMED
    else:
        assert reason in OURS


def refusal(code: str, status: int = 400, *, about_one: bool = False, **headers: str) -> Any:
    error = {"Error": {"Code": code, "Message": "said why"}}
    error["ResponseMetadata"] = {"HTTPStatusCode": status, "HTTPHeaders": headers}  # type: ignore[dict-item]
    return classify(ClientError(error, "Do"), about_one=about_one)


@pytest.mark.parametrize(
    ("codes", "reason"),
    [
        (THROTTLES, GapReason.THROTTLED),
        (DENIED, GapReason.DENIED),
        (EXPIRED, GapReason.EXPIRED),
        (NOT_OFFERED, GapReason.NOT_OFFERED),
    ],
    ids=["throttles", "denials", "expired", "not offered"],
)
def test_every_code_of_a_family_has_the_familys_reason(codes: frozenset[str], reason: GapReason) -> None:
    assert {code: refusal(code).reason for code in codes} == dict.fromkeys(codes, reason)
    assert {code: refusal(code, about_one=True).reason for code in codes} == dict.fromkeys(codes, reason)


@pytest.mark.parametrize(
    ("code", "status", "about_one", "reason"),
    [
        ("", 429, False, GapReason.THROTTLED),
        ("", 403, False, GapReason.DENIED),
        ("403", 403, True, GapReason.DENIED),
        ("", 401, False, GapReason.DENIED),
        ("InternalFailure", 500, False, GapReason.SERVICE_ERROR),
        ("", 503, True, GapReason.SERVICE_ERROR),
        ("", 501, False, GapReason.NOT_OFFERED),
        ("ResourceNotFoundException", 404, True, GapReason.NOT_FOUND),
        ("NoSuchEntity", 404, True, GapReason.NOT_FOUND),
        ("TrailNotFoundException", 400, True, GapReason.NOT_FOUND),
        ("ResourceNotFoundException", 404, False, GapReason.SERVICE_ERROR),
        ("404", 404, True, GapReason.SERVICE_ERROR),
        ("", 404, True, GapReason.SERVICE_ERROR),
        ("ValidationException", 400, True, GapReason.SERVICE_ERROR),
        ("SomethingNew", 400, False, GapReason.SERVICE_ERROR),
        ("", 200, False, GapReason.MALFORMED),
    ],
)
def test_the_status_decides_where_no_code_does(code: str, status: int, about_one: bool, reason: GapReason) -> None:
    assert refusal(code, status, about_one=about_one).reason is reason


def test_what_the_parsers_raise_is_malformed() -> None:
    for error in (ResponseParserError("no XML"), KeyError("x"), TypeError("x"), AttributeError("x"), ValueError("x")):
        assert classify(error, about_one=True).reason is GapReason.MALFORMED


def test_a_broken_off_answer_is_malformed_and_a_lost_connection_is_not() -> None:
    broken = botocore.exceptions.HTTPClientError(error="IncompleteRead(3 bytes read)")
    lost = botocore.exceptions.HTTPClientError(error="Connection reset by peer")
    assert classify(broken, about_one=False).reason is GapReason.MALFORMED
    assert classify(lost, about_one=False).reason is GapReason.UNREACHABLE


def test_the_message_names_the_code_on_one_short_line() -> None:
    error = ClientError({"Error": {"Code": "AccessDenied", "Message": "not\nallowed " * 200}}, "Do")
    told = classify(error, about_one=False)
    assert told.message.startswith("AccessDenied: not allowed not allowed")
    assert "\n" not in told.message
    assert len(told.message) <= 500


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("", 0.0), ("soon", 0.0), ("-3", 0.0), ("9999", 120.0)])
def test_retry_after_is_read_and_bounded(header: str, seconds: float) -> None:
    assert refusal("TooManyRequestsException", 429, **{"retry-after": header}).retry_after == seconds  # type: ignore[arg-type]


def test_an_oddly_shaped_error_is_still_classified() -> None:
    assert classify(ClientError({"Error": {}, "ResponseMetadata": {}}, "Do"), about_one=True).reason is (
        GapReason.SERVICE_ERROR
    )
