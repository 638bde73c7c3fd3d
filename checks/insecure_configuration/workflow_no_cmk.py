"""Flags state machines that start a function and have no customer-managed key."""

from collections.abc import Iterator

from auditor.analysis.triggers import source_name
from auditor.analysis.workflows import judged_workflows
from auditor.check import Context, Fix, Hit, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Encrypt the state machine with a customer-managed key, and grant its role the use of it.",
    breaks="Executions fail while the role of the state machine, or a principal that starts it, may not use the key.",
    command="aws stepfunctions update-state-machine --region {location} --state-machine-arn {source}"
    " --encryption-configuration type=CUSTOMER_MANAGED_KMS_KEY,kmsKeyId=<key-id>",
    terraform="""\
resource "aws_sfn_state_machine" "this" { # {source}
  encryption_configuration {
    type       = "CUSTOMER_MANAGED_KMS_KEY"
    kms_key_id = "<key ID>"
  }
}""",
)


@check(
    id="workflow-no-cmk",
    title="State machine has no customer-managed key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("sfn-no-cmk",),
    references=("https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html",),
    cwe=311,
    profile_level=ProfileLevel.STRICT,
)
def workflow_no_cmk(function: Function, _context: Context) -> Iterator[Hit]:
    """Step Functions stores the definition and, of standard workflows, the data of every execution. With a customer-managed
    key, reading them requires a second permission that you control. An opinion: a key of AWS encrypts them otherwise.
    """
    for (group, trigger, locus), own in judged_workflows(function, lambda workflow: workflow.customer_key):
        if not own.value:
            yield Hit(
                message=f"{source_name(trigger)}, which starts {function.name}, has no customer-managed key",
                evidence=(cite(own, f"{trigger.source}: AWS_OWNED_KEY"), cite(group, locus)),
                locus=locus,
                site=f"encryption of {trigger.source}",
                values={"source": trigger.source or "<state-machine>"},
            )
