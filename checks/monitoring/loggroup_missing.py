"""Flags functions whose log group does not exist."""

from collections.abc import Iterator

from auditor.analysis.grants import writes_logs
from auditor.analysis.roles import readable_grants
from auditor.check import Context, Fix, Hit, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.observed import Known
from auditor.model.severity import Confidence, Severity

_FIX = Fix(
    text="Create the log group with a retention and make sure that the role can write to it. A function that"
    " has never run then has a log group with the retention you choose instead of none.",
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
    severity=Severity.INFORMATIONAL,
    fix={Cloud.AWS: _FIX},
    covers=("loggroup-missing",),
    references=("https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html",),
    cwe=778,
    confidence=Confidence.MEDIUM,
)
def loggroup_missing(function: Function, context: Context) -> Iterator[Hit]:  # noqa: ARG001
    """Lambda creates the log group when the function first logs, so a missing group is normal after a deployment:
    informational. Where the execution role cannot write to the group, every line is lost: low, and
    role-no-log-permission reports the cause. The group is the one that the function is configured to use, not
    necessarily /aws/lambda/<name>.
    """
    logging = function.logging.need()
    if logging.group.need() is None:
        cannot = _cannot_write(function, logging.group_name)
        role = ", and the execution role has no permission to write to it" if cannot else ""
        yield Hit(
            message=f"Log group {logging.group_name} of function {function.name} does not exist{role}",
            evidence=(cite(logging.group, f"no log group named {logging.group_name}"),),
            locus=logging.group_name,
            site=f"{function.scope}/{function.location}/{logging.group_name}",
            severity=Severity.LOW if cannot else None,
            values={"group": logging.group_name},
        )


def _cannot_write(function: Function, group: str) -> bool:
    """Whether the role is known to lack the permission: every document of it could be read, and none grants it."""
    identity = function.identity.value if isinstance(function.identity, Known) else None
    if identity is None or not all(isinstance(grants, Known) for grants in identity.statements):
        return False
    return not writes_logs(readable_grants(identity), group)
