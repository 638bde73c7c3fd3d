"""Flags functions that can invoke themselves without a limit."""

from collections.abc import Iterator

from auditor.analysis.binding_removal import Removal, removal
from auditor.analysis.triggers import heavier, known_triggers, raise_unread
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, Known
from auditor.model.severity import Severity

_FIX = Fix(
    text="Set recursive loop detection back to Terminate: Lambda then stops a chain of invocations that keeps"
    " calling itself through SQS, SNS or S3. If the loop is intended, give it an end in code and"
    " reserve concurrency.",
    breaks="A chain of invocations that is intended is stopped as well, after about 16 rounds.",
    command="aws lambda put-function-recursion-config --region {location} --function-name {name} --recursive-loop Terminate",
    terraform="""\
resource "aws_lambda_function_recursion_config" "this" {
  function_name  = "{name}"
  recursive_loop = "Terminate"
}""",
)

_FIX_AZURE = Fix(
    text="Let the function write to another container, queue or folder, which no trigger matches. Then remove"
    " the write role on the source from the identity of the app.",
    breaks="Readers of the old container, queue or folder no longer find the output there, and writes to it are"
    " rejected.",
    no_command="the code and the bindings decide where the function writes",
    terraform="""\
resource "azurerm_role_assignment" "reads" { # in place of a role that writes to {source}
  scope                = "<the source>"
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = azurerm_linux_function_app.this.identity[0].principal_id
}""",
)
_FIX_GCP = Fix(
    text="Let the function write to a bucket or topic that triggers nothing, and remove write access to the"
    " source from its service account. Limit the instances until that is done.",
    breaks="Readers of the old bucket or topic no longer find the output there, and writes to it are rejected.",
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
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
        "https://learn.microsoft.com/en-us/azure/azure-functions/functions-best-practices",
        "https://cloud.google.com/functions/docs/bestpractices/tips",
    ),
    cwe=674,
)
def recursion_allowed(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """A function that writes to the source of its own events invokes itself in an endless loop, at full concurrency,
    until the cost is noticed. Lambda stops such loops unless RecursiveLoop is Allow, as it is here: high where no
    reserved concurrency limits the function. The other clouds have no recursive loop detection: there, functions are
    reported that have write access to the source that triggers them.
    """
    if function.cloud is not Cloud.AWS:
        yield from _writes_to_its_source(function)
        return
    if function.limits.recursion_allowed.need():
        reserved = function.limits.reserved_concurrency
        uncapped = isinstance(reserved, Known) and reserved.value is None
        yield Hit(
            message=f"RecursiveLoop of function {function.name} is Allow"
            + (" and no reserved concurrency limits the loop" if uncapped else ""),
            evidence=(cite(function.limits.recursion_allowed, "RecursiveLoop = Allow"),),
            severity=Severity.HIGH if uncapped else None,
            values={"source": function.name},
        )


def _writes_to_its_source(function: Function) -> Iterator[Hit]:
    gap: Gap | None = None
    for _group, trigger, locus in known_triggers(function):
        fact = trigger.writes_back
        if not isinstance(fact, Known):
            gap = heavier(gap, fact.gap)
        elif fact.value:
            source = trigger.source or trigger.service
            taken = removal(trigger.source or "") if function.cloud is Cloud.GCP else Removal(None, {})
            yield Hit(
                message=f"Function {function.name} is triggered by {source} and has write access to it",
                evidence=(cite(fact, f"the identity has write access to {source}"),),
                locus=locus,
                severity=Severity.HIGH,
                values={"source": trigger.source or "<source>", **_writer(function), **taken.values},
                command=taken.command,
            )
    raise_unread(function, gap)


def _writer(function: Function) -> dict[str, str]:
    """``{member}`` and ``{granted}`` of a command that takes write access from the function's service account."""
    identity = function.identity.value if isinstance(function.identity, Known) else None
    return {"member": f"serviceAccount:{identity.name if identity else '<account>'}", "granted": "<role-that-writes>"}
