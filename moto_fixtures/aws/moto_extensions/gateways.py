"""The list of an API's authorizers: moto makes them, and lists none."""

from dataclasses import dataclass, field
from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.moto_extensions.registry import as_json, completes
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer


@dataclass
class AuthorizerMemory:
    """The authorizers of one region's HTTP and WebSocket APIs, by API."""

    by_api: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


@completes("apigatewayv2", "CreateAuthorizer")
def create_authorizer(call: Call, account: Account) -> Answer:
    """Moto's answer, kept for the list."""
    answer = account.moto(call)
    if answer.status in (200, 201):
        account.of(AuthorizerMemory, call.region).by_api.setdefault(call.labels["apiId"], []).append(answer.json())
    return answer


@completes("apigatewayv2", "GetAuthorizers")
def get_authorizers(call: Call, account: Account) -> Answer:
    """The authorizers of one API, on one page."""
    return as_json({"items": account.of(AuthorizerMemory, call.region).by_api.get(call.labels["apiId"], [])})
