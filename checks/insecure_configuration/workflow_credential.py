"""Flags state machines that start a function and whose definition holds a credential."""

from collections.abc import Iterator

from auditor.analysis.triggers import source_name
from auditor.analysis.workflows import judged_workflows
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Treat the credential as exposed: rotate it, store the new one in Secrets Manager, and let the step or the function"
    " read it from there. Old versions of the definition keep the old value: only rotation makes it useless.",
    breaks="Steps that pass the credential fail once it is rotated, until they read the new one.",
    command="aws stepfunctions describe-state-machine --region {location} --state-machine-arn {source} --query definition"
    " # see {place}\n"
    "aws secretsmanager create-secret --region {location} --name <secret> --secret-string file://<file-with-the-new-value>\n"
    "aws stepfunctions update-state-machine --region {location} --state-machine-arn {source}"
    " --definition file://<definition-without-it.json>",
    terraform="""\
resource "aws_sfn_state_machine" "this" { # {source}: {place}
  definition = templatefile("<definition that reads the secret>", {
    secret_arn = "<secret ARN>"
  })
}""",
)


@check(
    id="workflow-credential",
    title="Credential in the definition of a state machine",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX},
    covers=("sfn-definition-secret",),
    references=("https://docs.aws.amazon.com/step-functions/latest/dg/security-best-practices.html",),
    cwe=798,
)
def workflow_credential(function: Function, _context: Context) -> Iterator[Hit]:
    """Everyone who may describe the state machine reads its definition, each version keeps it, and what a step passes on
    is also written to the history and the log of executions. Values are judged while they are read: the report names the place
    in the definition, never the value.
    """
    for (group, trigger, locus), places in judged_workflows(function, lambda workflow: workflow.credentials):
        for place in places.value:
            yield Hit(
                message=f"The definition of {source_name(trigger)}, which starts {function.name}, holds a credential at {place}",
                evidence=(cite(places, f"{trigger.source}: {place}"), cite(group, locus)),
                locus=f"{locus}/{place}",
                site=f"{place} of {trigger.source}",
                values={"source": trigger.source or "<state-machine>", "place": place},
            )
