"""Flags images in a repository that does not scan on push."""

from collections.abc import Iterator

from auditor.analysis.image_repositories import repository_of
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Add a scanning rule to the registry (the Terraform) or enable scanning for the repository (the"
        " command, which older registries in basic mode accept). Only images pushed later are scanned: push or"
        " scan the deployed one too.",
        command="aws ecr put-image-scanning-configuration --registry-id {registry} --repository-name {repository} --region {location} --image-scanning-configuration scanOnPush=true",
        terraform='resource "aws_ecr_registry_scanning_configuration" "this" {\n  scan_type = "ENHANCED"\n  rule {\n    scan_frequency = "CONTINUOUS_SCAN"\n    repository_filter {\n      filter      = "{repository}"\n      filter_type = "WILDCARD"\n    }\n  }\n}',
    )
}


@check(
    id="ecr-scan-off",
    title="Image scanning is disabled",
    risk=Risk.THIRD_PARTY_DEPENDENCY,
    severity=Severity.MEDIUM,
    fix=FIX,
    covers=("ecr-scan-off",),
    references=("https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html",),
)
def ecr_scan_off(function: Function, _context: Context) -> Iterator[Hit]:
    """An image contains an operating system and libraries; their known vulnerabilities are not reported unless the image
    is scanned. A repository passes when scan on push is enabled or when a rule of the registry applies. Registry
    rules of another account cannot be read and are not judged.
    """
    repository = repository_of(function)
    if repository is None:
        raise NotApplicable("no image, or its repository is gone")
    if not repository.scan_on_push.need():
        yield Hit(
            message=f"Repository {repository.name} of function {function.name} does not scan images on push, nor does a registry rule",
            evidence=(cite(repository.scan_on_push, f"{repository.id}: scanOnPush = false, no rule matches"),),
            locus=repository.id,
            site=repository.id,
            values={"registry": repository.account, "repository": repository.name},
        )
