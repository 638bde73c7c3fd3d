"""Flags container images in an ECR repository without a customer-managed key."""

from collections.abc import Iterator

from auditor.analysis.image_repositories import repository_of
from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Create a repository with a customer-managed key, push the images there, and deploy from it; an existing"
        " repository cannot be re-encrypted.",
        breaks="Pipelines that push to the old repository and functions that pull from it must change; images are"
        " unreadable if the key is disabled.",
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
    references=("https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html",),
    profile_level=ProfileLevel.STRICT,
)
def ecr_no_cmk(function: Function, _context: Context) -> Iterator[Hit]:
    """With a customer-managed key, pulling an image requires a second permission that you control and can revoke.

    An opinion; the encryption of a repository is fixed when it is created.
    """
    repository = repository_of(function)
    if repository is None:
        raise NotApplicable("the function has no image, or the repository no longer exists")
    if not repository.customer_key.need():
        yield Hit(
            message=f"ECR repository {repository.name} of function {function.name} is not encrypted with a customer-managed key",
            evidence=(
                cite(repository.customer_key, f"{repository.id}: encryptionConfiguration names no customer key"),
            ),
            locus=repository.id,
            site=repository.id,
            values={"registry": repository.account, "repository": repository.name},
        )
