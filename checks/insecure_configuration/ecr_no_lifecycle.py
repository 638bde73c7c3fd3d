"""Flags container images in an ECR repository without a lifecycle policy."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Expire untagged and old images, keeping every image that a function or alias still uses.",
        breaks="Lambda cannot start a function whose image was expired: keep every image that a function or alias"
        " still uses.",
        command="aws ecr put-lifecycle-policy --registry-id {registry} --repository-name {repository} --region {location} --lifecycle-policy-text file://<policy.json>",
        terraform='resource "aws_ecr_lifecycle_policy" "this" {\n  repository = "{repository}"\n  policy = jsonencode({ rules = [{\n    rulePriority = 1\n    selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 30 }\n    action       = { type = "expire" }\n  }] })\n}',
    )
}


@check(
    id="ecr-no-lifecycle",
    title="Image repository has no lifecycle policy",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("ecr-no-cmk-or-lifecycle",),
    references=(
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html",
    ),
    profile_level=ProfileLevel.STRICT,
)
def ecr_no_lifecycle(function: Function, _context: Context) -> Iterator[Hit]:
    """Old images with known vulnerabilities stay available to pull, and each is billed.

    An opinion. A rule must not delete what functions run: Lambda needs the image in use to be in its repository.
    """
    image = function.code.image
    repository = image.repository.need() if image is not None else None
    if image is None or repository is None:
        raise NotApplicable("the function has no image, or the repository no longer exists")
    if not repository.lifecycle.need():
        yield Hit(
            message=f"ECR repository {repository.name} of function {function.name} has no lifecycle policy",
            evidence=(
                cite(repository.lifecycle, f"{repository.id}: LifecyclePolicyNotFoundException"),
                cite(image.repository, f"repositoryArn = {repository.id}"),
            ),
            locus=repository.id,
            site=repository.id,
            values={"registry": repository.account, "repository": repository.name},
        )
