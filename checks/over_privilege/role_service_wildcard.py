"""Flags identities with every action of a service."""

from collections.abc import Iterator

from auditor.analysis.broad_statements import Breadth
from auditor.analysis.grants import restricted
from auditor.analysis.policy_edits import edit, statement_site
from auditor.analysis.policy_reductions import reduction
from auditor.analysis.role_assignments import all_read, held_roles
from auditor.analysis.role_repairs import AWS_NEEDS_HCL
from auditor.analysis.roles import OWN_POLICIES, acting_role, all_grants, broad_of, grant_loci, grant_source
from auditor.check import Context, Evidence, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.identity import RolePower
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_ACCESSED = "aws iam generate-service-last-accessed-details --granularity ACTION_LEVEL --arn {identity}\n"
_FIX = Fix(
    text="Replace service:* with the actions the code calls. The last accessed information of the role shows them;"
    " a scan with --tier usage reads it and prints the smaller policy.",
    breaks="An action that is left out fails with AccessDenied, so test code paths that run rarely.",
    command=_ACCESSED + "aws iam get-service-last-accessed-details --job-id <job id that it prints>",
    terraform=AWS_NEEDS_HCL,
)

_FIX_GCP = Fix(
    text="Grant the role that the code needs on the one bucket, topic or data set it works with, test, and only then"
    " remove the wide role.",
    breaks="Operations on other resources, or outside the new role, fail with 403.",
    command="gcloud projects get-iam-policy {account}",
    terraform="""\
resource "google_storage_bucket_iam_member" "one" { # of a bucket; other services have the like
  bucket = "<the one bucket>"
  role   = "roles/storage.objectUser"
  member = "serviceAccount:{role}"
}""",
)


@check(
    id="role-service-wildcard",
    title="Role allows all actions of a service",
    risk=Risk.OVER_PRIVILEGE,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX, Cloud.GCP: _FIX_GCP},
    covers=("role-service-wildcard",),
    facet_of=("escalation-path", "role-above-account"),
    references=(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
        "https://cloud.google.com/iam/docs/using-iam-securely",
    ),
    cwe=250,
)
def role_service_wildcard(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """service:* includes deleting, sharing and changing the policy of resources that the function only needs to
    read, and every action that AWS adds later. Medium where the statement is limited to named resources, low for a
    service that stores no customer data. A statement that allows * on every resource is reported by role-admin, an AWS
    managed policy by role-aws-managed-broad; * on the resources of one service counts as that service's wildcard.

    On Google Cloud it is the administrator role of a service, or permission to replace every object, on a whole
    project or above: medium. A grant on a single resource is not reported.
    """
    if function.cloud is Cloud.GCP:
        yield from _administers_service(function)
        return
    role = acting_role(function.identity.need())
    if isinstance(role, str):
        raise NotApplicable(role)
    found = [broad for broad in broad_of(role, *OWN_POLICIES) if broad.breadth is Breadth.SERVICE]
    for broad, locus in zip(found, grant_loci(broad.grant for broad in found), strict=True):
        grant = broad.grant
        changed = edit(role, grant, "put the actions the code calls in place of the whole service")
        hit = Hit(
            message=f"Role {role.name} allows {broad.what} on {broad.where} through policy {grant.policy}"
            f"{restricted(grant)}",
            evidence=(Evidence(grant_source(role, grant), grant.text),),
            locus=locus,
            site=statement_site(role, grant),
            severity=broad.severity,
            values={**changed.values, "identity": role.id},
            command=_ACCESSED + changed.command,
        )
        smaller = reduction(role, grant.policy, ":*")
        yield (
            hit
            if smaller is None
            else hit.mended(
                cite(role.usage, smaller.detail), smaller.command, smaller.terraform, smaller.values, smaller.site
            )
        )
    all_grants(role)


def _administers_service(function: Function) -> Iterator[Hit]:
    for held in held_roles(function):
        if held.binding.power is RolePower.SERVICE:
            yield Hit(
                message=held.sentence,
                evidence=(cite(held.fact, f"{held.binding.role} on {held.binding.scope}"),),
                locus=held.locus,
                site=held.site,
                severity=Severity.MEDIUM,
                confidence=held.confidence,
                values={**held.placeholders(), **held.removal.values},
                command=held.removal.command,
            )
    all_read(function)
