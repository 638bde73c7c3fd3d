"""Flags function URLs and apps whose CORS rules allow any origin."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.endpoints import every_origin, qualified, with_own_rules
from auditor.analysis.public_ways import until_signed
from auditor.check import Context, Evidence, Fix, Hit, Risk, check
from auditor.model.exposure import AuthMode, Endpoint, Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_SETTING = {Cloud.AWS: "Cors.AllowOrigins", Cloud.AZURE: "cors.allowedOrigins"}

_FIX = Fix(
    text="List the origins whose pages call the URL.",
    breaks="Scripts of sites that are not listed stop working in browsers; the command replaces the whole CORS"
    " block, so repeat the methods and headers in use.",
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
)

_FIX_AZURE = Fix(
    text="Remove * and list the origins whose pages call the function.",
    breaks="Scripts of sites that are not listed stop working in browsers.",
    command="az functionapp cors remove --resource-group {group} --name {app}{of_slot} --allowed-origins '*'\n"
    "az functionapp cors add --resource-group {group} --name {app}{of_slot} --allowed-origins https://<your-site>",
    terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    cors {
      allowed_origins     = ["https://<your site>"]
      support_credentials = false
    }
  }
}""",
)


@check(
    id="url-cors-any-origin",
    title="CORS allows any origin",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX, Cloud.AZURE: _FIX_AZURE},
    while_running=True,
    covers=("url-cors-any-origin", "az-func-cors-wildcard"),
    facet_of=("url-cors-any-origin-credentials",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html",
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-how-to-use-azure-function-app-settings",
    ),
    cwe=942,
)
def url_cors_any_origin(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """With the origin * pages of any website can call the function from a visitor's browser and read the response,
    from inside that visitor's network. Low where callers sign with AWS_IAM, because a foreign page has no signature,
    and on a URL whose policy grants access to no caller; combined with credentials, url-cors-any-origin-credentials
    reports the full severity.
    """
    for endpoint in with_own_rules(function):
        wide = every_origin(endpoint)
        if endpoint.cors is not None and wide:
            minor = endpoint.auth is AuthMode.IAM or endpoint.cors.credentials or _dormant(endpoint)
            yield Hit(
                message=f"CORS of {_name(function, endpoint)} allows the origin {', '.join(wide)}",
                evidence=(
                    Evidence(endpoint.source, f"{_SETTING[function.cloud]} = {', '.join(endpoint.cors.origins)}"),
                ),
                locus="" if function.cloud is Cloud.AZURE else endpoint.url,
                site=sites.cors(function, endpoint),
                severity=Severity.LOW if minor else None,
                depends=until_signed(function, endpoint, Severity.LOW),
                values={"target": qualified(function.name, endpoint.qualifier)},
            )


def _dormant(endpoint: Endpoint) -> bool:
    return isinstance(endpoint.reach, Known) and endpoint.reach.value is Reach.NONE


def _name(function: Function, endpoint: Endpoint) -> str:
    return function.name if function.cloud is Cloud.AZURE else endpoint.url
