"""Flags images whose repository lets a tag be moved to other content."""

from collections.abc import Iterator

from auditor.analysis.images import repository_of
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Make tags immutable, after the pipeline has stopped re-using tags such as latest: its pushes would fail. Or deploy by digest.",
        command="aws ecr put-image-tag-mutability --registry-id {registry} --repository-name {repository} --region {location} --image-tag-mutability IMMUTABLE",
        terraform='resource "aws_ecr_repository" "this" {\n  name                 = "{repository}"\n  image_tag_mutability = "IMMUTABLE"\n}',
    )
}


@check(
    id="ecr-tag-mutable",
    title="Image tags are mutable",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.LOW,
    fix=FIX,
    covers=("ecr-tag-mutable",),
    controls=("FSBP:ECR.2", "NIST-800-53:SI-7"),
    cwe=494,
)
def ecr_tag_mutable(function: Function, _context: Context) -> Iterator[Hit]:
    """Whoever may push can move a tag: the next deployment of the very same template then runs other code.

    The running function is pinned to a digest, so nothing changes until it is deployed again; hence the low
    severity. Repositories with exceptions to immutability count as mutable.
    """
    repository = repository_of(function)
    if repository is None:
        raise NotApplicable("no image, or its repository is gone")
    if not repository.immutable_tags.need():
        yield Hit(
            message=f"Tags of repository {repository.name} can be overwritten",
            evidence=(cite(repository.immutable_tags, f"{repository.id}: imageTagMutability is not IMMUTABLE"),),
            locus=repository.id,
            values={"registry": repository.account, "repository": repository.name},
        )
