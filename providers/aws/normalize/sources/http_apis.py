"""HTTP and WebSocket APIs of API Gateway, and the names in front of all its APIs."""

from dataclasses import replace
from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.exposure import AuthMode, Cors
from auditor.model.gateway import Authorizer, Backend, DomainName, Gateway, Route, SourceRoute
from auditor.model.observed import Gap, Observed, Unknown, not_offered
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    choice,
    filled_text,
    items,
    optional_flag,
    optional_member,
    optional_number,
    optional_text,
    optional_texts,
    text,
)
from providers.aws.normalize.sources.gateways import MODES, Found, backend, function_of
from providers.aws.normalize.sources.integrations import Place, Target, target_of_subtype, target_of_uri
from providers.aws.normalize.sources.reading import EVERYTHING
from providers.aws.normalize.sources.stages import other_stages

_APIS: Final = "apigatewayv2:GetApis"
_INTEGRATIONS: Final = "apigatewayv2:GetIntegrations"
_ROUTES: Final = "apigatewayv2:GetRoutes"
_AUTHORIZERS: Final = "apigatewayv2:GetAuthorizers"
_DOMAINS: Final = "apigatewayv2:GetDomainNames"
_MAPPINGS: Final = "apigatewayv2:GetApiMappings"
_PROTOCOLS: Final = {"HTTP": "http", "WEBSOCKET": "websocket"}
_NO_VALIDATION: Final = "HTTP APIs pass requests on without validating them"
_NO_KEYS: Final = "HTTP APIs know no API keys"
_NO_POLICY: Final = "only REST APIs have a policy of their own"
_NO_COMPRESSION: Final = "only REST APIs compress responses"

_GUARDED: Final = frozenset({"CUSTOM", "JWT"})

Domains = Observed[dict[str, tuple[DomainName, ...]]]


def read_domains(answers: Answers) -> Domains:
    """The names in front of APIs, by API id."""
    listed = answers.readable(answers.pages(_DOMAINS, "Items"), _domain)
    gap: Gap | None = listed.gap
    by_api: dict[str, tuple[DomainName, ...]] = {}
    for domain in listed.items:
        mapped = answers.readable(answers.pages(_MAPPINGS, "Items", domain.name), lambda body: text(body, "ApiId"))
        gap = gap or mapped.gap
        for api in dict.fromkeys(mapped.items):
            by_api[api] = (*by_api.get(api, ()), domain)
    return known(by_api, _DOMAINS) if gap is None else Unknown(gap)


def _domain(body: Json) -> DomainName:
    configurations = items(body, "DomainNameConfigurations")
    policies = [optional_text(each, "SecurityPolicy") for each in configurations]
    mutual = optional_member(body, "MutualTlsAuthentication") or {}  # absent: callers show no certificate
    return DomainName(
        name=text(body, "DomainName"),
        tls_policy=next((policy for policy in policies if policy), None),
        mutual_tls=filled_text(mutual, "TruststoreUri") is not None if mutual else False,
    )


def read_http_apis(answers: Answers, partition: str, domains: Domains) -> Found:
    """Every HTTP and WebSocket API of a location."""
    found = Found(_ROUTES)
    listed = answers.readable(answers.pages(_APIS, "Items"), lambda body: (text(body, "ApiId"), body))
    found.missed(EVERYTHING, listed.gap)
    found.writes.missed(listed.gap)
    for api, body in listed.items:
        arn = f"arn:{partition}:execute-api:{answers.location}:{answers.account}:{api}"
        found.resources.add(arn)
        protocol = answers.fact(_APIS, lambda body=body: choice(body, "ProtocolType", _PROTOCOLS), api)  # type: ignore[misc]
        if isinstance(protocol, Unknown):
            found.missed(arn, protocol.gap)
            found.writes.missed(protocol.gap)
            continue
        asked = _routes(answers, found, (api, arn, protocol.value), _name(body, api), partition)
        if "CUSTOM" in asked:
            _authorizers(answers, found, api, arn)
        if arn in found.routes:
            found.gateways[arn] = replace(
                _gateway(answers, (api, arn, protocol.value), body, domains),
                authorizers=_deciding(answers, api) if asked & _GUARDED else known((), _ROUTES),
            )
    return found


def _routes(answers: Answers, found: Found, ids: tuple[str, str, str], name: str, partition: str) -> set[str]:
    """Reads the routes; the ways in which they ask who is calling."""
    api, arn, protocol = ids
    targets = answers.readable(
        answers.pages(_INTEGRATIONS, "Items", api),
        lambda body: (text(body, "IntegrationId"), function_of(optional_text(body, "IntegrationUri") or "")),
    )
    routes = answers.readable(answers.pages(_ROUTES, "Items", api), lambda body: _route(body, protocol))
    place = Place(partition, answers.location, answers.account)
    written = answers.readable(answers.pages(_INTEGRATIONS, "Items", api), lambda body: _written(body, place))
    for read in (targets, routes, written):
        found.missed(arn, read.gap)
        found.writes.missed(read.gap)
    sources = {id: into for id, into in written.items if into is not None}
    by_id = dict(targets.items)
    connect = next(
        (route for _, route, _ in routes.items if protocol == "websocket" and route.path == "$connect"), None
    )
    for target, route, _ in routes.items:
        function = by_id.get(target)
        admitted = route if connect is None else _admitted(route, connect)
        if function is not None:
            found.route(arn, function, admitted)
        if target in sources:
            public = known(value=True, source=_APIS)  # these kinds have no private form
            way = SourceRoute(gateway=arn, name=name, kind=protocol, public=public, route=admitted)
            found.writing(sources[target], way, _INTEGRATIONS)
    return {kind for _, _, kind in routes.items}


