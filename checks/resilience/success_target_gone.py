"""Flags success destinations that do not exist."""

from collections.abc import Iterator

from auditor.analysis.destinations import sent
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each
from auditor.model.severity import Severity

_FIX = Fix(
    text="Create the target again, configure another, or remove the destination if its results are not used.",
    breaks="The command replaces the function's asynchronous settings: what is not repeated, such as the failure"
    " destination, is gone.",
    command="aws lambda put-function-event-invoke-config --region {location} --function-name {name}"
    " --destination-config 'OnSuccess={Destination=<target-arn>}'",
    terraform="""\
resource "aws_lambda_function_event_invoke_config" "this" {
  function_name = "{name}"

  destination_config {
    on_success {
      destination = "<target ARN>"
    }
  }
}""",
)


@check(
    id="success-target-gone",
    title="Success destination does not exist",
    risk=Risk.RESILIENCE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    references=("https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",),
)
def success_target_gone(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Downstream processing receives no results, and no invocation fails because of it. Destinations of every kind
    except buckets (destination-s3-gone) are looked up; a target that cannot be looked up, or that is in another
    account, is unknown, not missing.
    """
    targets = []
    for source, locus, target in sent(function.failures):
        if target.kind == "s3" or not locus.endswith("on-success"):
            continue
        targets.append(target)
        if target.exists == Known(False, target.exists.source):
            yield Hit(
                message=f"The {locus.rpartition('/')[2]} target {target.id} of function {function.name} does not exist",
                evidence=(Evidence(source, f"{locus}: {target.id}"), cite(target.exists, f"{target.id} was not found")),
                locus=locus,
            )
    if not targets:
        raise NotApplicable("no success destination is configured")
    tuple(each(target.exists for target in targets))
