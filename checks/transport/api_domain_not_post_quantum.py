"""Flags names of an API in front of a function whose TLS policy offers no post-quantum key exchange."""

from collections.abc import Iterator

from auditor.analysis.gateway_stages import STAGED, each_gateway
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Set the security policy of {locus} to one with PQ in its name, which REST APIs offer.",
    breaks="Clients below TLS 1.2 can no longer connect.",
    command="aws apigateway update-domain-name --region {location} --domain-name {locus} --patch-operations"
    " op=replace,path=/securityPolicy,value=SecurityPolicy_TLS13_1_2_PQ_2025_09"
    " op=replace,path=/endpointAccessMode,value=STRICT",
    terraform="""\
resource "aws_api_gateway_domain_name" "this" {
  domain_name              = "{locus}"
  regional_certificate_arn = "<certificate arn>"
  security_policy          = "SecurityPolicy_TLS13_1_2_PQ_2025_09"
}""",
)


@check(
    id="api-domain-not-post-quantum",
    title="Domain name of the API has no post-quantum key exchange",
    risk=Risk.TRANSPORT,
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("apigw-tls-not-pq",),
    facet_of=("api-domain-tls-old",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html",
        "https://aws.amazon.com/security/post-quantum-cryptography/",
    ),
    cwe=327,
    profile_level=ProfileLevel.STRICT,
)
def api_domain_not_post_quantum(function: Function, _context: Context) -> Iterator[Hit]:
    """An attacker who records connections today can read them once a quantum computer breaks the classical key exchange. API
    Gateway's policies with PQ in their name add one that is believed to resist. Opinionated: it matters for data that must
    stay secret for many years, and only clients that offer it as well use it.
    """
    for _, found in each_gateway(function, STAGED, lambda gateway: gateway.domains):
        for domain in found.value:
            if domain.tls_policy is None or "_PQ_" not in domain.tls_policy:
                yield Hit(
                    message=f"{domain.name} in front of {function.name} offers no post-quantum key exchange",
                    evidence=(cite(found, f"{domain.name}: SecurityPolicy {domain.tls_policy or 'not named'}"),),
                    locus=domain.name,
                    site=f"TLS of {domain.name}",
                )
