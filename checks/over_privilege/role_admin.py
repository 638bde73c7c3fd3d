"""Flags functions whose execution identity has administrator permissions."""

from collections.abc import Iterator

from auditor.analysis.broad_statements import Breadth, BroadStatement
from auditor.analysis.effective_boundary import bounded
from auditor.analysis.grants import restricted
from auditor.analysis.policy_edits import edit, statement_site
from auditor.analysis.policy_reductions import reduction
from auditor.analysis.role_assignments import (
    administers,
    all_read,
    granted_by_default,
    held_roles,
    weight,
    without_identity,
)
from auditor.analysis.role_repairs import AWS_NEEDS_HCL, AZURE_REASSIGNMENT, AZURE_REASSIGNMENT_HCL
from auditor.analysis.roles import acting_role, all_grants, broad_of, grant_source
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, Trait, check, cite
from auditor.model.function import Function
from auditor.model.identity import Conditions, Identity
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity

_DRAFT = "aws accessanalyzer start-policy-generation --region {location} --policy-generation-details principalArn={identity}\n"
_FIX = Fix(
    text="Attach a policy with the actions the code uses (IAM Access Analyzer can generate one from CloudTrail),"
    " test it, and only then detach the administrator policy, or remove its statement where the policy is"
    " customer-managed.",
    breaks="Actions missing from the new policy fail with AccessDenied, for every function and person that uses"
    " the role.",
    command=_DRAFT + "aws iam detach-role-policy --role-name {role} --policy-arn {granted}",
    terraform=AWS_NEEDS_HCL,
)

_FIX_AZURE = Fix(
    text="Assign the data roles the code uses on the resources it uses, test, and only then delete the wide"
    " assignment.",
    breaks="Operations that the new roles do not cover fail with 403, for every app that uses the identity.",
    command=AZURE_REASSIGNMENT,
    terraform=AZURE_REASSIGNMENT_HCL,
)
_GRANT_GCP = (
    "gcloud projects add-iam-policy-binding {account} --member=serviceAccount:{identity} --role=<role-the-code-needs>"
)
_FIX_GCP = Fix(
    text="Grant the service account the roles the code uses, on single resources where possible, test, and only then"
    " remove the wide role. The IAM recommender lists the permissions used in the last 90 days.",
    breaks="Operations that the new roles do not cover fail with 403, for every workload that runs as the service"
    " account.",
    command=f"{_GRANT_GCP}\n"
    "gcloud projects remove-iam-policy-binding {account} --member=serviceAccount:{identity} --role={granted}",
    terraform="""\
resource "google_project_iam_member" "needs" { # in place of {granted} on {on}
  project = "{account}"
  role    = "<role the code needs>"
  member  = "serviceAccount:{identity}"
}""",
)


@check(
    id="role-admin",
    title="Execution identity has administrator permissions",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.CRITICAL,
    fix={Cloud.AWS: _FIX, Cloud.AZURE: _FIX_AZURE, Cloud.GCP: _FIX_GCP},
    covers=(
        "role-admin",
        "az-func-identity-admin-role",
        "az-func-uami-admin-role",
        "az-func-identity-rg-scope",
        "gcp-fn-sa-admin-role",
    ),
    trait=Trait.ADMINISTRATOR,
    references=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
        "https://learn.microsoft.com/en-us/azure/role-based-access-control/best-practices",
        "https://cloud.google.com/iam/docs/using-iam-securely",
    ),
    cwe=250,
)
def role_admin(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Code execution in this function, through a vulnerable dependency or an injected event, is control of the whole
    account.

    AWS: all policies of the execution role are read. A statement that allows every action on every resource counts,
    and so does every action except those that NotAction or a Deny excludes: critical where the remaining actions allow
    privilege escalation (write a policy, create credentials, pass a role), high where they do not, because they still
    reach the data of nearly every service. A condition that restricts only the principal, network or session lowers the
    severity by one level. A role that its permissions boundary keeps from being an administrator is reported by
    role-admin-bounded; where what is left of it could not be evaluated, the message says so.

    Azure and Google Cloud: the role assignments of every identity of the function are read at every level: high where
    they apply to a resource group only, medium on a single resource.
    """
    if function.cloud is not Cloud.AWS:
        yield from _administering_roles(function)
        return
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    found = [
        (broad, severity)
        for broad in broad_of(role)
        if broad.breadth is Breadth.ADMINISTRATOR
        and (severity := broad.severity) is not None
        and not bounded(function, broad)
    ]
    for broad, severity in sorted(found, key=lambda one: -one[1].rank)[:1]:
        grant = broad.grant
        changed = edit(role, grant, "put the actions the code calls, and the resources it uses, in place of *")
        hit = Hit(
            message=f"Role {role.name} allows {broad.what} on {broad.where} through policy {grant.policy}"
            f"{restricted(grant)}{_reach(broad)}{_unweighed(role)}",
            evidence=(Evidence(grant_source(role, grant), grant.text),),
            locus=f"{grant.policy}/{grant.statement}",
            site=statement_site(role, grant),
            severity=severity,
            confidence=None if grant.conditions is Conditions.VACUOUS else Confidence.MEDIUM,
            values={
                **changed.values,
                "granted": grant.policy,
                "identity": role.id,
                "assignment": grant.policy,
                "on": "*",
            },
            command=_DRAFT + changed.command,
        )
        smaller = reduction(role, grant.policy, "iam:*")
        yield (
            hit
            if smaller is None
            else hit.mended(
                cite(role.usage, smaller.detail), smaller.command, smaller.terraform, smaller.values, smaller.site
            )
        )
    all_grants(role)


def _reach(broad: BroadStatement) -> str:
    """Whether the actions that are not excluded still make an administrator."""
    if not broad.but:
        return ""
    if broad.administrator:
        return "; the remaining actions still allow privilege escalation to every other permission"
    return (
        "; the remaining actions allow no privilege escalation, but reach the data and functions of every other service"
    )


def _unweighed(role: Identity) -> str:
    """A permissions boundary may remove these permissions; it is not evaluated, so the message names it."""
    boundary = role.boundary.value if isinstance(role.boundary, Known) else None
    return f"; its permissions boundary {boundary.name} is not evaluated" if boundary else ""


def _administering_roles(function: Function) -> Iterator[Hit]:
    if without_identity(function):
        raise NotApplicable("it runs without an identity")
    by_default = False
    for held in held_roles(function):
        if granted_by_default(held):
            by_default = True
        elif administers(held.binding):
            yield Hit(
                message=held.sentence,
                evidence=(cite(held.fact, f"{held.binding.role} on {held.binding.scope}"),),
                locus=held.locus,
                site=held.site,
                severity=weight(held.binding),
                confidence=held.confidence,
                values={**held.placeholders(), **held.removal.values},
                command=f"{_GRANT_GCP}\n{held.removal.command}" if function.cloud is Cloud.GCP else None,
            )
    if by_default:
        raise NotApplicable("default-identity-editor reports the Editor role of its default service account")
    all_read(function)
