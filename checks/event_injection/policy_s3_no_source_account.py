"""Flags grants whose source ARN, such as that of a bucket, has no account and that set no source account."""

from collections.abc import Iterator

from auditor.analysis import sites
from auditor.analysis.policy_statements import judged, of_policies
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.exposure import Reach
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

_FIX = Fix(
    text="Add the permission again with --source-account beside the ARN, then remove the old statement. Notifications"
    " continue when the new statement is added first.",
    breaks="Notifications of buckets of other accounts stop, and none arrive in between unless the new statement"
    " is added first.",
    command="aws lambda add-permission --region {location} --function-name {target} --statement-id <bucket> --action lambda:InvokeFunction"
    " --principal {service} --source-arn {source} --source-account {account}\n"
    "aws lambda remove-permission --region {location} --function-name {target} --statement-id {sid}",
    terraform="""\
# replaces the statement "{sid}"
resource "aws_lambda_permission" "bucket" {
  function_name  = "{name}"
  statement_id   = "<bucket>"
  action         = "lambda:InvokeFunction"
  principal      = "{service}"
  source_arn     = "{source}"
  source_account = "{account}"
}""",
)


@check(
    id="policy-s3-no-source-account",
    title="Bucket grant has no source account condition",
    risk=Risk.EVENT_INJECTION,
    severity=Severity.MEDIUM,
    fix={Cloud.AWS: _FIX},
    covers=("policy-s3-no-source-account",),
    facet_of=("policy-public", "policy-service-no-source"),
    references=(
        "https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ),
    cwe=441,
)
def policy_s3_no_source_account(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """The ARN of a bucket contains no account ID. If the bucket is deleted, another account can create a bucket with
    that name and send its own events to this function; the grant still matches. A condition on aws:SourceAccount
    prevents that. Only services whose ARNs contain no account are reported, with a lower severity than a grant without
    any source.
    """
    for stated in judged(of_policies(function.policies.need())):
        grant = stated.grant
        if grant.reach is Reach.SERVICE_WITHOUT_ACCOUNT:
            yield Hit(
                message=f"{stated.label} in the resource policy of {function.name} has no source account: {stated.told}",
                evidence=(cite(stated.fact, grant.text),),
                locus=stated.locus,
                site=sites.statement(function, stated),
                values={
                    **stated.values(function.name),
                    "source": grant.sources[0] if grant.sources else "<source-arn>",
                },
            )
