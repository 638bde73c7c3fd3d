"""Flags public functions without a concurrency or instance limit."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.endpoints import settled_reach
from auditor.analysis.network_exposure import unauthenticated_paths
from auditor.analysis.policy_statements import allowing, judged, of_policies
from auditor.analysis.public_ways import OPENINGS, Way, only_way, until_closed, until_cut_off
from auditor.check import Context, Evidence, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each
from auditor.model.severity import Severity

_FIX = Fix(
    text="Reserve concurrency for the function's measured peak: invocations above it are throttled instead of"
    " billed. Better still, also remove the public access (see url-auth-none and policy-public).",
    breaks="Invocations above the reservation are throttled, and what is reserved is missing from the account's"
    " pool, which the other functions share.",
    command="aws lambda put-function-concurrency --region {location} --function-name {name} --reserved-concurrent-executions <peak>",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name                  = "{name}"
  reserved_concurrent_executions = 20 # its measured peak
}""",
)

_FIX_AZURE = Fix(
    text="Set a scale limit slightly above the measured peak: requests above it wait or are rejected instead"
    " of billed. Better still, also remove the public access (see anonymous-endpoint-effective).",
    breaks="Requests above the scale limit wait or are rejected.",
    command="az resource update --ids {id}/config/web --set properties.functionAppScaleLimit=<peak>\n"
    "az functionapp scale config set --resource-group {group} --name {app} --maximum-instance-count <peak>  # Flex Consumption",
    terraform="""\
resource "azurerm_linux_function_app" "this" { # Flex Consumption: maximum_instance_count
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    app_scale_limit = 20 # its measured peak
  }
}""",
)
_FIX_GCP = Fix(
    text="Set a maximum of instances slightly above the measured peak: requests above it are rejected with 429"
    " instead of billed. Better still, also remove the public access (see anonymous-endpoint-effective).",
    breaks="Requests above the limit of instances are rejected with 429.",
    command="gcloud functions deploy {name} --region={location} --project={account} --max-instances=<peak>\n"
    "gcloud run services update {run_service} --region={location} --project={account} --max-instances=<peak>  # without a function record",
    terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    max_instance_count = 20 # its measured peak
  }
}""",
)

_WAYS = (Way.URL, Way.STATEMENT)


@check(
    id="public-and-unreserved",
    title="Public function has no concurrency or instance limit",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX, Cloud.AZURE: _FIX_AZURE, Cloud.GCP: _FIX_GCP},
    while_running=True,
    covers=("public-and-unreserved",),
    facet_of=OPENINGS,
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
        "https://learn.microsoft.com/en-us/azure/azure-functions/event-driven-scaling",
        "https://cloud.google.com/run/docs/configuring/max-instances",
    ),
    cwe=770,
)
def public_and_unreserved(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A loop of requests from a single client keeps the concurrency pool of the region, or hundreds of instances, busy:
    all of it is billed, and other functions are throttled meanwhile. url-auth-none or policy-public reports the
    public access; this finding is about the missing limit. Dormant grants, which give no access today, do not count.
    """
    if function.cloud is not Cloud.AWS:
        yield from _without_instance_limit(function)
        return
    reserved = function.limits.reserved_concurrency
    if isinstance(reserved, Known) and reserved.value is not None:
        return
    for path, evidence in _public_paths(function):
        reserved.need()
        site = only_way(function, *_WAYS)
        yield Hit(
            message=f"Public function {function.name} has no reserved concurrency: {path}",
            evidence=(evidence, cite(reserved, "no ReservedConcurrentExecutions")),
            site=site,
            depends=until_closed(function, *_WAYS, site=site),
        )
        return
    tuple(each(settled_reach(endpoint) for endpoint in function.endpoints.need()))
    tuple(judged(of_policies(function.policies.need())))  # a policy we could not judge may grant public access


def _public_paths(function: Function) -> Iterator[tuple[str, Evidence]]:
    if isinstance(function.endpoints, Known):
        for endpoint in function.endpoints.value:
            if isinstance(endpoint.reach, Known) and endpoint.reach.value.public:
                yield f"{endpoint.url} allows unauthenticated access", cite(endpoint.reach, endpoint.reach_reason)
    if isinstance(function.policies, Known):
        for stated in allowing(p for p in of_policies(function.policies.value) if isinstance(p, Known)):
            if stated.grant.reach.public and stated.grant.invokes and not stated.grant.endpoint_only:
                yield (
                    f"{stated.label} allows any principal to invoke the function",
                    cite(stated.fact, stated.grant.text),
                )


def _without_instance_limit(function: Function) -> Iterator[Hit]:
    ceiling = function.limits.max_instances
    if isinstance(ceiling, Known) and ceiling.value:
        return
    for path in unauthenticated_paths(function):
        if path.key:
            continue
        ceiling.need()
        yield Hit(
            message=f"Public function {function.name} has no instance limit: {path.what}",
            evidence=(
                *(Evidence(source, detail) for source, detail in path.proof),
                cite(ceiling, "no maximum of instances"),
            ),
            site=sites.public_access(function),
            depends=until_cut_off(function),
        )
        return
