"""Flags images in a repository with mutable tags."""

from collections.abc import Iterator

from auditor.analysis.image_repositories import repository_of
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Make tags immutable, once the pipeline no longer reuses tags such as latest. Or deploy by digest.",
        breaks="Pushes of a tag that exists, such as latest, fail.",
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
    references=("https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",),
    cwe=494,
)
def ecr_tag_mutable(function: Function, _context: Context) -> Iterator[Hit]:
    """A principal with push access can move a tag: the next deployment of the same template then runs other code. The
    deployed function is pinned to a digest, so nothing changes until it is deployed again; hence the low severity.
    Repositories with exceptions to immutability count as mutable.
    """
    repository = repository_of(function)
    if repository is None:
        raise NotApplicable("no image, or its repository is gone")
    if not repository.immutable_tags.need():
        yield Hit(
            message=f"Image tags of repository {repository.name} of function {function.name} are mutable",
            evidence=(cite(repository.immutable_tags, f"{repository.id}: imageTagMutability is not IMMUTABLE"),),
            locus=repository.id,
            site=repository.id,
            values={"registry": repository.account, "repository": repository.name},
        )
