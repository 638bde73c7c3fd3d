"""Flags brokers that set functions off and log nothing, or not who administers them."""

from collections.abc import Iterator

from auditor.analysis.event_sources import broker_values, brokers
from auditor.analysis.triggers import heavier, source_name
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known, Unanswered
from auditor.model.severity import Severity

_FIX = Fix(
    text="Send the logs of the brokers to CloudWatch Logs: on Amazon MQ the general and, of ActiveMQ, the audit log.",
    breaks="A broker of Amazon MQ restarts in its maintenance window; logs are billed.",
    command="aws kafka update-monitoring --region {location} --cluster-arn {source} --current-version <version>"
    ' --logging-info \'{"BrokerLogs":{"CloudWatchLogs":{"Enabled":true,"LogGroup":"<group>"}}}\'',
    terraform="""\
resource "aws_msk_cluster" "this" { # {source}
  cluster_name = "{broker}"

  logging_info {
    broker_logs {
      cloudwatch_logs {
        enabled   = true
        log_group = "<group>"
      }
    }
  }
}""",
)
_MQ = "aws mq update-broker --region {location} --broker-id {broker_id} --logs General=true,Audit=true"
_MQ_HCL = """\
resource "aws_mq_broker" "this" { # {source}
  broker_name = "{broker}"

  logs {
    general = true
    audit   = true # ActiveMQ
  }
}"""


@check(
    id="broker-log-off",
    title="Brokers of an event source keep no log",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("msk-source", "mq-source"),
    references=(
        "https://docs.aws.amazon.com/msk/latest/developerguide/msk-logging.html",
        "https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/security-logging-monitoring.html",
    ),
    cwe=778,
    profile_level=ProfileLevel.STRICT,
)
def broker_log_off(function: Function, _context: Context) -> Iterator[Hit]:
    """Without logs of the brokers it cannot be told afterwards who connected to them and put in the records that set the
    function off. An opinion: where every record is traced at its producer, these logs add cost alone.
    """
    gap: Gap | None = None
    for (group, trigger, locus), settings in brokers(function):
        logged = settings.value.logged
        if not isinstance(logged, Known):
            gap = heavier(gap, logged.gap)
        elif not logged.value:
            ours = trigger.service == "mq"
            yield Hit(
                message=f"The brokers of {source_name(trigger)}, an event source of {function.name}, keep no log",
                evidence=(cite(logged, f"{trigger.source}: logs are off"), cite(group, locus)),
                locus=locus,
                site=f"logs of {trigger.source}",
                values=broker_values(trigger),
                command=_MQ if ours else None,
                terraform=_MQ_HCL if ours else None,
            )
    if gap is not None:
        raise Unanswered(gap)
