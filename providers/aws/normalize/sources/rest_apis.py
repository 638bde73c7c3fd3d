"""REST APIs of API Gateway."""

from dataclasses import replace
from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.exposure import AccessGrant, AuthMode, Cors
from auditor.model.gateway import Authorizer, Backend, DomainName, Gateway, Route, SourceRoute
from auditor.model.observed import Observed, Unknown
from providers.aws.iam.policy_owner import ResourceKind
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    filled_text,
    flag,
    optional_flag,
    optional_member,
    optional_number,
    optional_text,
    optional_texts,
    record,
    text,
    texts,
)
from providers.aws.normalize.policies import judge, public
from providers.aws.normalize.sources.gateways import MODES, Found, backend, function_of
from providers.aws.normalize.sources.integrations import Target, target_of_uri
from providers.aws.normalize.sources.reading import EVERYTHING
from providers.aws.normalize.sources.stages import rest_stages

_APIS: Final = "apigateway:GetRestApis"
_RESOURCES: Final = "apigateway:GetResources"
_AUTHORIZERS: Final = "apigateway:GetAuthorizers"
_ORIGIN: Final = "method.response.header.Access-Control-Allow-Origin"
_CREDENTIALS: Final = "method.response.header.Access-Control-Allow-Credentials"

_HTTP: Final = frozenset({"HTTP", "HTTP_PROXY"})

_Read = tuple[bool, list[tuple[str, Route]]]
Domains = Observed[dict[str, tuple[DomainName, ...]]]


def read_rest_apis(answers: Answers, partition: str, domains: Domains) -> Found:
    """Every REST API of a location."""
    found = Found(_RESOURCES)
    listed = answers.readable(answers.pages(_APIS, "items"), lambda body: (text(body, "id"), body))
    found.missed(EVERYTHING, listed.gap)
    found.writes.missed(listed.gap)
    for api, body in listed.items:
        arn = f"arn:{partition}:execute-api:{answers.location}:{answers.account}:{api}"
        found.resources.add(arn)
        read = _routes(answers, found, api, arn)
        guarded = any(asks for asks, _ in read)
        if guarded:
            _authorizers(answers, found, api, arn)
        _writes(answers, partition, found, (api, arn), body)
        if arn in found.routes:
            found.gateways[arn] = replace(
                _gateway(answers, partition, (api, arn), body, domains),
                authorizers=_deciding(answers, api) if guarded else known((), _RESOURCES),
            )
    return found


def _routes(answers: Answers, found: Found, api: str, arn: str) -> tuple[_Read, ...]:
    read = answers.readable(answers.pages(_RESOURCES, "items", api), _methods)
    found.missed(arn, read.gap)
    for _, methods in read.items:
        for function, route in methods:
            found.route(arn, function, route)
    return read.items


def _methods(body: Json) -> _Read:
    """Whether any method asks an authorizer of the API's own, and the routes that end at functions."""
    made = []
    guarded = False
    for method, given in (optional_member(body, "resourceMethods") or {}).items():  # absent: a path without methods
        guarded = guarded or text(given, "authorizationType") == "CUSTOM"
        integration = optional_member(record(given), "methodIntegration") or {}  # absent: not set up yet
        function = function_of(optional_text(integration, "uri") or "")
        if function is not None:
            made.append((function, _route(body, method, given)))
    return guarded, made


def _route(resource: Json, method: str, given: dict[str, Any]) -> Route:
    mode = MODES.get(text(given, "authorizationType"), AuthMode.UNRECOGNISED)
    key = flag(given, "apiKeyRequired")
    if mode is AuthMode.NONE and key:
        mode = AuthMode.KEY
    validator = filled_text(given, "requestValidatorId")  # absent: requests are passed on as they come
    return Route(
        method=method,
        path=text(resource, "path"),
        auth=mode,
        authorizer=filled_text(given, "authorizerId"),
        validated=known(validator is not None, _RESOURCES),
        key=known(key, _RESOURCES),
        scopes=known(optional_texts(given, "authorizationScopes"), _RESOURCES),
        id=optional_text(resource, "id") or "",
    )


def _writes(answers: Answers, partition: str, found: Found, ids: tuple[str, str], body: dict[str, Any]) -> None:
    """The routes that write to event sources by themselves."""
    api, arn = ids
    read = answers.readable(answers.pages(_RESOURCES, "items", api), _written)
    found.writes.missed(read.gap)
    written = [each for of_resource in read.items for each in of_resource]
    if not written:
        return
    private = answers.fact(_APIS, lambda: _private(body), api)
    grants = answers.fact(_APIS, lambda: _policy(answers, partition, body), api)
    public = private.then(lambda inside: _public(grants) if not inside else known(value=False, source=_APIS))
    for target, route in written:
        way = SourceRoute(gateway=arn, name=_name(body, api), kind="rest", public=public, route=route)
        found.writing(target, way, _RESOURCES)


def _written(body: Json) -> list[tuple[Target, Route]]:
    made = []
    for method, given in (optional_member(body, "resourceMethods") or {}).items():
        integration = optional_member(record(given), "methodIntegration") or {}  # absent: not set up yet
        target = target_of_uri(optional_text(integration, "uri") or "", optional_text(integration, "httpMethod"))
        if target is not None:
            made.append((target, _route(body, method, given)))
    return made


