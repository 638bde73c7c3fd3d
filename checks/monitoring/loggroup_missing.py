"""Flags functions whose log group does not exist."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Confidence, Severity

_FIX = Fix(
    text="Create the group with a retention and make sure the role may write to it. A function that has simply never run gets its"
    " group this way too, with the retention you choose instead of none.",
    command="aws logs create-log-group --region {location} --log-group-name {group}\n"
    "aws logs put-retention-policy --region {location} --log-group-name {group} --retention-in-days 365",
    terraform="""\
resource "aws_cloudwatch_log_group" "this" {
  name              = "{group}"
  retention_in_days = 365
}""",
)


@check(
    id="loggroup-missing",
    title="Log group does not exist",
    risk=Risk.MONITORING,
    severity=Severity.LOW,
    fix={Cloud.AWS: _FIX},
    covers=("loggroup-missing",),
    controls=("NIST-800-53:AU-12", "CSA-SAS:SAS-5"),
    cwe=778,
    confidence=Confidence.MEDIUM,
)
def loggroup_missing(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Either the function has never run, or its logs go nowhere: a role that may not create the group loses every line. We look
    for the group the function is configured to use, not only for /aws/lambda/<name>. role-no-log-permission
    tells the two cases apart.
    """
    logging = function.logging.need()
    if logging.group.need() is None:
        yield Hit(
            message=f"Log group {logging.group_name} does not exist",
            evidence=(cite(logging.group, f"no log group named {logging.group_name}"),),
            locus=logging.group_name,
            values={"group": logging.group_name},
        )
