"""Flags names of an API in front of the function that accept TLS below 1.2."""

from collections.abc import Iterator

from auditor.analysis.gateway_routes import gateways
from auditor.analysis.triggers import heavier
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known, Unanswered
from auditor.model.severity import Severity

_OLD = frozenset(
    {
        "TLS_1_0",
        # Application Load Balancer guide, "Security policies" (as of 2026-10): those that accept TLS 1.0 or 1.1
        *("ELBSecurityPolicy-2015-05", "ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS-1-0-2015-04"),
        *("ELBSecurityPolicy-TLS-1-1-2017-01", "ELBSecurityPolicy-FS-2018-06", "ELBSecurityPolicy-FS-1-1-2019-08"),
        *("ELBSecurityPolicy-TLS13-1-0-2021-06", "ELBSecurityPolicy-TLS13-1-1-2021-06"),
    }
)
_LISTENER = (
    "aws elbv2 modify-listener --region {location} --listener-arn {gateway}"
    " --ssl-policy ELBSecurityPolicy-TLS13-1-2-2021-06"
)
_IN_TERRAFORM = """\
resource "aws_lb_listener" "this" { # {gateway}
  load_balancer_arn = "<load balancer arn>"
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "<certificate arn>"
  default_action {
    type             = "forward"
    target_group_arn = "<target group arn>"
  }
}"""

FIX = {
    Cloud.AWS: Fix(
        text="Set the security policy of {locus} to TLS 1.2 or newer.",
        breaks="Clients that only speak TLS 1.0 or 1.1 can no longer connect.",
        command="aws apigateway update-domain-name --region {location} --domain-name {locus}"
        " --patch-operations op=replace,path=/securityPolicy,value=TLS_1_2",
        terraform="""\
resource "aws_apigatewayv2_domain_name" "this" {
  domain_name = "{locus}"

  domain_name_configuration {
    certificate_arn = "<certificate arn>"
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}""",
    ),
}


@check(
    id="api-domain-tls-old",
    title="Domain name of the API accepts old TLS versions",
    risk=Risk.TRANSPORT,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("apigw-tls-old",),
    references=(
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html",
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
    ),
    cwe=327,
)
def api_domain_tls_old(function: Function, _context: Context) -> Iterator[Hit]:
    """TLS 1.0 and 1.1 are deprecated (RFC 8996): their ciphers and hashes can be attacked, and an attacker on the
    network can downgrade a connection to them. The security policy belongs to the domain name, so one change corrects
    it for every API behind it.
    """
    gap: Gap | None = None
    for _, gateway in gateways(function):
        if not isinstance(gateway.domains, Known):
            gap = heavier(gap, gateway.domains.gap)
            continue
        for domain in gateway.domains.value:
            if domain.tls_policy in _OLD:
                yield Hit(
                    message=f"{domain.name} in front of {function.name} accepts TLS 1.0 or 1.1",
                    evidence=(cite(gateway.domains, f"{domain.name}: SecurityPolicy {domain.tls_policy}"),),
                    locus=domain.name,
                    site=f"TLS of {domain.name}",
                    command=_LISTENER if gateway.kind == "load-balancer" else None,
                    terraform=_IN_TERRAFORM if gateway.kind == "load-balancer" else None,
                    values={"gateway": gateway.id},
                )
    if gap is not None:
        raise Unanswered(gap)
