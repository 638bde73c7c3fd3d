"""Flags names of an API in front of a function whose callers show no certificate."""

from collections.abc import Iterator

from auditor.analysis.gateway_stages import STAGED, each_gateway
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Put the certificates of the authorities that sign for your callers into a versioned bucket, and require mutual TLS on"
    " {locus}. Switch the default endpoint of the API off, which asks for no certificate.",
    breaks="Callers without a certificate of these authorities can no longer connect.",
    command="aws apigatewayv2 update-domain-name --region {location} --domain-name {locus}"
    " --mutual-tls-authentication TruststoreUri=<s3-address-of-the-certificates>,TruststoreVersion=<version>",
    terraform="""\
resource "aws_apigatewayv2_domain_name" "this" {
  domain_name = "{locus}"

  domain_name_configuration {
    certificate_arn = "<certificate arn>"
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
  mutual_tls_authentication {
    truststore_uri     = "<s3 address of the certificates>"
    truststore_version = "<version>"
  }
}""",
)


@check(
    id="api-mutual-tls-absent",
    title="Callers of the API show no certificate",
    risk=Risk.TRANSPORT,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-mtls-absent",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mutual-tls.html",
    ),
    cwe=306,
    profile_level=ProfileLevel.STRICT,
)
def api_mutual_tls_absent(function: Function, _context: Context) -> Iterator[Hit]:
    """With mutual TLS a caller without a certificate of a known authority does not get past the handshake: stolen tokens and
    keys are of no use without it. Opinionated: it fits partners and machines, not browsers. What the truststore holds is not
    read.
    """
    for gateway, found in each_gateway(function, STAGED, lambda gateway: gateway.domains):
        for domain in found.value:
            if not domain.mutual_tls:
                yield Hit(
                    message=f"{domain.name} in front of {function.name} asks callers of API {gateway.name} for no certificate",
                    evidence=(cite(found, f"{domain.name}: no MutualTlsAuthentication"),),
                    locus=domain.name,
                    site=f"mutual TLS of {domain.name}",
                )
