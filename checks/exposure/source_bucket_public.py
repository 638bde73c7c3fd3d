"""Flags functions whose source code lies in a bucket that strangers may use."""

from collections.abc import Iterator

from auditor.analysis.statements import judged
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.GCP: Fix(
        text="Remove the binding, enforce public access prevention on the bucket, and treat everything in the code as read:"
        " replace the credentials in it.",
        command="gcloud storage buckets remove-iam-policy-binding gs://<source-bucket> --member={member} --role={granted}\n"
        "gcloud storage buckets update gs://<source-bucket> --public-access-prevention",
        no_terraform="the bucket is created by the platform; import it as google_storage_bucket with public_access_prevention = enforced",
    ),
}


@check(
    id="source-bucket-public",
    title="Bucket with the function's source is open to strangers",
    risk=Risk.EXPOSURE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("gcp-fn-source-bucket-public",),
    controls=("NIST-800-53:AC-3", "CSA-SAS:SAS-3", "MITRE-ATTACK:T1530"),
    cwe=552,
)
def source_bucket_public(function: Function, _context: Context) -> Iterator[Hit]:
    """Every version of the code is in this bucket, with whatever its authors left in it.

    Who may read it studies the code at leisure; who may write there puts code of their own into the next build.
    Critical where strangers may write.
    """
    access = function.deployment.then(lambda deployment: deployment.build.source_access)
    for stated in judged((access,)):
        if stated.grant.reach.public:
            yield Hit(
                message=f"{stated.who} may {'change' if stated.grant.modifies else 'read'} the bucket with its source",
                evidence=(cite(access, stated.grant.text),),
                locus=stated.locus,
                severity=Severity.CRITICAL if stated.grant.modifies else None,
                values=stated.values(function.name),
            )
