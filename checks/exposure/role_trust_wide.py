"""Flags execution roles that the public or an unknown account can assume."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.binding_removal import removal_of
from auditor.analysis.policy_statements import judged
from auditor.analysis.roles import acting_role
from auditor.analysis.service_authorization import spelled
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Allow only the Lambda service to assume the execution role. If a partner must assume it, require an"
    " external ID.",
    breaks="Users, pipelines and partners that assume the role today lose it and need roles of their own.",
    command="aws iam update-assume-role-policy --role-name {role} --policy-document"
    ' \'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}\'',
    terraform="""\
resource "aws_iam_role" "this" {
  name = "{role}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}""",
)
_FIX_GCP = Fix(
    text="Remove the grant from the service account, or from the project or folder that passes it on; grant it to the"
    " accounts that need it, on this service account only.",
    breaks="Pipelines and people that impersonate the account, or deploy with it, through this grant are refused.",
    command="gcloud iam service-accounts remove-iam-policy-binding {role} --project={account} --member={member} --role={granted}",
    terraform="""\
resource "google_service_account_iam_member" "deployer" { # in place of {granted} for {member}
  service_account_id = "projects/{account}/serviceAccounts/{role}"
  role               = "roles/iam.serviceAccountUser"
  member             = "<deployer>"
}""",
)
_ASSUME_CONDITIONS = ("sts:externalid", "aws:multifactorauthpresent")


@check(
    id="role-trust-wide",
    title="External principals can assume the execution identity",
    risk=Risk.EXPOSURE,
    severity=Severity.CRITICAL,
    fix={Cloud.AWS: _FIX, Cloud.GCP: _FIX_GCP},
    covers=("role-trust-wide",),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
        "https://cloud.google.com/iam/docs/service-account-permissions",
    ),
    cwe=284,
)
def role_trust_wide(function: Function, context: Context) -> Iterator[Hit]:
    """The trust policy defines who can assume the execution role. If it allows everyone, any AWS account can use the
    role and its permissions without invoking the function. A foreign account is reported unless it is trusted or the
    statement requires an external ID, MFA or membership of the own organization; every principal of an organization is
    medium, and low where the organization is known to be the own one. A statement that issues no credentials
    (sts:TagSession alone) is not reported.

    On Google Cloud the same is a role that allows impersonating the service account or deploying with it (Service
    Account Token Creator, Service Account User, Workload Identity User), granted on the account, its project or above:
    critical for allUsers and allAuthenticatedUsers, high for identities of another project or organization, medium for
    a whole domain or identity pool. Users and groups of the own organization are not reported.
    """
    if function.cloud is Cloud.GCP:
        yield from _impersonated(function, context)
        return
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    for stated in judged(role.trust):
        grant = stated.grant
        restricted = any(key.lower() in _ASSUME_CONDITIONS for key in grant.condition_keys)
        foreign = tuple(account for account in grant.accounts if not context.trusted(account))
        if grant.reach.public:
            severity, whom = Severity.CRITICAL, "any AWS principal"
        elif grant.reach is Reach.CONDITIONAL and not restricted:
            severity, whom = Severity.MEDIUM, f"any principal under {', '.join(grant.condition_keys) or 'a condition'}"
        elif grant.reach is Reach.CROSS_ACCOUNT and not restricted and (foreign or not grant.accounts):
            severity, whom = (
                Severity.HIGH,
                f"account {', '.join(foreign) or 'that is not audited or trusted'} ({stated.who})",
            )
        elif grant.reach is Reach.ORGANISATION and "*" in grant.principals:
            severity = Severity.LOW if grant.own_organization else Severity.MEDIUM
            whose = "this account's organization" if grant.own_organization else "an organization"
            whom = f"every principal of {whose}"
        else:
            continue
        yield Hit(
            message=f"Role {role.name} can be assumed by {whom}. {stated.told}",
            evidence=(cite(stated.fact, grant.text),),
            locus=stated.locus,
            site=f"{role.id}/{stated.locus}",
            severity=severity,
            values=stated.values(function.name),
        )


_REACHED = {
    Reach.ANONYMOUS: Severity.CRITICAL,
    Reach.ANY_PRINCIPAL: Severity.CRITICAL,
    Reach.CROSS_ACCOUNT: Severity.HIGH,
    Reach.CONDITIONAL: Severity.MEDIUM,
    Reach.ORGANISATION: Severity.MEDIUM,
}


def _impersonated(function: Function, context: Context) -> Iterator[Hit]:
    account = acting_role(function.identity.need())
    if isinstance(account, str):
        raise NotApplicable(account)
    for stated in judged(account.trust):
        grant = stated.grant
        severity = _REACHED.get(grant.reach)
        trusted = bool(grant.accounts) and all(context.trusted(each) for each in grant.accounts)
        if severity is None or (grant.reach is Reach.CROSS_ACCOUNT and trusted):
            continue
        scope = f"projects/{account.account or '-'}/serviceAccounts/{account.id}"
        taken = removal_of(grant, scope)
        named = ", ".join(spelled(action) for action in grant.actions[:3])
        where = f"{stated.locus} on {account.account if ':' in grant.sid else account.id}"
        groups = [member for member in grant.principals if member.startswith("group:")]
        listed = [cite(stated.fact, f"members of {', '.join(groups)} were not read")] if groups else []
        yield Hit(
            message=f"{stated.who} can act as service account {account.name} of function {function.name}"
            f" ({grant.sid}: {named}). {stated.told}",
            evidence=(cite(stated.fact, grant.text), *listed),
            locus=stated.locus,
            site=sites.held_by(grant.sid, scope, () if ":" in grant.sid else grant.principals, where),
            severity=severity,
            values={**stated.values(function.name), **taken.values},
            command=taken.command,
        )
    account.exists.need()  # of an account that may not exist nothing is proved
