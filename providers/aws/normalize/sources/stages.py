"""Stages of REST, HTTP and WebSocket APIs of API Gateway."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from auditor.model.capture import Json
from auditor.model.environment import Variable
from auditor.model.gateway import MethodSettings, Stage, UsagePlan
from auditor.model.observed import Observed, Unknown, not_offered
from providers.answers.variables import variable
from providers.aws.normalize.answers import Answers, known
from providers.aws.normalize.fields import (
    UnreadableError,
    choice,
    filled_text,
    items,
    optional_flag,
    optional_items,
    optional_member,
    optional_number,
    record,
    text,
)

_REST: Final = "apigateway:GetStages"
_OTHER: Final = "apigatewayv2:GetStages"
_PLANS: Final = "apigateway:GetUsagePlans"
_NO_FIREWALL: Final = "AWS WAF cannot be attached to this kind of API"
_ONLY_REST: Final = "only REST APIs have it"
_EVERY: Final = "*/*"
_LEVELS: Final = {level: level for level in ("OFF", "ERROR", "INFO")}

Plans = Observed[tuple[tuple[UsagePlan, frozenset[tuple[str, str]]], ...]]
T = TypeVar("T")
Read = Callable[[Callable[[], T]], Observed[T]]


def rest_stages(answers: Answers, api: str) -> Observed[tuple[Stage, ...]]:
    """The stages of a REST API."""
    planned = answers.readable(answers.pages(_PLANS, "items"), _plan).complete()
    body = answers.one(_REST, api)
    if isinstance(body, Unknown):
        return body
    found = body.value
    return answers.fact(
        _REST,
        lambda: tuple(_rest(answers, api, item, planned) for item in items(found, "item")) if found is not None else (),
        api,
    )


def other_stages(answers: Answers, api: str) -> Observed[tuple[Stage, ...]]:
    """The stages of an HTTP or WebSocket API."""
    return answers.readable(answers.pages(_OTHER, "Items", api), lambda body: _other(answers, api, body)).complete()


def _plan(body: Json) -> tuple[UsagePlan, frozenset[tuple[str, str]]]:
    """A usage plan, and the stages (API, name) that it is for."""
    throttle = optional_member(body, "throttle") or {}  # absent: no limit
    plan = UsagePlan(
        id=text(body, "id"),
        name=text(body, "name"),
        rate=limit(throttle.get("rateLimit")),
        quota=optional_number(optional_member(body, "quota") or {}, "limit"),
    )
    return plan, frozenset((text(each, "apiId"), text(each, "stage")) for each in optional_items(body, "apiStages"))


def _rest(answers: Answers, api: str, body: Json, planned: Plans) -> Stage:
    settings = optional_member(body, "methodSettings") or {}  # absent: none
    everywhere = record(settings.get(_EVERY, {}))
    log = optional_member(body, "accessLogSettings")

    def read(member: Callable[[], T]) -> Observed[T]:
        return answers.fact(_REST, member, api)

    return Stage(
        name=text(body, "stageName"),
        rate=limit(everywhere.get("throttlingRateLimit")),
        burst=whole(everywhere.get("throttlingBurstLimit")),
        firewall=known(filled_text(body, "webAclArn") is not None, _REST),
        access_log=known(log is not None, _REST),
        encrypted=known(value=True, source=_REST),  # API Gateway answers HTTPS alone
        log_format=read(lambda: filled_text(log, "format") if log is not None else None),
        settings=read(lambda: _every({name: _methods(name, each) for name, each in settings.items()})),
        traced=read(lambda: optional_flag(body, "tracingEnabled")),
        cache=read(lambda: optional_flag(body, "cacheClusterEnabled")),
        client_certificate=read(lambda: filled_text(body, "clientCertificateId")),
        variables=read(
            lambda: _variables(
                optional_member(body, "variables"),
                (optional_member(body, "canarySettings") or {}).get("stageVariableOverrides"),
            )
        ),
        plans=planned.map(
            lambda found: tuple(plan for plan, stages in found if (api, text(body, "stageName")) in stages)
        ),
        canary=read(lambda: optional_member(body, "canarySettings") is not None),
        auto_deploy=not_offered(_REST, "a REST API is deployed by a call of its own"),
    )


def _other(answers: Answers, api: str, body: Json) -> Stage:
    everywhere = optional_member(body, "DefaultRouteSettings") or {}  # absent: the account's limits
    logged = optional_member(body, "AccessLogSettings") or {}
    destination = filled_text(logged, "DestinationArn")

    def read(member: Callable[[], T]) -> Observed[T]:
        return answers.fact(_OTHER, member, api)

    def settings() -> tuple[MethodSettings, ...]:
        routes = optional_member(body, "RouteSettings") or {}
        return _every({name: _routes(name, each) for name, each in ({_EVERY: everywhere} | routes).items()})

    return Stage(
        name=text(body, "StageName"),
        rate=limit(everywhere.get("ThrottlingRateLimit")),
        burst=whole(everywhere.get("ThrottlingBurstLimit")),
        firewall=not_offered(_OTHER, _NO_FIREWALL),
        access_log=known(destination is not None, _OTHER),
        encrypted=known(value=True, source=_OTHER),  # API Gateway answers HTTPS alone
        log_format=read(lambda: filled_text(logged, "Format") if destination else None),
        settings=read(settings),
        traced=not_offered(_OTHER, _ONLY_REST),
        cache=not_offered(_OTHER, _ONLY_REST),
        client_certificate=not_offered(_OTHER, _ONLY_REST),
        variables=read(lambda: _variables(optional_member(body, "StageVariables"))),
        plans=not_offered(_OTHER, "only plans of REST APIs are read"),
        canary=not_offered(_OTHER, _ONLY_REST),
        auto_deploy=read(lambda: optional_flag(body, "AutoDeploy")),
    )


def _methods(name: str, body: Json) -> MethodSettings:
    return MethodSettings(
        methods=name,
        logged=_level(body, "loggingLevel"),
        data_trace=optional_flag(body, "dataTraceEnabled"),
        metrics=optional_flag(body, "metricsEnabled"),
        cached=optional_flag(body, "cachingEnabled"),
        cache_encrypted=optional_flag(body, "cacheDataEncrypted"),
    )


def _routes(name: str, body: Json) -> MethodSettings:
    return MethodSettings(
        methods=name,
        logged=_level(body, "LoggingLevel"),
        data_trace=optional_flag(body, "DataTraceEnabled"),
        metrics=optional_flag(body, "DetailedMetricsEnabled"),
        cached=False,
        cache_encrypted=False,
    )


def _level(body: Json, key: str) -> str:
    """The level of the execution log; API reference: OFF unless set."""
    return choice(body, key, _LEVELS) if filled_text(body, key) else "OFF"


def _every(found: dict[str, MethodSettings]) -> tuple[MethodSettings, ...]:
    """The settings, with those of all other methods, which are API Gateway's own where none are given."""
    plain = MethodSettings(
        methods=_EVERY, logged="OFF", data_trace=False, metrics=False, cached=False, cache_encrypted=False
    )
    return tuple(({_EVERY: plain} | found).values())


def _variables(*given: dict[str, Any] | None) -> tuple[Variable, ...]:
    """Variables as they were judged while they were read; those of a canary beside them."""
    return tuple(variable(name, value) for each in given if each for name, value in record(each).items())


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
