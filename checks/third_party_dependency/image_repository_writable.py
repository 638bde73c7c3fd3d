"""Flags functions whose image repository is writable by others than the build."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.binding_removal import for_each, named, removal_of
from auditor.analysis.supply_chain_access import role_of, writers
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity

FIX = {
    Cloud.GCP: Fix(
        text="Grant the writer role to the build account only.",
        breaks="Members other than the build account can no longer push images.",
        command="gcloud artifacts repositories remove-iam-policy-binding <repository> --location={location} --project={account} --member={member} --role={granted}",
        no_terraform="remove the google_artifact_registry_repository_iam_member, or narrow the project-wide role",
    ),
}


@check(
    id="image-repository-writable",
    title="Image repository is writable by others",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("gcp-fn-artifact-repo-writable",),
    references=("https://cloud.google.com/artifact-registry/docs/access-control",),
    cwe=494,
)
def image_repository_writable(function: Function, _context: Context) -> Iterator[Hit]:
    """Every new instance starts from the image in this repository. A principal that can upload to it, or change its
    policy, controls the code that runs as the function's service account. Members of the same project have a lower
    severity: they may be your build accounts.
    """
    access = function.deployment.then(lambda deployment: deployment.build.image_access)
    repository = _repository(function)
    for grant, members in writers(access.need()):
        taken = removal_of(grant, repository)
        external = grant.reach is not Reach.SCOPED
        yield Hit(
            message=f"{', '.join(members)} can replace the image of function {function.name} ({grant.sid})",
            evidence=(cite(access, grant.text),),
            locus=f"{grant.sid}#{grant.index}",
            severity=None if external else Severity.MEDIUM,
            confidence=None if external else Confidence.MEDIUM,
            site=sites.held_by(role_of(grant), repository, members, f"{grant.sid}#{grant.index} of {repository}"),
            values={"granted": role_of(grant), **taken.values, "member": members[0], **named(members)},
            command=for_each(taken.command, members),
        )


def _repository(function: Function) -> str:
    """The repository as its API names it: the customer's, or the one that the platform creates in each region."""
    own = function.deployment.then(lambda deployment: deployment.build.own_repository)
    place = f"projects/{function.scope.partition('/')[2]}/locations/{function.location}"
    return (own.value if isinstance(own, Known) else None) or f"{place}/repositories/gcf-artifacts"
