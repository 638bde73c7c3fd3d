"""Flags functions whose execution role or service account is deleted or disabled."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Assign an existing role to the function. A new role with the old name works as well, but has only"
    " the permissions you grant it. If the failures went unnoticed, consider deleting the function.",
    breaks="Actions that the role does not allow fail with AccessDenied.",
    command="aws lambda update-function-configuration --region {location} --function-name {name} --role <role-arn>",
    terraform="""\
resource "aws_lambda_function" "this" {
  function_name = "{name}"
  role          = "<ARN of a role that exists>"
}""",
)


_GCP = Fix(
    text="Assign an existing service account to the function. A new one with the old name gets none of the old"
    " role bindings: grant them again. A disabled service account can be enabled, once you know who"
    " disabled it and why.",
    breaks="Operations that the service account has no role for fail with 403; one that was disabled on purpose"
    " works again for everything that uses it.",
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
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
        "https://cloud.google.com/iam/docs/service-accounts-disable-enable",
    ),
)
def role_missing(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """The platform cannot act as the identity, so every invocation fails. A principal that can create roles can also
    create one with the vacant name, and the function then runs with it. Roles of another account, which cannot be
    listed, are not reported as missing.
    """
    role = function.identity.need()
    if role is None:
        raise NotApplicable("the function has no identity")
    if not role.exists.need():
        what = "Role" if function.cloud is Cloud.AWS else "Service account"
        yield Hit(
            message=f"{what} {role.id} of function {function.name} does not exist",
            evidence=(cite(function.identity, f"{what} = {role.id}"), cite(role.exists, "no identity of that name")),
            locus=role.id,
            site="" if function.cloud is Cloud.AWS else role.id,
        )
    elif function.cloud is not Cloud.AWS and not role.enabled.need():
        yield Hit(
            message=f"Service account {role.id} of function {function.name} is disabled",
            evidence=(cite(role.enabled, "disabled = true"),),
            locus=role.id,
            site=role.id,
        )
