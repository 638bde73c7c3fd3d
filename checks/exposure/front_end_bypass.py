"""Flags functions that can be reached without passing their Front Door, gateway or load balancer."""

from collections.abc import Generator, Iterator

from auditor.analysis import sites
from auditor.analysis.gateway_routes import api_values, for_stages, public_gateways
from auditor.analysis.network_exposure import internet_reaches
from auditor.analysis.triggers import heavier
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.ingress import IngressScope
from auditor.model.observed import Gap, Known, Unanswered, each_of
from auditor.model.severity import Severity

_REST = (
    "aws apigateway update-rest-api --region {location} --rest-api-id {api}"
    " --patch-operations op=replace,path=/disableExecuteApiEndpoint,value=true\n"
    "aws apigateway create-deployment --region {location} --rest-api-id {api} --stage-name {stage}"
)
_HTTP = "aws apigatewayv2 update-api --region {location} --api-id {api} --disable-execute-api-endpoint"
_URL = (
    "aws cloudfront create-origin-access-control --origin-access-control-config"
    " 'Name={name},SigningProtocol=sigv4,SigningBehavior=always,OriginAccessControlOriginType=lambda'\n"
    "aws lambda add-permission --region {location} --function-name {name}{qualifier} --statement-id cloudfront-url"
    " --action lambda:InvokeFunctionUrl --principal cloudfront.amazonaws.com --source-arn {front}\n"
    "aws lambda add-permission --region {location} --function-name {name}{qualifier} --statement-id cloudfront-invoke"
    " --action lambda:InvokeFunction --principal cloudfront.amazonaws.com --source-arn {front}"
    " --invoked-via-function-url\n"
    "aws cloudfront get-distribution-config --id {distribution}  # set OriginAccessControlId of the origin, then update\n"
    "aws lambda update-function-url-config --region {location} --function-name {name}{qualifier} --auth-type AWS_IAM"
)
"""Access for the distribution first, so that nothing stops in between."""
_URL_HCL = """\
resource "aws_cloudfront_origin_access_control" "this" { # origin_access_control_id of the origin
  name                              = "{name}"
  origin_access_control_origin_type = "lambda"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

resource "aws_lambda_permission" "cloudfront" {
  function_name = "{name}"
  action        = "lambda:InvokeFunctionUrl"
  principal     = "cloudfront.amazonaws.com"
  source_arn    = "{front}"
}

resource "aws_lambda_function_url" "this" {
  function_name      = "{name}"
  authorization_type = "AWS_IAM"
}"""

FIX = {
    Cloud.AZURE: Fix(
        text="Allow only the front end: the AzureFrontDoor.Backend service tag together with the Front Door ID in"
        " X-Azure-FDID, or the subnet of the gateway.",
        breaks="Clients that use the app's own host name get 403.",
        command="az functionapp config access-restriction add --resource-group {group} --name {app}{of_slot} --priority 100"
        " --rule-name front-door --action Allow --service-tag AzureFrontDoor.Backend --http-headers x-azure-fdid=<front-door-id>\n"
        "az functionapp config access-restriction set --resource-group {group} --name {app}{of_slot} --default-action Deny",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    ip_restriction_default_action = "Deny"

    ip_restriction {
      name        = "front-door"
      priority    = 100
      action      = "Allow"
      service_tag = "AzureFrontDoor.Backend"
      headers {
        x_azure_fdid = ["<front door id>"]
      }
    }
  }
}""",
    ),
    Cloud.GCP: Fix(
        text="Restrict ingress to internal traffic and the load balancer, and disable the default URL.",
        breaks="Callers that use the run.app URL get 404, so move them to the load balancer first.",
        command="gcloud run services update {run_service} --region={location} --project={account}"
        " --ingress=internal-and-cloud-load-balancing --no-default-url",
        terraform="""\
resource "google_cloud_run_v2_service" "this" {
  name                 = "{name}"
  location             = "{location}"
  ingress              = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  default_uri_disabled = true
}""",
    ),
    Cloud.AWS: Fix(
        text="Disable the default endpoint of the API: only the names of your own lead to it then. Behind CloudFront, let the"
        " distribution sign its requests, and let the function URL ask for signatures.",
        breaks="Callers that use the execute-api address or the function URL itself get 403 or 404.",
        command=f"# REST\n{_REST}\n# HTTP or WebSocket\n{_HTTP}".replace("{api}", "<api>").replace(
            "{stage}", "<stage>"
        ),
        terraform="""\
