"""Policies of CloudWatch Logs for a whole account: moto has none, and so has the account."""

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.moto_extensions.registry import as_json, completes
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer


@completes("logs", "DescribeAccountPolicies")
def describe_account_policies(_call: Call, _account: Account) -> Answer:
    """An account without one."""
    return as_json({"accountPolicies": []}, kind="application/x-amz-json-1.1")
