"""Flags mounts of a file system whose policy lets anyone in."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each_of
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Name the roles that mount it and require an access point and encryption in transit. Clients the policy leaves out lose the mount.",
        command="aws efs put-file-system-policy --region {location} --file-system-id <file-system-id> --policy file://<policy.json>",
        terraform='resource "aws_efs_file_system_policy" "this" {\n  file_system_id = "<file-system-id>"\n  policy         = data.aws_iam_policy_document.mounters.json\n}',
    )
}


@check(
    id="efs-open-policy",
    title="File system policy lets any principal mount it",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.HIGH,
    fix=FIX,
    covers=("efs-mount-hygiene",),
    controls=("NIST-800-53:AC-3",),
    cwe=732,
)
def efs_open_policy(function: Function, _context: Context) -> Iterator[Hit]:
    """Any client that reaches a mount target on the network may mount the file system, read it, and plant files.

    A policy that names principals, or binds everyone to an access point or account, passes; so does no policy at
    all where the platform's identity rules decide (Known: none).
    """
    mounts = [
        mount for mount in function.mounts.need() if not (isinstance(mount.exists, Known) and not mount.exists.value)
    ]
    if not mounts:
        raise NotApplicable("the function mounts no file system")
    for mount, value in each_of(mounts, lambda mount: mount.open_policy):
        if value:
            yield Hit(
                message=f"The policy of the file system at {mount.path} is open to everyone",
                evidence=(cite(mount.open_policy, f"{mount.id}: the policy grants everyone"),),
                locus=mount.path,
                values={"mount": mount.id, "path": mount.path},
            )
