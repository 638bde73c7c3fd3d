"""Flags images in a repository that the cloud's own key encrypts."""

from collections.abc import Iterator

from auditor.analysis.images import repository_of
from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Create a new repository with a customer key, push the images there, and deploy from it; an existing repository cannot be re-encrypted.",
        command="aws ecr create-repository --region {location} --repository-name <new-repository> --encryption-configuration encryptionType=KMS,kmsKey=<key-arn>",
        terraform='resource "aws_ecr_repository" "this" {\n  name = "<new-repository>"\n  encryption_configuration {\n    encryption_type = "KMS"\n    kms_key         = aws_kms_key.images.arn\n  }\n}',
    )
}


@check(
    id="ecr-no-cmk",
    title="Image repository has no customer-managed key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("ecr-no-cmk-or-lifecycle",),
    controls=("NIST-800-53:SC-28(1)",),
    profile_level=ProfileLevel.STRICT,
)
def ecr_no_cmk(function: Function, _context: Context) -> Iterator[Hit]:
    """With your own key, pulling an image takes a permission you control twice and can revoke.

    An opinion; the encryption of a repository is fixed when it is created.
    """
    repository = repository_of(function)
    if repository is None:
        raise NotApplicable("no image, or its repository is gone")
    if not repository.customer_key.need():
        yield Hit(
            message=f"Repository {repository.name} is encrypted with the registry's own key",
            evidence=(
                cite(repository.customer_key, f"{repository.id}: encryptionConfiguration names no customer key"),
            ),
            locus=repository.id,
            values={"registry": repository.account, "repository": repository.name},
        )
