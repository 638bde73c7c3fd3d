"""Flags stages of REST APIs in front of a function that call HTTP backends without a client certificate."""

from collections.abc import Iterator

from auditor.analysis.gateway_stages import REST, each_stage, stage_locus, stage_name, stage_values
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Generate a client certificate, let the backend accept requests with it alone, and set it on the stage {locus}.",
    breaks="A backend that refuses certificates it does not know answers with errors until it was given this one.",
    command="aws apigateway generate-client-certificate --region {location} --query clientCertificateId\n"
    "aws apigateway update-stage --region {location} --rest-api-id {api} --stage-name {stage}"
    " --patch-operations op=replace,path=/clientCertificateId,value=<client-certificate-id>",
    terraform="""\
resource "aws_api_gateway_stage" "this" {
  rest_api_id           = "{api}"
  stage_name            = "{stage}"
  deployment_id         = "<deployment id>"
  client_certificate_id = aws_api_gateway_client_certificate.this.id
}""",
)


@check(
    id="api-client-certificate-absent",
    title="API shows its HTTP backends no certificate",
    risk=Risk.TRANSPORT,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-client-cert-absent",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/getting-started-client-side-ssl-authentication.html",
    ),
    cwe=306,
    profile_level=ProfileLevel.STRICT,
)
def api_client_certificate_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """A backend on the internet cannot tell a request of the gateway from any other: anyone who finds its address goes past the
    authorizers, limits and firewall of the API. Functions are called with signed requests and need no certificate: only
    stages of APIs that call HTTP endpoints on the internet beside the function are judged. Opinionated, because a backend
    may recognize the gateway by a secret header instead.
    """
    for gateway, stage, found in each_stage(function, REST, lambda stage: stage.client_certificate):
        if found.value is not None:
            continue
        outside = next((each for each in gateway.backends.need() if not each.internal), None)
        if outside is not None:
            yield Hit(
                message=f"{stage_name(gateway, stage)} in front of {function.name} shows {outside.address} no certificate",
                evidence=(
                    cite(found, f"{stage_locus(gateway, stage)}: no clientCertificateId"),
                    cite(gateway.backends, f"{outside.route}: {outside.address}"),
                ),
                locus=stage_locus(gateway, stage),
                site=f"client certificate of {stage_locus(gateway, stage)}",
                values=stage_values(gateway, stage),
            )
