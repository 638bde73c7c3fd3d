"""Flags mounts of an EFS file system that is not encrypted at rest."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known, each_of
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Create an encrypted file system, copy the data (with AWS DataSync or AWS Backup), and mount an access"
        " point of the new one.",
        breaks="Writes made after the copy was taken are missing, and mounts of the old file system have to be"
        " changed.",
        command="aws efs create-file-system --region {location} --encrypted --kms-key-id <key-arn>",
        terraform='resource "aws_efs_file_system" "this" {\n  encrypted  = true\n  kms_key_id = aws_kms_key.files.arn\n}',
    )
}


@check(
    id="efs-not-encrypted",
    title="Mounted file system is not encrypted",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("efs-mount-hygiene",),
    references=(
        "https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/efs-controls.html",
    ),
    cwe=311,
)
def efs_not_encrypted(function: Function, _context: Context) -> Iterator[Hit]:
    """Without encryption at rest, the data and metadata of the file system are stored in plain text.

    Encryption at rest passes with any key. It is fixed when the file system is created.
    """
    mounts = [
        mount for mount in function.mounts.need() if not (isinstance(mount.exists, Known) and not mount.exists.value)
    ]
    if not mounts:
        raise NotApplicable("the function mounts no file system")
    for mount, value in each_of(mounts, lambda mount: mount.encrypted):
        if not value:
            yield Hit(
                message=f"The file system that function {function.name} mounts at {mount.path} is not encrypted at rest",
                evidence=(cite(mount.encrypted, f"{mount.id}: Encrypted = false"),),
                locus=mount.path,
                site=mount.id,
                values={"mount": mount.id, "path": mount.path},
            )
