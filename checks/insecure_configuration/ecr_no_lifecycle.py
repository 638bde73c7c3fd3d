"""Flags images in a repository that never deletes old ones."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Expire untagged and old images, keeping everything a function or alias still runs: Lambda cannot start a function whose image is gone.",
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
    controls=("FSBP:ECR.3",),
    profile_level=ProfileLevel.STRICT,
)
def ecr_no_lifecycle(function: Function, _context: Context) -> Iterator[Hit]:
    """Old images with known flaws stay a pull away, and each is billed.

    An opinion. A rule must not delete what functions run: Lambda needs the image in use to be in its repository.
    """
    image = function.code.image
    repository = image.repository.need() if image is not None else None
    if image is None or repository is None:
        raise NotApplicable("no image, or its repository is gone")
    if not repository.lifecycle.need():
        yield Hit(
            message=f"Repository {repository.name} has no lifecycle policy",
            evidence=(
                cite(repository.lifecycle, f"{repository.id}: no lifecycle policy"),
                cite(image.repository, f"{repository.id} exists"),
            ),
            locus=repository.id,
            values={"registry": repository.account, "repository": repository.name},
        )
