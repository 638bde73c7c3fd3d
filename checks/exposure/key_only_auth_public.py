"""Flags public HTTP handlers that require only a shared key."""

import re
from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.gateway_routes import api_values, for_stages, public_routes, route_locus, route_name
from auditor.analysis.network_exposure import UnauthenticatedPath, unauthenticated_paths
from auditor.analysis.public_ways import until_cut_off
from auditor.check import Context, Evidence, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.exposure import AuthMode
from auditor.model.finding import Dependence
from auditor.model.function import Function
from auditor.model.gateway import Gateway
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_AWS = (
    "aws apigateway update-method --region {location} --rest-api-id {api} --resource-id {part_id}"
    " --http-method {method} --patch-operations op=replace,path=/authorizationType,value=AWS_IAM\n"
    "aws apigateway create-deployment --region {location} --rest-api-id {api} --stage-name {stage}"
)
"""With the API that was found; in general, with a word in its place."""
_OTHERS = {
    "graphql": "aws appsync update-graphql-api --region {location} --api-id {api} --name {api_name}"
    " --authentication-type AWS_IAM",
    "websocket": "aws apigatewayv2 update-route --region {location} --api-id {api} --route-id {part_id}"
    " --authorization-type AWS_IAM",
}
_WORDS = re.compile(r"\{(api|method|stage)\}")

FIX = {
    Cloud.AZURE: Fix(
        text="Authenticate the callers: enable and require App Service authentication, or place API Management with"
        " token validation in front. Keep the key as an additional control, with a separate key for each caller.",
        breaks="Callers without a token get 401, also those with a valid key.",
        command="az resource update --ids {id}/config/authsettingsV2 --set properties.platform.enabled=true properties.globalValidation.requireAuthentication=true properties.globalValidation.unauthenticatedClientAction=Return401",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  auth_settings_v2 {
    auth_enabled           = true
    require_authentication = true
    unauthenticated_action = "Return401"

    active_directory_v2 {
      client_id            = "<client id>"
      tenant_auth_endpoint = "https://login.microsoftonline.com/<tenant id>/v2.0"
    }
    login {}
  }
}""",
    ),
    Cloud.AWS: Fix(
        text="Require IAM, a user pool, a JWT or a Lambda authorizer on the route {locus}. Keep the key for usage plans.",
        breaks="Callers that send only a key get 401 or 403.",
        command=_WORDS.sub(r"<\1>", _AWS.replace("{part_id}", "<resource-id>")),
        terraform="""\
resource "aws_api_gateway_method" "this" {
  rest_api_id      = "<api id>"
  resource_id      = "<resource id>"
  http_method      = "<method>"
  authorization    = "AWS_IAM"
  api_key_required = true
}""",
    ),
}


@check(
    id="key-only-auth-public",
    title="Public handler is protected by a shared key only",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix=FIX,
    profile_level=ProfileLevel.STRICT,
    while_running=True,
    covers=("az-func-key-only-auth-public", "apigw-apikey-only", "appsync-source"),
    facet_of=("anonymous-endpoint-effective", "authentication-allows-anonymous", "authentication-off"),
    references=(
        "https://learn.microsoft.com/en-us/azure/azure-functions/function-keys-how-to",
        "https://learn.microsoft.com/en-us/azure/azure-functions/security-concepts",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html",
        "https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html",
    ),
    cwe=287,
)
def key_only_auth_public(function: Function, _context: Context) -> Iterator[Hit]:
    """A key is a shared secret that is sent in URLs and does not expire. It appears in logs, browser
    histories and scripts, and does not identify the caller. Reported where neither the network, nor App Service
    authentication, nor a client certificate restricts access. Opinionated: a key is the default of the platform, and
    ingress-open reports the unrestricted network. Of a GraphQL API of AppSync the default mode is judged, which every
    field has that names no other.
    """
    if function.cloud is Cloud.AWS:
        yield from _routes(function)
        return
    for path in unauthenticated_paths(function):
        if path.key:
            yield Hit(
                message=f"{function.name} is protected only by a shared key: {path.what}",
                evidence=tuple(Evidence(source, detail) for source, detail in path.proof),
                locus=path.locus,
                site=sites.own(function, path.locus) if path.excluded else sites.public_access(function),
                depends=(*_until_covered(function, path), *until_cut_off(function)),
            )


def _until_covered(function: Function, path: UnauthenticatedPath) -> tuple[Dependence, ...]:
    """A path that authentication leaves out is open until all callers sign in and nothing is left out."""
    both = (sites.public_access(function), sites.excluded_paths(function))
    return (Dependence(sites=both),) if path.excluded else ()


def _routes(function: Function) -> Iterator[Hit]:
    """Routes of an API that ask for a key and nothing else."""
    for fact, gateway, route in public_routes(function, AuthMode.KEY):
        command = for_stages(_OTHERS.get(gateway.kind, _AWS), gateway)
        yield Hit(
            message=f"{route_name(gateway, route)} protects {function.name} only by a shared key",
            evidence=(cite(fact, f"{route.method} {route.path}: {_said(gateway)}"),),
            locus=route_locus(gateway, route),
            site=sites.route(function, gateway, route),
            command=command,
            values={
                **api_values(gateway, route),
                "api": gateway.id.rpartition(":")[2].rpartition("/")[2],
                "api_name": gateway.name,
                "method": route.method,
            },
        )


def _said(gateway: Gateway) -> str:
    return "authenticationType API_KEY" if gateway.kind == "graphql" else "apiKeyRequired, authorization NONE"
