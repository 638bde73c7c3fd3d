"""Flags functions on a runtime for which the cloud refuses new functions or changes."""

from collections.abc import Iterator

from auditor.analysis.lifecycle import proof, spoken, successor, support_of
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Move to {newest} in one step with the code that fits it: an update that keeps the blocked runtime "
        "is refused. Keep the last deployed package at hand, you cannot roll back to the old runtime.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --runtime {newest}",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  runtime       = "{newest}"\n}',
    ),
    Cloud.GCP: Fix(
        text="Move to {newest} in one step with the code that fits it: a deployment that keeps the old runtime is refused.",
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
    controls=("FSBP:Lambda.2", "NIST-800-53:SA-22", "OWASP-SLS:S9"),
    cwe=1104,
)
def runtime_update_blocked(function: Function, context: Context) -> Iterator[Hit]:
    """After the update block, you cannot ship a security fix or rotate a variable without changing runtime first.

    After the earlier creation block the function still deploys, but cannot be recreated: not in another region, not
    after an accidental deletion. That half is reported one grade lower. Runtimes never scheduled for a block pass. The
    missing patches themselves are runtime-deprecated's, which is high by then, so that one old runtime is not two highs.
    """
    runtime = support_of(function)
    if runtime is None:
        raise NotApplicable("it brings its own runtime, in an image or as a program of its own")
    evidence = tuple(Evidence(source, detail) for source, detail in proof(function, runtime))
    values = {"newest": successor(function.cloud, runtime)}
    update, create = runtime.block_update_on, runtime.block_create_on
    if update is not None and update <= context.today:
        message = f"Changes to functions on {runtime.identifier} are refused since {spoken(update)}"
        yield Hit(message=message, evidence=evidence, values=values)
    elif create is not None and create <= context.today:
        message = (
            f"New functions on {runtime.identifier} are refused since {spoken(create)}: this one cannot be recreated"
        )
        yield Hit(message=message, evidence=evidence, severity=Severity.LOW, values=values)
    else:
        runtime.settle()
