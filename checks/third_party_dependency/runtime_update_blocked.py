"""Flags functions on a runtime that is blocked for updates or new functions."""

from collections.abc import Iterator

from auditor.analysis.lifecycle import proof, spoken, successor, support_of
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Move to {newest} in one step with code that supports it: an update that keeps the blocked runtime is"
        " rejected.",
        breaks="Code that the new runtime does not support fails, and a rollback to the old runtime is not"
        " possible: keep the last deployed package.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --runtime {newest}",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  runtime       = "{newest}"\n}',
    ),
    Cloud.GCP: Fix(
        text="Move to {newest} in one step with the code that fits it: a deployment that keeps the old runtime is refused.",
        breaks="Code that the new runtime does not support fails in the new revision, which takes all traffic; a"
        " deployment with the old runtime is rejected.",
        command="gcloud functions deploy {name} --region={location} --project={account} --runtime={newest}\n"
        "gcloud run deploy {run_service} --region={location} --project={account} --source=<source> --function=<entry-point> --base-image={newest}  # without a function record",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  build_config {
    runtime = "{newest}"
  }
}""",
    ),
}


@check(
    id="runtime-update-blocked",
    title="Runtime updates are blocked",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("runtime-update-blocked", "gcp-fn-runtime-eol"),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",),
    cwe=1104,
)
def runtime_update_blocked(function: Function, context: Context) -> Iterator[Hit]:
    """After the block of updates, a security fix or a rotated variable cannot be deployed without a change of runtime.
    After the earlier block of new functions, the function can still be updated, but not recreated: neither in another
    region nor after an accidental deletion. This is reported one level lower. Runtimes without a scheduled block
    pass. The missing patches are reported by runtime-deprecated, which is high by then, so that one outdated runtime
    is not reported as high twice.
    """
    runtime = support_of(function)
    if runtime is None:
        raise NotApplicable("not a managed runtime: an image, or a runtime in the package")
    evidence = tuple(Evidence(source, detail) for source, detail in proof(function, runtime))
    values = {"newest": successor(function.cloud, runtime)}
    update, create = runtime.block_update_on, runtime.block_create_on
    if update is not None and update <= context.today:
        message = f"Updates of function {function.name} on {runtime.identifier} are blocked since {spoken(update)}"
        yield Hit(message=message, evidence=evidence, values=values)
    elif create is not None and create <= context.today:
        message = f"New functions on {runtime.identifier} are blocked since {spoken(create)}: {function.name} cannot be recreated"
        yield Hit(message=message, evidence=evidence, severity=Severity.LOW, values=values)
    else:
        runtime.settle()
