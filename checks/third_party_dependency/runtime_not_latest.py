"""Flags functions on a supported runtime that is not the latest of its family."""

from collections.abc import Iterator

from auditor.analysis.lifecycle import moving_on_windows, moving_to, newest_of_family, proof, support_of
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, ProfileLevel, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Test the code on {newest} and move at a convenient time; no action is urgent.",
        breaks="Code or native dependencies that the new runtime does not support fail: the command changes"
        " $LATEST at once.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --runtime {newest}",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  runtime       = "{newest}"\n}',
    ),
    Cloud.AZURE: Fix(
        text="Test the code on {newest} and deploy with it at a convenient time; no action is urgent.",
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
        text="Test the code on {newest} and deploy with it when it suits you; nothing is broken today.",
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
    id="runtime-not-latest",
    title="Runtime is not the latest version",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.INFORMATIONAL,
    fix=FIX,
    covers=("runtime-not-latest",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
        "https://cloud.google.com/functions/docs/runtime-support",
    ),
    profile_level=ProfileLevel.STRICT,
)
def runtime_not_latest(function: Function, context: Context) -> Iterator[Hit]:
    """The latest runtime has the longest support ahead and avoids an early migration: only a recommendation, not a
    defect. Versions are compared as numbers (3.9 is older than 3.13) from the dated table; runtimes announced without
    a support date do not count as latest. Deprecated ones are reported by runtime-deprecated and pass here.
    """
    runtime = support_of(function)
    if runtime is None:
        raise NotApplicable("not a managed runtime: an image, or a runtime in the package")
    newest = newest_of_family(function.cloud, runtime.family)
    if newest is None or runtime.order >= newest.order:
        return
    if runtime.deprecated(context.today):
        runtime.settle()
        return
    yield Hit(
        message=f"Runtime {runtime.identifier} of function {function.name} is supported, but {newest.identifier} is newer",
        evidence=tuple(Evidence(source, detail) for source, detail in proof(function, runtime)),
        values=moving_to(newest.identifier),
        command=moving_on_windows(function, newest.identifier),
    )
