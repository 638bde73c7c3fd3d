"""Flags CORS rules that allow a local origin or an origin without TLS."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.endpoints import every_origin, qualified, unsafe_origins, with_own_rules
from auditor.check import Context, Evidence, Fix, Hit, Risk, check
from auditor.model.exposure import Endpoint
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Allow only the HTTPS origins of production sites; use a separate environment for development.",
        breaks="The command replaces the whole CORS block: pages of an origin, and methods and headers, that are"
        " not repeated stop working in browsers.",
        command="aws lambda update-function-url-config --region {location} --function-name {target}"
        " --cors 'AllowOrigins=https://<your-site>,AllowMethods=GET,POST'",
        terraform="""\
resource "aws_lambda_function_url" "this" {
  function_name      = "{name}"
  authorization_type = "AWS_IAM"

  cors {
    allow_origins = ["https://<your site>"]
    allow_methods = ["GET", "POST"]
  }
}""",
    ),
    Cloud.AZURE: Fix(
        text="Remove the origin; use a separate app or the local tools for development.",
        breaks="Pages of the removed origin stop working in browsers immediately, also those of developers.",
        command="az functionapp cors remove --resource-group {group} --name {app}{of_slot} --allowed-origins {origin}",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    cors {
      allowed_origins = ["https://<your site>"] # without "{origin}"
    }
  }
}""",
    ),
}


@check(
    id="cors-local-origin",
    title="CORS allows a local or unencrypted origin",
    risk=Risk.EXPOSURE,
    severity=Severity.LOW,
    fix=FIX,
    while_running=True,
    covers=("az-func-cors-local-origins",),
    facet_of=("url-cors-any-origin-credentials", "url-cors-any-origin"),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html",
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-how-to-use-azure-function-app-settings",
        "https://cwe.mitre.org/data/definitions/942.html",
    ),
    cwe=942,
)
def cors_local_origin(function: Function, _context: Context) -> Iterator[Hit]:
    """Any program on a visitor's machine can serve pages from localhost, and an attacker on the network path can
    modify a page sent over http://. A pattern such as https://*.azurewebsites.net allows the sites of other customers. Scripts of such an origin can read responses intended for the production site.
    Usually left over from development; url-cors-any-origin reports rules that allow every origin.
    """
    for endpoint in with_own_rules(function):
        for origin in unsafe_origins(endpoint):
            yield Hit(
                message=f"CORS of {_name(function, endpoint)} allows the origin {origin}",
                evidence=(Evidence(endpoint.source, f"allowed origins include {origin}"),),
                locus=origin if function.cloud is Cloud.AZURE else f"{endpoint.url} {origin}",
                site=_site(function, endpoint),
                values={"target": qualified(function.name, endpoint.qualifier), "origin": origin},
            )


def _site(function: Function, endpoint: Endpoint) -> str:
    """The CORS rules as a whole where one change replaces them: on AWS always, on Azure where credentials are the worse
    of it and every such origin goes. Else the origin, which is removed alone.
    """
    together = function.cloud is not Cloud.AZURE or (
        endpoint.cors is not None and endpoint.cors.credentials and not every_origin(endpoint)
    )
    return sites.cors(function, endpoint) if together else ""


def _name(function: Function, endpoint: Endpoint) -> str:
    return function.name if function.cloud is Cloud.AZURE else endpoint.url
