"""Flags functions with an event source in a project or account that is neither audited nor trusted."""

from collections.abc import Iterator

from auditor.analysis.event_sources import mapping_id
from auditor.analysis.triggers import known_triggers, raise_unmapped, raise_unread
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity
from auditor.model.trigger import TriggerVia

FIX = {
    Cloud.AWS: Fix(
        text="If the account is known, add it to trusted_accounts in the configuration. Otherwise delete the event source"
        " mapping, and let the other account send to a queue or stream of this account.",
        breaks="Events of the other account's source no longer arrive until it sends to the new one.",
        command="aws lambda delete-event-source-mapping --region {location} --uuid {mapping}",
        terraform="""\
resource "aws_lambda_event_source_mapping" "this" {
  event_source_arn = "<ARN of a queue of your own>" # in place of {source}
  function_name    = "{name}"
}""",
    ),
    Cloud.GCP: Fix(
        text="If the project is known, add it to trusted_accounts in the configuration. Otherwise move the trigger to"
        " a topic or bucket in an audited project, and grant the other project permission to write to it.",
        breaks="Events of the other project's source no longer arrive until it writes to the new one.",
        command="gcloud functions deploy {name} --region={location} --project={account} --trigger-topic=<topic-of-your-own>",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  event_trigger {
    event_type   = "google.cloud.pubsub.topic.v1.messagePublished"
    pubsub_topic = "projects/{account}/topics/<topic of your own>" # in place of {source}
  }
}""",
    ),
}


@check(
    id="trigger-other-account",
    title="Event source belongs to another account",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gcp-fn-cross-project-trigger", "gap-esm-cross-account-source"),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
        "https://cloud.google.com/eventarc/docs/overview",
        "https://cloud.google.com/pubsub/docs/access-control",
    ),
    cwe=346,
)
def trigger_other_account(function: Function, context: Context) -> Iterator[Hit]:
    """The owner of the other project or account decides who can write to the source, and a change there leaves no entry in the
    logs of the audited one. Audited projects and accounts and those in trusted_accounts are not reported. Events of a partner
    are often intended; then they belong in a source that the audited organization owns. Medium on AWS, where event source
    mappings are judged: a principal that may create one makes a function read whatever another account sends.
    """
    aws = function.cloud is Cloud.AWS
    for group, trigger, locus in known_triggers(function):
        if aws and trigger.via is not TriggerVia.MAPPING:
            continue  # the policy of the function admits it: policy-cross-account
        if trigger.account is not None and not context.trusted(trigger.account):
            yield Hit(
                message=f"Event source {trigger.source or trigger.service} of {function.name} belongs to {trigger.account}",
                evidence=(cite(group, f"{trigger.source or trigger.service}"),),
                locus=locus,
                severity=Severity.MEDIUM if aws else None,
                values={"source": trigger.source or "<source>", "mapping": mapping_id(trigger)},
            )
    if aws:
        raise_unmapped(function)
    else:
        raise_unread(function)
