"""Flags execution identities that several functions share."""

from collections.abc import Iterator

from auditor.analysis.role_assignments import without_identity
from auditor.analysis.roles import identities_of
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.identity import Identity
from auditor.model.ids import Cloud
from auditor.model.observed import Observed, Unanswered, each
from auditor.model.severity import Severity

_FIX = Fix(
    text="Create a role for this function with only the permissions it needs, and switch the function to it.",
    breaks="Actions missing from the new role fail with AccessDenied immediately: attach the policies first.",
    command="aws iam create-role --role-name {name} --assume-role-policy-document"
    ' \'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}\'\n'
    "aws lambda update-function-configuration --region {location} --function-name {name} --role arn:{partition}:iam::{account}:role/{name}",
    terraform="""\
resource "aws_iam_role" "own" {
  name = "{name}"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_lambda_function" "this" {
  function_name = "{name}"
  role          = aws_iam_role.own.arn
}""",
)

_FIX_AZURE = Fix(
    text="Give each app its own identity, preferably system-assigned, with only the roles it needs; then remove"
    " the shared identity.",
    breaks="Operations that the new identity has no role for fail with 403 immediately, also what other resources"
    " granted to the shared one: assign the roles first.",
    command="az functionapp identity assign --resource-group {group} --name {app}{of_slot} --identities [system]\n"
    "az functionapp identity remove --resource-group {group} --name {app}{of_slot} --identities {identity}",
    terraform="""\
resource "azurerm_linux_function_app" "this" { # in place of {identity}; a slot: azurerm_linux_function_app_slot
  name                = "{app}"
  resource_group_name = "{group}"

  identity {
    type = "SystemAssigned"
  }
}""",
)
_FIX_GCP = Fix(
    text="Create a service account for this function with only the roles it needs, and deploy the function with it.",
    breaks="Operations that the new service account has no role for fail with 403 immediately: grant the roles first.",
    command="gcloud iam service-accounts create <account> --project={account}\n"
    "gcloud functions deploy {name} --region={location} --project={account} --service-account=<account>@{account}.iam.gserviceaccount.com",
    terraform="""\
resource "google_service_account" "own" { # in place of {identity}
  project    = "{account}"
  account_id = "<account>"
}

resource "google_cloudfunctions2_function" "this" {
  name     = "{name}"
  location = "{location}"

  service_config {
    service_account_email = google_service_account.own.email
  }
}""",
)


@check(
    id="role-shared",
    title="Identity is shared by several functions",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX, Cloud.AZURE: _FIX_AZURE, Cloud.GCP: _FIX_GCP},
    covers=("role-shared", "az-func-identity-shared", "gcp-fn-sa-shared"),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
        "https://learn.microsoft.com/en-us/azure/app-service/overview-managed-identity",
        "https://cloud.google.com/iam/docs/best-practices-service-accounts",
    ),
    cwe=250,
)
def role_shared(function: Function, context: Context) -> Iterator[Hit]:
    """A shared identity accumulates the permissions of all its functions: a vulnerability in one of them has the
    permissions of all, and removing a permission risks breaking another function. Only functions of this report are
    compared, so sharing with workloads outside the report is not detected; where functions could not be listed, the
    verdict on an identity that no other is known to have is UNKNOWN. An app and its own slots may share an
    identity.
    """
    if function.cloud is not Cloud.AWS:
        yield from _shared_identities(function, context)
        return
    role = function.identity.need()
    if role is None:
        raise NotApplicable("it runs without an identity")
    sharing = context.functions_with_identity(role.id)
    if len(sharing) > 1:
        others = list(sharing)
        if function.name in others:
            others.remove(function.name)
        yield Hit(
            message=f"{function.name} shares role {role.name} with {_listed(others)}",
            evidence=(cite(function.identity, f"Role = {role.id} for {len(sharing)} functions"),),
            locus=role.id,
            site=role.id,
            values={"identity": role.id},
        )
    else:  # a function runs as a role of its own account only
        _nothing_unread(context, Cloud.AWS, function.scope)


def _shared_identities(function: Function, context: Context) -> Iterator[Hit]:
    if without_identity(function):
        raise NotApplicable("it runs without an identity")
    family = function.name.partition("/")[0]
    for identity in identities_of(function):
        sharing = context.functions_with_identity(identity.id)
        others = [name for name in sharing if function.cloud is Cloud.GCP or name.partition("/")[0] != family]
        if function.cloud is Cloud.GCP and function.name in others:
            others.remove(function.name)
        if others:
            yield Hit(
                message=f"{function.name} shares identity {identity.name} with {_listed(others)}",
                evidence=(cite(function.identity, f"{identity.id} for {len(sharing)} functions"),),
                locus=identity.id,
                site=identity.id,
                values={"identity": identity.id},
            )
    facts: tuple[Observed[object], ...] = (function.identity, function.attached)
    tuple(each(facts if function.cloud is Cloud.AZURE else facts[:1]))  # one we could not read may be shared
    if not all(_of_one_app(identity) for identity in identities_of(function)):
        _nothing_unread(context, function.cloud)


def _nothing_unread(context: Context, cloud: Cloud, scope: str | None = None) -> None:
    """A function that was not read may share what was found to be shared by none."""
    gap = context.unread_identities(cloud, scope)
    if gap is not None:
        raise Unanswered(gap)


def _of_one_app(identity: Identity) -> bool:
    """Whether it is the system-assigned identity of one app, which no other can have."""
    return identity.id.endswith("#system")


def _listed(others: list[str]) -> str:
    return ", ".join(others[:5]) + (f" and {len(others) - 5} more" if len(others) > 5 else "")
