"""Flags brokers that set functions off and answer on the internet, to clients without credentials, or without TLS."""

from collections.abc import Iterator

from auditor.analysis.event_sources import broker_values, brokers
from auditor.analysis.triggers import heavier, source_name
from auditor.check import Context, Evidence, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known, Unanswered
from auditor.model.severity import Severity

_FIX = Fix(
    text="Switch public access and unauthenticated access off, and accept TLS alone. Let clients sign in with IAM, SASL/SCRAM"
    " or a certificate. A broker of Amazon MQ keeps its accessibility: create another one that is not public.",
    breaks="Clients on the internet, without credentials or without TLS can no longer connect: move them first.",
    command="aws kafka update-connectivity --region {location} --cluster-arn {source} --current-version <version>"
    ' --connectivity-info \'{"PublicAccess":{"Type":"DISABLED"}}\'\n'
    "aws kafka update-security --region {location} --cluster-arn {source} --current-version <version>"
    ' --client-authentication \'{"Sasl":{"Iam":{"Enabled":true}},"Unauthenticated":{"Enabled":false}}\''
    ' --encryption-info \'{"EncryptionInTransit":{"ClientBroker":"TLS"}}\'',
    terraform="""\
resource "aws_msk_cluster" "this" { # {source}
  cluster_name = "{broker}"

  broker_node_group_info {
    connectivity_info {
      public_access {
        type = "DISABLED"
      }
    }
  }
  client_authentication {
    unauthenticated = false
    sasl {
      iam = true
    }
  }
  encryption_info {
    encryption_in_transit {
      client_broker = "TLS"
    }
  }
}""",
)
_MQ = (
    "aws mq describe-broker --region {location} --broker-id {broker_id}\n"
    "aws mq create-broker --region {location} --broker-name <broker> --no-publicly-accessible"
    " --engine-type <engine> --host-instance-type <type> --deployment-mode <mode> --subnet-ids <subnet>"
    " --auto-minor-version-upgrade"
)
_MQ_HCL = """\
resource "aws_mq_broker" "this" { # in place of {source}
  broker_name         = "<broker>"
  publicly_accessible = false
}"""


@check(
    id="broker-exposed",
    title="Brokers of an event source are open",
    risk=Risk.EXPOSURE,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX},
    covers=("msk-source", "mq-source"),
    references=(
        "https://docs.aws.amazon.com/msk/latest/developerguide/public-access.html",
        "https://docs.aws.amazon.com/msk/latest/developerguide/msk-update-security.html",
        "https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/using-amazon-mq-securely.html",
    ),
    cwe=306,
)
def broker_exposed(function: Function, _context: Context) -> Iterator[Hit]:
    """Everyone who can connect to the brokers without credentials writes the input of the function, and reads what others
    wrote. Public brokers leave a password or a certificate as the only lock: medium, as are connections without TLS, on which
    anyone on the way reads records and SASL/SCRAM is all that hides the password.
    """
    gap: Gap | None = None
    for (group, trigger, locus), settings in brokers(function):
        faults: list[str] = []
        proof: list[Evidence] = []
        for fact, fault in (
            (settings.value.anonymous, "take clients without credentials"),
            (settings.value.public, "answer on the internet"),
            (settings.value.plain_clients, "take connections without TLS"),
        ):
            if not isinstance(fact, Known):
                gap = heavier(gap, fact.gap)
            elif fact.value:
                faults.append(fault)
                proof.append(cite(fact, f"{trigger.source}: brokers {fault}"))
        if faults:
            anonymous = isinstance(settings.value.anonymous, Known) and settings.value.anonymous.value
            ours = trigger.service == "mq"
            yield Hit(
                message=f"The brokers of {source_name(trigger)}, an event source of {function.name}, {' and '.join(faults)}",
                evidence=(*proof, cite(group, locus)),
                locus=locus,
                site=f"access to {trigger.source}",
                severity=None if anonymous else Severity.MEDIUM,
                values=broker_values(trigger),
                command=_MQ if ours else None,
                terraform=_MQ_HCL if ours else None,
            )
    if gap is not None:
        raise Unanswered(gap)
