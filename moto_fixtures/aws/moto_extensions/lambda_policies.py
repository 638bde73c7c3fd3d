"""Resource policies of functions and their qualifiers, statement by statement or as one document."""

import json
from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.errors import ServiceError
from moto_fixtures.aws.moto_extensions.lambda_memory import (
    CONFLICT,
    INVALID,
    NOT_FOUND,
    Remembered,
    partition,
    referred,
)
from moto_fixtures.aws.moto_extensions.registry import as_json, completes, nothing
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

_LIMIT = 20_480
_CONDITIONS = (
    ("SourceArn", "ArnLike", "AWS:SourceArn"),
    ("SourceAccount", "StringEquals", "AWS:SourceAccount"),
    ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
    ("FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType"),
    ("EventSourceToken", "StringEquals", "lambda:EventSourceToken"),
    ("InvokedViaFunctionUrl", "Bool", "lambda:InvokedViaFunctionUrl"),
)


def principal_element(principal: str, region: str) -> str | dict[str, str]:
    """The Principal element Lambda writes for what AddPermission was given."""
    if principal == "*":
        return "*"
    if principal.isdigit():
        return {"AWS": f"arn:{partition(region)}:iam::{principal}:root"}
    return {"AWS" if principal.startswith("arn:") else "Service": principal}


def statement_from(body: dict[str, Any], resource: str, region: str) -> dict[str, Any]:
    """The statement Lambda composes from an AddPermission request."""
    statement: dict[str, Any] = {
        "Sid": body["StatementId"],
        "Effect": "Allow",
        "Principal": principal_element(body["Principal"], region),
        "Action": body["Action"],
        "Resource": resource,
    }
    for member, operator, key in _CONDITIONS:
        value = body.get(member)
        if value is not None:
            written = str(value).lower() if isinstance(value, bool) else value
            statement.setdefault("Condition", {}).setdefault(operator, {})[key] = written
    return statement


def _store(function: Remembered, qualifier: str, document: dict[str, Any]) -> None:
    if len(json.dumps(document)) > _LIMIT:
        raise ServiceError("PolicyLengthExceededException", "The final policy size is bigger than the limit.")
    function.policies[qualifier] = document
    function.policy_moved(qualifier)


@completes("lambda", "AddPermission")
def add_permission(call: Call, account: Account) -> Answer:
    """Adds one statement to the policy of a function, version or alias."""
    function, qualifier = referred(call, account)
    body = call.json()
    policy = function.policies.get(qualifier, {"Version": "2012-10-17", "Id": "default", "Statement": []})
    if any(known.get("Sid") == body["StatementId"] for known in policy["Statement"]):
        message = f"The statement id ({body['StatementId']}) provided already exists."
        raise ServiceError(CONFLICT, message, 409)
    statement = statement_from(body, function.qualified(qualifier), call.region)
    _store(function, qualifier, {**policy, "Statement": [*policy["Statement"], statement]})
    return as_json({"Statement": json.dumps(statement)}, 201)


@completes("lambda", "RemovePermission")
def remove_permission(call: Call, account: Account) -> Answer:
    """Removes one statement; the policy goes with its last."""
    function, qualifier = referred(call, account)
    policy = function.policies.get(qualifier, {"Statement": []})
    kept = [known for known in policy["Statement"] if known.get("Sid") != call.labels["StatementId"]]
    if len(kept) == len(policy["Statement"]):
        message = f"Statement {call.labels['StatementId']} is not found in resource policy."
        raise ServiceError(NOT_FOUND, message, 404)
    if kept:
        function.policies[qualifier] = {**policy, "Statement": kept}
    else:
        del function.policies[qualifier]
    function.policy_moved(qualifier)
    return nothing()


def _told(function: Remembered, qualifier: str) -> Answer:
    if qualifier not in function.policies:
        raise ServiceError(NOT_FOUND, "The resource you requested does not exist.", 404)
    text = json.dumps(function.policies[qualifier], separators=(",", ":"))
    return as_json({"Policy": text, "RevisionId": function.revision(qualifier)})


@completes("lambda", "GetPolicy")
def get_policy(call: Call, account: Account) -> Answer:
    """The policy of exactly the qualifier asked for; 404 when it has none."""
    return _told(*referred(call, account))


@completes("lambda", "GetResourcePolicy")
def get_resource_policy(call: Call, account: Account) -> Answer:
    """The same policy by ARN."""
    return _told(*referred(call, account, call.labels["ResourceArn"]))


@completes("lambda", "PutResourcePolicy")
def put_resource_policy(call: Call, account: Account) -> Answer:
    """Replaces the whole policy of a function ARN, qualified or not."""
    function, qualifier = referred(call, account, call.labels["ResourceArn"])
    try:
        document = json.loads(call.json()["Policy"])
    except ValueError as error:
        raise ServiceError(INVALID, "The policy is not valid JSON.") from error
    _store(function, qualifier, document)
    return _told(function, qualifier)


@completes("lambda", "DeleteResourcePolicy")
def delete_resource_policy(call: Call, account: Account) -> Answer:
    """Deletes the whole policy of a function ARN."""
    function, qualifier = referred(call, account, call.labels["ResourceArn"])
    function.policies.pop(qualifier, None)
    function.policy_moved(qualifier)
    return nothing()
