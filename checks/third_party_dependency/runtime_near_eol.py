"""Flags functions whose runtime is close to its end of support."""

from collections.abc import Iterator

from auditor.analysis.lifecycle import moving_on_windows, moving_to, proof, spoken, successor, support_of
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Plan the move to {newest}: test the code on it, publish a version, shift the alias.",
        breaks="Code or native dependencies that the new runtime does not support fail: the command changes"
        " $LATEST at once.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --runtime {newest}",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  runtime       = "{newest}"\n}',
    ),
    Cloud.AZURE: Fix(
        text="Plan the move to {newest}: test the code on it in a slot, then swap.",
        breaks="Code or native dependencies that the new runtime does not support fail; the app restarts.",
        command="az functionapp config set --resource-group {group} --name {app}{of_slot} --linux-fx-version {newest}  # a Linux app\n"
        "az functionapp runtime config set --resource-group {group} --name {app} --runtime-version {newest_version}  # Flex Consumption\n"
        "az functionapp config set --resource-group {group} --name {app}{of_slot} --net-framework-version v{newest_version}  # .NET on Windows",
        terraform="""\
resource "azurerm_linux_function_app" "this" { # a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  site_config {
    application_stack {
      # set the version of the language in use: {newest}
    }
  }
}""",
    ),
    Cloud.GCP: Fix(
        text="Plan the move to {newest}: test the code on it, then deploy with it.",
        breaks="Code or native dependencies that the new runtime does not support fail in the new revision, which"
        " takes all traffic.",
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
    id="runtime-near-eol",
    title="Runtime is near end of support",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.LOW,
    fix=FIX,
    covers=("runtime-near-eol", "az-func-runtime-eol", "gcp-fn-runtime-eol"),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
        "https://cloud.google.com/functions/docs/runtime-support",
    ),
    cwe=1104,
)
def runtime_near_eol(function: Function, context: Context) -> Iterator[Hit]:
    """A runtime is no longer patched after its end of support; the move to another takes a test cycle. Reported within
    runtime_notice_days (120 by default) before the announced date, relative to the date of the capture. Runtimes past
    their end of support are reported by runtime-deprecated and pass here.
    """
    runtime = support_of(function)
    if runtime is None:
        raise NotApplicable("not a managed runtime: an image, or a runtime in the package")
    left = None if runtime.deprecated_on is None else (runtime.deprecated_on - context.today).days
    over = runtime.deprecated(context.today)
    if runtime.deprecated_on is None or over or left is None or left > context.settings.runtime_notice_days:
        runtime.settle()
        return
    yield Hit(
        message=f"Runtime {runtime.identifier} of function {function.name} will be deprecated on {spoken(runtime.deprecated_on)}, in {left} days",
        evidence=tuple(Evidence(source, detail) for source, detail in proof(function, runtime)),
        values=moving_to(successor(function.cloud, runtime)),
        command=moving_on_windows(function, successor(function.cloud, runtime)),
    )
