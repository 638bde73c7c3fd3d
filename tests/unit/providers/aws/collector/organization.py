"""An emulated organization of several accounts, each with a function of its own."""

import io
import json
import zipfile
from typing import Any

import boto3

from moto_fixtures.aws.server import Server

HOME = "us-east-1"
ROLE = "Audit"
HUB = "123456789012"


def client(server: Server, service: str, account: str = HUB) -> Any:
    """A client of the emulated cloud that acts in one of its accounts."""
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    hub = {"region_name": HOME, "endpoint_url": server.endpoint, **keys}
    if account == HUB:
        return boto3.client(service, **hub)
    arn = f"arn:aws:iam::{account}:role/{ROLE}"
    given = boto3.client("sts", **hub).assume_role(RoleArn=arn, RoleSessionName="deploy")["Credentials"]
    return boto3.client(
        service,
        HOME,
        endpoint_url=server.endpoint,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


def deploy(server: Server, account: str, *names: str) -> None:
    """Functions of one account."""
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "x"}, "Action": "sts:AssumeRole"}]}
    iam, functions = client(server, "iam", account), client(server, "lambda", account)
    role = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    for name in names:
        functions.create_function(
            FunctionName=name, Runtime="python3.13", Role=role, Handler="index.handler", Code={"ZipFile": _code()}
        )


def founded(server: Server, *names: str) -> dict[str, str]:
    """Creates the organization and member accounts by name; returns their ids."""
    organizations = client(server, "organizations")
    organizations.create_organization(FeatureSet="ALL")
    ids = {}
    for name in names:
        status = organizations.create_account(AccountName=name, Email=f"{name}@example.com")["CreateAccountStatus"]
        ids[name] = status["AccountId"]
    return ids


def _code() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("index.py", "def handler(event, context): return None")
    return archive.getvalue()
