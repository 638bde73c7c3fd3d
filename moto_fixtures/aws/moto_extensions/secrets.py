"""Rotation of secrets: moto would run the rotating function in a container; AWS's answer needs only the setting."""

from dataclasses import dataclass, field
from typing import Any

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.moto_extensions.lambda_memory import identifier
from moto_fixtures.aws.moto_extensions.registry import as_json, completes
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

_JSON = "application/x-amz-json-1.1"


@dataclass
class SecretsMemory:
    """Rotation settings of one region, by secret ARN."""

    rotation: dict[str, dict[str, Any]] = field(default_factory=dict)


@completes("secretsmanager", "RotateSecret")
def rotate_secret(call: Call, account: Account) -> Answer:
    """Switches rotation on."""
    body = call.json()
    described = account.ask(call, "secretsmanager", "secretsmanager.DescribeSecret", {"SecretId": body["SecretId"]})
    if described.status != 200:
        return described
    secret = described.json()
    given: dict[str, Any] = {name: body[name] for name in ("RotationLambdaARN", "RotationRules") if name in body}
    account.of(SecretsMemory, call.region).rotation[secret["ARN"]] = {"RotationEnabled": True, **given}
    version = identifier("rotation", secret["ARN"])
    return as_json({"ARN": secret["ARN"], "Name": secret["Name"], "VersionId": version}, kind=_JSON)


@completes("secretsmanager", "DescribeSecret", "ListSecrets")
def tell_secrets(call: Call, account: Account) -> Answer:
    """Moto's description or listing, with the rotation that was switched on."""
    answer = account.moto(call)
    if answer.status != 200:
        return answer
    members = answer.json()
    rotation = account.of(SecretsMemory, call.region).rotation
    for secret in members.get("SecretList", [members]):
        secret.update(rotation.get(secret["ARN"], {}))
    return as_json(members, kind=_JSON)
