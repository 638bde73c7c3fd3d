"""What the builders share: boto3 clients of the demo account, its numbers and names, and the things made so far."""

import io
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from boto3.session import Session
from botocore.config import Config
from botocore.session import Session as CoreSession

from moto_fixtures.aws.moto_extensions.organizations import ORGANIZATION

HOME, ABROAD = "us-east-1", "eu-west-1"
FOREIGN = "998877665544"
PARTNER = "887766554433"
ORGANISATION = ORGANIZATION
COMPANY_TAGS = {"company": "fernhollow", "environment": "production", "cost-center": "digital"}
_NEVER = Config(retries={"max_attempts": 0}, connect_timeout=5, read_timeout=60, proxies={})
# The user's own profiles must not reach the deployment: no profile variable, no configuration files.
_ALONE: dict[str, tuple[str | None, list[str], str | None, None]] = {
    "profile": (None, [], None, None),
    "config_file": (None, [], os.devnull, None),
    "credentials_file": (None, [], os.devnull, None),
}


def policy(*statements: Mapping[str, Any]) -> str:
    """A policy document as JSON text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions: str | list[str], resources: str | list[str]) -> dict[str, Any]:
    """One Allow statement of an identity policy."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def archive(name: str, text: str) -> bytes:
    """A ZIP archive of one file, the same at every deployment: AWS refuses code that is none."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        opened.writestr(zipfile.ZipInfo(name), text)
    return packed.getvalue()


@dataclass
class Workbench:
    """Clients by service and region, and ``made``: identifiers of what was created, by a name builders agree on."""

    environment: Mapping[str, str]
    account: str = ""
    made: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        core = CoreSession(session_vars=_ALONE)
        self._session = Session(
            self.environment["AWS_ACCESS_KEY_ID"],
            self.environment["AWS_SECRET_ACCESS_KEY"],
            self.environment["AWS_SESSION_TOKEN"],
            HOME,
            botocore_session=core,
        )
        self._clients: dict[tuple[str, str], Any] = {}
        self.account = self.client("sts").get_caller_identity()["Account"]

    def client(self, service: str, region: str = HOME) -> Any:
        """A boto3 client pointed at the emulation."""
        key = (service, region)
        if key not in self._clients:
            self._clients[key] = self._session.client(
                service, region_name=region, endpoint_url=self.environment["AWS_ENDPOINT_URL"], config=_NEVER
            )
        return self._clients[key]

    def arn(self, service: str, resource: str, region: str = HOME, account: str = "") -> str:
        """An ARN of this account, or of ``account``; IAM and S3 leave region (and S3 account) out."""
        place = "" if service in ("iam", "s3") else region
        owner = "" if service == "s3" else account or self.account
        return f"arn:aws:{service}:{place}:{owner}:{resource}"

    def role(
        self,
        name: str,
        *,
        managed: tuple[str, ...] = (),
        inline: str = "",
        own: str = "",
        trust: tuple[Mapping[str, Any], ...] = (),
        boundary: str = "",
    ) -> str:
        """Creates a role Lambda may assume; ``own`` becomes a customer policy, ``trust`` adds statements."""
        iam = self.client("iam")
        lambda_trust = {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
        extra = {"PermissionsBoundary": boundary} if boundary else {}
        created = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(lambda_trust, *trust), **extra)
        if own:
            arn = iam.create_policy(PolicyName=f"{name}-access", PolicyDocument=own)["Policy"]["Arn"]
            managed = (*managed, arn)
        for arn in managed:
            iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        if inline:
            iam.put_role_policy(RoleName=name, PolicyName="inline-access", PolicyDocument=inline)
        return str(created["Role"]["Arn"])
