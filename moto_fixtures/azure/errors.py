"""Error answers in the shapes Resource Manager, its providers, the Functions host and Resource Graph give them."""

from typing import Any

from moto_fixtures.azure.wire import Call, encoded, said
from moto_fixtures.emulation.wire import Answer

AUDITOR = "9d6f2c1e-0b5a-4c7e-8f31-5a2b7c9d4e10"
"""Object id of the principal that reads."""
_SUPPORT = (
    "Please provide below info when asking for support: timestamp = 2026-11-24T08:15:30.0000000Z, correlationId = "
)
_CORRELATION = "3f0c2f6e-7a41-4d1b-9a55-1d2e3f4a5b6c"
_HOST_DOWN = "Encountered an error (ServiceUnavailable) from host runtime."


class ArmError(Exception):
    """Raised while answering; becomes the error body of Resource Manager (``cause`` gateway) or of a provider."""

    def __init__(self, status: int, code: str, message: str, cause: str = "gateway", **headers: str) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.cause = cause
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(self) -> Answer:
        """The error on the wire."""
        body = {"error": {"code": self.code, "message": self.message}}
        return Answer(self.status, encoded(body), {"x-ms-failure-cause": self.cause, **self.headers})


def missing_api_version() -> ArmError:
    """No api-version was sent."""
    return ArmError(
        400,
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
    )


def strange_api_version(version: str) -> ArmError:
    """An api-version that is no date."""
    return ArmError(400, "InvalidApiVersionParameter", f"The api-version '{version}' is invalid.")


def no_token(authority: str, tenant: str) -> ArmError:
    """No Authorization header."""
    return _unauthorised("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.",
                         f'Bearer authorization_uri="{authority}/{tenant}", error="invalid_token", '
                         'error_description="The authentication failed because of missing \'Authorization\' header."')  # fmt: skip


def expired_token(authority: str, tenant: str) -> ArmError:
    """A token past its time."""
    return _unauthorised("ExpiredAuthenticationToken",
                         "The access token expiry UTC time '11/24/2026 7:15:30 AM' is earlier than current UTC time "
                         "'11/24/2026 8:15:30 AM'.",
                         f'Bearer authorization_uri="{authority}/{tenant}", error="invalid_token", '
                         'error_description="The access token expiry UTC time is earlier than current UTC time."')  # fmt: skip


def _unauthorised(code: str, message: str, challenge: str) -> ArmError:
    return ArmError(401, code, message, WWW_Authenticate=challenge)


def forbidden(action: str, scope: str) -> ArmError:
    """The caller lacks an action over a scope."""
    return ArmError(
        403,
        "AuthorizationFailed",
        f"The client '{AUDITOR}' with object id '{AUDITOR}' does not have authorization to perform action "
        f"'{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh "
        "your credentials.",
    )


def not_found(call: Call) -> ArmError:
    """The resource in the path does not exist (any more)."""
    parts = call.sent.strip("/").split("/")
    group = parts[3] if len(parts) > 3 and parts[2].lower() == "resourcegroups" else ""
    tail = call.sent.partition("/providers/")[2].split("/")
    name = "/".join([tail[0], *tail[1:3]]) if len(tail) > 2 else call.sent
    return ArmError(
        404,
        "ResourceNotFound",
        f"The Resource '{name}' under resource group '{group}' was not found. For more details please go to "
        "https://aka.ms/ARMResourceNotFoundFix",
    )


def child_not_found(call: Call) -> Answer:
    """A resource stands and a child of it does not: App Service says so in its own shape, others in ARM's."""
    kind, _, name = call.sent.rpartition("/providers/")[2].partition("/")
    if kind.lower() == "microsoft.web":
        site = call.sent.lower().partition("/sites/")[2].partition("/")[0]
        what = "SourceControl" if "/sourcecontrols/" in call.path else call.sent.rpartition("/")[2]
        return said(_both_spellings("NotFound", f"Cannot find {what} with name {site}.", "51004"), 404)
    message = f"The Resource '{kind}/{name}' was not found."
    return ArmError(404, "ResourceNotFound", message, "service").answer()


def _both_spellings(code: str, message: str, extended: str) -> dict[str, Any]:
    entity = {"ExtendedCode": extended, "MessageTemplate": "{0}", "Parameters": [], "Code": code, "Message": message}
    details = [{"Message": message}, {"Code": code}, {"ErrorEntity": entity}]
    return {"Code": code, "Message": message, "Target": None, "Details": details, "Innererror": None}


