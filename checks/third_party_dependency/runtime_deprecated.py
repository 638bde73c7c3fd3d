"""Flags functions on a runtime past its end of support."""

from collections.abc import Iterator
from datetime import date, timedelta

from auditor.analysis.lifecycle import (
    RuntimeLifecycle,
    moving_on_windows,
    moving_to,
    proof,
    spoken,
    successor,
    support_of,
)
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_GRACE = timedelta(days=180)

FIX = {
    Cloud.AWS: Fix(
        text="Test the code on {newest}, then move the function. The change takes effect on the next invocation of"
        " $LATEST; aliases that point to a version keep the old runtime until you publish a version and shift"
        " them.",
        breaks="Code or native dependencies that the new runtime does not support fail; aliases that point to a"
        " version keep the old one.",
        command="aws lambda update-function-configuration --function-name {name} --region {location} --runtime {newest}",
        terraform='resource "aws_lambda_function" "this" {\n  function_name = "{name}"\n  runtime       = "{newest}"\n}',
    ),
    Cloud.AZURE: Fix(
        text="Test the code on {newest}, then deploy with it: a new revision is built and receives all traffic.",
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
        text="Test the code on {newest}, then deploy with it: a new revision is built and takes all traffic.",
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
    id="runtime-deprecated",
    title="Runtime is past end of support",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("runtime-deprecated", "az-func-runtime-eol", "az-func-net-framework-old", "gcp-fn-runtime-eol"),
    facet_of=("runtime-update-blocked",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
        "https://cloud.google.com/functions/docs/runtime-support",
    ),
    cwe=1104,
)
def runtime_deprecated(function: Function, context: Context) -> Iterator[Hit]:
    """A deprecated runtime is no longer patched: a vulnerability in the interpreter or its libraries remains.
    Invocations continue, so there is no other warning. Medium at first, since vulnerabilities accumulate over time;
    high once 180 days have passed, or as soon as changes to the function are blocked and it cannot be fixed in place.
    The dates of the provider's API are used where available, otherwise the bundled, dated table. Container images
    have no managed runtime and are not judged; a runtime that is in neither is reported as unknown, never as
    supported.
    """
    runtime = support_of(function)
    if runtime is None:
        raise NotApplicable("not a managed runtime: an image, or a runtime in the package")
    if not runtime.deprecated(context.today):
        runtime.settle()
        return
    on = runtime.deprecated_on
    past = on is not None and on <= context.today
    ended = f"was deprecated on {spoken(on)}" if past and on else "is deprecated, according to the provider"
    yield Hit(
        message=f"Runtime {runtime.identifier} of function {function.name} {ended}",
        evidence=tuple(Evidence(source, detail) for source, detail in proof(function, runtime)),
        severity=Severity.HIGH if _overdue(runtime, context.today) else None,
        values=moving_to(successor(function.cloud, runtime)),
        command=moving_on_windows(function, successor(function.cloud, runtime)),
    )


def _overdue(runtime: RuntimeLifecycle, today: date) -> bool:
    """Whether its end is long past, changes are refused, or the cloud calls it ended and gives no date."""
    blocked = runtime.block_update_on is not None and runtime.block_update_on <= today
    ended = runtime.deprecated_on
    return blocked or ended is None or today - ended >= _GRACE
