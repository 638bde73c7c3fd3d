"""Flags state machines that start a function and log none of their executions."""

from collections.abc import Iterator

from auditor.analysis.triggers import source_name
from auditor.analysis.workflows import judged_workflows
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_FIX = Fix(
    text="Send the log of the state machine to a log group, with level ALL, or ERROR for a busy one; leave execution data out"
    " where it is sensitive.",
    command="aws stepfunctions update-state-machine --region {location} --state-machine-arn {source}"
    " --logging-configuration <file-with-level-and-log-group>",
    terraform="""\
resource "aws_sfn_state_machine" "this" { # {source}
  logging_configuration {
    level                  = "ALL"
    include_execution_data = false
    log_destination        = "<log group ARN>:*"
  }
}""",
)


@check(
    id="workflow-log-off",
    title="Executions of the state machine are not logged",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("sfn-logging-off",),
    references=("https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",),
    cwe=778,
)
def workflow_log_off(function: Function, _context: Context) -> Iterator[Hit]:
    """The log of the function shows one step and not which execution asked for it, with what, and what came after. Standard
    workflows keep the history of an execution for 90 days; express workflows keep none, so that without a log nothing is
    left: medium.
    """
    for (group, trigger, locus), level in judged_workflows(function, lambda workflow: workflow.log_level):
        if level.value != "OFF":
            continue
        express = trigger.workflow.then(lambda workflow: workflow.express)
        yield Hit(
            message=f"{source_name(trigger)}, which starts {function.name}, logs none of its executions",
            evidence=(cite(level, f"{trigger.source}: level OFF"), cite(group, locus)),
            locus=locus,
            site=f"log of {trigger.source}",
            severity=Severity.MEDIUM if isinstance(express, Known) and express.value else None,
            values={"source": trigger.source or "<state-machine>"},
        )