def unknown_subscription(subscription: str) -> ArmError:
    """A subscription the tenant does not have."""
    return ArmError(404, "SubscriptionNotFound", f"The subscription '{subscription}' could not be found.")


def unknown_route(call: Call) -> ArmError:
    """A path no declared read leads to."""
    return ArmError(
        404, "InvalidResourceType", f"The resource type could not be found for {call.method} '{call.sent}'."
    )


def conflict() -> ArmError:
    """Another operation holds the site."""
    return ArmError(409, "Conflict", "Cannot modify this site because another operation is in progress.", "service")


def not_registered(namespace: str) -> ArmError:
    """The subscription never used this provider."""
    return ArmError(
        409,
        "MissingSubscriptionRegistration",
        f"The subscription is not registered to use namespace '{namespace}'. See https://aka.ms/rps-not-found for "
        "how to register subscriptions.",
    )


def server_timeout() -> ArmError:
    """Resource Manager gave up on the provider."""
    return ArmError(
        503, "ServerTimeout", "The request timed out. Diagnostic information: timestamp '20261124T081530Z'."
    )


def gateway_timeout() -> ArmError:
    """The provider did not answer."""
    return ArmError(
        504,
        "GatewayTimeout",
        "The gateway did not receive a response from 'Microsoft.Web' within the specified time period.",
    )


def server_error() -> ArmError:
    """The provider broke."""
    return ArmError(500, "InternalServerError", "There was an unexpected InternalServerError. Please try again later.",
                    "service")  # fmt: skip


def host_down() -> Answer:
    """The Functions host of an app does not answer: PascalCase, no ``error`` member."""
    inner = {"Code": "BadRequest", "Message": _HOST_DOWN}
    details = [{"Message": _HOST_DOWN}, {"Code": "BadRequest"}, {"ErrorEntity": inner}]
    body = {"Code": "BadRequest", "Message": _HOST_DOWN, "Target": None, "Details": details, "Innererror": None}
    return said(body, 400)


def throttled(call: Call, retry_after: int | None) -> ArmError:
    """Too many reads of a subscription."""
    wait = retry_after if retry_after is not None else 30
    message = (
        f"Number of requests for subscription '{call.subscription}' and operation "
        f"'{call.method}/SUBSCRIPTIONS/RESOURCEGROUPS/PROVIDERS' exceeded the backend storage limit. "
        f"Please try again after '{wait}' seconds."
    )
    return ArmError(429, "SubscriptionRequestsThrottled", message, **_wait(retry_after))


def action_throttled(action: str, retry_after: int | None) -> ArmError:
    """Too many requests for one action of a provider."""
    wait = retry_after if retry_after is not None else 372
    message = (
        f"Number of requests for action '{action}' exceeded the limit of '12000' for time interval '01:00:00'. "
        f"Please try again after '{wait}' seconds."
    )
    return ArmError(429, "ResourceRequestsThrottled", message, **_wait(retry_after))


def _wait(retry_after: int | None) -> dict[str, str]:
    return {} if retry_after is None else {"Retry_After": str(retry_after)}


def graph_refused(status: int, code: str, *details: dict[str, Any]) -> Answer:
    """A refusal of Resource Graph, which words its errors its own way."""
    body = {"error": {"code": code, "message": _SUPPORT + _CORRELATION + ".", "details": list(details)}}
    return said(body, status)


def invalid_query(token: str, position: int) -> Answer:
    """A query Resource Graph cannot parse."""
    return graph_refused(
        400,
        "BadRequest",
        {"code": "InvalidQuery", "message": "Query is invalid. Please refer to the documentation for the Azure "
                                            "Resource Graph service and fix the error before retrying."},
        {"code": "ParserFailure", "message": "ParserFailure", "line": 1, "characterPositionInLine": position,
         "token": token, "expectedToken": "\u01cf"},
    )  # fmt: skip


def graph_throttled(retry_after: int | None) -> Answer:
    """Too many queries of one principal."""
    detail = {"code": "RateLimiting", "message": "Client application has been throttled and should not attempt to "
              "repeat the request until an amount of time has elapsed. Please see "
              "https://aka.ms/resourcegraph-throttling for help."}  # fmt: skip
    answer = graph_refused(429, "RateLimiting", detail)
    wait = {} if retry_after is None else {"Retry-After": str(retry_after)}
    quota = {"x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "00:00:05"}
    return Answer(answer.status, answer.body, quota | wait)
