"""Flags cross-origin rules that still list a developer's machine or a site without TLS."""

from collections.abc import Iterator

from auditor.analysis.endpoints import qualified, unsafe_origins, with_own_rules
from auditor.check import Context, Evidence, Fix, Hit, Risk, check
from auditor.model.exposure import Endpoint
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="List only the HTTPS origins of your sites; developers use an environment of their own. The setting replaces the"
        " whole CORS block.",
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
        text="Remove the origin; developers use an app of their own, or the local tools. Pages of that origin stop working at"
        " once.",
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
    controls=("NIST-800-53:CM-6", "CSA-SAS:SAS-3"),
    cwe=942,
)
def cors_local_origin(function: Function, _context: Context) -> Iterator[Hit]:
    """Any program on a visitor's machine can serve pages from localhost, and anyone on the way can rewrite a page sent
    over http://.

    Scripts from there may then read answers meant for your site. Left over from development, as a rule;
    url-cors-any-origin reports rules that admit every site.
    """
    for endpoint in with_own_rules(function):
        for origin in unsafe_origins(endpoint):
            yield Hit(
                message=f"{_name(function, endpoint)} allows the origin {origin}",
                evidence=(Evidence(endpoint.source, f"allowed origins include {origin}"),),
                locus=origin if function.cloud is Cloud.AZURE else f"{endpoint.url} {origin}",
                values={"target": qualified(function.name, endpoint.qualifier), "origin": origin},
            )


def _name(function: Function, endpoint: Endpoint) -> str:
    return "The app" if function.cloud is Cloud.AZURE else endpoint.url
