"""Advanced queries of AWS Config, which moto answers by what a test queues: here by what was recorded of functions.

Source of the shapes: an answer recorded from the service (cloud-custodian, placebo data of test_aws_lambda_config_source):
each result is JSON in a string, its policy JSON in a string again, and numbers come as floats.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.errors import ServiceError
from moto_fixtures.aws.moto_extensions.lambda_memory import LambdaMemory, Remembered
from moto_fixtures.aws.moto_extensions.registry import as_json, completes, window
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

_MOST = 100


@dataclass
class ConfigMemory:
    """What was recorded of the functions of a region, by name; ``behind`` are those whose record is not renewed.

    ``page`` is how many a page holds at most: the service may give fewer than are asked for.
    """

    recorded: dict[str, str] = field(default_factory=dict)
    behind: set[str] = field(default_factory=set)
    page: int = _MOST

    def renew(self, functions: dict[str, Remembered]) -> None:
        """Records every function anew, as far as none is behind. What was deleted goes."""
        self.recorded = {
            name: self.recorded.get(name, "") if name in self.behind else _row(function)
            for name, function in functions.items()
        }


@completes("config", "SelectResourceConfig")
def select_resource_config(call: Call, account: Account) -> Answer:
    """A page of the functions that are recorded; any other query is refused, as its answer is not known here."""
    body = call.json()
    if "resourceType = 'AWS::Lambda::Function'" not in str(body.get("Expression")):
        raise ServiceError("InvalidExpressionException", "The query expression is not known to the emulation.")
    size = int(body.get("Limit") or 0) or _MOST
    if size > _MOST:
        raise ServiceError("InvalidLimitException", f"The limit {size} is not between 0 and {_MOST}.")
    memory = account.of(ConfigMemory, call.region)
    memory.renew(account.of(LambdaMemory, call.region).functions)
    found = [row for _, row in sorted(memory.recorded.items()) if row]
    start, end, following = window(
        len(found), body.get("NextToken"), min(size, memory.page), "InvalidNextTokenException"
    )
    answer: dict[str, Any] = {
        "Results": found[start:end],
        "QueryInfo": {"SelectFields": [{"Name": name} for name in ("configuration", "supplementaryConfiguration")]},
    }
    return as_json(answer | ({"NextToken": following} if following else {}), kind="application/x-amz-json-1.1")


def _row(function: Remembered) -> str:
    supplementary: dict[str, Any] = {"Tags": {}}
    if policy := function.policies.get(""):
        supplementary["Policy"] = json.dumps(policy)
    configuration = {
        "functionName": function.name,
        "functionArn": function.arn,
        "revisionId": function.revision(),
        "timeout": float(function.spec.get("Timeout", 3)),
        "memorySize": float(function.spec.get("MemorySize", 128)),
        "version": "$LATEST",
    }
    return json.dumps(
        {
            "configurationItemCaptureTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "configuration": configuration,
            "supplementaryConfiguration": supplementary,
        }
    )
