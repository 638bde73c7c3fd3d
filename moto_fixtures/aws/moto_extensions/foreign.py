"""Resources of other accounts: AWS refuses to speak of them, where moto finds them or finds nothing."""

import re

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.errors import ServiceError
from moto_fixtures.aws.moto_extensions.registry import completes
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

_KEY_ARN = re.compile(r"arn:[^:]+:kms:[^:]*:(\d{12}):")
_FORBIDDEN = 403


def _refuse(action: str, resource: str, code: str = "AccessDeniedException", status: int = 400) -> None:
    message = (
        f"User is not authorized to perform: {action} on resource: {resource} because no resource-based "
        f"policy allows the {action} action"
    )
    raise ServiceError(code, message, status)


@completes("kms", "DescribeKey", "GetKeyRotationStatus", "GetKeyPolicy")
def read_key(call: Call, account: Account) -> Answer:
    """A key of another account is denied, one of this account told by moto."""
    key = str(call.json().get("KeyId"))
    owner = _KEY_ARN.match(key)
    if owner and owner.group(1) != account.id:
        _refuse(f"kms:{call.operation}", key)
    return account.moto(call)


@completes("ecr", "DescribeRepositories", "DescribeImages", "GetRepositoryPolicy", "GetLifecyclePolicy")
def read_repository(call: Call, account: Account) -> Answer:
    """A repository of another account's registry is denied."""
    registry = call.json().get("registryId")
    if registry and registry != account.id:
        _refuse(f"ecr:{call.operation}", f"registry {registry}")
    return account.moto(call)


@completes("sqs", "GetQueueUrl")
def find_queue(call: Call, account: Account) -> Answer:
    """A queue of another account does not exist, as far as a stranger can tell."""
    if call.json().get("QueueOwnerAWSAccountId") not in (None, account.id):
        message = "The specified queue does not exist or you do not have access to it."
        raise ServiceError("AWS.SimpleQueueService.NonExistentQueue", message)
    return account.moto(call)


@completes("sns", "GetTopicAttributes")
def read_topic(call: Call, account: Account) -> Answer:
    """A topic of another account is denied."""
    topic = call.form.get("TopicArn", "")
    if topic.count(":") > 4 and topic.split(":")[4] != account.id:
        _refuse("SNS:GetTopicAttributes", topic, "AuthorizationError", _FORBIDDEN)
    return account.moto(call)


@completes("s3", "HeadBucket")
def head_bucket(call: Call, account: Account) -> Answer:
    """403 where the expected owner is another account; else moto's 200 or 404."""
    answer = account.moto(call)
    expected = call.headers.get("x-amz-expected-bucket-owner")
    if answer.status == 200 and expected not in (None, account.id):
        return Answer(_FORBIDDEN, b"", answer.headers)
    return answer
