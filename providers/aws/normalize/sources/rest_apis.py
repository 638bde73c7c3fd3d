"""REST APIs of API Gateway."""

from dataclasses import replace
from typing import Any, Final

from auditor.model.capture import Json
from auditor.model.exposure import AuthMode, Cors
from auditor.model.gateway import DomainName, Gateway, Route, Stage
from auditor.model.observed import Observed, Unknown
from providers.aws.iam.policy_owner import ResourceKind
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    UnreadableError,
    filled_text,
    flag,
    items,
    optional_flag,
    optional_member,
    optional_text,
    record,
    text,
    texts,
)
from providers.aws.normalize.policies import judge, public
from providers.aws.normalize.sources.gateways import MODES, Found, function_of
from providers.aws.normalize.sources.reading import EVERYTHING

_APIS: Final = "apigateway:GetRestApis"
_RESOURCES: Final = "apigateway:GetResources"
_STAGES: Final = "apigateway:GetStages"
_AUTHORIZERS: Final = "apigateway:GetAuthorizers"
_ORIGIN: Final = "method.response.header.Access-Control-Allow-Origin"
_CREDENTIALS: Final = "method.response.header.Access-Control-Allow-Credentials"

_Read = tuple[bool, list[tuple[str, Route]]]
Domains = Observed[dict[str, tuple[DomainName, ...]]]


def read_rest_apis(answers: Answers, partition: str, domains: Domains) -> Found:
    """Every REST API of a location."""
    found = Found(_RESOURCES)
    listed = answers.readable(answers.pages(_APIS, "items"), lambda body: (text(body, "id"), body))
    found.missed(EVERYTHING, listed.gap)
    for api, body in listed.items:
        arn = f"arn:{partition}:execute-api:{answers.location}:{answers.account}:{api}"
        found.resources.add(arn)
        read = _routes(answers, found, api, arn)
        if any(guarded for guarded, _ in read):
            _authorizers(answers, found, api, arn)
        if arn in found.routes:
            found.gateways[arn] = _gateway(answers, partition, (api, arn), body, domains)
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
            made.append((function, _route(text(body, "path"), method, given)))
    return guarded, made


def _route(path: str, method: str, given: dict[str, Any]) -> Route:
    mode = MODES.get(text(given, "authorizationType"), AuthMode.UNRECOGNISED)
    if mode is AuthMode.NONE and flag(given, "apiKeyRequired"):
        mode = AuthMode.KEY
    validator = filled_text(given, "requestValidatorId")  # absent: requests are passed on as they come
    return Route(
        method=method,
        path=path,
        auth=mode,
        authorizer=filled_text(given, "authorizerId"),
        validated=known(validator is not None, _RESOURCES),
    )


def _authorizers(answers: Answers, found: Found, api: str, arn: str) -> None:
    listing = answers.pages(_AUTHORIZERS, "items", api)
    read = answers.readable(listing, lambda body: optional_text(body, "authorizerUri"))
    found.missed(arn, read.gap)
    for uri in read.items:
        function = function_of(uri or "")  # absent: a user pool decides
        if function is not None:
            found.started(arn, function)


def _gateway(answers: Answers, partition: str, ids: tuple[str, str], body: dict[str, Any], domains: Domains) -> Gateway:
    api, arn = ids
    return Gateway(
        id=arn,
        name=text(body, "name") if isinstance(body.get("name"), str) else api,
        kind="rest",
        public=answers.fact(_APIS, lambda: _public(answers, partition, body), api),
        routes=(),
        stages=_stages(answers, api),
        domains=domains.map(lambda by_api: by_api.get(api, ())),
        default_address=answers.fact(_APIS, lambda: not optional_flag(body, "disableExecuteApiEndpoint"), api),
        cors=_cors(answers, api),
    )


def _public(answers: Answers, partition: str, body: dict[str, Any]) -> bool:
    endpoint = optional_member(body, "endpointConfiguration") or {"types": ["EDGE"]}  # API reference: EDGE by default
    if "PRIVATE" in texts(endpoint, "types"):
        return False
    document = filled_text(body, "policy")  # absent: everyone may call
    if document is None:
        return True
    if '\\"' in document:  # API Gateway answers with the quotes escaped
        document = document.replace('\\"', '"').replace("\\/", "/")
    return public(judge(document, answers, partition, ResourceKind.API))


def _stages(answers: Answers, api: str) -> Observed[tuple[Stage, ...]]:
    body = answers.one(_STAGES, api)
    if isinstance(body, Unknown):
        return body
    found = body.value
    return answers.fact(
        _STAGES, lambda: tuple(_stage(item) for item in items(found, "item")) if found is not None else (), api
    )


def _stage(body: Json) -> Stage:
    settings = optional_member(body, "methodSettings") or {}  # absent: none
    everywhere = record(settings.get("*/*", {}))
    return Stage(
        name=text(body, "stageName"),
        rate=limit(everywhere.get("throttlingRateLimit")),
        burst=whole(everywhere.get("throttlingBurstLimit")),
        firewall=known(filled_text(body, "webAclArn") is not None, _STAGES),
        access_log=known(optional_member(body, "accessLogSettings") is not None, _STAGES),
        encrypted=known(value=True, source=_STAGES),  # API Gateway answers HTTPS alone
    )


def limit(value: Json) -> float | None:
    """A rate; None for one that is not set, which API Gateway may write as -1."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnreadableError("a throttling limit is not a number")
    return float(value) if value >= 0 else None


def whole(value: Json) -> int | None:
    """The same of a burst."""
    found = limit(value)
    return None if found is None else int(found)


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
