"""Flags functions that mount the root directory of a shared file system."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each_of
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="An access point cannot be changed: create one with a dedicated directory, move the files, and mount"
        " that instead.",
        breaks="The function does not see the old files until they are moved.",
        command="aws efs create-access-point --region {location} --file-system-id <file-system-id> --posix-user Uid=<uid>,Gid=<gid> --root-directory 'Path=/<directory>,CreationInfo={OwnerUid=<uid>,OwnerGid=<gid>,Permissions=0750}'",
        terraform='resource "aws_efs_access_point" "function" {\n  file_system_id = "<file-system-id>"\n  posix_user {\n    uid = 1000 # the user the code runs as\n    gid = 1000\n  }\n  root_directory {\n    path = "/<directory>"\n    creation_info {\n      owner_uid   = 1000 # the user the code runs as\n      owner_gid   = 1000\n      permissions = "0750"\n    }\n  }\n}',
    )
}


@check(
    id="efs-root-directory",
    title="Function mounts the root of a shared file system",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("efs-mount-hygiene", "gap-efs-attached-review"),
    facet_of=("efs-no-posix-user",),
    references=(
        "https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/efs-controls.html",
    ),
    cwe=668,
)
def efs_root_directory(function: Function, _context: Context) -> Iterator[Hit]:
    """Through an access point at / the function reads the files of every other client, and what it writes persists.

    Malicious input that reaches the file system persists there and spreads to everything else that mounts it. An access
    point with a dedicated directory passes.
    """
    mounts = [
        mount for mount in function.mounts.need() if not (isinstance(mount.exists, Known) and not mount.exists.value)
    ]
    if not mounts:
        raise NotApplicable("the function mounts no file system")
    for mount, value in each_of(mounts, lambda mount: mount.root_directory):
        if value == "/":
            yield Hit(
                message=f"Mount {mount.path} of function {function.name} exposes the root directory of the file system",
                evidence=(cite(mount.root_directory, f"{mount.id}: RootDirectory.Path = /"),),
                locus=mount.path,
                site=mount.id,
                values={"mount": mount.id, "path": mount.path},
            )
