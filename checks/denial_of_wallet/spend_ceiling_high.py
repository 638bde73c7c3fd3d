"""Flags functions on which outsiders could spend more in an hour than the configured threshold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from auditor.analysis.binding_removal import for_each
from auditor.analysis.cost.amounts import Amount, worded
from auditor.analysis.cost.ceilings import Ceiling, stages_in_front
from auditor.analysis.cost.outsiders import OpenWay, open_ways
from auditor.analysis.public_ways import OPENINGS, SOURCES, Way, only_way, until_closed
from auditor.analysis.triggers import GATEWAYS, raise_unread
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, Unanswered
from auditor.model.severity import Confidence, Severity

_TEXT = (
    "Set {limit}: an hour of abuse then costs {after} at most. The limit itself is free, and this is the highest that"
    " suffices; set a lower one where the measured peak allows it. Also remove the public access."
)
_FIX = Fix(
    text=_TEXT,
    breaks="Invocations above the reservation are throttled, and what is reserved is missing from the account's"
    " pool, which the other functions share.",
    command="aws lambda put-function-concurrency --region {location} --function-name {name} --reserved-concurrent-executions {cap}",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name                  = "{name}"
  reserved_concurrent_executions = {cap}
}""",
)
_FIX_AZURE = Fix(
    text=_TEXT,
    breaks="Requests and events above the limit wait or are rejected.",
    command="az resource update --ids {id}/config/web --set properties.functionAppScaleLimit={cap}\n"
    "az functionapp scale config set --resource-group {group} --name {app} --maximum-instance-count {cap}  # Flex Consumption",
    terraform="""\
resource "azurerm_linux_function_app" "this" { # Flex Consumption: maximum_instance_count
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    app_scale_limit = {cap}
  }
}""",
)
_FIX_GCP = Fix(
    text=_TEXT,
    breaks="Requests above the limit of instances are rejected with 429; events are retried.",
    command="gcloud functions deploy {name} --region={location} --project={account} --max-instances={cap}\n"
    "gcloud run services update {run_service} --region={location} --project={account} --max-instances={cap}  # without a function record",
    terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    max_instance_count = {cap}
  }
}""",
)


@check(
    id="spend-ceiling-high",
    title="An hour of abuse can cost more than the threshold",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX, Cloud.AZURE: _FIX_AZURE, Cloud.GCP: _FIX_GCP},
    covers=("gap-worst-case-spend",),
    while_running=True,
    facet_of=(*OPENINGS, SOURCES),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
        "https://learn.microsoft.com/en-us/azure/azure-functions/event-driven-scaling",
        "https://cloud.google.com/run/docs/configuring/max-instances",
    ),
    cwe=770,
)
def spend_ceiling_high(function: Function, context: Context) -> Iterator[Hit]:
    """An attacker who can invoke a function spends its owner's money. The limits on concurrency or instances, timeout,
    memory and throttling decide how much an hour of abuse costs at list prices. The threshold is spend_per_hour (10 by
    default); ten times as much is of high severity. Functions that only the own account can invoke are not reported.
    """
    function.hosting.need() if function.cloud is not Cloud.AWS else None
    found = context.ceilings.of(function, context.location(function))
    if found is None:
        raise NotApplicable("no price is known for this kind of hosting")
    threshold = context.ceilings.threshold
    if found.hour.most <= threshold:
        if function.cloud is Cloud.AWS:  # each way in has a price of its own
            raise_unread(function, services=GATEWAYS)
            function.gateways.need()
            function.gateways_listed.need()
        return
    way = next(open_ways(function), None)
    if way is None:
        return
    if found.hour.proved <= threshold and found.gap is not None:
        raise Unanswered(found.gap)
    yield _hit(function, context, found, way)


def _hit(function: Function, context: Context, found: Ceiling, way: OpenWay) -> Hit:
    threshold, unit = context.ceilings.threshold, context.prices.unit
    sure = found.hour.proved > threshold
    cap = _cap(function, context, threshold)
    at_least = found.hour.proved if sure else found.hour.most
    site = only_way(function, *Way) or cap.site
    dearest = max(found.ways, key=lambda each: each.bill.of_hour().most)
    return Hit(
        message=f"An hour of abuse of function {function.name} can cost {_span(found.hour, unit)}, a day"
        f" {_span(found.day, unit)}: {way.what}; {cap.said}",
        evidence=(
            *(Evidence(source, detail) for source, detail in way.proof),
            Evidence(function.source, "; ".join((dearest.name, *dearest.limits))),
            *_limits(function, context),
            Evidence(function.source, "assumed: " + "; ".join(found.assumptions)),
        ),
        site=site,
        depends=until_closed(function, *Way, site=site),
        severity=Severity.HIGH if at_least > 10 * threshold else None,
        confidence=None if sure else Confidence.MEDIUM,
        values={"cap": cap.value, "limit": cap.limit, "after": cap.after, **cap.values},
        command=cap.command,
        terraform=cap.terraform,
    )


def _limits(function: Function, context: Context) -> Iterator[Evidence]:
    """The limits that other answers told than the one which names the function."""
    limits, location = function.limits, context.location(function)
    for what, limit in (
        ("reserved concurrency", limits.reserved_concurrency),
        ("unreserved concurrency of the account", location.unreserved_concurrency),
        ("most instances", limits.max_instances),
        ("daily quota", limits.daily_quota),
    ):
        if isinstance(limit, Known) and limit.source != function.source:
            yield cite(limit, f"{what}: {'none' if limit.value is None else limit.value}")


def _span(amount: Amount, unit: str) -> str:
    if not amount.most.is_finite():
        return f"{worded(amount.proved, unit)} and more, without a known limit"
    return f"up to {worded(amount.most, unit)}"


@dataclass(frozen=True, slots=True)
class _Advice:
    """The limit as a sentence and as values of the fix; ``command`` and ``terraform`` where it is not one of runs."""

    said: str
    value: str
    limit: str
    after: str
    values: Mapping[str, str] = field(default_factory=dict)
    command: str | None = None
    terraform: str | None = None
    site: str = ""


def _cap(function: Function, context: Context, threshold: Decimal) -> _Advice:
    unit, location = context.prices.unit, context.location(function)
    cap = context.ceilings.cap(function, location)
    if cap is not None:
        after = worded(cap.hour.most, unit)
        limit = f"a limit of {cap.number} runs at a time"
        return _Advice(f"with at most {cap.number} at a time, an hour costs {after}", str(cap.number), limit, after)
    throttle = context.ceilings.throttle(function, location)
    if throttle is not None:
        return _throttled(function, throttle.number, worded(throttle.hour.most, unit))
    said = (
        f"no cap on what runs at a time keeps it at {worded(threshold, unit)}, because calls are billed in front of it"
    )
    after = "what is billed in front of the function, and that"
    return _Advice(said, "<peak>", "a limit of as many runs as the measured peak needs", after)


_REST = (
    "aws apigateway update-stage --region {location} --rest-api-id {api} --stage-name {stage} --patch-operations"
    " 'op=replace,path=/*/*/throttling/rateLimit,value={rate}' 'op=replace,path=/*/*/throttling/burstLimit,value={rate}'"
)
_OTHER = (
    "aws apigatewayv2 update-stage --region {location} --api-id {api} --stage-name {stage}"
    " --default-route-settings 'ThrottlingRateLimit={rate},ThrottlingBurstLimit={rate}'"
)
_REST_HCL = """\
resource "aws_api_gateway_method_settings" "throttle" {
  rest_api_id = "{api}"
  stage_name  = "{stage}"
  method_path = "*/*"

  settings {
    throttling_rate_limit  = {rate}
    throttling_burst_limit = {rate}
  }
}"""
_OTHER_HCL = """\
resource "aws_apigatewayv2_stage" "throttle" {
  api_id = "{api}"
  name   = "{stage}"

  default_route_settings {
    throttling_rate_limit  = {rate}
    throttling_burst_limit = {rate}
  }
}"""


def _throttled(function: Function, rate: int, after: str) -> _Advice:
    """What limits the requests of every stage, for they are billed in front of the function."""
    stages = stages_in_front(function)
    names = for_each("{stage}", [stage.name for _, stage in stages], "stage") or ""
    commands: list[str] = []
    templates: list[str] = []
    values = {"rate": str(rate)}
    for name, (gateway, stage) in zip(names.split("\n"), stages, strict=True):
        api = name.replace("stage", "api")
        values |= {name.strip("{}"): stage.name, api.strip("{}"): gateway.id.rpartition(":")[2]}
        of_rest = gateway.kind == "rest"
        for into, form in ((commands, _REST if of_rest else _OTHER), (templates, _REST_HCL if of_rest else _OTHER_HCL)):
            into.append(form.replace("{stage}", name).replace("{api}", api))
    return _Advice(
        f"calls are billed in front of it: with at most {rate} requests a second through each stage of"
        f" {', '.join(sorted({gateway.name for gateway, _ in stages}))}, an hour costs {after}",
        str(rate),
        f"a throttle of {rate} requests a second in front of it",
        after,
        values,
        "\n".join(commands),
        "\n".join(templates),
        site=f"throttle of {', '.join(sorted({gateway.id for gateway, _ in stages}))}",
    )
