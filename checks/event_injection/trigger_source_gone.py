"""Flags policies that admit an event source which does not exist."""

from collections.abc import Iterator

from auditor.analysis.triggers import known_triggers, raise_unread, source_name
from auditor.check import Context, Evidence, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity
from auditor.model.trigger import Certainty

_LISTS = {
    "apigateway": ("apigateway:GetRestApis", "apigatewayv2:GetApis"),
    "events": ("events:ListRules",),
    "s3": ("s3:GetBucketNotificationConfiguration",),
}
"""The lists that would hold a source, by its service."""

FIX = {
    Cloud.AWS: Fix(
        text="Remove the statement that admits {locus}, or create the source again if it is still needed.",
        command="aws lambda get-policy --region {location} --function-name {name} # find the statement with {source}\n"
        "aws lambda remove-permission --region {location} --function-name {name} --statement-id <statement-id>",
        no_terraform="delete the aws_lambda_permission whose source_arn is the source",
    ),
}


@check(
    id="trigger-source-gone",
    title="Policy admits an event source that does not exist",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("gap-dangling-source-permission",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",),
    cwe=672,
)
def trigger_source_gone(function: Function, _context: Context) -> Iterator[Hit]:
    """A principal that creates a resource of that name starts the function with events of its own. High for a bucket
    that the statement names without an account: bucket names are global, so every AWS account can take it. Names of the
    own account can be taken by principals that may create such resources there. Statements for sources that no longer
    exist also hide what really starts the function.
    """
    for group, trigger, locus in known_triggers(function):
        if trigger.certainty is Certainty.SOURCE_GONE and trigger.source:
            free = trigger.service == "s3" and trigger.account is None
            yield Hit(
                message=f"{function.name} admits {source_name(trigger)}, which does not exist"
                + (": any AWS account can take the name" if free else ""),
                evidence=(
                    cite(group, trigger.source),
                    *(Evidence(operation, "it is not there") for operation in _LISTS.get(trigger.service, ())),
                ),
                locus=locus,
                severity=Severity.HIGH if free else None,
                values={"source": trigger.source},
            )
    raise_unread(function, services={trigger.service for _, trigger, _ in known_triggers(function)})
