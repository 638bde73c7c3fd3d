"""The role that an organization's run assumes, as CloudFormation or Terraform rolls it out to every account."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from auditor.errors import UsageError
from auditor.provider import Operation, Rollout
from providers.aws.policy import ROLE_NAME, document

STACK_SET: Final = "cloudformation-stackset"
TERRAFORM: Final = "terraform"
_ACCOUNT: Final = re.compile(r"\d{12}")
_PRINCIPAL: Final = re.compile(r"arn:[\w-]+:iam::\d{12}:(root|(role|user)/[\w+=,.@/-]+)")
_NAME: Final = re.compile(r"[\w+=,.@-]{1,64}")
_EXTERNAL_ID: Final = re.compile(r"[\w+=,.@:/-]{2,1224}")

_HOW: Final = """\
# As a delegated administrator of CloudFormation, or from the management account, with the template in role.json:
aws cloudformation create-stack-set --stack-set-name serverless-auditor --template-body file://role.json \
--capabilities CAPABILITY_NAMED_IAM --permission-model SERVICE_MANAGED \
--auto-deployment Enabled=true,RetainStacksOnAccountRemoval=false
aws cloudformation create-stack-instances --stack-set-name serverless-auditor \
--deployment-targets OrganizationalUnitIds=<root-or-ou-id> --regions us-east-1
# A stack set never covers the management account: create the role there with
aws cloudformation deploy --stack-name serverless-auditor --template-file role.json --capabilities CAPABILITY_NAMED_IAM
"""


def rollout(operations: Sequence[Operation], asked: Rollout) -> tuple[str, str]:
    """What is to be deployed, and how. Raises UsageError for a form we do not have and for what can be no principal."""
    forms = {STACK_SET: _stack_set, TERRAFORM: _terraform}
    if asked.form not in forms:
        raise UsageError(f"--format {asked.form}: AWS roles are rolled out by {' or '.join(forms)}.")
    if not (_ACCOUNT.fullmatch(asked.trusted) or _PRINCIPAL.fullmatch(asked.trusted)):
        raise UsageError(
            "--trust must say who may assume the role: the account of the auditor (12 digits), or better the ARN of its"
            " role or user."
        )
    if asked.external_id and not _EXTERNAL_ID.fullmatch(asked.external_id):
        raise UsageError("--external-id must have 2 to 1224 letters, digits or any of +=,.@:/-_.")
    name = asked.role_name or ROLE_NAME
    if not _NAME.fullmatch(name):
        raise UsageError(f"--role-name: {name!r} can be no role's name.")
    return forms[asked.form](name, document(operations, asked.tiers), asked)


def _trust(principal: Any, external_id: str | None) -> Mapping[str, Any]:
    condition = {"Condition": {"StringEquals": {"sts:ExternalId": external_id}}} if external_id else {}
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole", **condition}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _stack_set(name: str, policy: Mapping[str, Any], asked: Rollout) -> tuple[str, str]:
    account = _ACCOUNT.fullmatch(asked.trusted)
    principal = {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::{asked.trusted}:root"} if account else asked.trusted
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": name,
            "Description": "Read by the serverless auditor: least privilege, read-only.",
            "MaxSessionDuration": 3600,
            "AssumeRolePolicyDocument": _trust(principal, asked.external_id),
            "Policies": [{"PolicyName": name, "PolicyDocument": policy}],
        },
    }
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "The read-only role of the serverless auditor",
        "Resources": {"Role": role},
        "Outputs": {"RoleArn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }
    return json.dumps(template, indent=2), _HOW


def _terraform(name: str, policy: Mapping[str, Any], asked: Rollout) -> tuple[str, str]:
    account = _ACCOUNT.fullmatch(asked.trusted)
    principal = f"arn:${{data.aws_partition.current.partition}}:iam::{asked.trusted}:root" if account else asked.trusted
    trust, granted = (_indented(part) for part in (_trust(principal, asked.external_id), policy))
    text = f"""\
data "aws_partition" "current" {{}}

resource "aws_iam_role" "serverless_auditor" {{
  name                 = {json.dumps(name)}
  description          = "Read by the serverless auditor: least privilege, read-only."
  max_session_duration = 3600
  assume_role_policy   = jsonencode({trust})
}}

resource "aws_iam_role_policy" "serverless_auditor" {{
  name   = {json.dumps(name)}
  role   = aws_iam_role.serverless_auditor.id
  policy = jsonencode({granted})
}}

output "role_arn" {{
  value = aws_iam_role.serverless_auditor.arn
}}"""
    return text, "# Apply it in every account, the management account included: a provider with an alias for each.\n"


def _indented(part: Mapping[str, Any]) -> str:
    return json.dumps(part, indent=2).replace("\n", "\n  ")
