"""Flags EFS access points that let the function choose its POSIX user id."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each_of
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="An access point cannot be changed: create one with a POSIX user, make that user the owner of the files,"
        " and mount it instead.",
        breaks="Files that belong to another user cannot be read or written through the new access point.",
        command="aws efs create-access-point --region {location} --file-system-id <file-system-id> --posix-user Uid=<uid>,Gid=<gid> --root-directory 'Path=/<directory>,CreationInfo={OwnerUid=<uid>,OwnerGid=<gid>,Permissions=0750}'",
        terraform='resource "aws_efs_access_point" "function" {\n  file_system_id = "<file-system-id>"\n  posix_user {\n    uid = 1000 # the user the code runs as\n    gid = 1000\n  }\n  root_directory {\n    path = "/<directory>"\n    creation_info {\n      owner_uid   = 1000 # the user the code runs as\n      owner_gid   = 1000\n      permissions = "0750"\n    }\n  }\n}',
    )
}


@check(
    id="efs-no-posix-user",
    title="File system access point enforces no POSIX user",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("efs-mount-hygiene",),
    references=(
        "https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/efs-controls.html",
    ),
)
def efs_no_posix_user(function: Function, _context: Context) -> Iterator[Hit]:
    """Without an enforced POSIX user, file permissions have no effect: the function acts as any user id it sends, root
    included.

    An access point that sets the user passes.
    """
    mounts = [
        mount for mount in function.mounts.need() if not (isinstance(mount.exists, Known) and not mount.exists.value)
    ]
    if not mounts:
        raise NotApplicable("the function mounts no file system")
    for mount, value in each_of(mounts, lambda mount: mount.posix_user):
        if not value:
            yield Hit(
                message=f"Mount {mount.path} of function {function.name} uses an access point that enforces no POSIX user",
                evidence=(cite(mount.posix_user, f"{mount.id}: PosixUser is absent"),),
                locus=mount.path,
                site=mount.id,
                values={"mount": mount.id, "path": mount.path},
            )
