"""Flags functions whose source bucket others than the platform may write to."""

from collections.abc import Iterator

from auditor.analysis.writers import role_of, writers
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

FIX = {
    Cloud.GCP: Fix(
        text="Take the writing role away from everyone but Google's service agents; deployments upload through a signed URL and need none.",
        command="gcloud storage buckets remove-iam-policy-binding gs://<source-bucket> --member={member} --role={role}",
        no_terraform="remove the google_storage_bucket_iam_member, or narrow the project-wide storage role",
    ),
}


@check(
    id="source-bucket-writable",
    title="Others may replace the source before it is built",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.CRITICAL,
    fix=FIX,
    covers=("gcp-fn-source-bucket-writable",),
    controls=(
        "CSA-SAS:SAS-5",
        "NIST-800-53:SI-7",
    ),
    cwe=494,
)
def source_bucket_writable(function: Function, _context: Context) -> Iterator[Hit]:
    """Source lies in the bucket between upload and build. Whoever replaces it in time has their code built and run as the
    function's account. Members of the own project rank lower: they may be your deployers.
    """
    access = function.deployment.then(lambda deployment: deployment.build.source_access)
    for grant, members in writers(access.need()):
        stranger = grant.reach is not Reach.SCOPED
        yield Hit(
            message=f"{', '.join(members)} may replace the source ({grant.sid})",
            evidence=(cite(access, grant.text),),
            locus=f"{grant.sid}#{grant.index}",
            severity=None if stranger else Severity.MEDIUM,
            confidence=None if stranger else Confidence.MEDIUM,
            values={"role": role_of(grant), "member": members[0]},
        )
