"""Flags function URLs whose CORS rules let scripts of any web site read the answers."""

from collections.abc import Iterator

from auditor.analysis.endpoints import every_origin, qualified
from auditor.check import Context, Evidence, Fix, Hit, Risk, check
from auditor.model.exposure import AuthMode
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="List the origins whose pages call the URL. The setting replaces the whole CORS block, so repeat the methods and"
    " headers you use; scripts of other sites stop working in browsers.",
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


@check(
    id="url-cors-any-origin",
    title="Function URL lets scripts of any site read its answers",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("url-cors-any-origin",),
    controls=("NIST-800-53:CM-6", "CSA-SAS:SAS-3"),
    cwe=942,
)
def url_cors_any_origin(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """With an origin of * the pages of any web site can call the URL from a visitor's browser and read the answer, from
    inside that visitor's network. Behind AWS_IAM a foreign page has no signature to send, so it is low there; combined
    with credentials, url-cors-any-origin-credentials carries the weight.
    """
    for endpoint in function.endpoints.need():
        wide = every_origin(endpoint)
        if endpoint.cors is not None and wide:
            minor = endpoint.auth is AuthMode.IAM or endpoint.cors.credentials
            yield Hit(
                message=f"{endpoint.url} allows the origin {', '.join(wide)}",
                evidence=(Evidence(endpoint.source, f"Cors.AllowOrigins = {', '.join(endpoint.cors.origins)}"),),
                locus=endpoint.url,
                severity=Severity.LOW if minor else None,
                values={"target": qualified(function.name, endpoint.qualifier)},
            )
