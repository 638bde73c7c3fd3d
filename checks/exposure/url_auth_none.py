"""Flags function URLs that ask their callers for no credentials."""

from collections.abc import Iterator

from auditor.analysis.endpoints import qualified
from auditor.check import Context, Evidence, Fix, Hit, Risk, check, cite
from auditor.model.exposure import AuthMode, Endpoint, Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Unanswered, Unknown
from auditor.model.severity import Confidence, Severity

_FIX = Fix(
    text="Set the URL's AuthType to AWS_IAM and let callers sign their requests, or put CloudFront or API Gateway with an"
    " authorizer in front and delete the URL. Unsigned callers get 403 from that moment. If the URL is meant to be public,"
    " verify the caller in code (a webhook signature, say), reserve concurrency, and waive this finding.",
    command="aws lambda update-function-url-config --region {location} --function-name {target} --auth-type AWS_IAM",
    terraform="""\
resource "aws_lambda_function_url" "this" {
  function_name      = "{name}"
  qualifier          = "<alias, if the URL is on one>"
  authorization_type = "AWS_IAM"
}""",
)


@check(
    id="url-auth-none",
    title="Function URL asks for no credentials",
    risk=Risk.EXPOSURE,
    severity=Severity.CRITICAL,
    fix={Cloud.AWS: _FIX},
    covers=("url-auth-none", "url-auth-none-on-alias", "gap-url-auth-none-policy-effective"),
    controls=("FSBP:Lambda.1", "CIS-Compute-1.0:4.6", "NIST-800-53:AC-14", "CSA-SAS:SAS-2", "OWASP-SLS:S2"),
    cwe=306,
)
def url_auth_none(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Anyone who learns the URL runs the function: no account, no signature, no limit but your concurrency. AuthType
    NONE alone is not reachable, though; the policy of the same alias must also admit everyone. We take both
    together: critical when strangers really get in, low when the policy still keeps them out. URLs on aliases count.
    """
    for endpoint in function.endpoints.need():
        if endpoint.auth is AuthMode.NONE:
            severity, confidence, remark = _weigh(endpoint)
            yield Hit(
                message=f"{endpoint.url} {remark}. {endpoint.reach_reason}",
                evidence=(
                    Evidence(endpoint.source, f"AuthType = NONE for {endpoint.url}"),
                    cite(endpoint.reach, endpoint.reach_reason),
                ),
                locus=endpoint.url,
                severity=severity,
                confidence=confidence,
                values={"target": qualified(function.name, endpoint.qualifier)},
            )
    for endpoint in function.endpoints.need():
        if endpoint.auth is AuthMode.UNRECOGNISED:
            what = f"{endpoint.url} has an AuthType newer than this version knows"
            raise Unanswered(Gap(GapReason.UNRECOGNISED, endpoint.source, None, what))


def _weigh(endpoint: Endpoint) -> tuple[Severity, Confidence, str]:
    if isinstance(endpoint.reach, Unknown):
        return Severity.HIGH, Confidence.MEDIUM, "has AuthType NONE, and whether strangers get in could not be read"
    reach = endpoint.reach.value
    if reach.public:
        return Severity.CRITICAL, Confidence.HIGH, "has AuthType NONE and answers anyone"
    if reach is Reach.UNRECOGNISED:
        return Severity.HIGH, Confidence.MEDIUM, "has AuthType NONE, and how far its policy reaches is not clear"
    if reach.rank < Reach.SCOPED.rank:
        return Severity.MEDIUM, Confidence.HIGH, "has AuthType NONE, and its policy admits some strangers"
    return Severity.LOW, Confidence.HIGH, "has AuthType NONE, but its policy lets no stranger in yet"
