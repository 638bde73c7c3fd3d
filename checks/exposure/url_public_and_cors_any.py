"""Flags function URLs that allow unauthenticated access and any CORS origin."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.endpoints import every_origin, qualified, settled_reach
from auditor.check import Context, Evidence, Fix, Hit, Risk, check, cite
from auditor.model.exposure import AuthMode
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import each_of
from auditor.model.severity import Severity

_FIX = Fix(
    text="Change one of the two: set AuthType to AWS_IAM (unsigned requests get 403 from then on), or list the"
    " origins that can call. The command does both; insert your own origins.",
    breaks="Unsigned requests get 403, and scripts of sites that are not listed stop working in browsers.",
    command="aws lambda update-function-url-config --region {location} --function-name {target} --auth-type AWS_IAM"
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
    id="url-public-and-cors-any",
    title="Public function URL allows any CORS origin",
    risk=Risk.EXPOSURE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("url-public-and-cors-any",),
    facet_of=("url-auth-none",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html",
    ),
    cwe=942,
)
def url_public_and_cors_any(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """url-auth-none and url-cors-any-origin report the two settings. Together they let every browser call the
    function: a page with traffic invokes it from thousands of addresses that IP filters cannot distinguish, at the
    owner's cost. Reported only where the policy really grants public access.
    """
    endpoints = tuple(e for e in function.endpoints.need() if e.auth is AuthMode.NONE and every_origin(e))
    for endpoint, reach in each_of(endpoints, settled_reach):
        if reach.public:
            yield Hit(
                message=f"{endpoint.url} of {function.name} allows unauthenticated requests and any CORS origin",
                evidence=(
                    Evidence(
                        endpoint.source, f"AuthType = NONE; Cors.AllowOrigins = {', '.join(every_origin(endpoint))}"
                    ),
                    cite(endpoint.reach, endpoint.reach_reason),
                ),
                locus=endpoint.url,
                site=sites.public_url(function, endpoint),
                values={"target": qualified(function.name, endpoint.qualifier)},
            )
