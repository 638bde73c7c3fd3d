"""Layers and code signing: permissions on layer versions, configurations and the functions under them."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from moto_fixtures.aws.account import Account
from moto_fixtures.aws.errors import ServiceError
from moto_fixtures.aws.moto_extensions.lambda_memory import (
    CONFLICT,
    INVALID,
    NOT_FOUND,
    identifier,
    memory,
    partition,
    referred,
    stamp,
)
from moto_fixtures.aws.moto_extensions.lambda_policies import principal_element
from moto_fixtures.aws.moto_extensions.registry import as_json, completes, nothing, page_of
from moto_fixtures.aws.wire import Call
from moto_fixtures.emulation.wire import Answer

_PAGE = 50
_FORBIDDEN = 403
_LAYER_SIZE = 1_048_576
_SHARED_WITH_ALL = frozenset({"580247275435"})
"""The account of the Lambda Insights extension (CloudWatch user guide, "Available versions of the extension")."""


def _layer_arn(call: Call, account: Account) -> str:
    name = call.labels["LayerName"].rpartition(":")[2]
    part = partition(call.region)
    return f"arn:{part}:lambda:{call.region}:{account.id}:layer:{name}:{call.labels['VersionNumber']}"


def _no_layer_policy() -> ServiceError:
    return ServiceError(NOT_FOUND, "No policy is associated with the given resource.", 404)


@completes("lambda", "GetLayerVersionByArn")
def get_layer_by_arn(call: Call, account: Account) -> Answer:
    """A layer version of this account or one AWS shares with everyone; 403 for those of other accounts."""
    arn = call.argument("Arn") or ""
    owner, name, version = arn.split(":")[4], arn.split(":")[6], arn.split(":")[7]
    if owner in _SHARED_WITH_ALL:
        layer, _, _ = arn.rpartition(":")
        content = {
            "CodeSize": _LAYER_SIZE,
            "Location": f"https://awslambda-layers.s3.amazonaws.com/{name}?X-Amz-Signature=0",
        }
        return as_json({"LayerArn": layer, "LayerVersionArn": arn, "Version": int(version), "Content": content})
    if owner != account.id:
        message = f"User is not authorized to perform: lambda:GetLayerVersion on resource: {arn}"
        raise ServiceError("AccessDeniedException", message, _FORBIDDEN)
    return account.moto(replace(call, target=f"/2018-10-31/layers/{quote(name)}/versions/{version}"))


@completes("lambda", "AddLayerVersionPermission")
def add_layer_permission(call: Call, account: Account) -> Answer:
    """Shares one layer version."""
    arn, body = _layer_arn(call, account), call.json()
    policies = memory(call, account).layer_policies
    policy = policies.setdefault(arn, {"Version": "2012-10-17", "Id": "default", "Statement": []})
    if any(known["Sid"] == body["StatementId"] for known in policy["Statement"]):
        raise ServiceError(CONFLICT, f"The statement id ({body['StatementId']}) provided already exists.", 409)
    statement: dict[str, Any] = {
        "Sid": body["StatementId"],
        "Effect": "Allow",
        "Principal": principal_element(body["Principal"], call.region),
        "Action": body["Action"],
        "Resource": arn,
    }
    if body.get("OrganizationId"):
        statement["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": body["OrganizationId"]}}
    policy["Statement"].append(statement)
    return as_json({"Statement": json.dumps(statement), "RevisionId": identifier(arn, statement)}, 201)


@completes("lambda", "RemoveLayerVersionPermission")
def remove_layer_permission(call: Call, account: Account) -> Answer:
    """Takes one statement back."""
    policies, arn = memory(call, account).layer_policies, _layer_arn(call, account)
    if arn not in policies:
        raise _no_layer_policy()
    statements = policies[arn]["Statement"]
    statements[:] = [known for known in statements if known["Sid"] != call.labels["StatementId"]]
    if not statements:
        del policies[arn]
    return nothing()


@completes("lambda", "GetLayerVersionPolicy")
def get_layer_policy(call: Call, account: Account) -> Answer:
    """With whom a layer version is shared; 404 when with nobody."""
    policy = memory(call, account).layer_policies.get(_layer_arn(call, account))
    if policy is None:
        raise _no_layer_policy()
    text = json.dumps(policy, separators=(",", ":"))
    return as_json({"Policy": text, "RevisionId": identifier(text)})


def _signing(call: Call, account: Account, arn: str) -> dict[str, Any]:
    config = memory(call, account).signing_configs.get(arn)
    if config is None:
        raise ServiceError(NOT_FOUND, f"The Lambda code signing configuration {arn} does not exist.", 404)
    return config


@completes("lambda", "CreateCodeSigningConfig")
def create_signing_config(call: Call, account: Account) -> Answer:
    """Creates a configuration; an untrusted artifact only warns unless Enforce is asked for."""
    configs, body = memory(call, account).signing_configs, call.json()
    name = "csc-" + identifier("csc", call.region, len(configs)).replace("-", "")[:17]
    arn = f"arn:{partition(call.region)}:lambda:{call.region}:{account.id}:code-signing-config:{name}"
    configs[arn] = {
        "CodeSigningConfigId": name,
        "CodeSigningConfigArn": arn,
        "AllowedPublishers": body["AllowedPublishers"],
        "CodeSigningPolicies": body.get("CodeSigningPolicies") or {"UntrustedArtifactOnDeployment": "Warn"},
        "LastModified": stamp(),
        **({"Description": body["Description"]} if body.get("Description") else {}),
    }
    return as_json({"CodeSigningConfig": configs[arn]}, 201)


@completes("lambda", "GetCodeSigningConfig")
def get_signing_config(call: Call, account: Account) -> Answer:
    """One configuration."""
    return as_json({"CodeSigningConfig": _signing(call, account, call.labels["CodeSigningConfigArn"])})


@completes("lambda", "ListCodeSigningConfigs")
def list_signing_configs(call: Call, account: Account) -> Answer:
    """The region's configurations in pages of 50."""
    return page_of(call, "CodeSigningConfigs", memory(call, account).signing_configs.values(), _PAGE)


