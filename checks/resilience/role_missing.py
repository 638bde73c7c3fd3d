"""Flags functions whose execution role or service account no longer exists, or is switched off."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Give the function a role that exists. Recreating one with the old name works as well, but grants whatever the new role is given."
    " If nobody noticed, consider deleting the function.",
    command="aws lambda update-function-configuration --region {location} --function-name {name} --role <role-arn>",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  role          = "<ARN of a role that exists>"
}""",
)


_GCP = Fix(
    text="Give the function an account that exists. One created again under the old name gets none of the old bindings:"
    " grant them anew. A disabled account can be enabled, once you know who disabled it and why.",
    command="gcloud iam service-accounts enable {role} --project={account}\n"
    "gcloud functions deploy {name} --region={location} --project={account} --service-account=<account-that-exists>",
    terraform="""\
resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    service_account_email = "<account that exists>"
  }
}""",
)


@check(
    id="role-missing",
    title="Execution identity is deleted or disabled",
    risk=Risk.RESILIENCE,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX, Cloud.GCP: _GCP},
    covers=("role-missing", "gcp-fn-sa-disabled-or-missing"),
    controls=("CIS-Compute-1.0:4.7", "CSA-SAS:SAS-11"),
)
def role_missing(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """The platform cannot act as the identity, so every invocation fails. Whoever may create roles can also fill the vacant name with one of their
    making, and the function will run with it. Roles of another account, which we cannot list, are not
    called missing.
    """
    role = function.identity.need()
    if role is None:
        raise NotApplicable("it runs without an identity")
    if not role.exists.need():
        what = "Role" if function.cloud is Cloud.AWS else "Service account"
        yield Hit(
            message=f"{what} {role.id} does not exist",
            evidence=(cite(function.identity, f"{what} = {role.id}"), cite(role.exists, "there is none of that name")),
            locus=role.id,
        )
    elif function.cloud is not Cloud.AWS and not role.enabled.need():
        yield Hit(
            message=f"Service account {role.id} is disabled",
            evidence=(cite(role.enabled, "disabled = true"),),
            locus=role.id,
        )
