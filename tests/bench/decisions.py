"""Decisions about AWS permissions: how many a second, and a whole account reasoned through."""

import json
import random
import resource
import sys
import time
from datetime import date
from typing import Any

from auditor.model.identity import PermissionPolicy, PolicyOrigin
from auditor.model.observed import Known
from auditor.model.principals import Principal, PrincipalKind
from providers.aws.iam.authorizer import AccountAuthorizer

ACCOUNT = "111122223333"
SERVICES = ("s3", "sqs", "sns", "dynamodb", "lambda", "iam", "ec2", "kms", "logs", "states", "events", "secretsmanager")
TRUST = json.dumps(
    {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
)
ACTIONS = (
    *("iam:PassRole", "iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:AttachRolePolicy"),
    *("iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:CreateAccessKey", "iam:CreateLoginProfile"),
    *("iam:AddUserToGroup", "lambda:CreateFunction", "lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration"),
    *("lambda:AddPermission", "lambda:InvokeFunction", "sts:AssumeRole", "ec2:RunInstances"),
    *("ssm:SendCommand", "cloudformation:CreateStack", "glue:CreateJob", "states:CreateStateMachine"),
    *("s3:GetObject", "s3:PutObject", "s3:PutBucketPolicy", "dynamodb:GetItem"),
    *("dynamodb:PutItem", "sqs:SendMessage", "sqs:ReceiveMessage", "sns:Publish"),
    *("secretsmanager:GetSecretValue", "kms:Decrypt", "logs:PutLogEvents", "events:PutRule"),
    "codebuild:StartBuild",
)


def account(roles: int, policies: int) -> AccountAuthorizer:
    """Roles with one inline and three managed policies each, of ``policies`` in all, a boundary on every tenth."""
    chance = random.Random(20261130)
    managed = [
        random_policy(chance, f"arn:aws:iam::{ACCOUNT}:policy/p{n}", PolicyOrigin.CUSTOMER)
        for n in range(policies - roles)
    ]
    found = []
    for number in range(roles):
        inline = random_policy(chance, "inline", PolicyOrigin.INLINE)
        bound = Known(chance.choice(managed) if number % 10 == 0 else None)
        found.append(
            Principal(
                id=f"arn:aws:iam::{ACCOUNT}:role/r{number}",
                name=f"r{number}",
                kind=PrincipalKind.ROLE,
                policies=Known((inline, *chance.sample(managed, 3))),
                boundary=bound,
                trust=Known(TRUST),
                groups=(),
                tags=Known(()),
            )
        )
    return AccountAuthorizer(ACCOUNT, "aws", found, day=date(2026, 11, 30), organization="")


def random_policy(chance: random.Random, name: str, origin: PolicyOrigin) -> PermissionPolicy:
    """One to five statements about whole services, families of actions and resources; some deny, some have conditions."""
    statements = []
    for _ in range(chance.randint(1, 5)):
        service = chance.choice(SERVICES)
        statement: dict[str, Any] = {
            "Effect": "Deny" if chance.random() < 0.1 else "Allow",
            "Action": [
                f"{service}:{chance.choice(('*', 'Get*', 'Put*', 'List*', 'Create*', 'Send*'))}" for _ in range(4)
            ],
            "Resource": chance.choice(("*", f"arn:aws:{service}:*:{ACCOUNT}:*", f"arn:aws:{service}:::team-*/*")),
        }
        if chance.random() < 0.3:
            key, value = chance.choice((("aws:SourceVpce", "vpce-1"), ("aws:PrincipalAccount", ACCOUNT)))
            statement["Condition"] = {"StringEquals": {key: value}}
        statements.append(statement)
    text = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return PermissionPolicy(name=name, id=name, origin=origin, document=Known(text))


def resources(number: int) -> list[tuple[str, str]]:
    """What is asked about each role: every action, on a resource of its own service."""
    made = []
    for action in ACTIONS:
        service = action.partition(":")[0]
        if service in ("iam", "sts"):
            made.append((action, f"arn:aws:iam::{ACCOUNT}:role/r{(number * 7) % 1000}"))
        elif service == "s3":
            made.append((action, f"arn:aws:s3:::team-{number % 50}/data"))
        else:
            made.append((action, f"arn:aws:{service}:us-east-1:{ACCOUNT}:thing-{number % 50}"))
    return made


def main() -> None:
    """Prints one JSON object: the account, then the same decisions with every document and pattern read."""
    roles, policies = int(sys.argv[1]), int(sys.argv[2])
    authorizer = account(roles, policies)
    questions = [(f"arn:aws:iam::{ACCOUNT}:role/r{n}", *one) for n in range(roles) for one in resources(n)]
    begun = time.process_time()
    answers = [authorizer.may(*question).answer for question in questions]
    first = time.process_time() - begun
    begun = time.process_time()
    again = [authorizer.may(*question).answer for question in questions]
    warm = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counts = {str(answer): answers.count(answer) for answer in dict.fromkeys(answers)}
    print(
        json.dumps(
            {"decisions": len(questions), "first": first, "warm": warm, "peak_mb": peak, "answers": counts}
            | {"same": answers == again}
        )
    )


if __name__ == "__main__":
    main()
