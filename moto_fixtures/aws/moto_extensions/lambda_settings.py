"""Settings of one function and of the account: recursion, runtime updates, concurrency, limits."""

from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.errors import ServiceError
from moto_fixtures.aws.moto_extensions.lambda_memory import INVALID, NOT_FOUND, Remembered, memory, referred
from moto_fixtures.aws.moto_extensions.registry import as_json, completes, nothing, page_of
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

_ACCOUNT_CONCURRENCY = 1000
_KEPT_UNRESERVED = 100
_UNZIPPED = 262_144_000
_ZIPPED = 52_428_800
_STORAGE = 80_530_636_800
_CODE_SIZE = 300


@completes("lambda", "GetFunctionRecursionConfig")
def get_recursion(call: Call, account: Account) -> Answer:
    """Terminate unless it was allowed."""
    return as_json({"RecursiveLoop": referred(call, account)[0].recursion})


@completes("lambda", "PutFunctionRecursionConfig")
def put_recursion(call: Call, account: Account) -> Answer:
    """Allows or terminates recursive loops."""
    function, _ = referred(call, account)
    function.recursion = call.json()["RecursiveLoop"]
    return as_json({"RecursiveLoop": function.recursion})


@completes("lambda", "GetRuntimeManagementConfig")
def get_runtime_management(call: Call, account: Account) -> Answer:
    """How runtime patches arrive; Auto unless set."""
    function, qualifier = referred(call, account)
    kept = function.runtime_management.get(qualifier, {"UpdateRuntimeOn": "Auto", "RuntimeVersionArn": None})
    return as_json({**kept, "FunctionArn": function.qualified(qualifier)})


@completes("lambda", "PutRuntimeManagementConfig")
def put_runtime_management(call: Call, account: Account) -> Answer:
    """Sets Auto, FunctionUpdate or Manual with a runtime version."""
    function, qualifier = referred(call, account)
    function.runtime_management[qualifier] = {"RuntimeVersionArn": None, **call.json()}
    return as_json({**function.runtime_management[qualifier], "FunctionArn": function.qualified(qualifier)})


def _reserved(call: Call, account: Account, but: Remembered | None = None) -> int:
    functions = memory(call, account).functions.values()
    return sum(function.reserved or 0 for function in functions if function is not but)


@completes("lambda", "PutFunctionConcurrency")
def put_concurrency(call: Call, account: Account) -> Answer:
    """Reserves concurrency, leaving at least 100 unreserved as AWS insists."""
    function, _ = referred(call, account)
    wanted = int(call.json()["ReservedConcurrentExecutions"])
    if _reserved(call, account, function) + wanted > _ACCOUNT_CONCURRENCY - _KEPT_UNRESERVED:
        message = (
            "Specified ReservedConcurrentExecutions for function decreases account's "
            f"UnreservedConcurrentExecution below its minimum value of [{_KEPT_UNRESERVED}]."
        )
        raise ServiceError(INVALID, message)
    function.reserved = wanted
    return as_json({"ReservedConcurrentExecutions": wanted})


@completes("lambda", "GetFunctionConcurrency")
def get_concurrency(call: Call, account: Account) -> Answer:
    """The reservation, or an empty object."""
    reserved = referred(call, account)[0].reserved
    return as_json({} if reserved is None else {"ReservedConcurrentExecutions": reserved})


@completes("lambda", "DeleteFunctionConcurrency")
def delete_concurrency(call: Call, account: Account) -> Answer:
    """Gives the reservation back."""
    referred(call, account)[0].reserved = None
    return nothing()


@completes("lambda", "PutProvisionedConcurrencyConfig")
def put_provisioned(call: Call, account: Account) -> Answer:
    """Provisions concurrency on a version or alias."""
    function, qualifier = referred(call, account)
    function.provisioned[qualifier] = int(call.json()["ProvisionedConcurrentExecutions"])
    return as_json(_provisioned(function, qualifier), 202)


def _provisioned(function: Remembered, qualifier: str) -> dict[str, Any]:
    amount = function.provisioned[qualifier]
    return {
        "RequestedProvisionedConcurrentExecutions": amount,
        "AvailableProvisionedConcurrentExecutions": amount,
        "AllocatedProvisionedConcurrentExecutions": amount,
        "Status": "READY",
        "LastModified": function.modified,
    }


@completes("lambda", "GetProvisionedConcurrencyConfig")
def get_provisioned(call: Call, account: Account) -> Answer:
    """The provisioned concurrency of one qualifier; 404 when there is none."""
    function, qualifier = referred(call, account)
    if qualifier not in function.provisioned:
        message = f"No Provisioned Concurrency Config found for this function: {function.qualified(qualifier)}"
        raise ServiceError("ProvisionedConcurrencyConfigNotFoundException", message, 404)
    return as_json(_provisioned(function, qualifier))


@completes("lambda", "ListProvisionedConcurrencyConfigs")
def list_provisioned(call: Call, account: Account) -> Answer:
    """The provisioned concurrency of every qualifier that has any."""
    function, _ = referred(call, account)
    rows = [
        {"FunctionArn": function.qualified(qualifier), **_provisioned(function, qualifier)}
        for qualifier in function.provisioned
    ]
    return page_of(call, "ProvisionedConcurrencyConfigs", rows, 50)


@completes("lambda", "GetAccountSettings")
def get_account_settings(call: Call, account: Account) -> Answer:
    """Limits and usage of one region."""
    count = len(memory(call, account).functions)
    limit = {
        "TotalCodeSize": _STORAGE,
        "CodeSizeUnzipped": _UNZIPPED,
        "CodeSizeZipped": _ZIPPED,
        "ConcurrentExecutions": _ACCOUNT_CONCURRENCY,
        "UnreservedConcurrentExecutions": _ACCOUNT_CONCURRENCY - _reserved(call, account),
    }
    return as_json(
        {"AccountLimit": limit, "AccountUsage": {"TotalCodeSize": count * _CODE_SIZE, "FunctionCount": count}}
    )


@completes("lambda", "GetFunctionScalingConfig")
def get_scaling(call: Call, account: Account) -> Answer:
    """Functions on managed instances only; there are none here."""
    function, _ = referred(call, account)
    raise ServiceError(NOT_FOUND, f"No scaling configuration for {function.arn}", 404)
