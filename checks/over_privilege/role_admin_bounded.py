"""Flags execution roles that only a permissions boundary keeps from administering the account."""

from collections.abc import Iterator

from auditor.analysis.broad_statements import Breadth
from auditor.analysis.effective_boundary import bounded
from auditor.analysis.policy_edits import edit, statement_site
from auditor.analysis.role_repairs import AWS_NEEDS_HCL
from auditor.analysis.roles import acting_role, all_grants, broad_of, grant_source
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Severity

_FIX = Fix(
    text="Put the actions that the code calls in place of the administrator policy; keep the boundary. Until then, deny"
    " changes of boundaries (iam:DeleteRolePermissionsBoundary, iam:PutRolePermissionsBoundary) by an organisation"
    " policy.",
    breaks="Actions missing from the new policy fail with AccessDenied, for every function and person that uses the"
    " role.",
    command="aws accessanalyzer start-policy-generation --region {location} --policy-generation-details principalArn={identity}",
    terraform=AWS_NEEDS_HCL,
)


@check(
    id="role-admin-bounded",
    title="Only a permissions boundary keeps the role from administering",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    references=("https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",),
    cwe=250,
)
def role_admin_bounded(function: Function, _context: Context) -> Iterator[Hit]:
    """The role's policies allow every action on every resource; its permissions boundary was evaluated and leaves no
    administrator of it. A boundary is the outer limit, not the permissions that a function needs: removing or
    widening it makes an administrator of every function with this role. Where the boundary leaves an administrator,
    role-admin reports the role.
    """
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    if role.boundary.need() is None:
        raise NotApplicable("its role has no permissions boundary")
    held = [broad for broad in broad_of(role) if broad.breadth is Breadth.ADMINISTRATOR and broad.severity is not None]
    for broad in [broad for broad in held if bounded(function, broad)][:1]:
        changed = edit(role, broad.grant, "put the actions the code calls, and the resources it uses, in place of *")
        boundary = role.boundary.value if isinstance(role.boundary, Known) else None
        name = boundary.name if boundary is not None else ""
        yield Hit(
            message=f"Role {role.name} allows {broad.what} on {broad.where} through policy {broad.grant.policy}; only its"
            f" permissions boundary {name} keeps it from being an administrator",
            evidence=(
                Evidence(grant_source(role, broad.grant), broad.grant.text),
                cite(role.boundary, f"permissions boundary {name}"),
            ),
            locus=f"{broad.grant.policy}/{broad.grant.statement}",
            site=statement_site(role, broad.grant),
            values={**changed.values, "identity": role.id},
        )
    all_grants(role)
    if held:
        function.effective_permissions.need().complete.need()