def _written(body: Json, place: Place) -> tuple[str, Target | None]:
    """An integration's id, and the event source that it writes to; None for another kind."""
    subtype = optional_text(body, "IntegrationSubtype")
    if subtype is not None:
        into = target_of_subtype(subtype, body.get("RequestParameters"), place)
    else:
        into = target_of_uri(optional_text(body, "IntegrationUri") or "", optional_text(body, "IntegrationMethod"))
    return text(body, "IntegrationId"), into


def _route(body: Json, protocol: str) -> tuple[str, Route, str]:
    key = text(body, "RouteKey")
    method, _, path = key.partition(" ")
    kind = optional_text(body, "AuthorizationType") or "NONE"  # API reference: NONE unless set
    mode = MODES.get(kind, AuthMode.UNRECOGNISED)
    keyed = optional_flag(body, "ApiKeyRequired")
    if mode is AuthMode.NONE and keyed:
        mode = AuthMode.KEY
    validated = (
        not_offered(_ROUTES, _NO_VALIDATION)
        if protocol == "http"
        else known(optional_text(body, "ModelSelectionExpression") is not None, _ROUTES)
    )
    route = Route(
        method=method if path else "ANY",
        path=path or key,
        auth=mode,
        authorizer=filled_text(body, "AuthorizerId"),
        validated=validated,
        key=not_offered(_ROUTES, _NO_KEYS) if protocol == "http" else known(keyed, _ROUTES),
        scopes=known(optional_texts(body, "AuthorizationScopes"), _ROUTES),
        id=optional_text(body, "RouteId") or "",
    )
    return (optional_text(body, "Target") or "").removeprefix("integrations/"), route, kind


def _admitted(route: Route, connect: Route) -> Route:
    """A route of a WebSocket API, which asks its callers who they are once, when they connect.

    API Gateway, developer guide: access control is on the $connect route alone, and holds for the connection.
    """
    return replace(route, auth=connect.auth, authorizer=connect.authorizer, key=connect.key)


def _authorizers(answers: Answers, found: Found, api: str, arn: str) -> None:
    listing = answers.pages(_AUTHORIZERS, "Items", api)
    read = answers.readable(listing, lambda body: optional_text(body, "AuthorizerUri"))
    found.missed(arn, read.gap)
    for uri in read.items:
        function = function_of(uri or "")  # absent: tokens are verified by the gateway
        if function is not None:
            found.started(arn, function)


def _deciding(answers: Answers, api: str) -> Observed[tuple[Authorizer, ...]]:
    routes = answers.readable(answers.pages(_ROUTES, "Items", api), lambda body: filled_text(body, "AuthorizerId"))
    listing = answers.pages(_AUTHORIZERS, "Items", api)
    return routes.complete().then(
        lambda asked: answers.readable(listing, lambda body: _authorizer(body, asked)).complete()
    )


def _authorizer(body: Json, asked: tuple[str | None, ...]) -> Authorizer:
    token = optional_member(body, "JwtConfiguration") or {}  # absent: a function decides
    return Authorizer(
        id=text(body, "AuthorizerId"),
        name=text(body, "Name"),
        kind=text(body, "AuthorizerType"),
        seconds=optional_number(body, "AuthorizerResultTtlInSeconds"),
        issuer=optional_text(token, "Issuer"),
        audience=optional_texts(token, "Audience"),
        asked=text(body, "AuthorizerId") in asked,
    )


def _backends(answers: Answers, api: str) -> Observed[tuple[Backend, ...]]:
    read = answers.readable(answers.pages(_INTEGRATIONS, "Items", api), _call).complete()
    return read.map(lambda found: tuple(each for each in found if each is not None))


def _call(body: Json) -> Backend | None:
    """The HTTP endpoint that an integration calls; None for another kind."""
    uri = optional_text(body, "IntegrationUri")
    if text(body, "IntegrationType") not in ("HTTP", "HTTP_PROXY") or uri is None:
        return None
    return backend(
        f"integration {text(body, 'IntegrationId')}",
        uri,
        verified=True,  # HTTP and WebSocket APIs always verify
        internal=optional_text(body, "ConnectionType") == "VPC_LINK",
        encrypted=bool(optional_member(body, "TlsConfig")),
        id=text(body, "IntegrationId"),
    )


def _gateway(answers: Answers, ids: tuple[str, str, str], body: dict[str, Any], domains: Domains) -> Gateway:
    api, arn, protocol = ids
    return Gateway(
        id=arn,
        name=_name(body, api),
        kind=protocol,
        public=known(value=True, source=_APIS),  # these kinds have no private form
        routes=(),
        stages=other_stages(answers, api),
        domains=domains.map(lambda by_api: by_api.get(api, ())),
        default_address=answers.fact(_APIS, lambda: not optional_flag(body, "DisableExecuteApiEndpoint"), api),
        cors=answers.fact(_APIS, lambda: _cors(optional_member(body, "CorsConfiguration")), api),
        private=known(value=False, source=_APIS),
        grants=not_offered(_APIS, _NO_POLICY),
        compression=not_offered(_APIS, _NO_COMPRESSION),
        backends=_backends(answers, api),
    )


def _name(body: dict[str, Any], api: str) -> str:
    return text(body, "Name") if isinstance(body.get("Name"), str) else api


def _cors(body: dict[str, Any] | None) -> Cors | None:
    if body is None:
        return None
    return Cors(
        origins=optional_texts(body, "AllowOrigins"),
        methods=optional_texts(body, "AllowMethods"),
        headers=optional_texts(body, "AllowHeaders"),
        credentials=optional_flag(body, "AllowCredentials"),
    )
