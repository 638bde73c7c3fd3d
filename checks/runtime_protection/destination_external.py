"""Flags destinations in an account that is neither audited nor trusted."""

from collections.abc import Iterator

from auditor.analysis.destinations import MAPPED, MAPPED_HCL, failing, mapped
from auditor.check import Context, Evidence, Fix, Hit, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="If you own or trust the account, add it to trusted_accounts. Otherwise set the destination to a queue in"
    " this account.",
    breaks="The other account receives no further events.",
    command="aws lambda put-function-event-invoke-config --region {location} --function-name {name}"
    " --destination-config 'OnFailure={Destination=<own-queue-arn>}'",
    terraform="""\
resource "aws_lambda_function_event_invoke_config" "this" {
  function_name = "{name}"

  destination_config {
    on_failure {
      destination = "<ARN of a queue of your own>"
    }
  }
}""",
)


@check(
    id="destination-external",
    title="Destination belongs to an unknown account",
    risk=Risk.RUNTIME_PROTECTION,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX},
    covers=("destination-external", "gap-esm-failure-dest-external"),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",),
    cwe=668,
)
def destination_external(function: Function, context: Context) -> Iterator[Hit]:
    """A destination receives the whole event, and on success the result too, of every asynchronous invocation: a way to
    exfiltrate data that needs one setting and no code. Destinations in audited accounts and in trusted_accounts are
    not reported; those of event source mappings are, and so is a dead-letter queue. Bucket names contain no account, and destination-s3-gone evaluates them.
    """
    for found in failing(function):
        source, locus, target = found
        if target.account is not None and not context.trusted(target.account):
            yield Hit(
                message=f"The {locus.rpartition('/')[2]} target {target.id} of function {function.name} belongs to account"
                f" {target.account}",
                evidence=(Evidence(source, f"{locus}: {target.id}"),),
                locus=locus,
                command=MAPPED if mapped(found) else None,
                terraform=MAPPED_HCL if mapped(found) else None,
            )
