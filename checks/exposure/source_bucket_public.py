"""Flags functions whose source bucket allows public access."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.binding_removal import removal_of
from auditor.analysis.source_buckets import ACCESS_LIST, of_source
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

_PREVENT = "gcloud storage buckets update gs://{bucket} --public-access-prevention"
_UNIFORM = f"{_PREVENT} --uniform-bucket-level-access"

FIX = {
    Cloud.GCP: Fix(
        text="Remove the grant, enforce public access prevention on the bucket {bucket}, and treat the code as"
        " disclosed: rotate the credentials in it.",
        breaks="Everyone else who reads the archive without signing in, such as a build system, gets 403.",
        command=f"gcloud storage buckets remove-iam-policy-binding gs://{{bucket}} --member={{member}} --role={{granted}}\n{_PREVENT}",
        terraform="""\
resource "google_storage_bucket" "source" { # import it first if the platform made it
  name                        = "{bucket}"
  location                    = "{location}"
  public_access_prevention    = "enforced"
  uniform_bucket_level_access = true
}""",
    ),
}


@check(
    id="source-bucket-public",
    title="Source bucket allows public access",
    risk=Risk.EXPOSURE,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("gcp-fn-source-bucket-public",),
    references=("https://cloud.google.com/storage/docs/public-access-prevention",),
    cwe=552,
)
def source_bucket_public(function: Function, _context: Context) -> Iterator[Hit]:
    """The bucket contains every version of the code, with any credentials left in it. The bucket the function was
    deployed from and the platform's own copy are judged: their policies, grants on the project or above, and the
    default object ACL. Public access prevention makes such grants ineffective. Critical where the public can write,
    because it controls the code of the next build. Medium where it can only list names, or where a condition restricts
    it.
    """
    for bucket, stated in of_source(function):
        grant = stated.grant
        if not grant.reach.public and grant.reach is not Reach.CONDITIONAL:
            continue
        taken = removal_of(grant, f"projects/_/buckets/{bucket.name}")
        yield Hit(
            message=f"{stated.who} can {_deed(grant.actions, writes=grant.modifies)} the source bucket {bucket.name} of {function.name}: {grant.reason}",
            evidence=(cite(stated.fact, grant.text),),
            locus=f"{bucket.name}/{stated.locus}",
            site=sites.source_bucket(bucket.name, stated),
            severity=_severity(grant.reach, grant.actions, writes=grant.modifies),
            confidence=Confidence.MEDIUM if grant.reach is Reach.CONDITIONAL else None,
            values={**stated.values(function.name), **taken.values, "bucket": bucket.name},
            command=_UNIFORM if grant.sid == ACCESS_LIST else f"{taken.command}\n{_PREVENT}",
        )


def _deed(actions: tuple[str, ...], *, writes: bool) -> str:
    if writes:
        return "change"
    return "read the objects of" if "storage.objects.get" in actions else "list the objects of"


def _severity(reach: Reach, actions: tuple[str, ...], *, writes: bool) -> Severity | None:
    if reach is Reach.CONDITIONAL:
        return Severity.MEDIUM
    if writes:
        return Severity.CRITICAL
    return None if "storage.objects.get" in actions else Severity.MEDIUM
