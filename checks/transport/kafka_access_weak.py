"""Flags mappings of self-managed Kafka clusters that sign in weakly, or read over the internet."""

from collections.abc import Iterator

from auditor.analysis.event_sources import judged_mappings, mapping_id
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_PLAIN = "BASIC_AUTH"
_SIGNS_IN = frozenset({_PLAIN, "SASL_SCRAM_256_AUTH", "SASL_SCRAM_512_AUTH", "CLIENT_CERTIFICATE_TLS_AUTH"})
_NETWORK = "VPC_SUBNET"
"""Lambda API reference, SourceAccessConfiguration: BASIC_AUTH is SASL/PLAIN; without a subnet, Lambda reads over the
internet."""

_FIX = Fix(
    text="Let the mapping sign in with SASL/SCRAM or a client certificate whose secret is in Secrets Manager, and reach the"
    " brokers through subnets of their VPC.",
    breaks="The mapping stops while the brokers do not know its new credentials or its network cannot reach them.",
    command="aws lambda update-event-source-mapping --region {location} --uuid {mapping} --source-access-configurations"
    " Type=SASL_SCRAM_512_AUTH,URI=<secret-arn> Type=VPC_SUBNET,URI=subnet:<subnet-id>"
    " Type=VPC_SECURITY_GROUP,URI=security_group:<group-id>",
    terraform="""\
resource "aws_lambda_event_source_mapping" "this" { # {source}
  function_name = "{name}"

  source_access_configuration {
    type = "SASL_SCRAM_512_AUTH"
    uri  = "<secret ARN>"
  }
  source_access_configuration {
    type = "VPC_SUBNET"
    uri  = "subnet:<subnet ID>"
  }
  source_access_configuration {
    type = "VPC_SECURITY_GROUP"
    uri  = "security_group:<group ID>"
  }
}""",
)


@check(
    id="kafka-access-weak",
    title="Kafka brokers are read without strong authentication",
    risk=Risk.TRANSPORT,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("gap-esm-source-auth",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html",
        "https://docs.aws.amazon.com/lambda/latest/api/API_SourceAccessConfiguration.html",
    ),
    cwe=287,
)
def kafka_access_weak(function: Function, _context: Context) -> Iterator[Hit]:
    """Of self-managed Kafka clusters. Brokers that ask for no credentials take records from everyone who reaches them, and
    those records are the input of the function: medium. SASL/PLAIN hands the password itself to the broker, and to
    any host that answers in its name. Without subnets in the mapping Lambda reads over the internet, so that the brokers are
    reachable from there. Amazon MQ offers passwords only, and clusters of Amazon MSK are not judged here.
    """
    for (group, trigger, locus), access in judged_mappings(function, lambda trigger: trigger.access):
        if trigger.service != "kafka" or (trigger.source or "").startswith("arn:"):
            continue
        kinds, faults = set(access.value), []
        if not kinds & _SIGNS_IN:
            faults.append("without credentials")
        elif _PLAIN in kinds:
            faults.append("with SASL/PLAIN")
        if _NETWORK not in kinds:
            faults.append("over the internet")
        if faults:
            yield Hit(
                message=f"{function.name} reads the Kafka brokers {trigger.source} {' and '.join(faults)}",
                evidence=(
                    cite(access, f"SourceAccessConfigurations: {', '.join(access.value) or 'none'}"),
                    cite(group, locus),
                ),
                locus=locus,
                severity=None if kinds & _SIGNS_IN else Severity.MEDIUM,
                values={"source": trigger.source or "<brokers>", "mapping": mapping_id(trigger)},
            )