def _authorizers(answers: Answers, found: Found, api: str, arn: str) -> None:
    listing = answers.pages(_AUTHORIZERS, "items", api)
    read = answers.readable(listing, lambda body: optional_text(body, "authorizerUri"))
    found.missed(arn, read.gap)
    for uri in read.items:
        function = function_of(uri or "")  # absent: a user pool decides
        if function is not None:
            found.started(arn, function)


def _deciding(answers: Answers, api: str) -> Observed[tuple[Authorizer, ...]]:
    asked = answers.readable(answers.pages(_RESOURCES, "items", api), _asked).complete()
    listing = answers.pages(_AUTHORIZERS, "items", api)
    return asked.then(
        lambda found: answers.readable(listing, lambda body: _authorizer(body, frozenset().union(*found))).complete()
    )


def _asked(body: Json) -> frozenset[str]:
    """The ids of the authorizers that the methods of a resource ask."""
    methods = (optional_member(body, "resourceMethods") or {}).values()
    return frozenset(id for given in methods if (id := filled_text(given, "authorizerId")) is not None)


def _authorizer(body: Json, asked: frozenset[str]) -> Authorizer:
    return Authorizer(
        id=text(body, "id"),
        name=text(body, "name"),
        kind=text(body, "type"),
        seconds=optional_number(body, "authorizerResultTtlInSeconds"),
        issuer=None,
        audience=(),
        asked=text(body, "id") in asked,
    )


def _gateway(answers: Answers, partition: str, ids: tuple[str, str], body: dict[str, Any], domains: Domains) -> Gateway:
    api, arn = ids
    grants = answers.fact(_APIS, lambda: _policy(answers, partition, body), api)
    private = answers.fact(_APIS, lambda: _private(body), api)
    return Gateway(
        id=arn,
        name=_name(body, api),
        kind="rest",
        public=private.then(lambda inside: _public(grants) if not inside else known(value=False, source=_APIS)),
        routes=(),
        stages=rest_stages(answers, api),
        domains=domains.map(lambda by_api: by_api.get(api, ())),
        default_address=answers.fact(_APIS, lambda: not optional_flag(body, "disableExecuteApiEndpoint"), api),
        cors=_cors(answers, api),
        private=private,
        grants=grants,
        compression=answers.fact(_APIS, lambda: optional_number(body, "minimumCompressionSize") is not None, api),
        backends=_backends(answers, api),
    )


def _name(body: dict[str, Any], api: str) -> str:
    return text(body, "name") if isinstance(body.get("name"), str) else api


def _private(body: dict[str, Any]) -> bool:
    endpoint = optional_member(body, "endpointConfiguration") or {"types": ["EDGE"]}  # API reference: EDGE by default
    return "PRIVATE" in texts(endpoint, "types")


def _policy(answers: Answers, partition: str, body: dict[str, Any]) -> tuple[AccessGrant, ...] | None:
    document = filled_text(body, "policy")  # absent: there is none
    if document is None:
        return None
    if '\\"' in document:  # API Gateway answers with the quotes escaped
        document = document.replace('\\"', '"').replace("\\/", "/")
    return judge(document, answers, partition, ResourceKind.API)


def _public(grants: Observed[tuple[AccessGrant, ...] | None]) -> Observed[bool]:
    return grants.map(lambda found: found is None or public(found))  # without a policy, everyone may call


def _backends(answers: Answers, api: str) -> Observed[tuple[Backend, ...]]:
    read = answers.readable(answers.pages(_RESOURCES, "items", api), _calls).complete()
    return read.map(lambda found: tuple(each for calls in found for each in calls))


def _calls(body: Json) -> tuple[Backend, ...]:
    made = []
    for method, given in (optional_member(body, "resourceMethods") or {}).items():
        integration = optional_member(record(given), "methodIntegration") or {}
        if integration and text(integration, "type") in _HTTP:
            tls = optional_member(integration, "tlsConfig") or {}  # absent: verified
            made.append(
                backend(
                    f"{method} {text(body, 'path')}",
                    text(integration, "uri"),
                    verified=not optional_flag(tls, "insecureSkipVerification"),
                    internal=optional_text(integration, "connectionType") == "VPC_LINK",
                    id=optional_text(body, "id") or "",
                )
            )
    return tuple(made)


def _cors(answers: Answers, api: str) -> Observed[Cors | None]:
    """What the OPTIONS methods answer: origins that the gateway itself names."""
    read = answers.readable(answers.pages(_RESOURCES, "items", api), _origins)
    if read.gap is not None:
        return Unknown(read.gap)
    origins = dict.fromkeys(origin for found in read.items for origin, _ in found)
    allowed = any(credentials for found in read.items for _, credentials in found)
    cors = Cors(origins=tuple(origins), methods=(), headers=(), credentials=allowed) if origins else None
    return known(cors, _RESOURCES)


def _origins(body: Json) -> list[tuple[str, bool]]:
    preflight = record((optional_member(body, "resourceMethods") or {}).get("OPTIONS", {}))
    integration = optional_member(preflight, "methodIntegration") or {}
    found = []
    for response in (optional_member(integration, "integrationResponses") or {}).values():
        parameters = optional_member(record(response), "responseParameters") or {}
        origin = parameters.get(_ORIGIN)
        if isinstance(origin, str):
            found.append((origin.strip("'"), parameters.get(_CREDENTIALS) == "'true'"))
    return found


def with_routes(gateway: Gateway, routes: tuple[Route, ...]) -> Gateway:
    """The gateway as a function sees it: with the routes that end there."""
    return replace(gateway, routes=tuple(sorted(routes, key=lambda route: (route.path, route.method))))
