"""Flags resource policies of CloudWatch Logs that grant access to everyone or to an unknown account."""

from collections.abc import Iterator

from auditor.analysis.policy_statements import judged
from auditor.analysis.service_authorization import spelled
from auditor.check import Context, Fix, Hit, Risk, Subject, check, cite
from auditor.model.exposure import Reach
from auditor.model.ids import Cloud
from auditor.model.inventory import Location
from auditor.model.severity import Severity

_FIX = Fix(
    text="Replace the log resource policy with one that names the service and source that write, and delete the"
    " public one.",
    breaks="Services that deliver logs through the old policy stop doing so.",
    command="aws logs describe-resource-policies --region {location}\n"
    "aws logs delete-resource-policy --region {location} --policy-name <policy-name>",
    terraform="""\
resource "aws_cloudwatch_log_resource_policy" "delivery" {
  policy_name = "<policy name>"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "delivery.logs.amazonaws.com" }
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = "arn:{partition}:logs:{location}:{account}:log-group:<group>:*"
      Condition = { StringEquals = { "aws:SourceAccount" = "{account}" } }
    }]
  })
}""",
)


@check(
    id="loggroup-public",
    title="Log resource policy grants public or cross-account access",
    risk=Risk.EXPOSURE,
    severity=Severity.HIGH,
    fix={Cloud.AWS: _FIX},
    covers=("loggroup-public",),
    references=("https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html",),
    cwe=732,
    subject=Subject.LOCATION,
)
def loggroup_public(region: Location, context: Context) -> Iterator[Hit]:
    """Logs contain requests, identifiers and sometimes tokens. A policy that allows every principal lets external
    principals write false entries, or read, subscribe to and export what functions log. Grants to AWS services, which
    deliver logs this way, are not reported.
    """
    for stated in judged((region.log_policies,)):
        grant = stated.grant
        foreign = tuple(account for account in grant.accounts if not context.trusted(account))
        if grant.reach.public:
            severity, whom = Severity.HIGH, "everyone"
        elif grant.reach is Reach.CONDITIONAL:
            severity, whom = Severity.MEDIUM, f"everyone under {', '.join(grant.condition_keys) or 'a condition'}"
        elif grant.reach is Reach.CROSS_ACCOUNT and (foreign or not grant.accounts):
            severity, whom = Severity.MEDIUM, f"account {', '.join(foreign) or 'that is not audited or trusted'}"
        else:
            continue
        yield Hit(
            message=f"{stated.label} of the log resource policies in {region.location} allows {whom} to call {', '.join(map(spelled, grant.actions))}. {stated.told}",
            evidence=(cite(stated.fact, grant.text),),
            locus=stated.locus,
            severity=severity,
        )
