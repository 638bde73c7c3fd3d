"""Flags functions without automatic runtime patches."""

from collections.abc import Iterator
from datetime import date

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.code import Patching
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_DAYS = 90
_ON_UPDATE = {Cloud.AWS: "UpdateRuntimeOn = FunctionUpdate", Cloud.GCP: "onDeployUpdatePolicy is set"}

FIX = {
    Cloud.AWS: Fix(
        text="Return to automatic updates; test first if the version was pinned because of a faulty patch. The"
        " change applies to new execution environments.",
        breaks="A fault of a newer runtime version reaches the function without a deployment.",
        command="aws lambda put-runtime-management-config --function-name {name} --region {location} --update-runtime-on Auto",
        terraform='resource "aws_lambda_runtime_management_config" "this" {\n  function_name     = "{name}"\n  update_runtime_on = "Auto"\n}',
    ),
    Cloud.GCP: Fix(
        text="Let the platform update the base image; it rebuilds nothing, takes effect on new instances, and needs a runtime that is"
        " still supported.",
        breaks="A fault of a newer base image reaches the function without a deployment.",
        command="gcloud functions deploy {name} --region={location} --project={account} --runtime-update-policy=automatic\n"
        "gcloud run deploy {run_service} --region={location} --project={account} --source=<source> --function=<entry-point> --base-image=<runtime> --automatic-updates  # without a function record",
        terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  build_config {
    automatic_update_policy {}
  }
}""",
    ),
}


@check(
    id="runtime-pinned",
    title="Runtime version is pinned",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("gap-runtime-pinned", "gcp-fn-base-image-updates"),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html",
        "https://cloud.google.com/run/docs/configuring/services/automatic-base-image-updates",
    ),
)
def runtime_pinned(function: Function, context: Context) -> Iterator[Hit]:
    """In manual mode the function stays on one version of the runtime, known vulnerabilities included, without any
    reminder. Updates on deployment only are reported one level lower: code that is deployed often is patched often.
    Manual mode is meant for rolling back a faulty patch, for days. Once the last deployment is known to be three months
    old, updates on deployment only have the full severity.
    """
    patching = function.code.patching.need()
    if patching is None:
        raise NotApplicable("a container image has no managed runtime")
    if patching is Patching.MANUAL:
        yield Hit(
            message=f"The runtime of function {function.name} is pinned to one version and receives no patches",
            evidence=(cite(function.code.patching, "UpdateRuntimeOn = Manual"),),
        )
    elif patching is Patching.ON_UPDATE:
        yield Hit(
            message=f"The runtime of function {function.name} is patched only on deployment",
            evidence=(cite(function.code.patching, _ON_UPDATE[function.cloud]),),
            severity=None if _long_ago(function, context) else Severity.LOW,
        )


def _long_ago(function: Function, context: Context) -> bool:
    """Whether the last deployment is known to be older than three months."""
    deployed = function.deployment.then(lambda deployment: deployment.build.deployed_at)
    return isinstance(deployed, Known) and (context.today - date.fromisoformat(deployed.value[:10])).days > _DAYS
