"""Flags functions whose source bucket is writable by others than the platform."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.binding_removal import for_each, named, removal_of
from auditor.analysis.source_buckets import of_source
from auditor.analysis.supply_chain_access import role_of, writers
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

FIX = {
    Cloud.GCP: Fix(
        text="Remove the writer role on {bucket} from all principals except Google's service agents and the"
        " deployment pipeline.",
        breaks="Principals that write to the bucket, such as a pipeline that is not excepted, get 403.",
        command="gcloud storage buckets remove-iam-policy-binding gs://{bucket} --member={member} --role={granted}",
        no_terraform="remove the google_storage_bucket_iam_member, or narrow the project-wide storage role",
    ),
}


@check(
    id="source-bucket-writable",
    title="Source bucket is writable by others",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.CRITICAL,
    fix=FIX,
    covers=("gcp-fn-source-bucket-writable",),
    facet_of=("source-bucket-public",),
    references=("https://cloud.google.com/storage/docs/access-control/iam",),
    cwe=494,
)
def source_bucket_writable(function: Function, _context: Context) -> Iterator[Hit]:
    """The function is built from the objects in this bucket: the bucket it was deployed from, or the platform's copy
    between upload and build. A principal that can replace them has its code built and run as the function's service
    account. Members of the same project have a lower severity: they may be your deployment accounts.
    """
    for bucket, stated in of_source(function):
        for grant, members in writers((stated.grant,)):
            external = grant.reach is not Reach.SCOPED
            taken = removal_of(grant, f"projects/_/buckets/{bucket.name}")
            yield Hit(
                message=f"{', '.join(members)} can replace the source of function {function.name} in {bucket.name} ({grant.sid})",
                evidence=(cite(stated.fact, grant.text),),
                locus=f"{bucket.name}/{stated.locus}",
                site=sites.held_by(
                    role_of(grant),
                    f"projects/_/buckets/{bucket.name}",
                    () if grant.reach.public else members,
                    sites.source_bucket(bucket.name, stated),
                ),
                severity=None if external else Severity.MEDIUM,
                confidence=None if external else Confidence.MEDIUM,
                values={
                    "granted": role_of(grant),
                    "bucket": bucket.name,
                    **taken.values,
                    "member": members[0],
                    **named(members),
                },
                command=for_each(taken.command, members),
            )
