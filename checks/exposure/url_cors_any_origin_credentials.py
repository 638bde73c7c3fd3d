"""Flags function URLs that allow every origin together with cookies and credentials."""

from collections.abc import Iterator

from auditor.analysis.endpoints import every_origin, qualified
from auditor.check import Context, Evidence, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Name the origins, or set AllowCredentials to false. The setting replaces the whole CORS block; pages of unlisted"
    " origins lose access in browsers.",
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


@check(
    id="url-cors-any-origin-credentials",
    title="Function URL allows every origin with credentials",
    risk=Risk.EXPOSURE,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX},
    covers=("url-cors-any-origin-credentials",),
    controls=("NIST-800-53:CM-6", "CSA-SAS:SAS-3"),
    cwe=942,
)
def url_cors_any_origin_credentials(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """The URL invites requests that carry the visitor's cookies from every site on the web. Where the answer then
    names the asking origin, a hostile page acts as whoever is logged in and reads what they may read. No caller
    needs both at once: a page that sends credentials has an origin you can name.
    """
    for endpoint in function.endpoints.need():
        cors = endpoint.cors
        if cors is not None and cors.credentials and every_origin(endpoint):
            yield Hit(
                message=f"{endpoint.url} allows every origin and AllowCredentials",
                evidence=(
                    Evidence(
                        endpoint.source, f"Cors.AllowOrigins = {', '.join(cors.origins)}; Cors.AllowCredentials = true"
                    ),
                ),
                locus=endpoint.url,
                values={"target": qualified(function.name, endpoint.qualifier)},
            )
