"""Flags mounts of an EFS file system whose policy lets any principal mount it."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each_of
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Name the roles that mount it, and require an access point and encryption in transit.",
        breaks="Clients that the policy does not name lose the mount.",
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
    references=("https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html",),
    cwe=732,
)
def efs_open_policy(function: Function, _context: Context) -> Iterator[Hit]:
    """Any client that reaches a mount target on the network can mount the file system, read it, and write files to it.

    A policy that names principals, or limits every principal to an access point or account, passes; so does a file
    system without a policy where IAM identity policies decide.
    """
    mounts = [
        mount for mount in function.mounts.need() if not (isinstance(mount.exists, Known) and not mount.exists.value)
    ]
    if not mounts:
        raise NotApplicable("the function mounts no file system")
    for mount, value in each_of(mounts, lambda mount: mount.open_policy):
        if value:
            yield Hit(
                message=f"The policy of the file system that function {function.name} mounts at {mount.path} grants access to any principal",
                evidence=(cite(mount.open_policy, f"{mount.id}: file system policy allows Principal *"),),
                locus=mount.path,
                site=mount.id,
                values={"mount": mount.id, "path": mount.path},
            )
