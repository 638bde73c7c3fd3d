"""Flags grants to accounts that are neither audited nor trusted, and organisation-wide grants to change the function."""

from collections.abc import Iterator

from auditor.analysis.binding_removal import of_invoker
from auditor.analysis.statements import deed, judged, of_policies
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.exposure import Reach, ResourceGrant
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="If the account is known, add it to trusted_accounts in the configuration. Otherwise remove the statement; the"
    " account loses access at once. Never grant another account more than lambda:InvokeFunction.",
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
    text="If the project or domain is known, add it to trusted_accounts in the configuration. Otherwise remove the binding;"
    " its members lose access at once. Never grant others more than the invoker role.",
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
    controls=("CIS-Compute-1.0:4.10", "NIST-800-53:AC-21", "CSA-SAS:SAS-2"),
    cwe=284,
)
def policy_cross_account(function: Function, context: Context) -> Iterator[Hit]:
    """Whoever controls the other account, or breaks into it, runs this function with its role and data; with a right
    to change code they own it. We know which accounts you audit and which you list in trusted_accounts: only others
    are reported. A grant to a whole organisation is reported by what it gives: low where your own organisation may
    invoke, medium where we could not read whose organisation it is, high where its members may change the function. A
    foreign organisation is another account.
    """
    for stated in judged(of_policies(function.policies.need())):
        grant = stated.grant
        foreign = tuple(account for account in grant.accounts if not context.trusted(account))
        if grant.reach is Reach.CROSS_ACCOUNT and (foreign or not grant.accounts):
            severity = Severity.CRITICAL if grant.modifies else Severity.HIGH if grant.invokes else Severity.MEDIUM
            who = f"account {', '.join(foreign)}" if foreign else "an account outside yours"
            message = f"{stated.label} lets {who} {deed(grant)}"
        elif grant.reach is Reach.ORGANISATION and (grant.modifies or function.cloud is Cloud.AWS):
            severity = _of_organisation(grant)
            message = f"{stated.label} lets {_member(grant, foreign)} {deed(grant)}"
        else:
            continue
        taken = of_invoker(function, grant)
        yield Hit(
            message=f"{message}. {stated.told}",
            evidence=(cite(stated.fact, grant.text),),
            locus=stated.locus,
            severity=severity,
            values={**stated.values(function.name), **taken.values},
            command=taken.command,
        )


def _of_organisation(grant: ResourceGrant) -> Severity:
    if grant.modifies:
        return Severity.HIGH
    return Severity.LOW if grant.own_organization else Severity.MEDIUM


def _member(grant: ResourceGrant, foreign: tuple[str, ...]) -> str:
    """Who of the organisation it is."""
    whose = "your organisation" if grant.own_organization else "an organisation"
    if grant.services and set(grant.principals) <= set(grant.services):
        return f"{', '.join(grant.services)}, for every account of {whose},"
    if foreign and not any("*" in principal for principal in grant.principals):
        return f"account {', '.join(foreign)}, as a member of {whose},"
    return f"every principal of {whose}"
