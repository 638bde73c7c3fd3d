"""Flags topics that also send their messages to subscribers over plain HTTP."""

from collections.abc import Iterator

from auditor.analysis.event_sources import judged_sources, source_values
from auditor.analysis.triggers import source_name
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Subscribe the endpoint again with the protocol https, then remove the subscription over http.",
    breaks="An endpoint that does not answer HTTPS receives nothing more.",
    command="aws sns list-subscriptions-by-topic --region {location} --topic-arn {source}\n"
    "aws sns subscribe --region {location} --topic-arn {source} --protocol https --notification-endpoint <https-url>\n"
    "aws sns unsubscribe --region {location} --subscription-arn <subscription-arn>",
    terraform="""\
resource "aws_sns_topic_subscription" "this" {
  topic_arn = "{source}"
  protocol  = "https"
  endpoint  = "<HTTPS URL>"
}""",
)


@check(
    id="topic-delivers-plain",
    title="Topic delivers messages over plain HTTP",
    risk=Risk.TRANSPORT,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("sns-http-subscription",),
    references=("https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",),
    cwe=319,
)
def topic_delivers_plain(function: Function, _context: Context) -> Iterator[Hit]:
    """What starts the function is also sent to an endpoint without encryption: the content of each message can be read and
    changed on its way, and the endpoint cannot tell that SNS sent it unless it verifies the signature.
    """
    for (group, trigger, locus), plain in judged_sources(
        function, lambda settings: settings.delivers_plain, services=("sns",)
    ):
        if plain.value:
            yield Hit(
                message=f"{source_name(trigger)}, which starts {function.name}, also delivers over plain HTTP",
                evidence=(cite(plain, f"{trigger.source}: a subscription with the protocol http"), cite(group, locus)),
                locus=locus,
                site=f"plain subscriptions of {trigger.source}",
                values=source_values(trigger),
            )
