"""Flags roles that hold every action of a service."""

from collections.abc import Iterator

from auditor.analysis.broad_statements import Breadth
from auditor.analysis.grants import restricted
from auditor.analysis.policy_edits import edit
from auditor.analysis.roles import OWN_POLICIES, acting_role, all_grants, broad_of, grant_loci, grant_source
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_ACCESSED = "aws iam generate-service-last-accessed-details --granularity ACTION_LEVEL --arn {identity}\n"
_FIX = Fix(
    text="Replace service:* by the actions the code calls. The role's last-accessed data shows which those were; an action left"
    " out fails with AccessDenied, so test the paths that run rarely.",
    command=_ACCESSED + "aws iam get-service-last-accessed-details --job-id <job id that it prints>",
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


@check(
    id="role-service-wildcard",
    title="Execution role holds every action of a service",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX},
    covers=("role-service-wildcard",),
    controls=("CIS-Compute-1.0:4.4", "NIST-800-53:AC-6", "CSA-SAS:SAS-4", "OWASP-SLS:S5"),
    cwe=250,
)
def role_service_wildcard(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """service:* includes deleting, sharing and changing the policy of what the function only needs to read, and every action
    the cloud adds later. Limited to named resources it is one step less bad, and reported as medium; a service that
    holds no data of yours is low. A statement that allows * on every resource is role-admin's; * on the resources of
    one service is that service's; a policy that AWS wrote is role-aws-managed-broad's.
    """
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    found = [broad for broad in broad_of(role, *OWN_POLICIES) if broad.breadth is Breadth.SERVICE]
    for broad, locus in zip(found, grant_loci(broad.grant for broad in found), strict=True):
        grant = broad.grant
        changed = edit(role, grant, "put the actions the code calls in place of the whole service")
        yield Hit(
            message=f"Role {role.name} allows {broad.what} on {broad.where} through policy {grant.policy}"
            f"{restricted(grant)}",
            evidence=(Evidence(grant_source(role, grant), grant.text),),
            locus=locus,
            severity=broad.severity,
            values={**changed.values, "identity": role.id},
            command=_ACCESSED + changed.command,
        )
    all_grants(role)
