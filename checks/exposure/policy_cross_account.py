"""Flags grants to accounts that are neither audited nor trusted, and organization-wide grants."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.binding_removal import of_invoker
from auditor.analysis.policy_statements import deed, judged, of_policies
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.exposure import AccessGrant, Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="If the account is known, add it to trusted_accounts in the configuration. Otherwise remove the"
    " statement. Never grant another account more than lambda:InvokeFunction.",
    breaks="The other account can no longer invoke the function, immediately.",
    command="aws lambda remove-permission --region {location} --function-name {target} --statement-id {sid}",
    terraform="""\
# replaces the statement "{sid}", if the other account must keep invoking
resource "aws_lambda_permission" "partner" {
  function_name = "{name}"
  statement_id  = "<partner>"
  action        = "lambda:InvokeFunction"
  principal     = "<ARN of the one role that calls>"
}""",
)

_FIX_GCP = Fix(
    text="If the project or domain is known, add it to trusted_accounts in the configuration. Otherwise remove the"
    " binding. Never grant other organizations more than the invoker role.",
    breaks="The members of the binding get 403 immediately.",
    command="gcloud run services remove-iam-policy-binding {run_service} --region={location} --project={account} --member={member} --role={granted}\n"
    "gcloud functions remove-iam-policy-binding {name} --region={location} --project={account} --member={member} --role={granted}"
    "  # first generation",
    terraform="""\
resource "google_cloud_run_v2_service_iam_member" "partner" { # in place of {granted} for {member}
  name     = "{name}"
  location = "{location}"
  role     = "roles/run.invoker"
  member   = "serviceAccount:<the one partner account that calls>"
}""",
)


@check(
    id="policy-cross-account",
    title="Resource policy grants access to another account",
    risk=Risk.EXPOSURE,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX, Cloud.GCP: _FIX_GCP},
    covers=("policy-cross-account", "gap-qualified-policy"),
    facet_of=("policy-public",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-cross-account.html",
        "https://cloud.google.com/run/docs/securing/managing-access",
    ),
    cwe=284,
)
def policy_cross_account(function: Function, context: Context) -> Iterator[Hit]:
    """A principal that controls or compromises the other account runs this function with its role and data; with
    permission to change code it controls the function. Audited accounts and those in trusted_accounts are not
    reported. A grant to a whole organization: low where the function's own organization can invoke, medium where the
    owner of the organization could not be read, high where its members can change the function. A foreign organization
    counts as another account.
    """
    for stated in judged(of_policies(function.policies.need())):
        grant = stated.grant
        foreign = tuple(account for account in grant.accounts if not context.trusted(account))
        if grant.reach is Reach.CROSS_ACCOUNT and (foreign or not grant.accounts):
            severity = Severity.CRITICAL if grant.modifies else Severity.HIGH if grant.invokes else Severity.MEDIUM
            who = f"account {', '.join(foreign)}" if foreign else "an account that is not audited or trusted"
            message = f"{stated.label} in the policy of {function.name} allows {who} to {deed(grant)}"
        elif grant.reach is Reach.ORGANISATION and (grant.modifies or function.cloud is Cloud.AWS):
            severity = _of_organisation(grant)
            message = (
                f"{stated.label} in the policy of {function.name} allows {_member(grant, foreign)} to {deed(grant)}"
            )
        else:
            continue
        taken = of_invoker(function, grant)
        yield Hit(
            message=f"{message}. {stated.told}",
            evidence=(cite(stated.fact, grant.text),),
            locus=stated.locus,
            site=sites.statement(function, stated),
            severity=severity,
            values={**stated.values(function.name), **taken.values},
            command=taken.command,
        )


def _of_organisation(grant: AccessGrant) -> Severity:
    if grant.modifies:
        return Severity.HIGH
    return Severity.LOW if grant.own_organization else Severity.MEDIUM


def _member(grant: AccessGrant, foreign: tuple[str, ...]) -> str:
    """Who of the organisation it is."""
    whose = "this account's organization" if grant.own_organization else "an organization"
    if grant.services and set(grant.principals) <= set(grant.services):
        return f"{', '.join(grant.services)}, for every account of {whose},"
    if foreign and not any("*" in principal for principal in grant.principals):
        return f"account {', '.join(foreign)}, as a member of {whose},"
    return f"every principal of {whose}"
