"""Flags functions whose identity is an administrator."""

from collections.abc import Iterator

from auditor.analysis.bindings import (
    administers,
    all_read,
    granted_by_default,
    held_roles,
    weight,
    without_identity,
)
from auditor.analysis.broad_statements import Breadth, BroadStatement
from auditor.analysis.grants import restricted
from auditor.analysis.policy_edits import edit
from auditor.analysis.roles import acting_role, all_grants, broad_of, grant_source
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.identity import Conditions, Identity
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity

_DRAFT = "aws accessanalyzer start-policy-generation --region {location} --policy-generation-details principalArn={identity}\n"
_FIX = Fix(
    text="Attach a policy of the actions the code uses (Access Analyzer can draft one from CloudTrail), test it, and only then"
    " detach the administrator's policy, or take its statement out where the policy is your own: whatever the new policy"
    " forgets stops working.",
    command=_DRAFT + "aws iam detach-role-policy --role-name {role} --policy-arn {granted}",
    terraform="""\
resource "aws_iam_role_policy" "needs" {
  role = "{role}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["<service>:<action the code calls>"]
      Resource = ["<ARN the code uses>"]
    }]
  })
}""",
)

_FIX_AZURE = Fix(
    text="Assign the data roles the code uses on the resources it uses, test, and only then delete the wide assignment:"
    " whatever the new roles forget stops working.",
    command="az role assignment create --assignee <principal-id> --role <role-the-code-needs> --scope <one-resource>\n"
    "az role assignment delete --ids {assignment}",
    terraform="""\
resource "azurerm_role_assignment" "needs" { # in place of {granted} on {on}
  scope                = "<one resource>"
  role_definition_name = "<role the code needs>"
  principal_id         = "<principal id of {identity}>"
}""",
)
_GRANT_GCP = (
    "gcloud projects add-iam-policy-binding {account} --member=serviceAccount:{identity} --role=<role-the-code-needs>"
)
_FIX_GCP = Fix(
    text="Grant the account the roles the code uses, on the resources it uses where that is possible, test, and only then"
    " remove the wide role. The IAM recommender lists what was used in 90 days.",
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
    covers=("role-admin", "az-func-identity-admin-role", "az-func-uami-admin-role", "gcp-fn-sa-admin-role"),
    controls=(
        "CIS-Compute-1.0:4.9",
        "CIS-GCP-5.0:1.6",
        "MCSB:PA-7",
        "NIST-800-53:AC-6",
        "CSA-SAS:SAS-4",
        "OWASP-SLS:S5",
    ),
    cwe=250,
)
def role_admin(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Code execution in this function, through one vulnerable dependency or one injected event, is control of the whole
    account. On AWS we read every document of the role: every action on every resource counts, and so does every action
    but those that NotAction or a Deny names. It is critical where what is left can give itself the rest (write a
    policy, make credentials, pass a role), and high where it cannot: that still is the data of nearly every service. A
    permission boundary is not weighed; a condition only on who, where or how lowers it by one step. On Azure and Google
    Cloud we read the roles of every identity of the function at every level: high where they hold on a resource group
    only, medium on one resource.
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
        if broad.breadth is Breadth.ADMINISTRATOR and (severity := broad.severity) is not None
    ]
    for broad, severity in sorted(found, key=lambda one: -one[1].rank)[:1]:
        grant = broad.grant
        changed = edit(role, grant, "put the actions the code calls, and the resources it uses, in place of *")
        yield Hit(
            message=f"Role {role.name} allows {broad.what} on {broad.where} through policy {grant.policy}"
            f"{restricted(grant)}{_reach(broad)}{_unweighed(role)}",
            evidence=(Evidence(grant_source(role, grant), grant.text),),
            locus=f"{grant.policy}/{grant.statement}",
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
    all_grants(role)


def _reach(broad: BroadStatement) -> str:
    """What is left where some actions are excluded: all the same an administrator, or not."""
    if not broad.but:
        return ""
    if broad.administrator:
        return "; what is left can still give itself every other permission"
    return "; what is left cannot give itself more, but reaches the data and the functions of every other service"


def _unweighed(role: Identity) -> str:
    """A boundary may take all of it away again, and we do not solve it: a reader should know that there is one."""
    boundary = role.boundary.value if isinstance(role.boundary, Known) else None
    return f"; its permissions boundary {boundary.name} is not weighed here" if boundary else ""


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
                severity=weight(held.binding),
                confidence=held.confidence,
                values={**held.placeholders(), **held.removal.values},
                command=f"{_GRANT_GCP}\n{held.removal.command}" if function.cloud is Cloud.GCP else None,
            )
    if by_default:
        raise NotApplicable("default-identity-editor reports the Editor role of its default service account")
    all_read(function)