resource "aws_apigatewayv2_api" "this" { # a REST API: aws_api_gateway_rest_api
  name                         = "<api name>"
  protocol_type                = "HTTP"
  disable_execute_api_endpoint = true
}""",
    ),
}


@check(
    id="front-end-bypass",
    title="Function is reachable without its front end",
    risk=Risk.EXPOSURE,
    severity=Severity.HIGH,
    fix=FIX,
    while_running=True,
    covers=("az-func-front-door-bypass", "gcp-fn-default-uri-enabled", "apigw-default-endpoint-on"),
    facet_of=("url-auth-none",),
    references=(
        "https://learn.microsoft.com/en-us/azure/frontdoor/origin-security",
        "https://cloud.google.com/run/docs/securing/ingress",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html",
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html",
    ),
    cwe=288,
)
def front_end_bypass(function: Function, _context: Context) -> Iterator[Hit]:
    """The firewall, rate limits and authentication of the front end protect only requests that pass through it. The
    function's own host name is public: certificate transparency logs and DNS records list it. Medium where ingress is
    internal and only the provider's default URL is reachable beside the load balancer, or beside a name of one's own in
    front of an API of AWS; and where a function URL answers everyone beside its CloudFront distribution, for the code may
    look for a secret that the distribution adds.
    """
    if function.cloud is Cloud.AWS:
        gap = yield from _urls(function)
        yield from _default_endpoints(function, gap)
        return
    scope = function.ingress.then(lambda ingress: ingress.scope)
    if isinstance(scope, Known) and scope.value is IngressScope.INTERNAL_AND_BALANCER:
        default = function.ingress.then(lambda ingress: ingress.default_address)
        if isinstance(default, Known) and not default.value:
            return
        fronts = function.ingress.then(lambda ingress: ingress.front_ends)
        if not fronts.need():
            return  # nothing to bypass: only the own networks reach it
        if default.need():
            yield Hit(
                message=f"The default URL of {function.name} is reachable from the network without passing {fronts.need()[0].id}",
                evidence=(cite(default, "the default URL is not disabled"), cite(fronts, fronts.need()[0].id)),
                locus="default-address",
                site=sites.ingress(function),
                severity=Severity.MEDIUM,
            )
        return
    admitted = internet_reaches(function)
    if isinstance(admitted, Known) and not admitted.value:
        return
    listed = function.ingress.then(lambda ingress: ingress.front_ends)
    for front, exclusive in each_of(listed.need(), lambda front: front.exclusive):
        if not exclusive:
            admitted.need()
            yield Hit(
                message=f"{function.name} is reachable from the internet without passing its front end {front.kind} {front.id}",
                evidence=(
                    cite(listed, f"{front.id} routes to the function"),
                    cite(admitted, "effective ingress: every source is allowed"),
                ),
                locus=front.id,
                site=sites.ingress(function),
            )


def _urls(function: Function) -> Generator[Hit, None, Gap | None]:
    """Function URLs that answer everyone, beside the distribution in front of them; returns why others are not known."""
    gap: Gap | None = None
    if not isinstance(function.endpoints, Known):
        return function.endpoints.gap
    for endpoint in function.endpoints.value:
        if isinstance(endpoint.reach, Known) and not endpoint.reach.value.public:
            continue
        if not isinstance(endpoint.front_ends, Known):
            gap = heavier(gap, endpoint.front_ends.gap)
            continue
        for front in endpoint.front_ends.value:
            facts = (endpoint.reach, front.exclusive)
            missing = next((fact.gap for fact in facts if not isinstance(fact, Known)), None)
            if missing is not None:
                gap = heavier(gap, missing)
            elif not front.exclusive.need():
                yield Hit(
                    message=f"The URL of {function.name} answers everyone without passing {front.id} in front of it",
                    evidence=(
                        cite(endpoint.front_ends, f"{front.id} has the origin {endpoint.url}"),
                        cite(function.endpoints, "AuthType = NONE"),
                        cite(endpoint.reach, "its policy admits everyone"),
                    ),
                    locus=f"{endpoint.url} {front.id}",
                    site=sites.public_url(function, endpoint),
                    severity=Severity.MEDIUM,
                    command=_URL,
                    terraform=_URL_HCL,
                    values={
                        "distribution": front.id.rpartition("/")[2],
                        "front": front.id,
                        "qualifier": f" --qualifier {endpoint.qualifier}" if endpoint.qualifier else "",
                    },
                )
    return gap


def _default_endpoints(function: Function, gap: Gap | None) -> Iterator[Hit]:
    """APIs that answer at their default address beside a name of one's own."""
    for _, gateway in public_gateways(function):
        facts = (gateway.domains, gateway.default_address)
        missing = next((fact.gap for fact in facts if not isinstance(fact, Known)), None)
        if missing is not None:
            gap = heavier(gap, missing)
        elif gateway.domains.need() and gateway.default_address.need():
            name = gateway.domains.need()[0].name
            command = for_stages(_REST if gateway.kind == "rest" else _HTTP, gateway)
            yield Hit(
                message=f"API {gateway.name} in front of {function.name} answers at its default address without passing {name}",
                evidence=(
                    cite(gateway.default_address, "the default endpoint is not disabled"),
                    cite(gateway.domains, name),
                ),
                locus=gateway.id,
                site=f"default endpoint of {gateway.id}",
                severity=Severity.MEDIUM,
                command=command,
                values={**api_values(gateway), "api_name": gateway.name},
            )
    if gap is not None:
        raise Unanswered(gap)
