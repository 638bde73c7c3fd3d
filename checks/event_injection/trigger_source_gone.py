"""Flags policies and mappings that name an event source which does not exist."""

from collections.abc import Iterator

from auditor.analysis.event_sources import mapping_id
from auditor.analysis.triggers import heavier, known_triggers, raise_unread, source_name
from auditor.check import Context, Evidence, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known
from auditor.model.severity import Severity
from auditor.model.trigger import Certainty, Trigger, TriggerVia

_LISTS = {
    "apigateway": ("apigateway:GetRestApis", "apigatewayv2:GetApis"),
    "events": ("events:ListRules",),
    "s3": ("s3:GetBucketNotificationConfiguration",),
}
"""The lists that would hold a source, by its service."""

FIX = {
    Cloud.AWS: Fix(
        text="Remove every statement or mapping that names a source which does not exist, such as {locus}, or create the source"
        " again if it is still needed.",
        command="aws lambda get-policy --region {location} --function-name {name} # find the statement with {source}\n"
        "aws lambda remove-permission --region {location} --function-name {name} --statement-id <statement-id>",
        no_terraform="delete the aws_lambda_permission whose source_arn is the source",
    ),
}


@check(
    id="trigger-source-gone",
    title="Event source does not exist",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gap-dangling-source-permission", "esm-source-gone"),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",),
    cwe=672,
)
def trigger_source_gone(function: Function, _context: Context) -> Iterator[Hit]:
    """A principal that creates a resource of that name starts the function with events of its own. High for a bucket
    that the statement names without an account: bucket names are global, so every AWS account can take it. Names of the
    own account can be taken by principals that may create such resources there. Statements for sources that no longer
    exist also hide what really starts the function. Medium for an event source mapping that reads a queue or Kinesis
    stream which does not exist: the function is no longer started, and a principal that creates a queue of that name decides what
    it works on. All statements of one policy are one cause.
    """
    gap: Gap | None = None
    for group, trigger, locus in known_triggers(function):
        if trigger.via is TriggerVia.MAPPING and not isinstance(trigger.exists, Known):
            gap = heavier(gap, trigger.exists.gap)
        if trigger.certainty is Certainty.SOURCE_GONE and trigger.source:
            yield (
                _mapped(function, group, trigger, locus)
                if trigger.via is TriggerVia.MAPPING
                else Hit(
                    message=f"{function.name} admits {source_name(trigger)}, which does not exist"
                    + (": any AWS account can take the name" if _free(trigger) else ""),
                    evidence=(
                        cite(group, trigger.source),
                        *(Evidence(operation, "it is not there") for operation in _LISTS.get(trigger.service, ())),
                    ),
                    locus=locus,
                    site=f"dangling statements of {trigger.qualifier or 'the policy'} of {function.id}",
                    severity=Severity.HIGH if _free(trigger) else None,
                    values={"source": trigger.source},
                )
            )
    raise_unread(function, gap, services={trigger.service for _, trigger, _ in known_triggers(function)})


def _free(trigger: Trigger) -> bool:
    """Whether any account of AWS can take the name."""
    return trigger.service == "s3" and trigger.account is None


def _mapped(function: Function, group: Known[tuple[Trigger, ...]], trigger: Trigger, locus: str) -> Hit:
    read = _READ[trigger.service]
    return Hit(
        message=f"An event source mapping of {function.name} reads {source_name(trigger)}, which does not exist",
        evidence=(cite(group, locus), Evidence(read, "it is not there")),
        locus=locus,
        severity=Severity.MEDIUM,
        values={"source": trigger.source or "<source>", "mapping": mapping_id(trigger)},
        command=_UNMAP,
        terraform=_UNMAP_HCL,
    )


_READ = {"kinesis": "kinesis:GetResourcePolicy", "sqs": "sqs:GetQueueAttributes"}
"""The answers that say that the source of a mapping does not exist."""
_UNMAP = "aws lambda delete-event-source-mapping --region {location} --uuid {mapping}"
_UNMAP_HCL = """\
removed { # the mapping of {source}
  from = aws_lambda_event_source_mapping.<name>
}"""
