"""Flags log groups without a customer-managed key."""

from collections.abc import Iterator

from auditor.check import Context, Fix, Hit, NotApplicable, ProfileLevel, Risk, check, cite
from auditor.model.function import Function
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {
    Cloud.AWS: Fix(
        text="Associate a key whose policy lets the CloudWatch Logs service of the region use it. Only new log"
        " events are encrypted with it.",
        breaks="Logs cannot be delivered or read while the key is disabled or its policy excludes CloudWatch Logs.",
        command="aws logs associate-kms-key --region {location} --log-group-name {group} --kms-key-id <key-arn>",
        terraform='resource "aws_cloudwatch_log_group" "this" {\n  name       = "{group}"\n  kms_key_id = aws_kms_key.logs.arn\n}',
    )
}


@check(
    id="loggroup-no-cmk",
    title="Log group has no customer-managed key",
    risk=Risk.INSECURE_CONFIGURATION,
    severity=Severity.LOW,
    fix=FIX,
    covers=("loggroup-no-cmk",),
    references=("https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",),
    profile_level=ProfileLevel.STRICT,
)
def loggroup_no_cmk(function: Function, _context: Context) -> Iterator[Hit]:
    """Logs repeat the data that passes through the function; with a customer-managed key, reading them requires a
    second permission on the key.

    An opinion: log groups are always encrypted. A log group that does not exist yet is not judged.
    """
    logging = function.logging.need()
    group = logging.group.need()
    if group is None:
        raise NotApplicable("the log group does not exist")
    if group.key is None:
        yield Hit(
            message=f"Log group {group.name} of function {function.name} is not encrypted with a customer-managed key",
            evidence=(cite(logging.group, f"{group.name}: kmsKeyId is absent"),),
            locus=group.name,
            site=f"{function.scope}/{function.location}/{group.name}",
            values={"group": group.name},
        )
