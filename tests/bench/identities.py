"""The snapshot of an account whose roles hold random policies: what the whole evaluation takes where much is allowed."""

import json
import random
from pathlib import Path
from typing import Any

from auditor.model.identity import PolicyOrigin
from auditor.model.observed import Known
from tests.bench.account import ACCOUNT
from tests.bench.decisions import random_policy
from tests.bench.replay import role, write_snapshot


def write(root: Path, functions: int, policies: int) -> None:
    """``functions`` functions with a role each; each role with two inline policies and two of the managed ones, and
    ``policies`` documents in all.
    """
    chance = random.Random(20261201)
    managed = [f"arn:aws:iam::{ACCOUNT}:policy/p{number}" for number in range(max(policies - 2 * functions, 2))]
    details = {
        "UserDetailList": [],
        "GroupDetailList": [],
        "RoleDetailList": [_role(chance, number, managed) for number in range(functions)],
        "Policies": [_managed(chance, arn) for arn in managed],
    }
    write_snapshot(root, functions, details)


def _role(chance: random.Random, number: int, managed: list[str]) -> dict[str, Any]:
    made = role(number)
    made["RolePolicyList"].append({"PolicyName": "more", "PolicyDocument": _document(chance)})
    chosen = chance.sample(managed, 2)
    made["AttachedManagedPolicies"] = [{"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn} for arn in chosen]
    return made


def _managed(chance: random.Random, arn: str) -> dict[str, Any]:
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": _document(chance)}
    name = arn.rpartition("/")[2]
    return {"PolicyName": name, "Arn": arn, "DefaultVersionId": "v1", "PolicyVersionList": [version]}


def _document(chance: random.Random) -> dict[str, Any]:
    document = random_policy(chance, "inline", PolicyOrigin.INLINE).document
    assert isinstance(document, Known)
    found: dict[str, Any] = json.loads(document.value)
    return found
