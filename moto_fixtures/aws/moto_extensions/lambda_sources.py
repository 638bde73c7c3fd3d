"""Event source mappings of every kind of source, kept as written (moto knows three kinds and drops members)."""

from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.errors import ServiceError
from moto_fixtures.aws.moto_extensions.lambda_memory import (
    CONFLICT,
    NOT_FOUND,
    identifier,
    memory,
    now,
    referred,
    split_reference,
)
from moto_fixtures.aws.moto_extensions.registry import as_json, completes, page_of
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

_PAGE = 100
_QUEUE_BATCH, _STREAM_BATCH = 10, 100


def _defaults(source: str) -> dict[str, Any]:
    if ":sqs:" in source:
        return {"BatchSize": _QUEUE_BATCH, "MaximumBatchingWindowInSeconds": 0, "FunctionResponseTypes": []}
    return {
        "BatchSize": _STREAM_BATCH,
        "MaximumBatchingWindowInSeconds": 0,
        "ParallelizationFactor": 1,
        "DestinationConfig": {"OnFailure": {}},
        "MaximumRecordAgeInSeconds": -1,
        "BisectBatchOnFunctionError": False,
        "MaximumRetryAttempts": -1,
        "TumblingWindowInSeconds": 0,
        "FunctionResponseTypes": [],
    }


@completes("lambda", "CreateEventSourceMapping")
def create_mapping(call: Call, account: Account) -> Answer:
    """Maps a source to a function, version or alias."""
    body = call.json()
    function, qualifier = referred(call, account, body["FunctionName"])
    source = body.get("EventSourceArn", "")
    arn = function.qualified(qualifier)
    mappings = memory(call, account).sources
    if source and any(m["FunctionArn"] == arn and m.get("EventSourceArn") == source for m in mappings.values()):
        raise ServiceError(CONFLICT, "An event source mapping with these source and function already exists.", 409)
    uuid = identifier("mapping", arn, source, len(mappings))
    written = {name: value for name, value in body.items() if name not in ("FunctionName", "Enabled", "Tags")}
    mappings[uuid] = {
        **_defaults(source),
        **written,
        "UUID": uuid,
        "FunctionArn": arn,
        "LastModified": now().timestamp(),
        "LastProcessingResult": "No records processed",
        "State": "Enabled" if body.get("Enabled", True) else "Disabled",
        "StateTransitionReason": "USER_INITIATED",
    }
    return as_json(mappings[uuid], 202)


def _mapping(call: Call, account: Account) -> dict[str, Any]:
    mapping = memory(call, account).sources.get(call.labels["UUID"])
    if mapping is None:
        raise ServiceError(NOT_FOUND, "The resource you requested does not exist.", 404)
    return mapping


@completes("lambda", "GetEventSourceMapping")
def get_mapping(call: Call, account: Account) -> Answer:
    """One mapping."""
    return as_json(_mapping(call, account))


@completes("lambda", "UpdateEventSourceMapping")
def update_mapping(call: Call, account: Account) -> Answer:
    """Changes a mapping, on or off included."""
    mapping, body = _mapping(call, account), call.json()
    if "Enabled" in body:
        mapping["State"] = "Enabled" if body.pop("Enabled") else "Disabled"
    body.pop("FunctionName", None)
    mapping.update(body)
    return as_json(mapping, 202)


@completes("lambda", "DeleteEventSourceMapping")
def delete_mapping(call: Call, account: Account) -> Answer:
    """Deletes a mapping."""
    mapping = _mapping(call, account)
    del memory(call, account).sources[mapping["UUID"]]
    return as_json({**mapping, "State": "Deleting"}, 202)


@completes("lambda", "ListEventSourceMappings")
def list_mappings(call: Call, account: Account) -> Answer:
    """All mappings of the region in pages of 100, or those of one function or source."""
    rows = list(memory(call, account).sources.values())
    name, source = call.argument("FunctionName"), call.argument("EventSourceArn")
    if name:
        wanted = split_reference(name)[0]
        rows = [row for row in rows if split_reference(row["FunctionArn"])[0] == wanted]
    if source:
        rows = [row for row in rows if row.get("EventSourceArn") == source]
    return page_of(call, "EventSourceMappings", rows, _PAGE)
