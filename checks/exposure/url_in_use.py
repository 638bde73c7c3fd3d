"""Flags functions with a function URL, for review."""

from collections.abc import Iterator

from auditor.analysis.endpoints import qualified
from auditor.check import Context, Evidence, Fix, Hit, ProfileLevel, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="If nothing calls the URL, delete it to reduce the attack surface. Otherwise record its owner; traffic that"
    " needs throttling, a web application firewall or a custom domain belongs behind API Gateway or CloudFront.",
    breaks="Clients that call the URL fail, and a new one gets another address.",
    command="aws lambda delete-function-url-config --region {location} --function-name {target}",
    no_terraform="delete the aws_lambda_function_url resource; there is no setting to add",
)


@check(
    id="url-in-use",
    title="Function has a function URL",
    risk=Risk.EXPOSURE,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("url-in-use",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html",),
    profile_level=ProfileLevel.STRICT,
)
def url_in_use(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A function URL is a public host name without its own throttling, firewall or access log, whatever its
    AuthType. Not a defect by itself: an inventory for organizations that allow only API Gateway or CloudFront at the
    edge. url-auth-none judges whether the URL allows unauthenticated access.
    """
    for endpoint in function.endpoints.need():
        yield Hit(
            message=f"{function.name} has the function URL {endpoint.url} for {endpoint.qualifier or '$LATEST'}"
            f" (authentication: {endpoint.auth})",
            evidence=(Evidence(endpoint.source, f"FunctionUrl = {endpoint.url}"),),
            locus=endpoint.url,
            values={"target": qualified(function.name, endpoint.qualifier)},
        )
