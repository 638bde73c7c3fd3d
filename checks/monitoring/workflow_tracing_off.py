"""Flags state machines that start a function and trace none of their executions."""

from collections.abc import Iterator

from auditor.analysis.triggers import source_name
from auditor.analysis.workflows import judged_workflows
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Switch X-Ray tracing on; the role of the state machine needs to write traces.",
    breaks="Traces are billed.",
    command="aws stepfunctions update-state-machine --region {location} --state-machine-arn {source}"
    " --tracing-configuration enabled=true",
    terraform="""\
resource "aws_sfn_state_machine" "this" { # {source}
  tracing_configuration {
    enabled = true
  }
}""",
)


@check(
    id="workflow-tracing-off",
    title="Executions of the state machine are not traced",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("sfn-xray-off",),
    references=("https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html",),
    cwe=778,
    profile_level=ProfileLevel.STRICT,
)
def workflow_tracing_off(function: Function, _context: Context) -> Iterator[Hit]:
    """A trace shows one execution through all of its steps and the services that those call, and so where time is spent and
    what a step reached. An opinion: the history or the log of executions tells the order of steps as well.
    """
    for (group, trigger, locus), traced in judged_workflows(function, lambda workflow: workflow.traced):
        if not traced.value:
            yield Hit(
                message=f"{source_name(trigger)}, which starts {function.name}, traces none of its executions",
                evidence=(cite(traced, f"{trigger.source}: tracing is off"), cite(group, locus)),
                locus=locus,
                site=f"tracing of {trigger.source}",
                values={"source": trigger.source or "<state-machine>"},
            )
