"""Flags functions whose CORS rules allow any origin, or an untrusted one, with credentials."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.endpoints import every_origin, qualified, unsafe_origins, with_own_rules
from auditor.check import Context, Evidence, Fix, Hit, Risk, check
from auditor.model.exposure import Endpoint
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_SETTINGS = {
    Cloud.AWS: ("Cors.AllowOrigins", "Cors.AllowCredentials"),
    Cloud.AZURE: ("cors.allowedOrigins", "cors.supportCredentials"),
}

_MOST = 26
"""Origins that one command removes; each is a placeholder, named by a letter."""

_FIX = Fix(
    text="List the origins, or set AllowCredentials to false.",
    breaks="Pages of unlisted origins lose access in browsers; the command replaces the whole CORS block, so"
    " repeat the methods and headers in use.",
    command="aws lambda update-function-url-config --region {location} --function-name {target}"
    " --cors 'AllowOrigins=https://<your-site>,AllowMethods=GET,POST,AllowCredentials=true'",
    terraform="""\
resource "aws_lambda_function_url" "this" {
  function_name      = "{name}"
  authorization_type = "AWS_IAM"

  cors {
    allow_credentials = true
    allow_origins     = ["https://<your site>"]
    allow_methods     = ["GET", "POST"]
  }
}""",
)

_FIX_AZURE = Fix(
    text="List the HTTPS origins of the sites, or disable credentials.",
    breaks="Pages of unlisted origins lose access in browsers.",
    command="az functionapp cors remove --resource-group {group} --name {app}{of_slot} --allowed-origins '*'\n"
    "az functionapp cors add --resource-group {group} --name {app}{of_slot} --allowed-origins https://<your-site>",
    terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    cors {
      allowed_origins     = ["https://<your site>"]
      support_credentials = true # only with the origins named
    }
  }
}""",
)


@check(
    id="url-cors-any-origin-credentials",
    title="CORS allows any origin with credentials",
    risk=Risk.EXPOSURE,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX, Cloud.AZURE: _FIX_AZURE},
    while_running=True,
    covers=("url-cors-any-origin-credentials", "az-func-cors-credentials"),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html",
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-how-to-use-azure-function-app-settings",
    ),
    cwe=942,
)
def url_cors_any_origin_credentials(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """The function accepts requests with the visitor's cookies from every website. Where the response then repeats
    the requesting origin, a malicious page acts as the logged-in user and reads the response. No client needs both: a
    page that sends credentials has an origin that can be listed. On Azure a local origin, one without TLS and "null"
    count too, as medium.
    """
    for endpoint in with_own_rules(function):
        cors = endpoint.cors
        if cors is None or not cors.credentials:
            continue
        azure = function.cloud is Cloud.AZURE
        wide = every_origin(endpoint) or (unsafe_origins(endpoint) if azure else ())
        if wide:
            origins, credentials = _SETTINGS[function.cloud]
            every = "every origin" if every_origin(endpoint) else f"the origin {', '.join(wide)}"
            yield Hit(
                message=f"CORS of {_name(function, endpoint)} allows {every} with {credentials.rpartition('.')[2]} = true",
                evidence=(Evidence(endpoint.source, f"{origins} = {', '.join(cors.origins)}; {credentials} = true"),),
                locus="" if function.cloud is Cloud.AZURE else endpoint.url,
                site=sites.cors(function, endpoint),
                severity=Severity.MEDIUM if azure else None,
                values={"target": qualified(function.name, endpoint.qualifier), **_named(wide)},
                command=_removal(len(wide)) if azure and not every_origin(endpoint) else None,
            )


def _named(origins: tuple[str, ...]) -> dict[str, str]:
    return {f"origin_{chr(ord('a') + place)}": origin for place, origin in enumerate(origins[:_MOST])}


def _removal(count: int) -> str:
    """Removes every such origin; what remains may keep its credentials."""
    named = " ".join(f"{{origin_{chr(ord('a') + place)}}}" for place in range(min(count, _MOST)))
    return f"az functionapp cors remove --resource-group {{group}} --name {{app}}{{of_slot}} --allowed-origins {named}"


def _name(function: Function, endpoint: Endpoint) -> str:
    return function.name if function.cloud is Cloud.AZURE else endpoint.url
