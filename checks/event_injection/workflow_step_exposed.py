"""Flags functions that are a step of a state machine and can be started past it."""

from collections.abc import Iterator

from auditor.analysis.triggers import LOSE_EVENTS, URL, known_triggers, raise_unread, source_name
from auditor.analysis.workflows import STATES
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity
from auditor.model.trigger import Certainty, TriggerKind

_FIX = Fix(
    text="Give the other entry a function of its own, or remove it; otherwise let the code check what the earlier steps of the"
    " state machine check.",
    breaks="Callers of the other entry are rejected once it is removed.",
    command="aws lambda get-policy --region {location} --function-name {name}\n"
    "aws lambda remove-permission --region {location} --function-name {name} --statement-id <statement-id>",
    no_terraform="remove the aws_lambda_permission, aws_lambda_function_url or aws_lambda_event_source_mapping of the other"
    " entry",
)


@check(
    id="workflow-step-exposed",
    title="Step of a state machine can be started past it",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("gap-flow-bypass",),
    references=("https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html",),
    cwe=841,
)
def workflow_step_exposed(function: Function, _context: Context) -> Iterator[Hit]:
    """A step relies on the steps before it: that a payment was approved, that an address was validated. Where a URL, an API
    or another source starts the same function, a caller skips them. Medium where the other entry is over HTTP. Whether the
    code repeats the checks is not known; other state machines are not reported.
    """
    flow, others = None, []
    for placed in known_triggers(function):
        if placed[1].service == STATES:
            flow = flow or placed
        elif placed[1].certainty is not Certainty.SOURCE_GONE:
            others.append(placed)
    for group, trigger, locus in others if flow else ():
        if flow is not None:
            yield Hit(
                message=f"{function.name} is a step of {source_name(flow[1])}, and {source_name(trigger)} starts it as well",
                evidence=(cite(flow[0], flow[2]), cite(group, locus)),
                locus=locus,
                site=f"entries of {function.id} beside {flow[1].source}",
                severity=Severity.MEDIUM if trigger.kind is TriggerKind.HTTP else None,
            )
    if flow:
        raise_unread(function, services=LOSE_EVENTS | {URL})  # whoever starts it by its URL skips the steps too
    raise_unread(function, services=(STATES,))
