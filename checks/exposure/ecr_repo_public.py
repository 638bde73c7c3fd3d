"""Flags image repositories whose policy grants access to everyone or to an unknown account."""

from collections.abc import Iterator

from auditor.analysis.policy_statements import judged
from auditor.analysis.service_authorization import spelled
from auditor.check import Context, Fix, Hit, NotApplicable, Risk, check, cite
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Replace the repository policy with one that names the accounts that pull and, separately, the pipeline that"
    " pushes. Keep the statement that lets Lambda pull (ecr:BatchGetImage and ecr:GetDownloadUrlForLayer for the"
    " service principal), or cold starts after a long idle time fail.",
    breaks="Accounts and pipelines that the new policy does not name can no longer pull or push.",
    command="aws ecr get-repository-policy --region {location} --repository-name {repository} --query policyText --output text > policy.json\n"
    "# remove the statement from policy.json, then\n"
    "aws ecr set-repository-policy --region {location} --repository-name {repository} --policy-text file://policy.json",
    terraform="""\
resource "aws_ecr_repository_policy" "this" {
  repository = "{repository}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "LambdaPull"
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      Condition = { StringLike = { "aws:sourceArn" = "arn:{partition}:lambda:{location}:{account}:function:*" } }
    }]
  })
}""",
)


@check(
    id="ecr-repo-public",
    title="Image repository policy is public or cross-account",
    risk=Risk.EXPOSURE,
    severity=Severity.CRITICAL,
    fix={Cloud.AWS: _FIX},
    covers=("ecr-repo-public",),
    references=("https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html",),
    cwe=732,
)
def ecr_repo_public(function: Function, context: Context) -> Iterator[Hit]:
    """The image is the code of the function. A principal that can pull it reads the code and everything built into
    it; a principal that can push replaces what the next deployment runs. Statements for the Lambda service, and for
    audited or trusted accounts, are the intended way to share images and are not reported.
    """
    if function.code.image is None:
        raise NotApplicable("the function is not delivered as an image")
    repository = function.code.image.repository.need()
    if repository is None:
        raise NotApplicable("the image comes from no repository of this registry")
    for stated in judged((repository.policy,)):
        grant = stated.grant
        foreign = tuple(account for account in grant.accounts if not context.trusted(account))
        if grant.reach.public:
            severity, whom = Severity.CRITICAL, "everyone"
        elif grant.reach is Reach.CROSS_ACCOUNT and (foreign or not grant.accounts):
            severity, whom = Severity.MEDIUM, f"account {', '.join(foreign) or 'that is not audited or trusted'}"
        else:
            continue
        yield Hit(
            message=f"The policy of image repository {repository.name} allows {whom} to call {', '.join(map(spelled, grant.actions))}. {stated.told}",
            evidence=(cite(stated.fact, grant.text),),
            locus=f"{repository.id}/{stated.locus}",
            site=f"{repository.id}/{stated.locus}",
            severity=severity,
            values={"repository": repository.name},
        )