@completes("lambda", "ListFunctionsByCodeSigningConfig")
def list_signed_functions(call: Call, account: Account) -> Answer:
    """The functions under one configuration, in pages of 50."""
    arn = call.labels["CodeSigningConfigArn"]
    _signing(call, account, arn)
    functions = memory(call, account).functions.values()
    under = [function.arn for function in functions if function.code_signing == arn]
    return page_of(call, "FunctionArns", under, _PAGE)


@completes("lambda", "PutFunctionCodeSigningConfig")
def put_function_signing(call: Call, account: Account) -> Answer:
    """Puts a function under a configuration; container images cannot be signed this way."""
    function, _ = referred(call, account)
    if "ImageUri" in function.spec["Code"]:
        raise ServiceError(INVALID, "Code signing is not supported for functions created with container images.")
    function.code_signing = _signing(call, account, call.json()["CodeSigningConfigArn"])["CodeSigningConfigArn"]
    return as_json({"CodeSigningConfigArn": function.code_signing, "FunctionName": function.name})


@completes("lambda", "GetFunctionCodeSigningConfig")
def get_function_signing(call: Call, account: Account) -> Answer:
    """The configuration of one function, without the ARN when it has none."""
    function, _ = referred(call, account)
    named = {"CodeSigningConfigArn": function.code_signing} if function.code_signing else {}
    return as_json({**named, "FunctionName": function.name})


@completes("lambda", "DeleteFunctionCodeSigningConfig")
def delete_function_signing(call: Call, account: Account) -> Answer:
    """Takes a function out from under its configuration."""
    referred(call, account)[0].code_signing = None
    return nothing()
