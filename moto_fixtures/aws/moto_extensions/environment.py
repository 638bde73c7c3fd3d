"""Environment variables the caller may not decrypt: Lambda then answers with Environment.Error, not with none."""

import json
from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.moto_extensions.registry import as_json
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

_DENIED = (
    "Lambda was unable to decrypt your environment variables because the KMS access was denied. "
    "Please check your KMS permissions. KMS Exception: AccessDeniedException KMS Message: "
    "The ciphertext refers to a customer master key that does not exist, does not exist in this region, "
    "or you are not allowed to access."
)
_UNUSABLE = {
    "Disabled": ("KMSDisabledException", "the KMS key used is disabled"),
    "PendingDeletion": ("KMSInvalidStateException", "the state of the KMS key used is not valid"),
}


def denied() -> dict[str, Any]:
    """The Environment member of a function whose variables the caller may not decrypt."""
    return {"Error": {"ErrorCode": "AccessDeniedException", "Message": _DENIED}}


def withhold(configuration: dict[str, Any]) -> None:
    """Replaces the variables of a function under a customer key by the denial."""
    if configuration.get("KMSKeyArn") and configuration.get("Environment"):
        configuration["Environment"] = denied()


def environment_withheld(answer: Answer) -> Answer:
    """A function listing or description as a caller without kms:Decrypt gets it."""
    if answer.status != 200:
        return answer
    members = answer.json()
    for configuration in members.get("Functions", []) + members.get("Versions", []):
        withhold(configuration)
    if "Configuration" in members:
        withhold(members["Configuration"])
    if "FunctionArn" in members:
        withhold(members)
    return as_json(members)


def obstacle(call: Call, account: Account, key: str) -> dict[str, Any] | None:
    """Why the variables under ``key`` cannot be shown to this caller: the key's state or its policy; else None."""
    described = account.ask(call, "kms", "TrentService.DescribeKey", {"KeyId": key})
    if described.status != 200:
        return None
    state = described.json()["KeyMetadata"]["KeyState"]
    if state in _UNUSABLE:
        code, why = _UNUSABLE[state]
        message = (
            f"Lambda was unable to decrypt the environment variables because {why}. "
            "Please check the function's KMS key settings."
        )
        return {"Error": {"ErrorCode": code, "Message": message}}
    named = account.ask(call, "kms", "TrentService.GetKeyPolicy", {"KeyId": key, "PolicyName": "default"})
    statements = json.loads(named.json()["Policy"])["Statement"]
    forbids = any(
        statement["Effect"] == "Deny" and "kms:Decrypt" in statement.get("Action", ()) for statement in statements
    )
    return denied() if forbids else None
