"""Flags functions that may start themselves without end."""

from collections.abc import Iterator

from auditor.analysis.triggers import heavier, known_triggers, raise_unread
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known
from auditor.model.severity import Severity

_FIX = Fix(
    text="Set the loop breaker back to Terminate: Lambda then stops a chain of invocations that keeps calling itself through SQS, SNS"
    " or S3. If the loop is meant, give it an end in code, reserve concurrency and waive this finding.",
    command="aws lambda put-function-recursion-config --region {location} --function-name {name} --recursive-loop Terminate",
    terraform="""\
resource "aws_lambda_function_recursion_config" "this" {
  function_name  = "{name}"
  recursive_loop = "Terminate"
}""",
)

_FIX_AZURE = Fix(
    text="Let it write somewhere else than where its events come from: another container, queue or folder that no trigger matches."
    " Then take the role on the source away from the app's identity.",
    no_command="where it writes is decided by its code and its bindings",
    terraform="""\
resource "azurerm_role_assignment" "reads" { # in place of a role that writes to {source}
  scope                = "<the source>"
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = azurerm_linux_function_app.this.identity[0].principal_id
}""",
)
_FIX_GCP = Fix(
    text="Let it write to a bucket or topic that starts nothing, and take the right to write to the source away from its account."
    " Cap the instances until that is done.",
    command="gcloud storage buckets remove-iam-policy-binding gs://<source-bucket> --member=serviceAccount:{role} --role=<role-that-writes>\n"
    "gcloud pubsub topics remove-iam-policy-binding {source} --project={account} --member=serviceAccount:{role} --role=roles/pubsub.publisher",
    terraform="""\
resource "google_storage_bucket_iam_member" "reads" { # in place of a role that writes to {source}
  bucket = "<source bucket>"
  role   = "roles/storage.objectViewer"
  member = "serviceAccount:{role}"
}""",
)


@check(
    id="recursion-allowed",
    title="Recursive invocation is not blocked",
    risk=Risk.DENIAL_OF_WALLET,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX, Cloud.AZURE: _FIX_AZURE, Cloud.GCP: _FIX_GCP},
    covers=("gap-recursion-allowed", "gcp-fn-recursive-loop"),
    controls=("NIST-800-53:SC-5", "CSA-SAS:SAS-8"),
    cwe=674,
)
def recursion_allowed(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A function that writes where its own events come from calls itself for ever, at full concurrency, until somebody reads the
    bill. Lambda breaks such loops unless told not to, and here it was told not to: high where nothing else caps the
    function. The other clouds have no breaker: there we report functions that may write to the very source that
    starts them.
    """
    if function.cloud is not Cloud.AWS:
        yield from _feeds_itself(function)
        return
    if function.limits.recursion_allowed.need():
        reserved = function.limits.reserved_concurrency
        uncapped = isinstance(reserved, Known) and reserved.value is None
        yield Hit(
            message="RecursiveLoop is Allow" + (" and no reserved concurrency caps the loop" if uncapped else ""),
            evidence=(cite(function.limits.recursion_allowed, "RecursiveLoop = Allow"),),
            severity=Severity.HIGH if uncapped else None,
            values={"source": function.name},
        )


def _feeds_itself(function: Function) -> Iterator[Hit]:
    gap: Gap | None = None
    for _group, trigger, locus in known_triggers(function):
        fact = trigger.writes_back
        if not isinstance(fact, Known):
            gap = heavier(gap, fact.gap)
        elif fact.value:
            source = trigger.source or trigger.service
            yield Hit(
                message=f"Events of {source} start it, and it may write there itself",
                evidence=(cite(fact, f"it may write to {source}"),),
                locus=locus,
                severity=Severity.HIGH,
                values={"source": trigger.source or "<source>"},
            )
    raise_unread(function, gap)
