"""GraphQL APIs of AppSync, and the functions that their data sources and authorizers are."""

from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.exposure import AuthMode
from auditor.model.gateway import Gateway, Route, Stage
from auditor.model.observed import Unknown, not_offered
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    UnreadableError,
    choice,
    filled_text,
    member,
    optional_items,
    optional_member,
    optional_text,
    text,
)
from providers.aws.normalize.sources.gateways import Found, function_of
from providers.aws.normalize.sources.reading import EVERYTHING

_APIS: Final = "appsync:ListGraphqlApis"
_DATA: Final = "appsync:ListDataSources"
_MODES: Final = {
    "API_KEY": AuthMode.KEY,
    "AWS_IAM": AuthMode.IAM,
    "AMAZON_COGNITO_USER_POOLS": AuthMode.IDENTITY_PROVIDER,
    "OPENID_CONNECT": AuthMode.IDENTITY_PROVIDER,
    "AWS_LAMBDA": AuthMode.IDENTITY_PROVIDER,
}
_NO_DOMAINS: Final = "names of one's own in front of GraphQL APIs are not read; AppSync sets their TLS itself"
_NO_CORS: Final = "AppSync answers every origin by itself and offers no cross-origin rules"


def read_graphql_apis(answers: Answers, *, by_role: bool) -> Found:
    """Every GraphQL API of a location. ``by_role``: a role trusts AppSync, so that a data source may start anything."""
    found = Found(_DATA, "appsync", by_role)
    listed = answers.readable(answers.pages(_APIS, "graphqlApis"), lambda body: (text(body, "arn"), body))
    found.missed(EVERYTHING, listed.gap)
    for arn, body in listed.items:
        found.resources.add(arn)
        _read(answers, found, arn, body)
    return found


def _read(answers: Answers, found: Found, arn: str, body: dict[str, Any]) -> None:
    api = answers.fact(_APIS, lambda: _Api(body), arn)
    if isinstance(api, Unknown):
        found.missed(arn, api.gap)
        return
    for uri in api.value.authorizers:
        function = function_of(uri)
        if function is not None:
            found.started(arn, function)
    sources = answers.readable(answers.pages(_DATA, "dataSources", api.value.id), _data_source)
    found.missed(arn, sources.gap)
    for name, function in sources.items:
        if function is not None:
            auth, mode = api.value.auth, api.value.authorizer
            found.route(
                arn, function, Route(method="GRAPHQL", path=name, auth=auth, authorizer=mode, validated=_SCHEMA)
            )
    if arn in found.routes:
        found.gateways[arn] = api.value.gateway(arn)


_SCHEMA: Final = known(value=True, source=_APIS)
"""GraphQL requests are validated against the schema of their API before a data source is asked."""


class _Api:
    """One API. A field that names no other mode asks for the API's own, so that decides for its callers.

    AppSync API reference, GraphqlApi: ``visibility`` is GLOBAL where it is absent.
    """

    def __init__(self, body: Json) -> None:
        self.id = text(body, "apiId")
        self.name = optional_text(body, "name") or self.id
        self.authorizer = text(body, "authenticationType")
        self.auth = _MODES.get(self.authorizer, AuthMode.UNRECOGNISED)
        scope = optional_text(body, "visibility") or "GLOBAL"
        self.public = choice({"visibility": scope}, "visibility", {"GLOBAL": True, "PRIVATE": False})
        logs = optional_member(body, "logConfig")  # absent: no logs
        self.firewall = filled_text(body, "wafWebAclArn") is not None
        self.logged = logs is not None and text(logs, "fieldLogLevel") != "NONE"
        providers = (body, *optional_items(body, "additionalAuthenticationProviders"))
        self.authorizers = tuple(uri for each in providers if (uri := _authorizer(each)) is not None)

    def gateway(self, arn: str) -> Gateway:
        """As a gateway, without routes."""
        everywhere = Stage(
            name="graphql",
            rate=None,
            burst=None,
            firewall=known(self.firewall, _APIS),
            access_log=known(self.logged, _APIS),
            encrypted=known(value=True, source=_APIS),  # AppSync answers HTTPS alone
        )
        return Gateway(
            id=arn,
            name=self.name,
            kind="graphql",
            public=known(self.public, _APIS),
            routes=(),
            stages=known((everywhere,), _APIS),
            domains=not_offered(_APIS, _NO_DOMAINS),
            default_address=known(value=True, source=_APIS),
            cors=not_offered(_APIS, _NO_CORS),
        )


def _authorizer(body: Json) -> str | None:
    given = optional_member(body, "lambdaAuthorizerConfig")  # absent: another mode
    return None if given is None else text(given, "authorizerUri")


def _data_source(body: Json) -> tuple[str, str | None]:
    if text(body, "type") != "AWS_LAMBDA":
        return "", None
    target = text(member(body, "lambdaConfig"), "lambdaFunctionArn")
    function = function_of(target)
    if function is None:
        raise UnreadableError("lambdaFunctionArn is not the ARN of a function")
    return text(body, "name"), function
