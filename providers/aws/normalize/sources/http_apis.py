"""HTTP and WebSocket APIs of API Gateway, and the names in front of all its APIs."""

from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.exposure import AuthMode, Cors
from auditor.model.gateway import DomainName, Gateway, Route, Stage
from auditor.model.observed import Gap, Observed, Unknown, not_offered
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    choice,
    filled_text,
    items,
    optional_flag,
    optional_member,
    optional_text,
    optional_texts,
    text,
)
from providers.aws.normalize.sources.gateways import MODES, Found, function_of
from providers.aws.normalize.sources.reading import EVERYTHING
from providers.aws.normalize.sources.rest_apis import limit, whole

_APIS: Final = "apigatewayv2:GetApis"
_INTEGRATIONS: Final = "apigatewayv2:GetIntegrations"
_ROUTES: Final = "apigatewayv2:GetRoutes"
_STAGES: Final = "apigatewayv2:GetStages"
_AUTHORIZERS: Final = "apigatewayv2:GetAuthorizers"
_DOMAINS: Final = "apigatewayv2:GetDomainNames"
_MAPPINGS: Final = "apigatewayv2:GetApiMappings"
_PROTOCOLS: Final = {"HTTP": "http", "WEBSOCKET": "websocket"}
_NO_FIREWALL: Final = "AWS WAF cannot be attached to this kind of API"
_NO_VALIDATION: Final = "HTTP APIs pass requests on without validating them"

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
    for api, body in listed.items:
        arn = f"arn:{partition}:execute-api:{answers.location}:{answers.account}:{api}"
        found.resources.add(arn)
        protocol = answers.fact(_APIS, lambda body=body: choice(body, "ProtocolType", _PROTOCOLS), api)  # type: ignore[misc]
        if isinstance(protocol, Unknown):
            found.missed(arn, protocol.gap)
            continue
        if _routes(answers, found, (api, arn), protocol.value):
            _authorizers(answers, found, api, arn)
        if arn in found.routes:
            found.gateways[arn] = _gateway(answers, (api, arn, protocol.value), body, domains)
    return found


def _routes(answers: Answers, found: Found, ids: tuple[str, str], protocol: str) -> bool:
    """Reads the routes; whether any asks an authorizer of the API's own."""
    api, arn = ids
    targets = answers.readable(
        answers.pages(_INTEGRATIONS, "Items", api),
        lambda body: (text(body, "IntegrationId"), function_of(optional_text(body, "IntegrationUri") or "")),
    )
    routes = answers.readable(answers.pages(_ROUTES, "Items", api), lambda body: _route(body, protocol))
    found.missed(arn, targets.gap)
    found.missed(arn, routes.gap)
    by_id = dict(targets.items)
    for target, route, _ in routes.items:
        function = by_id.get(target)
        if function is not None:
            found.route(arn, function, route)
    return any(guarded for _, _, guarded in routes.items)


def _route(body: Json, protocol: str) -> tuple[str, Route, bool]:
    key = text(body, "RouteKey")
    method, _, path = key.partition(" ")
    kind = optional_text(body, "AuthorizationType") or "NONE"  # API reference: NONE unless set
    mode = MODES.get(kind, AuthMode.UNRECOGNISED)
    if mode is AuthMode.NONE and optional_flag(body, "ApiKeyRequired"):
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
    )
    return (optional_text(body, "Target") or "").removeprefix("integrations/"), route, kind == "CUSTOM"


def _authorizers(answers: Answers, found: Found, api: str, arn: str) -> None:
    listing = answers.pages(_AUTHORIZERS, "Items", api)
    read = answers.readable(listing, lambda body: optional_text(body, "AuthorizerUri"))
    found.missed(arn, read.gap)
    for uri in read.items:
        function = function_of(uri or "")  # absent: tokens are verified by the gateway
        if function is not None:
            found.started(arn, function)


def _gateway(answers: Answers, ids: tuple[str, str, str], body: dict[str, Any], domains: Domains) -> Gateway:
    api, arn, protocol = ids
    return Gateway(
        id=arn,
        name=text(body, "Name") if isinstance(body.get("Name"), str) else api,
        kind=protocol,
        public=known(value=True, source=_APIS),  # these kinds have no private form
        routes=(),
        stages=_stages(answers, api),
        domains=domains.map(lambda by_api: by_api.get(api, ())),
        default_address=answers.fact(_APIS, lambda: not optional_flag(body, "DisableExecuteApiEndpoint"), api),
        cors=answers.fact(_APIS, lambda: _cors(optional_member(body, "CorsConfiguration")), api),
    )


def _cors(body: dict[str, Any] | None) -> Cors | None:
    if body is None:
        return None
    return Cors(
        origins=optional_texts(body, "AllowOrigins"),
        methods=optional_texts(body, "AllowMethods"),
        headers=optional_texts(body, "AllowHeaders"),
        credentials=optional_flag(body, "AllowCredentials"),
    )


def _stages(answers: Answers, api: str) -> Observed[tuple[Stage, ...]]:
    return answers.readable(answers.pages(_STAGES, "Items", api), _stage).complete()


def _stage(body: Json) -> Stage:
    everywhere = optional_member(body, "DefaultRouteSettings") or {}  # absent: the account's limits
    logged = optional_member(body, "AccessLogSettings") or {}
    return Stage(
        name=text(body, "StageName"),
        rate=limit(everywhere.get("ThrottlingRateLimit")),
        burst=whole(everywhere.get("ThrottlingBurstLimit")),
        firewall=not_offered(_STAGES, _NO_FIREWALL),
        access_log=known(filled_text(logged, "DestinationArn") is not None, _STAGES),
        encrypted=known(value=True, source=_STAGES),  # API Gateway answers HTTPS alone
    )
